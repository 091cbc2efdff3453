"""Programs that are started, watched and ended by the lab and by tests."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1


class Failed(Exception):
    """Something did not happen in its time, or a program ended too early."""


def wait_until(condition, limit, what, alive=()):
    """Polls until `condition` gives something true, and gives that. Fails after `limit` seconds, and at once when one
    of the processes in `alive` has ended."""
    end = time.monotonic() + limit
    pause = 0.01
    while True:
        found = condition()
        if found:
            return found
        for process in alive:
            if not process.running():
                raise Failed(f"{process.name} ended with {process.status()} while waiting for {what}\n{process.tail()}")
        if time.monotonic() > end:
            raise Failed(f"not within {limit:g} s: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Process:
    """One program. Its standard output and error go to `log`; lines of the output are kept in `lines`.

    It runs in a process group of its own, so that Ctrl-C reaches only who started it, who then ends everything in
    order. It gets SIGTERM if its starter dies.
    """

    def __init__(self, name, command, log, environment=None):
        self.name = name
        self.command = [str(word) for word in command]
        self.log = Path(log)
        self.lines = []
        self._changed = threading.Condition()
        self._file = open(self.log, "w", buffering=1)
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._file, text=True, errors="replace",
            bufsize=1, env={**os.environ, **(environment or {})}, start_new_session=True, preexec_fn=_die_with_parent)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._file.write(line)
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def running(self):
        return self._process.poll() is None

    def status(self):
        """"status 1", "signal SIGSEGV", or "running"."""
        code = self._process.poll()
        if code is None:
            return "running"
        return f"status {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"

    def line(self, beginning, limit, after=0):
        """The first output line from number `after` on that begins so, with its number. Fails when the time is over or
        the program ends without it."""
        end = time.monotonic() + limit
        number = after
        with self._changed:
            while True:
                while number < len(self.lines):
                    if self.lines[number].startswith(beginning):
                        return number, self.lines[number]
                    number += 1
                left = end - time.monotonic()
                ended = not self.running() and not self._reader.is_alive()
                if left <= 0 or ended:
                    why = f"ended with {self.status()}" if ended else f"did not within {limit:g} s"
                    raise Failed(f"{self.name} should have said '{beginning}', it {why}\n{self.tail()}")
                self._changed.wait(min(left, 0.1))

    def write(self, text):
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def stop(self, limit=10):
        """SIGTERM, and SIGKILL if that is not obeyed in time. Gives back whether it was obeyed."""
        obeyed = True
        if self.running():
            self._process.terminate()
            try:
                self._process.wait(limit)
            except subprocess.TimeoutExpired:
                obeyed = False
                self._process.kill()
                self._process.wait()
        self._reader.join(1)
        if not self._reader.is_alive():
            self._process.stdout.close()
        self._process.stdin.close()
        if not self._reader.is_alive():
            self._process.stdout.close()
        self._file.close()
        return obeyed

    def wait(self, limit):
        """Until it ends by itself; gives back its status."""
        try:
            return self._process.wait(limit)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} did not end within {limit:g} s\n{self.tail()}") from None

    def tail(self, lines=25):
        text = self.log.read_text(errors="replace").splitlines()
        return "".join(f"  {self.name} | {line}\n" for line in text[-lines:]) or f"  {self.name} | (nothing)\n"
