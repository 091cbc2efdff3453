"""From documents to files, and nothing else: the same documents give the same bytes."""

import ipaddress
from typing import NamedTuple

from . import nftables
from .candidate import APPLIANCE, DEFAULT_APPLIANCE, SECRETS, SITE
from .documents import Document

NETWORK = "/etc/systemd/network/10-linebridge.network"
RESOLVED = "/etc/systemd/resolved.conf.d/50-linebridge.conf"
HOSTNAME = "/etc/hostname"
HOSTS = "/etc/hosts"
LOCALTIME = "/etc/localtime"
CHRONY = "/etc/chrony/sources.d/linebridge.sources"
NFTABLES = "/etc/linebridge/nftables.d/linebridge.nft"
SSHD = "/etc/ssh/sshd_config.d/50-linebridge.conf"
SSH_ON = "/etc/systemd/system/multi-user.target.wants/ssh.service"
SSH_KEYS = "/etc/ssh/authorized_keys.d"
SUDOERS = "/etc/sudoers.d/linebridge"
COCKPIT_OFF = "/etc/systemd/system/cockpit.socket.d/50-linebridge.conf"

_MARK = "# Written by linebridge-setup from appliance.toml; a change here is lost at the next one there.\n"


class Entry(NamedTuple):
    """What stands under one name: a file's bytes and mode, or what a symbolic link says."""

    data: bytes = b""
    mode: int = 0o644
    link: str = ""


def appliance_values(document):
    """The values of appliance.toml with defaults for what is not there."""
    known = Document(DEFAULT_APPLIANCE).values
    given = document.values
    return {name: {**section, **given.get(name, {})} if isinstance(section, dict) else given.get(name, section)
            for name, section in known.items()}


def files(candidate, site_values, interface):
    """Name to Entry of everything that is managed. `site_values`: as `linebridge show-config` says them; `interface`: the
    network interface that is meant, "" if none is known."""
    values = appliance_values(candidate.appliance)
    found = {
        SITE: Entry(candidate.site_text().encode()),
        APPLIANCE: Entry(candidate.appliance_text().encode(), 0o600),
        NETWORK: _text(_network(values["network"], interface)),
        RESOLVED: _text(_resolved()),
        HOSTNAME: Entry(_short(values).encode() + b"\n"),
        HOSTS: _text(_hosts(values)),
        LOCALTIME: Entry(link=f"../usr/share/zoneinfo/{values['host']['time_zone']}"),
        CHRONY: _text(_chrony(values["time"]["ntp"])),
        NFTABLES: _text(nftables.rules(site_values, values["access"])),
        SUDOERS: Entry((_MARK + _sudoers(values["administrator"])).encode(), 0o440),
    }
    found.update({f"{SECRETS}/{name}": Entry(data, 0o600) for name, data in candidate.secrets.items()})
    found.update(_access(values["access"], values["administrator"]))
    return found


def _text(text):
    return Entry((_MARK + text).encode())


def _short(values):
    return values["host"]["name"].partition(".")[0]


def _network(network, interface):
    lines = ["", "[Match]", f"Name={interface or 'en* eth*'}"]
    if not interface:
        lines.append("Type=ether")
    lines += ["", "[Network]"]
    static = network["mode"] == "static"
    if static:
        lines += [f"Address={network['address']}", "IPv6AcceptRA=no"]
        lines += [f"Gateway={network['gateway']}"] if network["gateway"] else []
    else:
        lines += ["DHCP=yes", "IPv6AcceptRA=yes"]
    lines += [f"Address={network['virtual_address']}"] if network["virtual_address"] else []
    lines += [f"DNS={server}" for server in network["dns"]]
    lines += [f"Domains={' '.join(network['search'])}"] if network["search"] else []
    if not static:
        use = "no" if network["dns"] else "yes"
        lines += ["", "[DHCPv4]", "ClientIdentifier=mac", f"UseDNS={use}", "UseDomains=yes", "UseHostname=no"]
        lines += ["", "[DHCPv6]", "DUIDType=link-layer", f"UseDNS={use}", "UseDomains=yes", "UseHostname=no"]
        lines += ["", "[IPv6AcceptRA]", f"UseDNS={use}"]
    return "\n".join(lines) + "\n"


def _resolved():
    return "\n[Resolve]\nLLMNR=no\nMulticastDNS=no\n# The site's servers alone.\nFallbackDNS=\n"


def _hosts(values):
    name, short = values["host"]["name"], _short(values)
    own = name if name == short else f"{name} {short}"
    return f"\n127.0.0.1 localhost\n127.0.1.1 {own}\n::1       localhost ip6-localhost ip6-loopback\n"


def _chrony(servers):
    def line(server):
        try:
            ipaddress.ip_address(server)
            return f"server {server} iburst"
        except ValueError:
            return f"pool {server} iburst"

    return "".join(line(server) + "\n" for server in servers)


def _sudoers(administrator):
    """Who has no password cannot be asked for one."""
    name = administrator["name"]
    lines = [f"{name} ALL=(root) NOPASSWD: /usr/bin/linebridge-setup menu"]
    if not administrator["password_hash"]:
        lines.insert(0, f"{name} ALL=(ALL:ALL) NOPASSWD: ALL")
    return "\n".join(lines) + "\n"


def _access(access, administrator):
    found = {}
    keys = administrator["ssh_keys"]
    if keys:
        text = "".join(f"{key.strip()}\n" for key in keys)
        found[f"{SSH_KEYS}/{administrator['name']}"] = Entry(text.encode())
    if access["ssh"]:
        found[SSHD] = _text("\nPermitRootLogin no\nKbdInteractiveAuthentication no\n"
                            f"PasswordAuthentication {'no' if keys else 'yes'}\n"
                            f"AuthorizedKeysFile .ssh/authorized_keys {SSH_KEYS}/%u\n")
        found[SSH_ON] = Entry(link="/usr/lib/systemd/system/ssh.service")
    if not access["web"]:
        found[COCKPIT_OFF] = _text("\n[Unit]\n# access.web = false\nConditionPathExists=!/etc/linebridge/appliance.toml\n")
    return found
