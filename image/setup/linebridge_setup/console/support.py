"""One file with what somebody needs who is to help: status, settings without secrets, logs."""

import io
import os
import re
import tarfile
import time

from . import machine, status

FOLDER = "/var/tmp"
MOST_LOG = 40000  # lines of the journal
MOST_FILE = 32 << 20  # bytes of one member
_UNITS = ("linebridge-gateway@*", "linebridge-splitter*", "linebridge-*", "haproxy*", "chrony*", "nftables*",
          "systemd-networkd*", "systemd-resolved*", "ssh*", "cockpit*")
_SECRET_LINE = re.compile(r"""^(\s*["']?[\w.\-]*(?:password(?!_file)|secret|passphrase|token)[\w.\-]*["']?\s*=\s*).*$""",
                          re.IGNORECASE | re.MULTILINE)
_HASH = re.compile(r"\$(?:y|gy|7|2[abxy]|5|6)\$[!-9;-~]{8,300}")
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
COMMANDS = {
    "units.txt": ["systemctl", "--no-pager", "--all", "status", "linebridge-*", "haproxy*"],
    "failed.txt": ["systemctl", "--no-pager", "--failed"],
    "addresses.txt": ["ip", "address"],
    "routes.txt": ["ip", "route"],
    "dns.txt": ["resolvectl", "status", "--no-pager"],
    "packet-filter.txt": ["nft", "list", "ruleset"],
    "clock.txt": ["chronyc", "-n", "sources"],
    "sockets.txt": ["ss", "-tulpn"],
    "disk.txt": ["df", "-h"],
    "memory.txt": ["free", "-m"],
    "packages.txt": ["dpkg-query", "--show", "--showformat", "${Package} ${Version} ${db:Status-Status}\n"],
}
FILES = ("/etc/linebridge/linebridge.toml", "/etc/linebridge/appliance.toml", "/etc/os-release", "/proc/cmdline",
         "/run/haproxy/haproxy.cfg", "/run/linebridge/haproxy.cfg")


def without_secrets(text, secrets=()):
    """The text without passwords, their hashes, private keys, and the given words."""
    text = _KEY.sub("(private key left out)", text)
    text = _HASH.sub("(left out)", _SECRET_LINE.sub(r'\1"(left out)"', text))
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "(left out)")
    return text


def make(engine, system, name=None, say=lambda text: None):
    """Writes the file, for its owner alone, and returns its name."""
    host = re.sub(r"[^\w-]", "_", machine.host_name(system).split(".")[0])[:60]
    name = name or f"{FOLDER}/support-{host}-{time.strftime('%Y%m%d-%H%M')}.tar.gz"
    system.ensure_folder(os.path.dirname(name) or "/")
    secrets = _words_of_secrets(system)
    system.clear(name)
    descriptor = os.open(system.path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as bundle:
        for member, text in _members(engine, system, say):
            _add(bundle, f"linebridge-support/{member}", without_secrets(text, secrets))
        file.flush()
    owner = os.environ.get("SUDO_UID", "")
    if owner.isdecimal() and system.is_live:
        os.chown(system.path(name), int(owner), -1)
    return name


def _members(engine, system, say):
    say("status")
    yield "status.txt", status.text(engine, system)
    yield "status.json", machine.linebridge(system, "status", "--json").out
    yield "front.txt", machine.linebridge(system, "front", "status").out
    for member, command in COMMANDS.items():
        say(member.split(".")[0])
        done = system.run(*command, seconds=60)
        yield member, done.out + (f"\n({' '.join(command)}: {done.words()})\n" if done.code else "")
    for name in FILES:
        text = system.text(name)
        if text is not None:
            yield "files" + name, text
    say("log")
    units = [part for unit in _UNITS for part in ("-u", unit)]
    yield "log.txt", system.run("journalctl", "--no-pager", "-o", "short-iso-precise", "-n", str(MOST_LOG), *units,
                                seconds=180).out
    yield "kernel.txt", system.run("journalctl", "--no-pager", "-k", "-n", "2000", seconds=60).out
    yield "warnings.txt", system.run("journalctl", "--no-pager", "-p", "warning", "-n", "5000", seconds=60).out


def _words_of_secrets(system):
    """Short secrets in one line, such as passwords, in case a program wrote one anywhere."""
    folder = "/etc/linebridge/secrets"
    found = []
    for name in system.names(folder):
        data = (system.read(f"{folder}/{name}") or b"")[:1024].decode("utf-8", "replace").split("\n")[0].strip()
        if 6 <= len(data) and not data.startswith("-----"):
            found.append(data)
    return found


def _add(bundle, name, text):
    data = text.encode("utf-8", "replace")[-MOST_FILE:]
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(data), int(time.time()), 0o600
    bundle.addfile(member, io.BytesIO(data))


def how_to_fetch(engine, system, name):
    """Words: where it is and how it gets to the person's own computer."""
    candidate = engine.candidate()
    user = candidate.value("appliance", "administrator.name") or "admin"
    where = (machine.addresses(system) or ["ADDRESS"])[0]
    size = os.path.getsize(system.path(name))
    ways = [f"It is in {name} ({max(1, size // 1024)} KiB).", "", "It holds no passwords and no keys; it does name users, "
            "numbers and hosts."]
    if candidate.value("appliance", "access.ssh") is True:
        host = f"[{where}]" if ":" in where else where
        ways += ["", "Fetch it on your computer with", f"  scp {user}@{host}:{name} ."]
    else:
        ways += ["", "SSH is off. Turn it on in the settings (Access) to fetch the file with scp."]
    return "\n".join(ways)
