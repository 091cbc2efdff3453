"""The rules of appliance.toml: every problem at once, in words that say what to write instead."""

import base64
import binascii
import ipaddress
import re

from . import passwords
from .candidate import DEFAULT_APPLIANCE, is_secret_name
from .documents import Document
from .problem import Problem

_KINDS = {str: "a text in quotes", bool: "true or false", int: "a whole number", list: "a list of texts in [ ]"}
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,14}")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_KEY_TYPES = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
              "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com")
_MOST = 16  # members of a list


def problems(system, candidate):
    """Every problem of the appliance document and of the secrets' names."""
    document = candidate.appliance
    if document.fault:
        line, words = document.fault
        return [Problem("appliance", "", line, f"is no TOML: {words}")]
    check = _Check(system, candidate)
    if check.shape():
        check.host()
        check.network()
        check.list_of("time.ntp", check.host_or_address)
        check.administrator()
        check.list_of("access.from", _network)
    found = check.found
    for name, data in sorted(candidate.secrets.items()):
        if not is_secret_name(name):
            found.append(Problem("secrets", name, 0, "is no name of a secret: letters, digits, '.', '-' and '_'"))
        elif not data.strip():
            found.append(Problem("secrets", name, 0, "is empty"))
    return sorted(found, key=lambda one: (one.document, one.line))


class _Check:
    """Rules over one document; each method adds what it finds."""

    def __init__(self, system, candidate):
        self.system = system
        self.candidate = candidate
        self.document = candidate.appliance
        self.found = []

    def get(self, key):
        return self.document.get(key)

    def wrong(self, key, what):
        self.found.append(Problem("appliance", key, self.document.line_of(key.partition("[")[0]), what))

    def shape(self):
        """Known keys with values of the right kind. Keys that are missing have their defaults and are no problem."""
        default = Document(DEFAULT_APPLIANCE).values
        if self.get("version") != 1:
            self.wrong("version", "must be 1: write 'version = 1' at the top")
        before = len(self.found)
        for name, value in self.document.values.items():
            if name not in default:
                self.wrong(name, f"unknown; known here are: {', '.join(default)}")
            elif isinstance(default[name], dict):
                self._section(name, value, default[name])
        return len(self.found) == before

    def _section(self, name, value, known):
        if not isinstance(value, dict):
            self.wrong(name, f"must be a section: write [{name}]")
            return
        for key, one in value.items():
            if key not in known:
                self.wrong(f"{name}.{key}", f"unknown key; known here are: {', '.join(known)}")
            elif type(one) is not type(known[key]) or (isinstance(one, list) and any(not isinstance(x, str) for x in one)):
                self.wrong(f"{name}.{key}", f"must be {_KINDS[type(known[key])]}")

    def host(self):
        name = self.get("host.name")
        labels = (name or "").split(".")
        if not name:
            self.wrong("host.name", "is missing: write the name of this machine")
        elif len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
            self.wrong("host.name", f"'{name}' is no host name: letters, digits and '-' between dots, such as "
                                    "\"linebridge1.example.test\"")
        elif labels[0].lower() == "localhost":
            self.wrong("host.name", "must not be localhost: every machine calls itself that")
        zone = self.get("host.time_zone")
        if zone is not None and not self._zone_exists(zone):
            self.wrong("host.time_zone", f"'{zone}' is no time zone of this machine; write one such as "
                                         "\"Europe/Berlin\" or \"Etc/UTC\"")

    def _zone_exists(self, zone):
        return bool(_ZONE.fullmatch(zone)) and (self.system.read_start(f"/usr/share/zoneinfo/{zone}", 4) == b"TZif")

    def network(self):
        interface, mode = self.get("network.interface"), self.get("network.mode")
        if interface and (not _INTERFACE.fullmatch(interface) or interface == "lo"):
            self.wrong("network.interface", f"'{interface}' is no name of a wired interface, such as \"eth0\"")
        elif interface and self.system.is_live and not self.system.exists(f"/sys/class/net/{interface}"):
            there = ", ".join(self.system.wired_interfaces()) or "none"
            self.wrong("network.interface", f"this machine has no interface '{interface}'; its wired ones are: {there}")
        if mode not in (None, "dhcp", "static"):
            self.wrong("network.mode", f"'{mode}' is neither \"dhcp\" nor \"static\"")
        address = self.address("network.address", needed=mode == "static")
        if mode == "static":
            self.gateway(address)
        self.list_of("network.dns", _address)
        self.list_of("network.search", _domain)
        virtual = self.address("network.virtual_address", needed=False)
        if virtual and address and virtual.ip == address.ip:
            self.wrong("network.virtual_address", "is the address of the machine itself; it must be another one")

    def address(self, key, needed):
        """An address with prefix for a host, or None."""
        text = self.get(key)
        if not text:
            if needed:
                self.wrong(key, "is missing: a static network needs one, such as \"192.0.2.20/24\"")
            return None
        try:
            found = ipaddress.ip_interface(text)
        except ValueError:
            found = None
        if found is None or "%" in text:
            self.wrong(key, f"'{text}' is no IP address with the length of its network, such as \"192.0.2.20/24\" or "
                            "\"2001:db8::20/64\"")
            return None
        return self._of_a_host(key, text, found)

    def _of_a_host(self, key, text, found):
        whole = found.network
        if "/" not in text:
            self.wrong(key, f"says nothing about its network; write \"{text}/24\" if its mask is 255.255.255.0")
        elif found.ip.is_multicast or found.ip.is_unspecified or found.ip.is_loopback or found.ip == _BROADCAST:
            self.wrong(key, f"{found.ip} can be no machine's own address")
        elif found.version == 4 and whole.prefixlen < 31 and found.ip in (whole.network_address, whole.broadcast_address):
            self.wrong(key, f"{found.ip} is the {'network' if found.ip == whole.network_address else 'broadcast address'}"
                            f" of {whole} itself, no machine's address")
        elif whole.prefixlen == 0:
            self.wrong(key, "the length of a network is at least 1")
        else:
            return found
        return None

    def gateway(self, address):
        text = self.get("network.gateway")
        if not text:
            return
        try:
            found = ipaddress.ip_address(text)
        except ValueError:
            self.wrong("network.gateway", f"'{text}' is no IP address, such as \"192.0.2.1\"")
            return
        if address is None:
            return
        if found.version != address.version:
            self.wrong("network.gateway", f"{found} is IPv{found.version}, the machine's address is IPv{address.version}")
        elif found == address.ip:
            self.wrong("network.gateway", "is the machine itself")
        elif found not in address.network and not found.is_link_local:
            self.wrong("network.gateway", f"{found} is not in the machine's network {address.network}, so it cannot be "
                                          "reached")

    def list_of(self, key, fault):
        """`fault`: gives what is wrong with one member, or None."""
        members = self.get(key) or []
        if len(members) > _MOST:
            self.wrong(key, f"has {len(members)} members, {_MOST} is the most")
        for number, member in enumerate(members, 1):
            what = fault(member)
            if what:
                self.wrong(f"{key}[{number}]" if len(members) > 1 else key, what)
        for member in {m for m in members if members.count(m) > 1}:
            self.wrong(key, f"'{member}' stands there twice")

    @staticmethod
    def host_or_address(text):
        if _address(text) is None or _domain(text) is None:
            return None
        return f"'{text}' is neither a host name nor an IP address"

    def administrator(self):
        name = self.get("administrator.name") or ""
        if not name:
            self.wrong("administrator.name", "is missing: write the name of the administrator's account")
        elif not _USER.fullmatch(name):
            self.wrong("administrator.name", f"'{name}' is no user name: small letters, digits, '-' and '_', a letter "
                                             "first, at most 32")
        elif self._is_of_the_system(name):
            self.wrong("administrator.name", f"'{name}' is an account of the system; choose another name")
        keys = self.get("administrator.ssh_keys") or []
        known = self.get("administrator.password_hash") or ""
        if self.candidate.password is not None:
            names = [name, *(self.get("host.name") or "").split(".")[:1]]
            weak = passwords.weakness(self.candidate.password, names)
            if weak:
                self.wrong("administrator.password", weak)
        elif known and not passwords.is_hash(known):
            self.wrong("administrator.password_hash", "is no hash of a password as in /etc/shadow: it begins with "
                                                      "\"$y$\" or \"$6$\"; mkpasswd makes one")
        elif not known and not keys:
            self.wrong("administrator.password", "is missing: without a password or an SSH key nobody could log in")
        self.list_of("administrator.ssh_keys", _public_key)

    def _is_of_the_system(self, name):
        for line in (self.system.text("/etc/passwd") or "").splitlines():
            parts = line.split(":")
            if parts[0] == name and len(parts) > 2 and parts[2].isdigit():
                return not 1000 <= int(parts[2]) < 60000
        return name == "root" or name.startswith("linebridge-")


_BROADCAST = ipaddress.ip_address("255.255.255.255")


def _address(text):
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return f"'{text}' is no IP address, such as \"192.0.2.53\""
    return f"{text} can be no server's address" if found.is_multicast or found.is_unspecified else None


def _network(text):
    try:
        ipaddress.ip_network(text, strict=True)
        return None
    except ValueError:
        pass
    try:
        whole = ipaddress.ip_network(text, strict=False)
        return f"'{text}' is an address within a network; write \"{whole}\" for the network"
    except ValueError:
        return f"'{text}' is no IP address or network, such as \"192.0.2.0/24\""


def _domain(text):
    labels = text.removesuffix(".").split(".")
    if len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit():
        return None
    return f"'{text}' is no domain, such as \"example.test\""


def _public_key(text):
    if "PRIVATE KEY" in text:
        return "is a private key; keep that secret and write the line of the file that ends in .pub"
    parts = text.split()
    if "\n" in text or len(parts) < 2 or parts[0] not in _KEY_TYPES:
        return "is no SSH public key: one line that begins with \"ssh-ed25519\", \"ssh-rsa\" or \"ecdsa-sha2-...\""
    try:
        data = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        data = b""
    length = int.from_bytes(data[:4], "big")
    if len(data) < 40 or data[4:4 + length] != parts[0].encode():
        return "is an SSH public key that was cut off or mistyped"
    return None
