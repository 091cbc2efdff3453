"""What stands above the log-in prompt and while the machine waits to be set up: who it is and how it is reached.

The file is written anew when an address or a link changes, once a second at most.
"""

import contextlib
import os
import select
import socket
import time

from . import machine

ISSUE = "/etc/issue.d/linebridge.issue"
INVITATION = "Press Enter to set this machine up"
SETTLE = 1.0  # seconds; changes of addresses come in bursts
ALIVE = 300  # seconds; looked at even if nothing was heard
# rtnetlink(7): groups of links, IPv4 and IPv6 addresses
_GROUPS = 0x1 | 0x10 | 0x100


def lines(system, is_set_up, code=None):
    """The banner's lines. The set-up code is for consoles alone, never for a file."""
    found = machine.addresses(system)
    text = [f"Linebridge appliance {machine.version(system)}", f"Host: {machine.host_name(system)}"]
    text += [f"Address: {address}" for address in found] or ["Address: none yet"]
    later = "" if is_set_up else "   (once this machine is set up)"
    text += [f"Web: {machine.url(address)}{later}" for address in found[:4]]
    ssh, tls = machine.ssh_fingerprint(system), machine.tls_fingerprint(system)
    if ssh:
        text.append(f"SSH host key (ED25519): {ssh}")
    if tls:
        text.append(f"TLS certificate: SHA256 {tls}")
    if code and not is_set_up:
        text.append(f"Set-up code: {code}")
    return text


def issue_text(shown):
    """As agetty reads it: a backslash would begin an escape."""
    return "".join(line.replace("\\", "\\\\") + "\n" for line in ["", *shown, ""])


def write(system, is_set_up):
    """Writes the file if it is not so already: whether it was written."""
    text = issue_text(lines(system, is_set_up)).encode()
    if system.read(ISSUE) == text:
        return False
    system.ensure_folder(os.path.dirname(ISSUE))
    system.put(ISSUE, text, 0o644)
    system.tell("agetty", "--reload", seconds=10)
    return True


def follow(system, is_set_up, ready=lambda: None):
    """Writes the file now and after each change, until the process is ended."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE) as changes:
        changes.bind((0, _GROUPS))
        write(system, is_set_up())
        ready()
        while True:
            select.select([changes], [], [], ALIVE)
            time.sleep(SETTLE)
            _swallow(changes)
            write(system, is_set_up())


def _swallow(changes):
    """All that is waiting; what it says is looked up afresh. A full buffer means that something was missed."""
    with contextlib.suppress(BlockingIOError, OSError):
        while changes.recv(65536, socket.MSG_DONTWAIT):
            pass
