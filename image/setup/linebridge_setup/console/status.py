"""How the machine does, in words for an administrator."""

import json

from . import machine

_STATES = {"active": "runs", "activating": "is starting", "deactivating": "is stopping", "inactive": "does not run",
           "failed": "HAS FAILED", "reloading": "is reloading"}
_NAMES = {"linebridge-gateway@publisher": "Node publisher", "linebridge-gateway@subscriber": "Node subscriber",
          "linebridge-splitter": "Splitter", "haproxy": "Front end (HAProxy)", "chrony": "Time (chrony)",
          "nftables": "Packet filter", "systemd-networkd": "Network", "systemd-resolved": "Names (DNS)", "ssh": "SSH",
          "cockpit.socket": "Web page"}


def text(engine, system):
    """All of it, the most important first."""
    return "\n\n".join(part for part in (_nodes(system), _units(system), _machine(engine, system)) if part)


def nodes(system):
    """What `linebridge status` says of each node; empty if it says nothing."""
    done = machine.linebridge(system, "status", "--json")
    try:
        return json.loads(done.out)["nodes"]
    except (ValueError, KeyError, TypeError):
        return []


def links_text(system):
    """Each CTI Manager as each node sees it."""
    lines = []
    for one in nodes(system):
        if "error" in one:
            lines.append(f"{one.get('node')}: does not answer")
        lines += [f"{one.get('node')}: {_link(link)}" for link in _status(one).get("links", [])]
    return "\n".join(lines) or "No node tells anything about CTI Managers."


def _status(one):
    return one.get("answer") or {}


def _link(link):
    error = link.get("last_error")
    state = link.get("state", "unknown")
    words = f"{link.get('address')} {state}"
    if state == "in service":
        return f"{words}, {link.get('sessions', 0)} sessions"
    return f"{words}: {error}" if error else words


def _nodes(system):
    lines = []
    for one in nodes(system):
        if "error" in one:
            lines.append(f"Node {one.get('node')}: no answer ({one['error']})")
            continue
        node = _status(one).get("node", {})
        lines.append(f"Node {one.get('node')}: {node.get('agent', '?')}, {node.get('sessions', 0)} sessions, "
                     f"{node.get('calls', 0)} calls, {node.get('users_assigned', 0)} users assigned")
        lines += ["  CTI Manager " + _link(link) for link in _status(one).get("links", [])]
    return "\n".join(lines) or "The nodes cannot be asked."


def _units(system):
    states = machine.unit_states(system, machine.UNITS + machine.HELPERS)
    lines = [f"{_NAMES[unit]:20} {_STATES.get(state, state)}" for unit, state in states.items()]
    failed = system.run("systemctl", "--failed", "--plain", "--no-legend", seconds=10).out.split("\n")
    others = [line.split()[0] for line in failed if line.strip()]
    if others:
        lines += ["", "Failed units: " + ", ".join(others)]
    return "\n".join(lines)


def _machine(engine, system):
    lines = [f"Version              {machine.version(system)}", f"Host                 {machine.host_name(system)}"]
    lines += [f"Address              {address}" for address in machine.addresses(system)] or ["Address              none"]
    pending = engine.pending()
    if pending is not None:
        lines += ["", f"Settings of the network wait to be confirmed; {int(pending)} seconds are left."]
    for label, command in (("Clock", ["chronyc", "tracking"]), ("Disk", ["df", "-h", "--output=avail,pcent", "/"])):
        done = system.run(*command, seconds=10)
        rows = [line for line in done.out.splitlines() if line.startswith(("Leap status", "System time"))] \
            if label == "Clock" else [line.split()[0] + " free, " + line.split()[1] + " used" for line in
                                      done.out.splitlines()[1:] if len(line.split()) == 2]
        if done.code == 0:
            lines += [f"{label:20} {' '.join(row.split())}" for row in rows]
    load = (system.text("/proc/loadavg") or "").split()
    return "\n".join(lines + ([f"Load                 {' '.join(load[:3])}"] if load else []))
