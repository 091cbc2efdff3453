"""A picture on loopback shown as three machines: `systemctl` there orders its processes, all else is a shell here. So the
day across machines is played with every program real, and with nothing of a machine but how it is reached."""

import json
import os
import shlex
import socket
import sys
import threading
from pathlib import Path

SYSTEMCTL = f"""#!{sys.executable}
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as there:
    there.connect(os.environ["LINEBRIDGE_UNITS"])
    there.sendall(json.dumps(sys.argv[1:]).encode())
    there.shutdown(socket.SHUT_WR)
    answer = json.loads(there.makefile().read())
sys.stdout.write(answer["out"])
sys.exit(answer["status"])
"""


class Units:
    """What `systemctl` asks for in the folder `bin`, done to a picture's processes. `asked` keeps its words."""

    def __init__(self, picture, folder):
        self.picture = picture
        self.asked = []
        self.bin = Path(folder) / "bin"
        self.bin.mkdir()
        program = self.bin / "systemctl"
        program.write_text(SYSTEMCTL)
        program.chmod(0o755)
        self.path = Path(folder) / "units.sock"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def environment(self):
        return {"PATH": f"{self.bin}:{os.environ['PATH']}", "LINEBRIDGE_UNITS": str(self.path)}

    def close(self):
        self.listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                words = json.loads(connection.makefile().read())
                self.asked.append(words)
                status, out = self._do(words)
                connection.sendall(json.dumps({"status": status, "out": out}).encode())

    def _do(self, words):
        order, units = words[0], [word for word in words[1:] if not word.startswith("--")]
        names = [unit.removesuffix(".service").replace("linebridge-gateway@", "gateway-") for unit in units]
        if order == "is-active":
            return (0 if all(self.picture.has(name) for name in names) else 3), ""
        if order in ("daemon-reload", "list-units", "restart"):
            return 0, ""
        for name in names:
            if order in ("stop", "kill"):
                self.picture.kill(name)
            elif order == "start":
                self.picture.start_node(name.removeprefix("gateway-"))
            else:
                return 1, f"systemctl: {order}?\n"
        return 0, ""


class Here:
    """A way to "machines" that are shells on this one."""

    def __init__(self, environment=None):
        self.environment = environment or {}
        self.closed = False

    def command(self, machine, script):
        words = [f"{name}={value}" for name, value in self.environment.items()]
        return ["env", *words, f"MACHINE={machine}", "sh", "-c", script]

    def close(self):
        self.closed = True


def links_to(picture, folder):
    """A folder as the simulators' machines have it."""
    folder = Path(folder) / "run"
    folder.mkdir()
    for name, path in {"cucm.sock": picture.run / "cucm.sock", "ocs.sock": picture.run / "ocs.sock",
                       "cucm.trace": picture.traces[0], "ocs.trace": picture.traces[1],
                       "ocs-messages.log": picture.ocs_log}.items():
        (folder / name).symlink_to(path)
    return folder


def script_of(program):
    """A program of tests/interop/pidgin_sipe.py as one that can be called by its path."""
    words = [f"{name}={shlex.quote(value)}" for name, value in program.environment.items()]
    return f"#!/bin/sh\nexec env {' '.join(words)} {shlex.join(program.command)} \"$@\"\n"
