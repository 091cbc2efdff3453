"""Puts the files of a generation in their places, so that it can be done again from the start at any time.

All new files are written beside the old ones first, safe on the disk. What follows only renames, so a disk that is full is
noticed while nothing has changed.
"""

import os.path

from . import accounts
from .render import Entry
from .store import BEFORE
from .system import beside_of


class Activation:
    def __init__(self, system, store):
        self._system = system
        self._store = store

    def changes(self, number):
        """Name to Entry (None: to be taken away) of what is not yet as this generation has it."""
        wanted = self._store.entries(number)
        found = {name: entry for name, entry in wanted.items() if not stands(self._system, name, entry)}
        for other in self._store.numbers():
            if other not in (BEFORE, number):
                for name in self._store.manifest(other)["files"]:
                    if name not in wanted and self._system.exists(name):
                        found[name] = None
        return found

    def prepare(self, number):
        """Writes what is new beside what is old. Gives changes(). Nothing is in force by it."""
        changes = self.changes(number)
        folders = set()
        for name, entry in sorted(changes.items()):
            beside = beside_of(name)
            if entry is None or stands(self._system, beside, entry):
                continue
            folder = os.path.dirname(name)
            self._system.ensure_folder(folder, 0o700 if folder.endswith("/secrets") else 0o755)
            self._system.clear(beside)
            if entry.link:
                self._system.symlink(entry.link, beside)
            else:
                self._system.create(beside, entry.data, entry.mode)
                self._system.sync_file(beside)
            folders.add(folder)
        self._sync(folders)
        return changes

    def carry_out(self, number, changes):
        """The generation in force gets its places: files, then the administrator's account."""
        self._store.clear_activated()
        for name, entry in sorted(changes.items()):
            if entry is None:
                self._system.remove(name)
            else:
                self._system.rename(beside_of(name), name)
        self._sync({os.path.dirname(name) for name in changes})
        self._account(number)
        self._store.set_activated(number)
        self.tidy()

    def tidy(self):
        """Takes away new files that were prepared and are not wanted after all."""
        names = set()
        for number in self._store.numbers():
            names.update(self._store.manifest(number)["files"])
        left = [name for name in sorted(names) if self._system.exists(beside_of(name))]
        for name in left:
            self._system.remove(beside_of(name))
        self._sync({os.path.dirname(name) for name in left})

    def _account(self, number):
        mine = self._store.manifest(number)
        former = {self._store.manifest(other)["administrator"] for other in self._store.numbers()}
        accounts.lock(self._system, former - {mine["administrator"], ""})
        if mine["administrator"]:
            accounts.ensure(self._system, mine["administrator"], accounts.hash_in(self._store.entries(number)))

    def _sync(self, folders):
        for folder in sorted(folders):
            self._system.sync_folder(folder)


def stands(system, name, entry):
    """Whether an entry is there as it should be."""
    if entry.link:
        return system.target(name) == entry.link
    return (system.target(name) is None and system.exists(name) and not system.is_folder(name)
            and system.mode(name) == entry.mode and system.read(name) == entry.data)


def present(system, names):
    """Name to Entry of what is there now."""
    found = {}
    for name in names:
        link = system.target(name)
        if link is not None:
            found[name] = Entry(link=link)
        elif system.exists(name):
            found[name] = Entry(system.read(name), system.mode(name))
    return found
