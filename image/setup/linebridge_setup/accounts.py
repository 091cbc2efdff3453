"""The administrator's account. Every step may be done again; no hash is ever on a command line."""

from .candidate import APPLIANCE
from .documents import Document
from .problem import Refused

GROUPS = ("sudo", "adm", "systemd-journal", "linebridge")


def hash_in(entries):
    """The administrator's hash in a generation's files; "*" (no password fits) if there is none."""
    document = Document(entries[APPLIANCE].data.decode("utf-8", "replace"))
    return document.get("administrator.password_hash") or "*"


def ensure(system, name, password_hash):
    """The account is there, may log in, and has this hash."""
    if not _is_there(system, "/etc/passwd", name):
        _must(system, f"the account '{name}' could not be made", "useradd", "--create-home", "--shell", "/bin/bash",
              "--comment", "Linebridge administrator", name)
    groups = [group for group in GROUPS if _is_there(system, "/etc/group", group)]
    fields = _fields(system, "/etc/shadow", name)
    if fields[1:2] != [password_hash]:
        _must(system, f"the password of '{name}' could not be set", "chpasswd", "--encrypted",
              data=f"{name}:{password_hash}\n".encode())
    _must(system, f"the account '{name}' could not be changed", "usermod", "--expiredate", "",
          *(["--append", "--groups", ",".join(groups)] if groups else []), name)


def lock(system, names):
    """Former administrators: the accounts stay with all that is theirs, nobody can log in with them."""
    for name in sorted(names):
        if _is_there(system, "/etc/passwd", name):
            _must(system, f"the account '{name}' could not be locked", "usermod", "--lock", "--expiredate", "1", name)


def _must(system, what, *argv, data=None):
    done = system.tell(*argv, data=data)
    if done.code != 0:
        raise Refused(f"{what}: {done.words()}")


def _is_there(system, file, name):
    return bool(_fields(system, file, name))


def _fields(system, file, name):
    lines = (system.text(file) or "").splitlines()
    return next((line.split(":") for line in lines if line.startswith(f"{name}:")), [])
