"""Machines that are told what to do from here: a shell on each, as root, and how far its clock is from ours."""

import json
import shlex
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from process import Failed, Process

LIMIT = 60  # Seconds for a command that does not say otherwise; a machine without KVM is slow.
# Runs a command until it ends or until nobody listens to us any more: ssh does not end what it began.
UNTIL_LEFT = "exec 3<&0; {} & told=$!; {{ cat <&3; kill $told; }} >/dev/null 2>&1 & wait $told"
CLOCK = "while read -r line; do date +%s%N; done"


class Ssh:
    """The way to machines that stand in a file of ssh's configuration. One connection each, kept until close()."""

    def __init__(self, config):
        self.config = Path(config)
        # Not the usual temporary folder: a socket's path has 107 bytes at most, and ssh adds to it.
        self.sockets = tempfile.TemporaryDirectory(prefix="linebridge.", dir="/tmp")
        self.used = set()

    def _ssh(self, *words):
        return ["ssh", "-F", str(self.config), "-o", f"ControlPath={self.sockets.name}/%C", *words]

    def command(self, machine, script):
        """What to run here, so that `script` runs there in a shell as root."""
        self.used.add(machine)
        return self._ssh("-o", "ControlMaster=auto", "-o", "ControlPersist=300", "-o", "BatchMode=yes",
                         "-o", "ConnectTimeout=30", machine, "sudo -n sh -c " + shlex.quote(script))

    def close(self):
        for machine in self.used:
            subprocess.run(self._ssh("-O", "exit", machine), capture_output=True, timeout=LIMIT, check=False)
        self.sockets.cleanup()


class Machine:
    def __init__(self, name, way, logs):
        self.name = name
        self.way = way
        self.logs = Path(logs)
        self.ahead_us = 0  # Its clock less ours, once measured.

    def ask(self, *words, **options):
        """What a command prints. Fails with its words."""
        done = self.try_(*words, **options)
        if done.returncode != 0:
            what = " ".join(map(str, words))
            raise Failed(f"{self.name}: {what} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def try_(self, *words, limit=LIMIT, given=""):
        """The same as a CompletedProcess, whatever its status; `given` is its standard input."""
        return self.shell(shlex.join(map(str, words)), limit, given)

    def shell(self, script, limit=LIMIT, given=""):
        try:
            return subprocess.run(self.way.command(self.name, script), input=given, capture_output=True, text=True,
                                  timeout=limit, errors="replace")
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise Failed(f"{self.name}: {script}: {problem}") from None

    def begin(self, name, script):
        """A command that goes on until it is stopped, as a Process here."""
        return Process(name, self.way.command(self.name, UNTIL_LEFT.format(script)), self.logs / f"{name}.log")

    def sink(self, path):
        """A Process here; what is written to it is appended to a file there."""
        return Process(f"{self.name}-{Path(path).stem}",
                       self.way.command(self.name, "exec cat >>" + shlex.quote(str(path))),
                       self.logs / f"{self.name}-{Path(path).stem}.log")

    def measure_clock(self, rounds=9):
        """Asks for the time again and again: the quickest answer is the least wrong, by half of what it took at most.
        Gives back that half in microseconds."""
        clock = Process(f"{self.name}-clock", self.way.command(self.name, CLOCK), self.logs / f"{self.name}-clock.log")
        best = None
        try:
            for number in range(rounds):
                began = time.time_ns()
                clock.write("\n")
                there = int(clock.line("", LIMIT, number)[1])
                ended = time.time_ns()
                if best is None or ended - began < best[0]:
                    best = (ended - began, there - (began + ended) // 2)
        except (OSError, ValueError) as problem:
            raise Failed(f"{self.name} does not tell the time: {problem}\n{clock.tail()}") from None
        finally:
            clock.stop()
        self.ahead_us = best[1] // 1000
        return best[0] // 2000


class Forwarder:
    """Lines of JSON that a file on one machine gets are appended to a file on another, each with its `at_us` by the
    clock there."""

    def __init__(self, source, path, sink, sink_ahead_us):
        self.tail = source.begin(f"{source.name}-trace", "tail -n +1 -F " + shlex.quote(str(path)))
        self.sink = sink
        self.later_us = sink_ahead_us - source.ahead_us
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        number = 0
        while not self.over.is_set():
            try:
                number, text = self.tail.line("", 1, number)
            except Failed:
                if not self.tail.running():
                    return
                continue
            number += 1
            line = json.loads(text)
            line["at_us"] += self.later_us
            self.sink.write(json.dumps(line) + "\n")

    def stop(self):
        self.over.set()
        self.thread.join(5)
        self.tail.stop()
