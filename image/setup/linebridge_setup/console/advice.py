"""What was found after settings were put into force, and what to do about it, in words."""

from . import machine

# A part of what is said of a CTI Manager or an OCS host, and what helps.
_HELP = (
    ("refused", "credential", "The CTI Manager does not take user and password. Look at the application user in Unified CM "
     "(Application User Configuration): name, password, group \"Standard CTI Enabled\"."),
    ("cti", "", "Look at name and port (2748), at a firewall in between, and whether the service \"Cisco CTIManager\" is "
     "started in Unified CM (Control Center - Feature Services)."),
    ("ocs", "", "Look at name and port (5060), and at the firewall of the OCS host. Sign-ins from OCS work without it; "
     "only calls from here to OCS need it."),
)


def _help_for(finding):
    said = f"{finding.what} {finding.words}".lower()
    return next((text for first, second, text in _HELP if first in said and second in said), "")


def findings_text(findings):
    """One line a finding, those that are not well first and with what to do."""
    lines = []
    for finding in sorted(findings, key=lambda one: one.ok):
        lines.append(f"{'OK      ' if finding.ok else 'NOT WELL'} {finding.what}: {finding.words}")
        text = "" if finding.ok else _help_for(finding)
        if text:
            lines += ["  " + text, ""]
    return "\n".join(lines)


def _addresses(candidate, system):
    """Those the settings name, or those the machine has: a new one may still be on its way."""
    network = {key: candidate.value("appliance", f"network.{key}") or "" for key in ("mode", "address", "virtual_address")}
    if network["mode"] == "static" and network["address"]:
        return [text.split("/")[0] for text in (network["address"], network["virtual_address"]) if text]
    for _ in range(10):
        found = machine.addresses(system)
        if found or not system.is_live:
            break
        system.wait(1)
    return found


def done_text(engine, system):
    """Where the machine is found from now on."""
    candidate = engine.candidate()
    addresses = _addresses(candidate, system)
    access = lambda key: candidate.value("appliance", f"access.{key}") is True
    name = candidate.value("appliance", "administrator.name") or "admin"
    lines = ["This machine is set up and works.", ""]
    lines += [f"Address: {address}" for address in addresses] or ["It has no address yet."]
    if access("web"):
        lines += [f"Web: {machine.url(address)}" for address in addresses[:4]]
    if access("ssh"):
        lines += [f"SSH: ssh {name}@{address}" for address in addresses[:1]]
    where = addresses[0] if addresses else "its address"
    lines += ["", f"In OCS, the static route for remote call control leads to {where}, port 5060, TCP.", "",
              f"Log in here as {name}: the menu starts by itself."]
    return "\n".join(lines)
