"""A root shell on a test machine, on its second serial port.

Nothing of it is in the image, and no password or key opens it. Who runs a virtual machine may hand systemd units to it
as SMBIOS strings (credentials systemd.extra-unit.* and systemd.unit-dropin.*, systemd-debug-generator(8)); so the
harness brings its own unit, which reads a command a line and answers with status and output. It works before the
machine is set up, when there is nobody to log in as, and looks at the machine without a way in through the product.
"""

import base64
import itertools
import socket
import time

from process import Failed

TTY = "/dev/ttyS1"
# A line in: TOKEN COMMAND, a line out: TOKEN STATUS OUTPUT; command and output in base64.
_LOOP = """\
stty -F {tty} raw -echo
while IFS=" " read -r token words; do
  output=$(/bin/bash -c "$(printf "%s" "$words" | base64 -d)" 2>&1 </dev/null)
  status=$?
  printf "%s %s %s\\n" "$token" "$status" "$(printf "%s" "$output" | base64 -w0)"
done"""
_UNIT = f"""\
[Unit]
Description=Root shell of the test that runs this machine
DefaultDependencies=no
After=local-fs.target
Conflicts=shutdown.target
Before=shutdown.target
[Service]
ExecStart=/bin/bash -c "eval \\"$$(printf %%s {base64.b64encode(_LOOP.format(tty=TTY).encode()).decode()} | base64 -d)\\""
StandardInput=tty-force
StandardOutput=tty
StandardError=null
TTYPath={TTY}
Restart=always
RestartSec=1
IgnoreSIGPIPE=no
SendSIGHUP=yes
"""
CREDENTIALS = {"systemd.extra-unit.check-shell.service": _UNIT,
               "systemd.unit-dropin.sysinit.target": "[Unit]\nWants=check-shell.service\n"}


class Shell:
    """The other end of it. Not reached until the guest is up so far; asking waits for that."""

    def __init__(self, path, machine):
        self.path = path
        self.machine = machine
        self._socket = None
        self._rest = b""
        self._tokens = itertools.count(1)

    def close(self):
        if self._socket:
            self._socket.close()
        self._socket = None
        self._rest = b""

    def run(self, command, limit, boot_limit=420):
        """(status, output) of a command. Fails after `limit` seconds; before that it waits for the shell to be there."""
        self._wait_ready(boot_limit)
        answer = self._ask(command, time.monotonic() + limit)
        if answer is None:
            raise Failed(f"as root on {self.machine.name}: no answer within {limit:g} s: {command}")
        return answer

    def _wait_ready(self, limit):
        if self._socket:
            return
        end = time.monotonic() + limit
        self._connect(end)
        while self._ask("true", time.monotonic() + 5) is None:
            if time.monotonic() > end:
                self.close()
                raise Failed(f"not within {limit:g} s: the root shell of {self.machine.name}")

    def _connect(self, end):
        connection = socket.socket(socket.AF_UNIX)
        while True:
            try:
                connection.connect(str(self.path))
                break
            except OSError:
                if time.monotonic() > end or not self.machine.running():
                    connection.close()
                    raise Failed(f"{self.machine.name} does not run") from None
                time.sleep(0.2)
        self._socket = connection

    def _ask(self, command, end):
        """One line there and one back; nothing if no answer came in time. Late answers to others are thrown away."""
        token = f"t{next(self._tokens)}"
        words = base64.b64encode(command.encode()).decode()
        try:
            self._socket.settimeout(10)
            self._socket.sendall(f"{token} {words}\n".encode())
        except OSError as problem:
            raise Failed(f"the root shell of {self.machine.name}: {problem}") from None
        while (line := self._line(end)) is not None:
            parts = line.decode(errors="replace").split()
            if len(parts) >= 2 and parts[0] == token and parts[1].isdigit():  # else it is our own line, echoed
                text = base64.b64decode(parts[2]) if len(parts) > 2 else b""
                return int(parts[1]), text.decode(errors="replace")
        return None

    def _line(self, end):
        while b"\n" not in self._rest:
            left = end - time.monotonic()
            if left <= 0:
                return None
            self._socket.settimeout(min(left, 1))
            self.machine.serial_moves_on()
            try:
                more = self._socket.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                more = b""
            if not more:
                raise Failed(f"{self.machine.name} ended while its root shell was asked")
            self._rest += more
        line, self._rest = self._rest.split(b"\n", 1)
        return line
