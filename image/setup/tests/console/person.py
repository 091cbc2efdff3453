"""A person at a terminal of 80x24 in front of the real command, on a folder that stands for the machine."""

import os
import re
import shutil
import sys
import tempfile
import time

import pexpect
import pyte

COLUMNS, ROWS = 80, 24
LIMIT = 60  # seconds for a box or a line; only a failure waits so long
QUIET = 0.15  # seconds without a byte: the box is drawn
SETUP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SOURCES = os.path.abspath(os.path.join(SETUP, "..", ".."))
EDGES = " │┌┐└┘├┤─█▒▮"
PROGRAMS = ""  # folder of the real programs, set by run.py

PASSWORD = "correct-Horse-7"
CTI_PASSWORD = "cti-Secret-9"
# What is typed on each question of the first set-up, by key; None: what stands there is kept.
ANSWERS = {"host.name": "lb1.example.test", "host.time_zone": "Europe/Berlin", "network.mode": "static",
           "network.address": "192.0.2.20/24", "network.gateway": "192.0.2.1", "network.dns": "192.0.2.53 192.0.2.54",
           "administrator.password": PASSWORD, "access.ssh": "yes", "access.web": "yes", "sip.server_type": "ocs",
           "sip.names": "gw.example.test", "sip.incoming": "192.0.2.10", "cti.user": "linebridge",
           "cti.managers": "127.0.0.1:1", "cti.password": CTI_PASSWORD}


class Machine:
    """A folder as the image has it before set-up, or a copy of another one; removed by remove()."""

    def __init__(self, copy_of=None):
        self.root = tempfile.mkdtemp(prefix="linebridge.")
        if copy_of:
            shutil.copytree(copy_of.root, self.root, symlinks=True, dirs_exist_ok=True)
        else:
            self._fill()

    def _fill(self):
        zones = os.path.join(self.root, "usr/share/zoneinfo")
        for zone in ("Etc/UTC", "Europe/Berlin"):
            os.makedirs(os.path.dirname(os.path.join(zones, zone)), exist_ok=True)
            shutil.copy(os.path.join("/usr/share/zoneinfo", zone), os.path.join(zones, zone))
        example = os.path.join(self.root, "usr/share/linebridge")
        os.makedirs(example)
        shutil.copy(os.path.join(SOURCES, "configs/linebridge.toml"), example)

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, name):
        return self.root + name

    def text(self, name):
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def files(self, below="/"):
        """Name to bytes of all files, without what is only in memory on a machine."""
        found = {}
        for folder, _, names in os.walk(self.path(below)):
            for name in names:
                full = os.path.join(folder, name)
                short = full[len(self.root):]
                if not short.startswith("/run/") and not os.path.islink(full):
                    with open(full, "rb") as file:
                        found[short] = file.read()
        return found

    def command(self, *words):
        return [sys.executable, "-B", os.path.join(SETUP, "bin/linebridge-setup"), words[0], "--root", self.root,
                "--program", os.path.join(PROGRAMS, "linebridge"), *words[1:]]

    @property
    def is_set_up(self):
        return os.path.lexists(self.path("/var/lib/linebridge-setup/current"))


class Person:
    """Reads what the command says and types. `raw` is all that came, byte for byte."""

    def __init__(self, machine, *words, terminal="vt220", command=None):
        command = command or machine.command(*words)
        environment = {**os.environ, "TERM": terminal, "LC_ALL": "C.UTF-8"}
        self.process = pexpect.spawn(command[0], command[1:], dimensions=(ROWS, COLUMNS), env=environment, timeout=LIMIT)
        self.process.delaybeforesend = None
        self.raw = b""
        self._typed_at = 0
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._stream.select_other_charset("@")  # line drawing by character sets, as a vt220 does it

    # --- lines

    def said(self):
        """All lines so far, without carriage returns."""
        return self.raw.decode("utf-8", "replace").replace("\r", "")

    def read(self, seconds):
        """Takes what comes in this time; False if nothing did, None if the command ended."""
        try:
            data = self.process.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            return None
        self.raw += data
        self._stream.feed(data)
        return True

    def until(self, seen, what):
        end = time.monotonic() + LIMIT
        while not seen():
            if self.read(0.5) is None and not seen() or time.monotonic() > end:
                raise AssertionError(f"not seen: {what}\n{self.picture()}\n--- said:\n{self.said()[-1500:]}")

    def prompt(self, text):
        """Waits for a prompt that came after what was typed last, and is the end of what was said."""
        pattern = re.compile(r"^" + re.escape(text) + r"(?: \([a-z ]+\))?(?: \[[^\n]*\])?: \Z", re.MULTILINE)

        def seen():
            found = pattern.search(self.said())
            return found and found.start() >= self._typed_at
        self.until(seen, f"the prompt '{text}'")

    def type(self, text):
        """A line in plain dialogs."""
        self._typed_at = len(self.said())
        self.process.send(text + "\r")

    def answer(self, prompt, text):
        self.prompt(prompt)
        self.type(text)

    def end(self):
        """Waits for the command's end and gives its exit code."""
        deadline = time.monotonic() + LIMIT
        while self.read(0.5) is not None and time.monotonic() < deadline:
            pass
        self.process.close(force=True)
        return self.process.exitstatus

    def leave(self):
        self.process.close(force=True)

    # --- boxes

    def rows(self):
        return [row.rstrip() for row in self._screen.display]

    def picture(self):
        return "\n".join(f"screen | {row}" for row in self.rows())

    def text(self):
        """All words on the screen with one blank between, frames left out."""
        return " ".join(" ".join(row.strip(EDGES) for row in self.rows()).split())

    def title(self):
        for row in self.rows():
            inner = row.strip()
            if inner.startswith("┌") and inner.endswith("┐"):
                return inner.strip("┌┐─┤├ ")
        return ""

    def drawn(self):
        """Whether a whole box stands there and nothing moves any more."""
        return self.read(QUIET) is False and self.title() != "" and "┘" in self.picture()

    def box(self, title, text=""):
        """Waits until a box of this title, with this text, stands there."""
        self.until(lambda: self.drawn() and self.title() == title and text in self.text(), f"a box '{title}' with '{text}'")

    def keys(self, *keys):
        for key in keys:
            self.process.send(key)

    def fill(self, text):
        """Replaces what stands in the input line, and goes on."""
        self.keys("\x01\x0b" + text, "\r")


ENTER, ESCAPE, TAB, DOWN = "\r", "\x1b", "\t", "\x1b[B"
