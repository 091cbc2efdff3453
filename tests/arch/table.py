"""The table of rooms. It stands once, in ARCHITECTURE.md under "The rooms", and is read from there."""

import re
from dataclasses import dataclass, field

_ROW = re.compile(r"^\|\s*`([a-z0-9_/]+)`\s*\|(.*)\|\s*$")
_THIRD = re.compile(r"^(?P<name>[A-Za-z+0-9 -]+?)(?: in (?:`(?P<file>[a-z0-9_.]+)`|(?P<one>one file)))?$")


@dataclass
class Door:
    """A third-party library that a room may use: in the named .cpp, in one .cpp, or in any .cpp of it."""

    name: str
    file: str | None = None
    one: bool = False


@dataclass
class Room:
    name: str  # "sip/framing", "lb/app", "tests/simulators"
    may: set = field(default_factory=set)  # names of the rooms it may include
    doors: dict = field(default_factory=dict)  # library name -> Door
    line: int = 0

    @property
    def folder(self):
        return self.name if self.name.startswith(("lb/", "tests/")) else f"gateway/{self.name}"


class Table:
    def __init__(self, rooms):
        self.rooms = rooms

    @staticmethod
    def read(path):
        rooms = {}
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = _ROW.match(line)
            cells = [cell.strip() for cell in match.group(2).split("|")] if match else []
            if len(cells) != 3:
                continue
            room = Room(match.group(1), line=number)
            room.may = _may(cells[1], rooms)
            room.doors = {door.name: door for door in _doors(cells[2], number)}
            rooms[room.name] = room
        if "base" not in rooms:
            raise SystemExit(f"{path}: no table of rooms found")
        return Table(rooms)

    def room_of(self, path):
        """The room a file belongs to: the one whose folder it stands in."""
        folder = path.rpartition("/")[0]
        return next((room for room in self.rooms.values() if room.folder == folder), None)

    def closure(self, names):
        """`names` and all that they may include in turn."""
        reached, todo = set(), list(names)
        while todo:
            name = todo.pop()
            if name not in reached:
                reached.add(name)
                todo += self.rooms[name].may
        return reached


def _may(cell, above):
    if cell == "-":
        return set()
    if cell == "all above":
        return set(above)
    names = set(cell.replace("`", "").replace(",", " ").split())
    unknown = names - set(above)
    if unknown:
        raise SystemExit(f"table of rooms: {sorted(unknown)} must stand above the row that names it")
    return names


def _doors(cell, line):
    for part in cell.split(","):
        match = _THIRD.match(part.strip())
        if match:
            yield Door(match.group("name"), match.group("file"), bool(match.group("one")))
        elif part.strip() != "-":
            raise SystemExit(f"table of rooms, line {line}: cannot read '{part.strip()}'")
