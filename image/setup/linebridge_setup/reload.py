"""Which orders the running machine needs after some files changed: only those, nodes one after the other."""

from typing import NamedTuple

from . import render
from .candidate import SECRETS, SITE

NODES = ("publisher", "subscriber")
_NODE_SECTIONS = ("sip", "cti", "tls", "limits", "log", "users", "user")
_FRONT_SECTIONS = ("sip", "front", "tls", "ocs", "limits", "node")
_SPLITTER_SECTIONS = ("front", "limits", "log", "ocs")


class Order(NamedTuple):
    """`what`: for people; `argv`: the command; `node`: its links are waited for before the next order; `soft`:
    if it fails, that is told and the change stands."""

    what: str
    argv: tuple
    node: str = ""
    soft: bool = False


class Change(NamedTuple):
    """`names`: files that changed; `before`, `after`: the site's values in force, {} if there is no site; `files`: what
    is there now, name to Entry."""

    names: frozenset
    before: dict
    after: dict
    files: dict


def orders(change):
    """What to do on a machine that runs."""
    return [*_machine(change), *_site(change)]


def orders_at_boot(change):
    """What to do while the machine starts: services start by themselves later, those of a wrong set are put right."""
    found = []
    if render.HOSTNAME in change.names:
        found.append(Order("host name", ("hostname", "--file", render.HOSTNAME)))
    if render.COCKPIT_OFF in change.names:
        found.append(Order("units", ("systemctl", "daemon-reload"), soft=True))
    if render.SSH_ON in change.names:
        verb = "start" if render.SSH_ON in change.files else "stop"
        found.append(Order("SSH", ("systemctl", "--no-block", verb, "ssh.service")))
    return found


def _machine(change):
    names = change.names
    found = []
    if render.HOSTNAME in names:
        found.append(Order("host name", ("hostname", "--file", render.HOSTNAME)))
    if render.NFTABLES in names:
        found.append(Order("packet filter", ("systemctl", "reload-or-restart", "nftables.service")))
    if render.RESOLVED in names:
        found.append(Order("name resolution", ("systemctl", "try-restart", "systemd-resolved.service"), soft=True))
    if render.NETWORK in names:
        found.append(Order("network", ("networkctl", "reload")))
    if render.CHRONY in names:
        found.append(Order("time servers", ("chronyc", "reload", "sources"), soft=True))
    return found + _access(change)


def _access(change):
    found = []
    if change.names & {render.SSHD, render.SSH_ON}:
        verb = "reload-or-restart" if render.SSH_ON in change.files else "stop"
        found.append(Order("SSH", ("systemctl", verb, "ssh.service")))
    if render.COCKPIT_OFF in change.names:
        off = render.COCKPIT_OFF in change.files
        found.append(Order("units", ("systemctl", "daemon-reload"), soft=True))
        found.append(Order("web page", ("systemctl", "stop", "cockpit.socket", "cockpit.service") if off else
                           ("systemctl", "start", "cockpit.socket")))
    return found


def _site(change):
    """Secrets are handed to a node when it starts, so a changed one means a restart; the front end reads them at a
    reload."""
    secrets = {name for name in change.names if name.startswith(f"{SECRETS}/")}
    if SITE not in change.names and not secrets:
        return []
    if not change.after:
        return [Order("Linebridge", ("systemctl", "stop", "haproxy.service", "linebridge-splitter.service",
                                     *(f"linebridge-gateway@{node}.service" for node in NODES)))]
    first = not change.before
    found = [Order(f"node {node}", ("systemctl", "restart", f"linebridge-gateway@{node}.service"), "" if first else node) for node in NODES
             if first or _differs(change, _NODE_SECTIONS) or _node(change.before, node) != _node(change.after, node)
             or secrets & _secrets_of_node(change.after, node)]
    if first or _differs(change, _SPLITTER_SECTIONS):
        found.append(Order("splitter", ("systemctl", "restart", "linebridge-splitter.service")))
    if first or _differs(change, _FRONT_SECTIONS) or secrets & _named(change.after.get("tls", {}).values()):
        found.append(Order("front end", ("systemctl", "reload-or-restart", "haproxy.service")))
    return found


def _secrets_of_node(site, node):
    tls = site.get("tls", {}).values() if (_node(site, node) or {}).get("tls_listen") else ()
    return _named([site.get("cti", {}).get("password_file"), *tls])


def _named(values):
    return {f"{SECRETS}/{value}" for value in values if isinstance(value, str)}


def _differs(change, sections):
    return any(change.before.get(section) != change.after.get(section) for section in sections)


def _node(values, name):
    return values.get("node", {}).get(name)
