"""A virtual machine of the appliance in QEMU, made for tests: emulated, so that it runs wherever the tests run.

    with Machine(disk, folder, ports=(5060,)) as machine:
        machine.serial.expect("Press Enter")   # the first serial line, by pexpect
        machine.root("systemctl --failed")     # a root shell beside it, see shell.py
        machine.cut_power()                    # as if somebody pulled the plug
        machine.start()                        # the same disk again

The disk given is never written: each machine has an overlay over it. QEMU writes what the guest flushes to the host
before it says so, even with cache=unsafe; so what a power cut leaves is what a disk with a write cache leaves.
"""

import base64
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from picture import free_ports  # noqa: E402
from process import Failed  # noqa: E402
from shell import CREDENTIALS as SHELL_CREDENTIALS  # noqa: E402
from shell import Shell  # noqa: E402

QEMU = "qemu-system-x86_64"
FIRMWARE = Path("/usr/share/OVMF")
HOST = "10.0.2.2"  # This host, as a machine sees it.
GUEST = "10.0.2.15"  # What QEMU gives a machine that asks for an address.
BOOT_LIMIT = 420  # Seconds; emulated and beside other work a boot takes many times what it takes on real hardware.
OFF_LIMIT = 180
POWER_ON = "==== power on"  # in the log
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>]|\][^\x07]*\x07)|[\x00-\x08\x0b-\x1f]")


def overlay(base, path, size=None):
    """A new disk over `base`, which stays as it is; `size` as "8G" makes it bigger than that."""
    command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", image_format(base), "-b", Path(base).resolve(), path]
    subprocess.run([*map(str, command), *([size] if size else [])], check=True)
    return Path(path)


def image_format(path):
    return "qcow2" if Path(path).suffix == ".qcow2" else "raw"


def stick(path, folder, label="LINEBRIDGE"):
    """A folder as an ISO image of that label."""
    subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-V", label, "-o", str(path), str(folder)],
                   check=True, capture_output=True)
    return Path(path)


def uefi_variables(path):
    """What UEFI keeps for one machine, as new."""
    return shutil.copy(FIRMWARE / "OVMF_VARS_4M.fd", path)


def without_escapes(text):
    return ESCAPES.sub("", text.replace("\r\n", "\n"))


class Machine:
    """`ports`: TCP ports of the guest that this host reaches under machine.at(PORT). `credentials`: given by SMBIOS
    strings, {name: text}; `firmware_files`: the same by QEMU's fw_cfg. `iso`: an image in the CD drive."""

    def __init__(self, base, folder, name="machine", uefi=False, memory=1024, ports=(), credentials=None,
                 firmware_files=None, iso=None, size=None, extra=()):
        self.name = name
        self.folder = Path(folder)
        self.memory = memory
        self.credentials = dict(credentials or {})
        self.firmware_files = dict(firmware_files or {})
        self.iso = iso
        self.extra = list(extra)  # Further arguments for QEMU.
        self.ports = dict(zip(ports, free_ports(len(ports))))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.disk = overlay(base, self.folder / f"{name}.qcow2", size)
        self.log = self.folder / f"{name}.serial"
        self.serial = None
        self.started = 0.0
        self._shell = None
        self._log_file = None
        self._variables = uefi_variables(self.folder / f"{name}.vars") if uefi else None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, problem, trace):
        if kind is not None and issubclass(kind, Exception):
            print(self.tail(), file=sys.stderr)
        self.remove()

    # ---- power ----

    def start(self):
        socket = self.folder / f"{self.name}.shell"
        socket.unlink(missing_ok=True)
        self._log_file = open(self.log, "a", encoding="utf-8", errors="replace")
        self._log_file.write(f"\n{POWER_ON}\n")
        self.serial = pexpect.spawn(QEMU, list(map(str, self._arguments(socket))), timeout=BOOT_LIMIT,
                                    encoding="utf-8", codec_errors="replace", dimensions=(24, 80), echo=False)
        self.serial.logfile_read = self._log_file
        self.serial.delaybeforesend = 0.05
        self._shell = Shell(socket, self)
        self.started = time.monotonic()

    def cut_power(self):
        if self.serial is None:
            return
        if self.serial.isalive():
            os.kill(self.serial.pid, signal.SIGKILL)
        self._ended()

    def power_off(self, limit=OFF_LIMIT):
        """Orderly, as the guest does it by itself."""
        self.root("setsid sh -c 'sleep 1; systemctl poweroff' >/dev/null 2>&1 &")
        self.expect_off(limit)

    def reboot(self, limit=OFF_LIMIT):
        """Off in order, and on again: QEMU ends instead of a warm start, so that both are seen."""
        self.power_off(limit)
        self.start()

    def expect_off(self, limit=OFF_LIMIT):
        self.expect(pexpect.EOF, limit, "the machine to be off")
        self._ended()

    def _ended(self):
        self.serial.close(force=True)
        self.serial = None
        self._shell.close()
        self._log_file.close()

    def remove(self):
        """Off, and its disk is gone; the log of its serial line stays."""
        self.cut_power()
        self.disk.unlink(missing_ok=True)

    def running(self):
        return self.serial is not None and self.serial.isalive()

    # ---- talking to it ----

    def expect(self, pattern, limit=BOOT_LIMIT, what=None):
        """Waits for a regular expression on the serial line; gives back which, if it is a list."""
        try:
            return self.serial.expect(pattern, timeout=limit)
        except (pexpect.TIMEOUT, pexpect.EOF) as problem:
            why = "the machine ended" if isinstance(problem, pexpect.EOF) else f"not within {limit:g} s"
            raise Failed(f"{why}: {what or pattern} on the serial line of {self.name}") from None

    def root(self, command, limit=120, check=True):
        """Runs a command as root, gives back what it printed. Fails with that if its status is not 0 and `check`."""
        self.serial_moves_on()
        status, output = self._shell.run(command, limit)
        if check and status != 0:
            raise Failed(f"as root on {self.name}: {command}: status {status}\n{output}")
        return output

    def holds(self, command, limit=120):
        """Whether a command of root ends with 0."""
        self.serial_moves_on()
        return self._shell.run(command, limit)[0] == 0

    def until(self, command, limit, what):
        """Repeats a command of root until it ends with 0; gives back what it printed."""
        end = time.monotonic() + limit
        while True:
            status, output = self._shell.run(command, max(30, limit))
            if status == 0:
                return output
            if time.monotonic() > end:
                raise Failed(f"not within {limit:g} s on {self.name}: {what}\n{output}")
            time.sleep(1)

    def serial_moves_on(self):
        """Takes what the serial line has, for the log and for later expectations: a full line would stop the guest."""
        if self.serial is None:
            return
        for _ in range(100):
            known = len(self.serial.buffer)
            if self.serial.expect([pexpect.TIMEOUT, pexpect.EOF], timeout=0) == 1 or len(self.serial.buffer) == known:
                return

    def at(self, port):
        """Where a port of the guest is on this host: "127.0.0.1:40123"."""
        return f"127.0.0.1:{self.ports[port]}"

    def said(self):
        """What the serial line said since power on, without escape sequences."""
        self._log_file.flush()
        return without_escapes(self.log.read_text(errors="replace").rpartition(POWER_ON)[2])

    def ssh(self, user, key, command, limit=120):
        """What a command prints that is given by SSH. Host keys are not judged here; see rules.identity."""
        host, _, port = self.at(22).rpartition(":")
        options = ["-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={os.devnull}", "-o", "BatchMode=yes",
                   "-o", f"ConnectTimeout={limit}", "-o", "LogLevel=ERROR", "-i", str(key), "-p", port]
        done = subprocess.run(["ssh", *options, f"{user}@{host}", command], capture_output=True, text=True,
                              timeout=2 * limit, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise Failed(f"ssh {user}: {command}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def tail(self, lines=40):
        if self._log_file and not self._log_file.closed:
            self._log_file.flush()
        text = without_escapes(self.log.read_text(errors="replace")).splitlines() if self.log.exists() else []
        return "".join(f"  {self.name} | {line.rstrip()}\n" for line in text[-lines:])

    def _arguments(self, shell_socket):
        arguments = board(self.disk, self.ports, self.memory, self._variables)
        arguments += [
            "-no-reboot", "-chardev", "stdio,id=first,signal=off", "-serial", "chardev:first",
            "-chardev", f"socket,id=second,path={escaped(shell_socket)},server=on,wait=off", "-serial", "chardev:second"]
        if self.iso:
            arguments += ["-drive", f"file={escaped(self.iso)},format=raw,if=none,id=cd,readonly=on,media=cdrom",
                          "-device", "ide-cd,drive=cd"]
        arguments += smbios({**SHELL_CREDENTIALS, **self.credentials})
        for name, text in self.firmware_files.items():
            path = self.folder / f"{self.name}.{name}"
            path.write_text(text)
            arguments += ["-fw_cfg", f"name=opt/io.systemd.credentials/{name},file={escaped(path)}"]
        return arguments + self.extra


def board(disk, ports, memory, variables=None):
    """Arguments for QEMU: an emulated machine without serial lines. `ports`: {of the guest: here}; `variables`: a file of
    UEFI's own for this machine, nothing for BIOS."""
    forwards = "".join(f",hostfwd=tcp:127.0.0.1:{here}-:{there}" for there, here in ports.items())
    arguments = [
        "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "qemu64", "-smp", 2, "-m", memory,
        "-machine", "q35" if variables else "pc", "-nodefaults", "-display", "none",
        "-drive", f"file={escaped(disk)},format=qcow2,if=virtio,cache=unsafe",
        "-netdev", f"user,id=net{forwards}", "-device", "virtio-net-pci,netdev=net", "-device", "virtio-rng-pci"]
    if variables:
        arguments += [
            "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={FIRMWARE / 'OVMF_CODE_4M.fd'}",
            "-drive", f"if=pflash,unit=1,format=raw,file={escaped(variables)}"]
    return arguments


def smbios(credentials):
    """Arguments that hand system credentials to the guest, {name: text}."""
    return [word for name, text in credentials.items()
            for word in ("-smbios", f"type=11,value=io.systemd.credential.binary:{name}={_base64(text)}")]


def _base64(text):
    return base64.b64encode(text.encode()).decode()


def escaped(path):
    """A comma ends an option of QEMU."""
    return str(path).replace(",", ",,")
