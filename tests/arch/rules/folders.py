"""Folders: each one is known, tests mirror the tree, there is no common place where everything ends up."""

TOP = {"gateway", "lb", "image", "configs", "tests", "cmake", "dev.d", ".ci", "docs"}
TOP_FILES = {"CMakeLists.txt", "CMakePresets.json", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE", "dev",
             "Vagrantfile"}
TESTS = {"arch", "unit", "flow", "system", "interop", "simulators", "fuzz", "bench", "load", "data", "lab", "image", "packages",
         "vagrant"}
UNIT_EXTRA = {"support", "simulators"}


def check(tree, table):
    found = []
    for f in tree.files:
        parts = f.path.split("/")
        folder = f.path.rpartition("/")[0]
        if len(parts) > 1 and parts[0] not in TOP:
            found.append((f.path, 1, f"no such folder in the house: {parts[0]}/"))
        elif len(parts) == 1 and not f.path.startswith(".") and f.path not in TOP_FILES:
            found.append((f.path, 1, "no such file at the top of the house"))
        elif parts[0] in ("gateway", "lb") and f.is_cpp and not table.room_of(f.path):
            found.append((f.path, 1, f"{folder} is no room of the table in ARCHITECTURE.md"))
        elif parts[0] == "tests" and len(parts) > 2 and parts[1] not in TESTS:
            found.append((f.path, 1, f"no such folder of tests: {parts[1]}/"))
        elif folder.startswith("tests/unit/") and not _mirrors(folder.removeprefix("tests/unit/"), table):
            found.append((f.path, 1, f"{folder} mirrors no room"))
        if f.suffix == ".hpp" and not f.code.lstrip().startswith("#pragma once"):
            found.append((f.path, 1, "a header begins with #pragma once"))
    return found + _rooms_without_a_folder(tree, table)


def _mirrors(name, table):
    return name in table.rooms or name.partition("/")[0] in UNIT_EXTRA


def _rooms_without_a_folder(tree, table):
    if not tree.find("ARCHITECTURE.md"):
        return []
    paths = {f.path.rpartition("/")[0] for f in tree.files}
    paths |= {path.rpartition("/")[0] for path in paths}
    return [
        ("ARCHITECTURE.md", room.line, f"the table names {room.name}, there is no folder {room.folder}")
        for room in table.rooms.values()
        if not any(path == room.folder or path.startswith(room.folder + "/") for path in paths)
    ]
