"""Links: each room is linked with exactly what the table lets it include, and with the libraries of its doors."""

import re

from rules.doors import LIBRARIES

FILES = {"gateway/CMakeLists.txt": "", "lb/CMakeLists.txt": "lb/"}
_ROOM = re.compile(r"^linebridge_(?:front_)?room\(\s*([^)]*)\)", re.M)


def check(tree, table):
    found, seen = [], {}
    names = {name.replace("/", "_"): name for name in table.rooms}
    for path, prefix in FILES.items():
        f = tree.find(path)
        if not f:
            continue
        text = re.sub(r"#[^\n]*", lambda m: " " * len(m.group()), f.text)
        for match in _ROOM.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            folder, uses, third = _arguments(match.group(1))
            room = table.rooms.get(prefix + folder)
            if not room:
                found.append((path, line, f"{prefix + folder} is no room of the table in ARCHITECTURE.md"))
                continue
            seen[room.name] = path
            found += [(path, line, what) for what in _judge(room, uses, third, names, table)]
    return found + _unbuilt(tree, table, seen)


def _arguments(text):
    words = text.split()
    lists = {"USES": [], "THIRD_PARTY": []}
    target = None
    for word in words[1:]:
        if word in lists:
            target = lists[word]
        elif target is not None:
            target.append(word)
    return words[0], lists["USES"], lists["THIRD_PARTY"]


def _judge(room, uses, third, names, table):
    unknown = [name for name in uses if name not in names]
    if unknown:
        yield f"{room.name} uses {', '.join(unknown)}, no room of the table"
        return
    linked = {names[name] for name in uses}
    if linked != room.may and table.closure(linked) != room.may:
        for name in sorted(linked - room.may):
            yield f"{room.name} is linked with {name}, which it may not include"
        for name in sorted(room.may - linked):
            yield f"{room.name} may include {name} but is not linked with it"
    wanted = [targets for name, (_, targets) in LIBRARIES.items() if name in room.doors]
    allowed = set().union(*wanted)
    for target in sorted(set(third) - allowed):
        yield f"{room.name} is linked with {target} without a door to it"
    for targets in wanted:
        if not targets & set(third):
            yield f"{room.name} has a door to {' or '.join(sorted(targets))} but is not linked with it"


def _unbuilt(tree, table, seen):
    if not seen:
        return []
    found = []
    for room in table.rooms.values():
        sources = tree.cpp(room.folder + "/")
        if sources and room.name not in seen and not room.name.startswith("tests/"):
            found.append((sources[0].path, 1, f"{room.name} is in no CMakeLists.txt"))
    return found
