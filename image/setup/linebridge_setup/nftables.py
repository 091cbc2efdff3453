"""What the packet filter lets in once the machine is set up. The chain is called by the table of /etc/nftables.conf."""

import ipaddress

SSH_PORT = 22
WEB_PORT = 9090


def rules(site, access):
    """`site`: values in force as `linebridge show-config` says them; `access`: the section of appliance.toml."""
    lines = ["", "table inet linebridge {", "  chain linebridge_input {"]
    lines += [f"    {line}" for line in _sip(site) + _administration(site, access)]
    return "\n".join([*lines, "  }", "}"]) + "\n"


def _sip(site):
    """Hosts of the incoming list as they come; others get a refusal from HAProxy, a few of them."""
    front = site.get("front", {})
    addresses = [front.get("listen"), front.get("tls_listen")]
    for node in site.get("node", {}).values():
        addresses += [node.get("direct_listen"), node.get("tls_listen")]
    ports = _open_ports(addresses)
    if not ports:
        return []
    lines = [f"{sources} tcp dport {ports} accept" for sources in _sources(site.get("sip", {}).get("incoming", []))]
    return [*lines, f"tcp dport {ports} ct state new limit rate 10/second burst 20 packets accept"]


def _administration(site, access):
    ports = ([SSH_PORT] if access["ssh"] else []) + ([WEB_PORT] if access["web"] else [])
    pages = [site.get("front", {}).get("statistics")] + [node.get("metrics") for node in site.get("node", {}).values()]
    opened = _set(ports)
    more = _open_ports(pages)
    sources = _sources(access["from"]) or [""]
    return [f"{source} tcp dport {group} accept".strip() for group in (opened, more) if group for source in sources]


def _sources(networks):
    """One match a family."""
    found = []
    for version, word in ((4, "ip"), (6, "ip6")):
        members = [ipaddress.ip_network(text, strict=False) for text in networks]
        members = ipaddress.collapse_addresses(one for one in members if one.version == version)
        text = ", ".join(str(one.network_address) if one.prefixlen == one.max_prefixlen else str(one) for one in members)
        if text:
            found.append(f"{word} saddr {{ {text} }}")
    return found


def _open_ports(addresses):
    """The ports of those addresses that others can reach, as a set."""
    ports = []
    for address in addresses:
        host, _, port = (address or "").rpartition(":")
        if port.isdigit() and not _is_loopback(host.strip("[]")):
            ports.append(int(port))
    return _set(ports)


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")


def _set(ports):
    return "{ " + ", ".join(str(port) for port in sorted(set(ports))) + " }" if ports else ""
