"""All contact with the machine: files below one root folder, programs, the clock, and TCP.

A name of a file is absolute, as it is on the machine; the root folder is put in front of it here alone. Every method of
the section "steps" changes the disk once; what is made of them must stand a power cut between any two.
"""

import contextlib
import errno
import fcntl
import os
import socket
import stat
import subprocess
import time
from typing import NamedTuple

from .problem import Refused

MOST_BYTES = 16 << 20
SEED_BYTES = 1 << 20  # of a file that comes from outside


class Done(NamedTuple):
    """How a program ended: exit code (127: it is missing, 124: it took too long) and what it wrote."""

    code: int
    out: str
    err: str

    def words(self):
        """Its last words, or its exit code."""
        lines = (self.err.strip() or self.out.strip()).splitlines()
        return lines[-1] if lines else f"exit code {self.code}"


def run_program(argv, data=None, seconds=60, environment=None):
    """Runs a program to its end. `data` goes to its standard input, `environment` is added to ours."""
    try:
        done = subprocess.run(argv, input=data if data is not None else b"", capture_output=True, timeout=seconds,
                              check=False, env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})})
    except subprocess.TimeoutExpired:
        return Done(124, "", f"{argv[0]} took over {seconds} seconds")
    except OSError as error:
        return Done(127, "", f"{argv[0]}: {error.strerror}")
    return Done(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


class System:
    """`root`: the folder that stands for "/". With another than "/", orders to the running machine are written into
    `told` and not carried out. `program`: the administrator's command of Linebridge, which judges sites. `run`: runs
    programs, as run_program() does; if given it gets the orders to the machine too."""

    def __init__(self, root="/", run=None, program="linebridge"):
        self.root = os.path.abspath(root)
        self.program = program
        self.told = []
        self._run = run or run_program
        self._live = run is not None or self.root == "/"

    # --- looking

    def path(self, name):
        return self.root + name if self.root != "/" else name

    def exists(self, name):
        return os.path.lexists(self.path(name))

    def read(self, name):
        """The bytes of a regular file (of what a link leads to, if it is one), or None if there is none."""
        try:
            descriptor = os.open(self.path(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Refused(f"{name} cannot be read: {error.strerror}") from error
        return _bytes_of(descriptor, f"{name} is no regular file", MOST_BYTES)

    def read_plain(self, name, most):
        """The bytes of a regular file that comes from outside, or None if there is none. Raises Refused for a link, a
        device, a folder, or more than `most` bytes."""
        try:
            descriptor = os.open(self.path(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        except OSError as error:
            why = "it is a symbolic link" if error.errno == errno.ELOOP else error.strerror
            raise Refused(f"{name} is not taken: {why}") from error
        data = _bytes_of(descriptor, f"{name} is not taken: it is no regular file", most + 1)
        if len(data) > most:
            raise Refused(f"{name} is not taken: it is over {most >> 10} KiB long")
        return data

    def read_start(self, name, count):
        """The first bytes of a regular file; none if there is none or it may not be read."""
        try:
            with open(self.path(name), "rb") as file:
                return file.read(count)
        except OSError:
            return b""

    def text(self, name):
        data = self.read(name)
        return None if data is None else data.decode("utf-8", "replace")

    def target(self, name):
        """What a symbolic link says, or None if there is none."""
        try:
            return os.readlink(self.path(name))
        except OSError:
            return None

    def mode(self, name):
        return stat.S_IMODE(os.lstat(self.path(name)).st_mode)

    def names(self, folder):
        """What is in a folder, sorted; nothing if there is none."""
        try:
            return sorted(os.listdir(self.path(folder)))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def is_folder(self, name):
        return os.path.isdir(self.path(name)) and not os.path.islink(self.path(name))

    # --- steps

    def create(self, name, data, mode):
        """A new file; its bytes may be lost until sync_file()."""
        descriptor = os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(data)

    def sync_file(self, name):
        self._sync(name)

    def symlink(self, target, name):
        os.symlink(target, self.path(name))

    def rename(self, name, to):
        os.rename(self.path(name), self.path(to))

    def remove(self, name):
        os.unlink(self.path(name))

    def make_folder(self, name, mode=0o755):
        os.mkdir(self.path(name), mode)
        os.chmod(self.path(name), mode)

    def remove_folder(self, name):
        os.rmdir(self.path(name))

    def sync_folder(self, name):
        self._sync(name)

    def _sync(self, name):
        descriptor = os.open(self.path(name), os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    # --- made of steps

    def ensure_folder(self, name, mode=0o755):
        """A folder and those above it, each of them safe on the disk before something is put into it."""
        if self.is_folder(name) or name in ("", "/"):
            return
        above = os.path.dirname(name)
        self.ensure_folder(above)
        self.make_folder(name, mode)
        self.sync_folder(above)

    def clear(self, name):
        """Takes away a file or link that may be there."""
        if self.exists(name):
            self.remove(name)

    def put(self, name, data, mode=0o644):
        """A file with these bytes in place of what is there: after a power cut it is the old or the new."""
        beside = beside_of(name)
        self.clear(beside)
        self.create(beside, data, mode)
        self.sync_file(beside)
        self.rename(beside, name)
        self.sync_folder(os.path.dirname(name))

    def put_link(self, target, name):
        """The same for a symbolic link."""
        beside = beside_of(name)
        self.clear(beside)
        self.symlink(target, beside)
        self.rename(beside, name)
        self.sync_folder(os.path.dirname(name))

    def remove_tree(self, name):
        for inner in self.names(name):
            below = f"{name}/{inner}"
            if self.is_folder(below):
                self.remove_tree(below)
            else:
                self.remove(below)
        self.remove_folder(name)

    # --- programs, clock, network

    def run(self, *argv, data=None, seconds=60, environment=None):
        """Runs a program that changes nothing."""
        return self._run(list(argv), data, seconds, environment)

    def tell(self, *argv, data=None, seconds=90):
        """An order to the running machine."""
        self.told.append(list(argv))
        return self._run(list(argv), data, seconds, None) if self._live else Done(0, "", "")

    @property
    def is_live(self):
        """Whether orders reach a running machine."""
        return self._live

    def now(self):
        """Seconds since the machine was started; they go on while it sleeps and never jump."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def wait(self, seconds):
        if self._live:
            time.sleep(seconds)

    def connect(self, host, port, seconds=3):
        """None if a TCP connection was made, else why not."""
        try:
            with socket.create_connection((host, port), timeout=seconds):
                return None
        except OSError as error:
            return error.strerror or str(error)

    def wired_interfaces(self):
        """Names of the wired network interfaces, sorted."""
        folder = "/sys/class/net"
        return [name for name in self.names(folder)
                if (self.text(f"{folder}/{name}/type") or "").strip() == "1" and self.exists(f"{folder}/{name}/device")
                and not self.exists(f"{folder}/{name}/wireless")]

    @contextlib.contextmanager
    def locked(self, name, seconds=0):
        """Holds a lock that ends with this process. Raises Refused if another one holds it for so long."""
        descriptor = os.open(self.path(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._lock(descriptor, time.monotonic() + seconds)
            yield
        finally:
            os.close(descriptor)

    @staticmethod
    def _lock(descriptor, until):
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    raise Refused("settings are being applied by somebody else just now; try again when that has "
                                  "ended") from error
                time.sleep(0.2)


def _bytes_of(descriptor, otherwise, most):
    """At most so many bytes of a regular file that is open; else Refused with those words. Closes it."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused(otherwise)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most)


def beside_of(name):
    """Where the new one waits until it is renamed. No program that reads a folder whole takes such a name."""
    folder, _, last = name.rpartition("/")
    return f"{folder}/.{last}.linebridge-new"


def words_of(error):
    """Clear words for what the disk said."""
    words = {errno.ENOSPC: "the disk is full", errno.EROFS: "the file system is read-only",
             errno.EDQUOT: "the disk quota is used up", errno.EIO: "the disk reports errors",
             errno.EACCES: "permission denied; are you root?", errno.EPERM: "permission denied; are you root?"}
    text = words.get(error.errno, error.strerror or str(error))
    return f"{text} ({error.filename})" if error.filename else text
