"""Settings are changed in one place at a time; who comes second is told where, and may take over."""

import contextlib
import fcntl
import os
import signal
import time

RUN = "/run/linebridge-setup"
LOCK = RUN + "/wizard.lock"


def terminal_name():
    """ "ttyS0", or "a script" where no terminal is."""
    try:
        return os.ttyname(0).removeprefix("/dev/")
    except OSError:
        return "a script"


class Taken(Exception):
    """Somebody else changes settings: `where` and `pid`."""

    def __init__(self, where, pid):
        super().__init__(f"the settings are being changed on {where}")
        self.where = where
        self.pid = pid


@contextlib.contextmanager
def turn(system, where=None):
    """Holds the turn while the settings are changed; ends with the process. Raises Taken."""
    system.ensure_folder(RUN, 0o700)
    descriptor = os.open(system.path(LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken(descriptor) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {where or terminal_name()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor):
    pid, _, where = os.pread(descriptor, 200, 0).decode("ascii", "replace").strip().partition(" ")
    return Taken(where or "another console", int(pid) if pid.isdecimal() else 0)


def end_other(system, taken, seconds=10):
    """Asks the other one to end and waits for it: whether the turn is free now. One that applies settings goes on."""
    try:
        with turn(system):  # it ended by itself meanwhile: its number may be somebody else's already
            return True
    except Taken as still:
        if still.pid != taken.pid or still.pid <= 1:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(still.pid, signal.SIGTERM)
    for _ in range(seconds * 10):
        with contextlib.suppress(Taken), turn(system):
            return True
        time.sleep(0.1)
    return False


@contextlib.contextmanager
def undisturbed():
    """Ctrl-C, a line that drops and a polite kill wait until settings are in place; programs started here inherit it."""
    kinds = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
    before = [signal.signal(kind, signal.SIG_IGN) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, before):
            signal.signal(kind, handler)
