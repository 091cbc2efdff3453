"""Generations: each is a whole set of settings on the disk; a symbolic link says which one is in force.

/var/lib/linebridge-setup/
  generations/N/files/...      what stands under each managed name
  generations/N/manifest.json  names, modes, digests, the administrator
  generations/0                what was there before the machine was set up
  current                      link to the generation in force; its rename is the commit; missing: not set up
  activated                    number of the generation whose files are all in place
  pending                      a generation that waits for a confirmation
"""

import hashlib
import json
import posixpath

from .problem import Refused
from .render import Entry
from .system import beside_of

STATE = "/var/lib/linebridge-setup"
GENERATIONS = f"{STATE}/generations"
CURRENT = f"{STATE}/current"
ACTIVATED = f"{STATE}/activated"
PENDING = f"{STATE}/pending"
LOCK = f"{STATE}/lock"
KEPT = 5  # beside the one in force

BEFORE = 0  # the generation of a machine that is not set up


class Store:
    """What is stored. Nothing here touches the files in their places."""

    def __init__(self, system):
        self._system = system

    def open(self):
        """Makes the folders that must be there."""
        self._system.ensure_folder(STATE, 0o700)
        self._system.ensure_folder(GENERATIONS, 0o700)

    # --- looking

    def current(self):
        """The generation in force; BEFORE if the machine is not set up."""
        target = self._system.target(CURRENT)
        number = posixpath.basename(target) if target else ""
        return int(number) if number.isdigit() else BEFORE

    def activated(self):
        """The generation whose files are all in place, or None if that is not known."""
        text = (self._system.text(ACTIVATED) or "").strip()
        return int(text) if text.isdigit() else None

    def clear_activated(self):
        """Files are about to change: until the next set_activated() they may be of two generations."""
        if self._system.exists(ACTIVATED):
            self._system.remove(ACTIVATED)
            self._system.sync_folder(STATE)

    def numbers(self):
        return sorted(int(name) for name in self._system.names(GENERATIONS) if name.isdigit())

    def manifest(self, number):
        """What a generation holds. Raises Refused if it is damaged."""
        text = self._system.text(f"{GENERATIONS}/{number}/manifest.json")
        if text is None and number == BEFORE:
            return {"files": {}, "administrator": ""}
        try:
            found = json.loads(text or "")
            return {"files": dict(found["files"]), "administrator": str(found["administrator"])}
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f"generation {number} of the settings is damaged: its manifest cannot be read") from error

    def entries(self, number):
        """Name to Entry of a generation. Raises Refused if a file is not what the manifest says."""
        found = {}
        for name, said in self.manifest(number)["files"].items():
            if "link" in said:
                found[name] = Entry(link=said["link"])
                continue
            data = self._system.read(f"{GENERATIONS}/{number}/files{name}")
            if data is None or hashlib.sha256(data).hexdigest() != said["sha256"]:
                raise Refused(f"generation {number} of the settings is damaged: {name}")
            found[name] = Entry(data, said["mode"])
        return found

    def pending(self):
        """{"generation", "former", "deadline"} of what waits for a confirmation, or None."""
        try:
            found = json.loads(self._system.text(PENDING) or "")
            return {key: found[key] for key in ("generation", "former", "deadline")}
        except (ValueError, KeyError, TypeError):
            return None

    # --- changing

    def stage(self, entries, administrator):
        """Stores a new generation, safe on the disk and not in force. Gives its number."""
        number = max([BEFORE, *self.numbers()]) + 1
        self._store(number, entries, administrator)
        return number

    def stage_before(self, entries):
        """Stores what is there now, once, as what a machine that is not set up has."""
        if BEFORE not in self.numbers():
            self._store(BEFORE, entries, "")

    def _store(self, number, entries, administrator):
        system, new = self._system, f"{GENERATIONS}/{number}.new"
        if system.exists(new):
            system.remove_tree(new)
        system.make_folder(new, 0o700)
        system.make_folder(f"{new}/files", 0o700)
        folders = [new, f"{new}/files"]
        said = {}
        for name, entry in sorted(entries.items()):
            if entry.link:
                said[name] = {"link": entry.link}
                continue
            self._folders_for(f"{new}/files{name}", folders)
            self._durable(f"{new}/files{name}", entry.data)
            said[name] = {"mode": entry.mode, "sha256": hashlib.sha256(entry.data).hexdigest()}
        manifest = json.dumps({"files": said, "administrator": administrator}, indent=1).encode()
        self._durable(f"{new}/manifest.json", manifest)
        for folder in reversed(folders):
            system.sync_folder(folder)
        system.rename(new, f"{GENERATIONS}/{number}")
        system.sync_folder(GENERATIONS)

    def _folders_for(self, name, folders):
        above = posixpath.dirname(name)
        if above not in folders:
            self._folders_for(above, folders)
            self._system.make_folder(above, 0o700)
            folders.append(above)

    def _durable(self, name, data):
        self._system.create(name, data, 0o600)
        self._system.sync_file(name)

    def commit(self, number):
        """From here on this generation is in force, whatever happens."""
        if number == BEFORE:
            self._system.clear(CURRENT)
            self._system.sync_folder(STATE)
        else:
            self._system.put_link(f"generations/{number}", CURRENT)

    def set_activated(self, number):
        self._system.put(ACTIVATED, f"{number}\n".encode(), 0o600)

    def set_pending(self, generation, former, deadline):
        text = json.dumps({"generation": generation, "former": former, "deadline": deadline})
        self._system.put(PENDING, text.encode(), 0o600)

    def clear_pending(self):
        if self._system.exists(PENDING):
            self._system.remove(PENDING)
            self._system.sync_folder(STATE)

    def drop(self, number):
        """Takes a generation away. Its name goes first, so that no part of one is ever taken for a whole one."""
        old = f"{GENERATIONS}/{number}.old"
        if self._system.exists(old):
            self._system.remove_tree(old)
        self._system.rename(f"{GENERATIONS}/{number}", old)
        self._system.sync_folder(GENERATIONS)
        self._system.remove_tree(old)

    def clean(self):
        """Takes away what an interruption left half-made."""
        for name in self._system.names(GENERATIONS):
            if name.endswith((".new", ".old")):
                self._system.remove_tree(f"{GENERATIONS}/{name}")
        for name in (CURRENT, ACTIVATED, PENDING):
            self._system.clear(beside_of(name))

    def prune(self):
        """Keeps the generation in force, the first one, and the newest of the others."""
        others = [n for n in self.numbers() if n not in (BEFORE, self.current())]
        for number in others[:-KEPT] if len(others) > KEPT else []:
            self.drop(number)
