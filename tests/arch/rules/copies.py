"""Independence: a simulator shares no code with what it stands in for, neither by link nor by copy.

What is linked in the end is asked of the built programs by objects.py.
"""

import hashlib
import re

FOREIGN = ("gateway/cti", "gateway/csta", "gateway/sip")
# Tables of a protocol are texts: one as long as this in both places was not typed twice.
LONGEST_SHARED = 40
_LITERAL = re.compile(r'"((?:\\.|[^"\\\n])*)"')
_MADE = re.compile(r"\b(add_custom_command|add_custom_target|execute_process|configure_file)\b|\bfile\s*\(\s*(GENERATE|WRITE|APPEND|READ)\b")


def check(tree, table):
    return _foreign_targets(tree, table) + _made(tree) + _copies(tree) + _texts(tree)


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


def _made(tree):
    """Nothing of a simulator is made by a program, so no table of it from the gateway's."""
    return [
        (f.path, number, "a simulator's sources are written, not made")
        for f in tree.files
        if f.path.startswith("tests/simulators/") and f.path.endswith("/CMakeLists.txt")
        for number, line in enumerate(f.text.splitlines(), 1)
        if _MADE.search(line.partition("#")[0])
    ]


def _copies(tree):
    theirs = {_digest(f): f.path for f in tree.cpp(*FOREIGN)}
    return [
        (f.path, 1, f"the same file as {theirs[_digest(f)]}")
        for f in tree.cpp("tests/simulators/")
        if _digest(f) in theirs
    ]


def _digest(f):
    return hashlib.sha256(" ".join(f.code.split()).encode()).hexdigest()


def _texts(tree):
    theirs = {text: f.path for f in tree.cpp(*FOREIGN) for _, text in _literals(f)}
    return [
        (f.path, line, f"the same text as in {theirs[text]}")
        for f in tree.cpp("tests/simulators/")
        for line, text in _literals(f)
        if text in theirs
    ]


def _literals(f):
    """(line, text) of the long literals, blanks apart."""
    for number, line in enumerate(f.text.splitlines(), 1):
        for match in _LITERAL.finditer(line):
            text = match.group(1).strip()
            if len(text) >= LONGEST_SHARED:
                yield number, text
