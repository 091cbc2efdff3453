"""The include table: a room includes itself and the rooms the table grants it, nothing else."""

from tree import target_of


def check(tree, table):
    found = []
    for f in tree.cpp():
        room = table.room_of(f.path)
        for line, quoted, name in f.includes:
            if quoted:
                what = _judge(f, room, name, tree, table)
                if what:
                    found.append((f.path, line, what))
    return found


def _judge(f, room, name, tree, table):
    target = target_of(name)
    beside = f"{f.path.rpartition('/')[0]}/{name}"
    if f.path.startswith("tests/") and tree.find(beside):
        return None
    other = table.room_of(target)
    if not tree.find(target):
        return f'"{name}" is no file of ours from gateway/ or the root'
    if not f.path.startswith("tests/") and target.startswith("tests/"):
        return f"the product includes no tests: {name}"
    if not room:
        return _judge_test(f, other, name)
    if target.startswith("tests/unit/support/"):
        return f"{name} is for tests only"
    if other and other is not room and other.name not in room.may:
        return f"{room.name} may not include {other.name} ({name})"
    return None


def _judge_test(f, other, name):
    """Tests may include any room, but the simulators' insides are for the simulators' own tests, and for flows and
    measurements and drivers, where they stand at the other end."""
    allowed = ("tests/unit/simulators/", "tests/flow/", "tests/bench/", "tests/load/")
    if other and other.name.startswith("tests/") and not f.path.startswith(allowed):
        return f"a simulator is a program, only its own unit tests, flows, measurements and drivers include it ({name})"
    return None
