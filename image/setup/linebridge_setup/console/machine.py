"""What the machine says of itself: addresses, fingerprints, units. Looks, changes nothing."""

import ipaddress
import json
import re
import tomllib

from ..problem import Refused

WEB_PORT = 9090
CERTIFICATE = "/etc/cockpit/ws-certs.d/50-linebridge.cert"
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"
UNITS = ("linebridge-gateway@publisher", "linebridge-gateway@subscriber", "linebridge-splitter", "haproxy")
HELPERS = ("chrony", "nftables", "systemd-networkd", "systemd-resolved", "ssh", "cockpit.socket")


def addresses(system):
    """Addresses that others can reach, IPv4 first; none that only this machine or this link knows."""
    done = system.run("ip", "-json", "address", "show", "up", seconds=10)
    try:
        links = json.loads(done.out) if done.code == 0 else []
        found = [ipaddress.ip_address(one["local"]) for link in links for one in link.get("addr_info", [])
                 if one.get("scope") == "global" and not one.get("temporary") and not one.get("tentative")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return [str(address) for address in sorted(set(found), key=lambda a: (a.version, int(a)))][:8]


def url(address):
    return f"https://[{address}]:{WEB_PORT}/" if ":" in address else f"https://{address}:{WEB_PORT}/"


def version(system):
    """The product's version, or "unknown"."""
    done = system.run(system.program, "version", seconds=10)
    found = re.search(r"\d+\.\d+(?:\.\d+)?\S*", done.out)
    return found.group() if done.code == 0 and found else "unknown"


def host_name(system):
    """The full name in the settings, or the short one the machine has without them."""
    try:
        name = tomllib.loads(system.text("/etc/linebridge/appliance.toml") or "").get("host", {}).get("name")
    except (tomllib.TOMLDecodeError, AttributeError, Refused):
        name = None
    return name or (system.text("/etc/hostname") or "").strip() or "linebridge"


def linebridge(system, *words, seconds=30):
    """The administrator's command, on this machine's site."""
    return system.run(system.program, *words, "--config", system.path("/etc/linebridge/linebridge.toml"), seconds=seconds)


def ssh_fingerprint(system):
    """ "SHA256:..." of the host key, or None."""
    if not system.exists(HOST_KEY):
        return None
    done = system.run("ssh-keygen", "-l", "-E", "sha256", "-f", system.path(HOST_KEY), seconds=10)
    found = re.search(r"SHA256:\S+", done.out)
    return found.group() if done.code == 0 and found else None


def tls_fingerprint(system):
    """ "AA:BB:..." of the web page's certificate, or None."""
    if not system.exists(CERTIFICATE):
        return None
    done = system.run("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", system.path(CERTIFICATE), seconds=10)
    found = re.search(r"=([0-9A-F:]{95})", done.out)
    return found.group(1) if done.code == 0 and found else None


def unit_states(system, units):
    """Unit to its state in systemd's words ("active", "failed", "inactive", "unknown")."""
    done = system.run("systemctl", "is-active", *units, seconds=10)
    states = done.out.split()
    return dict(zip(units, states)) if len(states) == len(units) else {unit: "unknown" for unit in units}
