"""Unattended set-up: the documents come with the machine, as credentials of systemd or on a labelled disk."""

import contextlib
from typing import NamedTuple

from .candidate import check_secret
from .problem import Refused
from .system import SEED_BYTES

LABEL = "LINEBRIDGE"
_PLACE = "/run/linebridge-setup/seed"
_MOST_SECRETS = 64
_WAIT = "--timeout=20"  # for devices that the kernel still brings up


class Seed(NamedTuple):
    """Texts of the documents (None: not in it) and secrets; `source` for people."""

    source: str
    site: str
    appliance: str
    secrets: dict


def find(system, credentials):
    """The first seed there is, or None. `credentials`: systemd's folder of credentials, or None. Raises Refused for one
    that cannot be read whole."""
    system.run("udevadm", "settle", _WAIT, seconds=30)
    found = _of_credentials(system, credentials) if credentials else None
    return found or _of_disk(system)


def _of_credentials(system, folder):
    names = [name for name in system.names(folder) if name.startswith("linebridge.")]
    if not names:
        return None
    prefix = "linebridge.file."  # with "cti.password" as long as QEMU's fw_cfg takes names
    secrets = {name.removeprefix(prefix): f"{folder}/{name}" for name in names if name.startswith(prefix)}
    known = {"linebridge.site", "linebridge.appliance"}
    strange = [name for name in names if name not in known and not name.startswith(prefix)]
    if strange:
        raise Refused(f"unknown credential '{strange[0]}'; known here are: linebridge.site, linebridge.appliance, "
                      "linebridge.file.NAME")
    return _read(system, "credentials of systemd", f"{folder}/linebridge.site", f"{folder}/linebridge.appliance", secrets)


def _of_disk(system):
    done = system.run("blkid", "--label", LABEL, seconds=20)
    device = done.out.strip()
    if done.code != 0 or not device:
        return None
    with _mounted(system, device):
        if not system.exists(f"{_PLACE}/linebridge.toml") and not system.exists(f"{_PLACE}/appliance.toml"):
            raise Refused(f"{device} is labelled {LABEL}, but there is neither linebridge.toml nor appliance.toml on it")
        secrets = {name: f"{_PLACE}/secrets/{name}" for name in system.names(f"{_PLACE}/secrets")
                   if not system.is_folder(f"{_PLACE}/secrets/{name}")}
        return _read(system, f"the disk {device}", f"{_PLACE}/linebridge.toml", f"{_PLACE}/appliance.toml", secrets)


@contextlib.contextmanager
def _mounted(system, device):
    system.ensure_folder(_PLACE, 0o700)
    done = system.tell("mount", "-o", "ro,nosuid,nodev,noexec", device, _PLACE)
    if done.code != 0:
        raise Refused(f"{device} is labelled {LABEL}, but cannot be mounted: {done.words()}")
    try:
        yield
    finally:
        system.tell("umount", _PLACE)


def _read(system, source, site, appliance, secrets):
    if len(secrets) > _MOST_SECRETS:
        raise Refused(f"{source}: over {_MOST_SECRETS} secrets")
    texts = []
    for name in (site, appliance):
        data = system.read_plain(name, SEED_BYTES)
        try:
            texts.append(None if data is None else data.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise Refused(f"{name} is no text in UTF-8") from error
    found = {name: system.read_plain(place, SEED_BYTES) for name, place in secrets.items()}
    for name, data in found.items():
        check_secret(name, data)
    return Seed(source, *texts, found)
