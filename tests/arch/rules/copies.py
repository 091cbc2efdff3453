"""Independence: a simulator shares no code with what it stands in for, neither by link nor by copy."""

import hashlib
import os
import re

FOREIGN = ("gateway/cti", "gateway/csta", "gateway/sip")


def check(tree, table):
    return _links(tree) + _foreign_targets(tree, table) + _copies(tree)


def _links(tree):
    return [(f.path, 1, "a symbolic link") for f in tree.files if f.is_cpp and os.path.islink(f.full)]


def _foreign_targets(tree, table):
    """CMake of the simulators names no target or file of a room they may not include."""
    f = tree.find("tests/simulators/CMakeLists.txt")
    room = table.rooms.get("tests/simulators")
    if not f or not room:
        return []
    targets = {r.name.replace("/", "_") for r in table.rooms.values() if r.name not in room.may and r is not room}
    found = []
    for number, line in enumerate(f.text.splitlines(), 1):
        words = set(re.findall(r"(?<![\w/.:-])\w+(?![\w/.:-])", line.partition("#")[0]))
        if words & targets and re.search(r"\bUSES\b|target_link_libraries|^\s+\w", line):
            found.append((f.path, number, f"a simulator is not linked with {', '.join(sorted(words & targets))}"))
        if "gateway/" in line.partition("#")[0]:
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
