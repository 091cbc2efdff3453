"""Independence: a simulator shares no code with what it stands in for, neither by link nor by copy."""

import hashlib
import re

FOREIGN = ("gateway/cti", "gateway/csta", "gateway/sip")


def check(tree, table):
    return _foreign_targets(tree, table) + _copies(tree)


def _foreign_targets(tree, table):
    """CMake of a simulator names no target or file of a room it may not include."""
    found = []
    for f in tree.files:
        room = table.room_of(f.path)
        if not f.path.endswith("/CMakeLists.txt") or not room or not room.name.startswith("tests/simulators/"):
            continue
        targets = {r.name.replace("/", "_") for r in table.rooms.values() if r.name not in room.may}
        for number, line in enumerate(f.text.splitlines(), 1):
            line = line.partition("#")[0]
            words = set(re.findall(r"(?<![\w/.:-])\w+(?![\w/.:-])", line)) & targets
            if words and "target_link_libraries" in line:
                found.append((f.path, number, f"a simulator is not linked with {', '.join(sorted(words))}"))
            if "gateway/" in line:
                found.append((f.path, number, "a simulator compiles no file of the gateway"))
    return found


def _copies(tree):
    theirs = {_digest(f): f.path for f in tree.cpp(*FOREIGN)}
    return [
        (f.path, 1, f"the same file as {theirs[_digest(f)]}")
        for f in tree.cpp("tests/simulators/")
        if _digest(f) in theirs
    ]


def _digest(f):
    return hashlib.sha256(" ".join(f.code.split()).encode()).hexdigest()
