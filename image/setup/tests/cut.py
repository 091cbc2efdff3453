"""A machine whose power fails, and a disk that then loses what nobody made safe."""

import os
import shutil

from machine import TestSystem


class PowerCut(BaseException):
    """Nothing that handles errors may handle this."""


class CutSystem(TestSystem):
    """Counts the steps that change the disk or the machine, and fails at one of them. What a disk may lose is kept beside
    each step until the folder it happened in is made safe; bytes of a file until the file is."""

    def __init__(self, root, run):
        super().__init__(root, run)
        self.steps = 0
        self.cut_at = None
        self.error = None  # raised at that step instead of cutting the power
        self.lasting = False  # every later step that needs room fails too
        self._off = False
        self._open = []  # (folder, what undoes the step), oldest first
        self._bytes = set()  # files whose bytes may be lost

    def _step(self, needs_room=True):
        if self._off:
            raise PowerCut
        self.steps += 1
        if self.cut_at is not None and (self.steps == self.cut_at or self.lasting and needs_room and
                                        self.steps > self.cut_at):
            if self.error:
                raise self.error
            self._off = True
            raise PowerCut

    def _changing(self, name, undo, needs_room=True):
        if name.startswith("/run/"):
            if self._off:
                raise PowerCut
            return
        self._step(needs_room)
        self._open.append((os.path.dirname(name), undo))

    def create(self, name, data, mode):
        self._changing(name, lambda: _take_away(self.path(name)))
        super().create(name, data, mode)
        self._bytes.add(name)

    def symlink(self, target, name):
        self._changing(name, lambda: _take_away(self.path(name)))
        super().symlink(target, name)

    def rename(self, name, to):
        back = _keeper(self.path(to))
        here, there = self.path(name), self.path(to)

        def undo():
            if os.path.lexists(there):
                os.rename(there, here)
            back()

        self._changing(to, undo, needs_room=False)
        super().rename(name, to)
        if name in self._bytes:
            self._bytes.discard(name)
            self._bytes.add(to)

    def remove(self, name):
        self._changing(name, _keeper(self.path(name)), needs_room=False)
        super().remove(name)

    def make_folder(self, name, mode=0o755):
        self._changing(name, lambda: _take_away(self.path(name)))
        super().make_folder(name, mode)

    def remove_folder(self, name):
        self._changing(name, lambda: os.makedirs(self.path(name), exist_ok=True), needs_room=False)
        super().remove_folder(name)

    def sync_file(self, name):
        self._step()
        super().sync_file(name)
        self._bytes.discard(name)

    def sync_folder(self, name):
        self._step(needs_room=False)
        super().sync_folder(name)
        self._open = [one for one in self._open if one[0] != name]

    def tell(self, *argv, data=None, seconds=90):
        self._step(needs_room=False)
        return super().tell(*argv, data=data, seconds=seconds)

    def lose(self, chance):
        """What was not safe is lost: of each folder's steps the last ones, how many `chance` says. Bytes likewise."""
        folders = {}
        for folder, undo in self._open:
            folders.setdefault(folder, []).append(undo)
        lost = {id(undo) for undos in folders.values() for undo in undos[chance(len(undos)):]}
        for _, undo in reversed(self._open):
            if id(undo) in lost:
                undo()
        for name in self._bytes:
            if os.path.isfile(self.path(name)) and not os.path.islink(self.path(name)):
                with open(self.path(name), "r+b") as file:
                    file.truncate(chance(os.path.getsize(self.path(name))))


def _take_away(place):
    if os.path.isdir(place) and not os.path.islink(place):
        shutil.rmtree(place)
    elif os.path.lexists(place):
        os.unlink(place)


def _keeper(place):
    """What puts back the file or link that is there now, if there is one."""
    if os.path.islink(place):
        target = os.readlink(place)
        return lambda: (_take_away(place), os.symlink(target, place))
    if not os.path.isfile(place):
        return lambda: None
    with open(place, "rb") as file:
        data, mode = file.read(), os.stat(place).st_mode & 0o7777

    def put_back():
        os.makedirs(os.path.dirname(place), exist_ok=True)
        _take_away(place)
        with open(place, "wb") as file:
            file.write(data)
        os.chmod(place, mode)

    return put_back
