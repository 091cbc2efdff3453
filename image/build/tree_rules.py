"""What must hold for the finished tree of the appliance. Each rule takes a Tree and yields a line for each thing that is
wrong; a machine of the lab has a user of its own, so the rules in NOT_IN_THE_LAB do not ask about it."""

import os
import re
import stat
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOBODY = 65534
ARCHIVE = "deb.debian.org"
# What others' mistakes reach first: XML and TLS from strangers.
EXPOSED = ("libexpat1", "libssl3*", "openssl")
KEY = re.compile(rb"^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n(?:[A-Za-z-]+: .*\r?\n)*\r?\n?[A-Za-z0-9+/=]{20}", re.MULTILINE)


class Tree:
    """A folder that is to become the root of a machine. `offered`: version of each package that the archives have."""

    def __init__(self, root, offered=None):
        self.root = Path(root)
        self.offered = offered or {}

    def lines(self, path):
        """The lines of a file with something in them, without comments; none if there is no such file."""
        try:
            text = (self.root / path).read_text(errors="replace")
        except FileNotFoundError:
            return []
        return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    def walk(self):
        """(path from the root with a slash in front, its lstat) of everything."""
        for folder, folders, files in os.walk(self.root):
            for name in folders + files:
                path = Path(folder, name)
                yield "/" + path.relative_to(self.root).as_posix(), path.lstat()

    def below(self, folder, pattern="*"):
        return sorted(path for path in (self.root / folder).rglob(pattern) if path.is_file() or path.is_symlink())

    def named(self, path):
        return "/" + path.relative_to(self.root).as_posix()


def passwords(tree):
    for line in tree.lines("etc/shadow") or ["no file:"]:
        user, word = line.split(":")[:2]
        if not word.startswith(("*", "!")):
            yield f"/etc/shadow: {user} has a password, or needs none"
    for line in tree.lines("etc/passwd"):
        if line.split(":")[1] != "x":
            yield f"/etc/passwd: {line.split(':')[0]} has a password, or needs none"


def people(tree):
    for line in tree.lines("etc/passwd"):
        user, _, number = line.split(":")[:3]
        if int(number) >= 1000 and int(number) != NOBODY:
            yield f"/etc/passwd: {user} is no user of the system"
    for path, _ in tree.walk():
        if path.endswith(("/authorized_keys", "/authorized_keys2")):
            yield f"{path}: a key that may log in"
        if "vagrant" in path.lower():
            yield f"{path}: belongs to the lab"


def identity(tree):
    """What each machine makes for itself."""
    if "".join(tree.lines("etc/machine-id")) not in ("", "uninitialized"):
        yield "/etc/machine-id: is one already"
    if not (tree.root / "etc/machine-id").exists():
        yield "/etc/machine-id: missing"
    for path in ("var/lib/dbus/machine-id", "var/lib/systemd/random-seed", "var/lib/systemd/credential.secret"):
        if (tree.root / path).exists() and not (tree.root / path).is_symlink():
            yield f"/{path}: each machine has its own"
    for path in tree.below("etc/ssh", "ssh_host_*"):
        yield f"{tree.named(path)}: a host key"


def private_keys(tree):
    for path, status in tree.walk():
        if stat.S_ISREG(status.st_mode) and status.st_size < 1 << 20:
            content = (tree.root / path[1:]).read_bytes()
            if b"PRIVATE KEY" in content and b"\0" not in content and KEY.search(content):
                yield f"{path}: a private key"


def archives(tree):
    """Nothing of the machine that built it: archives, proxies, names; and nothing of the building."""
    for path in tree.below("etc/apt"):
        if path.suffix in (".list", ".sources") and not path.is_symlink():
            for line in tree.lines(path.relative_to(tree.root)):
                for host in re.findall(r"[a-z+]+:/+([^/\s]*)", line):
                    if host != ARCHIVE:
                        yield f"{tree.named(path)}: another archive: {host}"
        for line in tree.lines(path.relative_to(tree.root)) if "apt.conf.d" in str(path) else ():
            if "proxy" in line.lower():
                yield f"{tree.named(path)}: a proxy: {line}"
        if "mmdebstrap" in path.name:
            yield f"{tree.named(path)}: left by the building"
    for folder in ("var/lib/apt/lists", "var/cache/apt", "var/log", "tmp", "var/tmp", "run", "root/.cache"):
        for path in tree.below(folder):
            if path.is_symlink() and folder == "var/log":
                continue  # to a text about logs
            yield f"{tree.named(path)}: left by the building"
    for path in tree.below("etc/dpkg", "*mmdebstrap*"):
        yield f"{tree.named(path)}: left by the building"
    resolver = tree.root / "etc/resolv.conf"
    if not resolver.is_symlink():
        yield "/etc/resolv.conf: the name servers of another machine"


def versions(tree):
    """No package is older than what the archives offer."""
    installed = {}
    for block in "\n".join(_text(tree, "var/lib/dpkg/status")).split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if re.match(r"(Package|Version|Status): ", line))
        if fields.get("Status", "").endswith(" installed"):
            installed[fields["Package"]] = fields["Version"]
    for pattern in EXPOSED:
        if not any(fnmatchcase(name, pattern) for name in installed):
            yield f"{pattern}: not installed, so nobody knows whether it is the newest"
    for name, version in installed.items():
        offered = tree.offered.get(name, "(none)")
        if name.startswith("linebridge"):
            continue
        if offered == "(none)":
            yield f"{name}: no archive has it"
        elif version != offered and _older(version, offered):
            yield f"{name}: {version}, the archives have {offered}"


def _text(tree, path):
    try:
        return (tree.root / path).read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _older(version, offered):
    return subprocess.run(["dpkg", "--compare-versions", version, "lt", offered], check=False).returncode == 0


def rights(tree):
    """Programs with more rights than their user are those of the list; nobody writes what everybody reads."""
    known = {line.split()[0] for line in (HERE / "setuid").read_text().splitlines() if line.startswith("/")}
    for path, status in tree.walk():
        if stat.S_ISREG(status.st_mode) and status.st_mode & (stat.S_ISUID | stat.S_ISGID) and path not in known:
            yield f"{path}: runs with more rights than its user has, and is not in image/build/setuid"
        writable = status.st_mode & stat.S_IWOTH and not stat.S_ISLNK(status.st_mode) and not path.startswith("/dev/")
        if writable and not (stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX):
            yield f"{path}: everybody may write to it"


def units(tree):
    """What starts by itself is what the presets say, and all of that is there."""
    orders = [line.split() for path in tree.below("etc/systemd/system-preset", "*.preset")
              for line in tree.lines(path.relative_to(tree.root))]
    if ["disable", "*"] not in orders:
        yield "/etc/systemd/system-preset: does not end in \"disable *\", so more than it names may start"
    started = {path.name for path in tree.below("etc/systemd/system")
               if path.parent.name.endswith((".wants", ".requires")) and path.is_symlink()}
    for name in sorted(started):
        if not _enabled(name, orders):
            yield f"{name}: starts by itself, no preset says so"
    for order in orders:
        if order[0] == "enable" and order[1].startswith("linebridge"):
            wanted = order[1] if len(order) == 2 else order[1].replace("@", f"@{order[2]}")
            if any(fnmatchcase(path.name, order[1]) for path in tree.below("usr/lib/systemd/system")) and not any(
                    fnmatchcase(name, wanted) for name in started):
                yield f"{wanted}: is to start by itself and does not"


def _enabled(name, orders):
    template = re.sub("@.*[.]", "@.", name)
    for order in orders:
        if fnmatchcase(name, order[1]) or (template != name and fnmatchcase(template, order[1])):
            return order[0] == "enable"
    return False


def updates(tree):
    """Security updates come by themselves, others do not, and nothing restarts the machine."""
    files = tree.below("etc/apt/apt.conf.d")
    text = "\n".join(re.sub("^ *//.*", "", path.read_text(errors="replace"), flags=re.MULTILINE) for path in files)
    if 'APT::Periodic::Unattended-Upgrade "1"' not in text:
        yield "/etc/apt/apt.conf.d: no updates by themselves"
    text = text.rpartition("#clear Unattended-Upgrade::Origins-Pattern;")[2] or text
    for origin in re.findall(r'"(origin=[^"]*)"', text):
        if not origin.endswith("label=Debian-Security"):
            yield f"/etc/apt/apt.conf.d: updates by themselves from {origin}"
    if "label=Debian-Security" not in text:
        yield "/etc/apt/apt.conf.d: no security updates by themselves"
    if 'Unattended-Upgrade::Automatic-Reboot "true"' in text:
        yield "/etc/apt/apt.conf.d: an update may restart the machine"


def start(tree):
    """What the boot loader looks for is there."""
    for name in ("vmlinuz", "initrd.img"):
        if not (tree.root / name).is_file():
            yield f"/{name}: missing, so nothing starts"
    if not tree.lines("boot/grub/grub.cfg"):
        yield "/boot/grub/grub.cfg: missing, so nothing starts"
    if not any(line.split()[:2] == ["LABEL=linebridge", "/"] for line in tree.lines("etc/fstab")):
        yield "/etc/fstab: the root file system is not found by its label"


RULES = (passwords, people, identity, private_keys, archives, versions, rights, units, updates, start)
NOT_IN_THE_LAB = (people,)
# Of another release, with no updates: it lives for an hour.
NOT_IN_PEERS = (updates,)
