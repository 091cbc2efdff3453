"""What makes this machine different from every other made of the same image: SSH host keys, the web page's TLS key, the
set-up code. What is whole stays; what a power cut left half done is made again."""

import contextlib
import os
import re

from ..problem import Refused
from . import machine, setup_code

KEY_TYPES = ("ed25519", "ecdsa")  # RSA takes long to make, and no client of this decade needs it
TLS_KEY = "/etc/cockpit/ws-certs.d/50-linebridge.key"
DAYS = 3650
_WORK = "/run/linebridge-setup/first-boot"


def run(system, is_set_up, say=lambda text: None):
    """All of it. Raises Refused if something could not be made."""
    host_keys(system, say)
    certificate(system, say)
    if is_set_up:
        setup_code.expire(system)
    elif setup_code.shown(system) is None:
        setup_code.new(system)
        say("set-up code made")


def host_keys(system, say=lambda text: None):
    """Each kind of SSH host key, whole and on the disk."""
    broken = [kind for kind in KEY_TYPES if not _key_is_whole(system, kind)]
    if not broken:
        return
    system.ensure_folder("/etc/ssh")
    for kind in broken:
        with _work(system):
            done = system.run("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", f"root@{machine.host_name(system)}", "-f",
                              system.path(f"{_WORK}/key"), seconds=170)
            if done.code != 0:
                raise Refused(f"an SSH host key could not be made: {done.words()}")
            system.put(_key_file(kind), system.read(f"{_WORK}/key"), 0o600)
            system.put(_key_file(kind) + ".pub", system.read(f"{_WORK}/key.pub"), 0o644)
    say(f"SSH host keys made: {', '.join(broken)}")


@contextlib.contextmanager
def _work(system):
    """An empty folder in memory."""
    system.ensure_folder(os.path.dirname(_WORK), 0o700)
    if system.exists(_WORK):
        system.remove_tree(_WORK)
    system.make_folder(_WORK, 0o700)
    yield
    system.remove_tree(_WORK)


def _key_file(kind):
    return f"/etc/ssh/ssh_host_{kind}_key"


def _key_is_whole(system, kind):
    """The private key can be read and the public one belongs to it."""
    name = _key_file(kind)
    public = (system.text(name + ".pub") or "").split()
    if len(public) < 2 or not system.read(name):
        return False
    done = system.run("ssh-keygen", "-y", "-P", "", "-f", system.path(name), seconds=20)
    return done.code == 0 and done.out.split()[:2] == public[:2]


def certificate(system, say=lambda text: None, renew=False):
    """A self-signed certificate for the web page: EC P-256, ten years, for the host's name and addresses. `renew`: also
    if one is there for another name."""
    host = machine.host_name(system)
    if _pair_is_whole(system) and not (renew and _name_of(system) != host[:64]):
        return
    system.ensure_folder("/etc/cockpit/ws-certs.d")
    key, made = f"{_WORK}/key", f"{_WORK}/cert"
    with _work(system):
        done = system.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
                          "-sha256", "-days", str(DAYS), "-subj", f"/CN={host[:64]}",
                          "-addext", f"subjectAltName={_names(system, host)}",
                          "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth",
                          "-keyout", system.path(key), "-out", system.path(made), seconds=60)
        if done.code != 0:
            raise Refused(f"the web page's TLS certificate could not be made: {done.words()}")
        # The key first: a certificate without its key is what the next start notices.
        system.put(TLS_KEY, system.read(key), 0o600)
        system.put(machine.CERTIFICATE, system.read(made), 0o644)
    say("TLS certificate of the web page made")


def _names(system, host):
    names = [f"DNS:{name}" for name in dict.fromkeys([host, host.split(".")[0]])]
    return ",".join(names + [f"IP:{address}" for address in machine.addresses(system)])


def _name_of(system):
    done = system.run("openssl", "x509", "-noout", "-subject", "-nameopt", "multiline", "-in",
                      system.path(machine.CERTIFICATE), seconds=10)
    found = re.search(r"commonName\s*=\s*(\S+)", done.out)
    return found.group(1) if found else None


def _pair_is_whole(system):
    if not system.read(TLS_KEY) or not system.read(machine.CERTIFICATE):
        return False
    of_key = system.run("openssl", "pkey", "-pubout", "-in", system.path(TLS_KEY), seconds=10)
    of_certificate = system.run("openssl", "x509", "-noout", "-pubkey", "-in", system.path(machine.CERTIFICATE), seconds=10)
    return of_key.code == 0 and of_certificate.code == 0 and of_key.out == of_certificate.out
