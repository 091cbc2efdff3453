"""Looks whether what was set works: each link to a CTI Manager, and each OCS host that may be called."""

import json
from concurrent.futures import ThreadPoolExecutor

from .problem import Finding
from .reload import NODES

SECONDS = 20


def links_of(system, role="both"):
    """{node: its links, or words why there are none}."""
    done = system.run(system.program, "status", "--json", "--role", role, seconds=15)
    try:
        nodes = json.loads(done.out)["nodes"]
        return {one["node"]: one["answer"]["links"] if isinstance(one.get("answer"), dict) else
                str(one.get("error", "no answer")) for one in nodes}
    except (ValueError, KeyError, TypeError):
        return {node: done.words() for node in NODES if role in (node, "both")}


def wait_for_links(system, role="both", seconds=SECONDS):
    """Asks until every link is in service or refused, or the time is over. Gives what links_of() said last."""
    until = system.now() + seconds
    while True:
        found = links_of(system, role)
        if all(_settled(links) for links in found.values()) or system.now() >= until:
            return found
        system.wait(1)


def _settled(links):
    return not isinstance(links, str) and all(link["state"] in ("in service", "log-in refused") for link in links)


def findings(system, site):
    """One Finding for each link of each node, and for each OCS host."""
    found = []
    for node, links in sorted(wait_for_links(system).items()):
        if isinstance(links, str):
            found.append(Finding(f"node {node}", False, f"does not answer: {links}"))
        else:
            found += [_link(node, link) for link in links]
    return found + _ocs(system, site.get("ocs", {}))


def _link(node, link):
    what = f"CTI Manager {link['address']} from {node}"
    if link["state"] == "in service":
        return Finding(what, True, f"in service, {link.get('lines', 0)} lines")
    if link["state"] == "log-in refused":
        return Finding(what, False, f"refused the application user or its password: {link.get('last_error', '')}")
    reason = f": {link['last_error']}" if link.get("last_error") else ""
    return Finding(what, False, f"not in service ({link['state']}){reason}")


def _ocs(system, ocs):
    hosts = [(text, 5060) for text in ocs.get("tcp", [])] + [(text, 5061) for text in ocs.get("tls", [])]
    if not hosts:
        return []
    with ThreadPoolExecutor(len(hosts)) as threads:
        faults = list(threads.map(lambda one: system.connect(*_split(*one)), hosts))
    return [Finding(f"OCS host {text}", fault is None, "takes connections" if fault is None else f"unreachable: {fault}")
            for (text, _), fault in zip(hosts, faults)]


def _split(text, port):
    """"host", "host:port", "[IPv6]:port"."""
    host, colon, last = text.rpartition(":")
    if colon and last.isdigit() and (host.endswith("]") or ":" not in host):
        return host.strip("[]"), int(last)
    return text.strip("[]"), port
