"""What must hold on an appliance, looked at from inside by root and from outside through forwarded ports. Each function
raises Failed with what is wrong."""

import json
import re

from process import Failed, wait_until
from world import PROBES, answers

UNITS = ("linebridge-gateway@publisher.service", "linebridge-gateway@subscriber.service", "linebridge-splitter.service",
         "haproxy.service")
EXPOSURE = 20  # tenths: 2.0 by systemd-analyze security


def expect(holds, what):
    if not holds:
        raise Failed(what)


def no_failed_unit(machine):
    state = machine.root("timeout 300 systemctl is-system-running --wait", limit=320, check=False).strip()
    failed = machine.root("systemctl --failed --no-legend --plain", check=False).split("\n")
    names = [line.split()[0] for line in failed if line.strip()]
    if names or state != "running":
        words = machine.root("journalctl -b -p warning --no-pager -n 40; " +
                             "; ".join(f"systemctl status --no-pager -n 20 {name}" for name in names), check=False)
        raise Failed(f"the machine is {state}, failed units: {names}\n{words}")


def closed(machine):
    """Before set-up nobody answers, whatever runs behind the packet filter."""
    for port in PROBES:
        expect(not answers(machine, port), f"port {port} answers before set-up")
    for unit in UNITS:
        expect(not machine.holds(f"systemctl is-active -q {unit}"), f"{unit} runs before set-up")
    chain = machine.root("nft list chain inet linebridge input")
    expect("policy drop" in chain, f"the packet filter is open:\n{chain}")
    rules = machine.root("nft list chain inet linebridge linebridge_input")
    expect("accept" not in rules, f"the packet filter lets something in before set-up:\n{rules}")


def nobody_can_log_in(machine):
    """No password at all before set-up, no key, no user made for development."""
    shadow = [line.split(":") for line in machine.root("cat /etc/shadow").split()]
    able = [entry[0] for entry in shadow if entry[1][:1] not in ("*", "!")]
    expect(not able, f"these users have a password, or need none: {able}")
    keys = machine.root("find / -xdev -name authorized_keys -o -xdev -name authorized_keys2")
    expect(not keys.strip(), f"keys that may log in: {keys}")
    people = [line.split(":")[0] for line in machine.root("getent passwd").split("\n")
              if line and 1000 <= int(line.split(":")[2]) < 60000]
    expect(not people, f"people who have an account: {people}")
    reached = machine.root("systemctl list-units --no-legend --plain --all 'sshd*.socket' 'ssh*.service' 'ssh*.socket' "
                           "--state=active", check=False)
    expect(not reached.strip(), f"SSH is reachable in some way before set-up: {reached}")


def identity(machine, seen):
    """What each machine has for itself; `seen` are those of machines from the same image, and gets this one."""
    mine = {
        "machine id": machine.root("cat /etc/machine-id").strip(),
        "host key": machine.root("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub").split()[1],
        "TLS certificate": machine.root("openssl x509 -noout -fingerprint -sha256 "
                                        "-in /etc/cockpit/ws-certs.d/50-linebridge.cert").strip(),
        "random seed": machine.root("sha256sum </var/lib/systemd/random-seed", check=False).strip(),
    }
    expect(re.fullmatch("[0-9a-f]{32}", mine["machine id"]), f"no machine id: {mine['machine id']}")
    for name, theirs in seen.items():
        for what, value in mine.items():
            expect(value != theirs[what], f"{what} is the same as in {name}: {value}")
    seen[machine.name] = mine
    return mine


def journal_kept_and_bounded(machine):
    expect(machine.holds("test -d /var/log/journal/$(cat /etc/machine-id)"), "the journal is not on the disk")
    settings = machine.root("systemd-analyze cat-config systemd/journald.conf")
    expect(re.search(r"^SystemMaxUse=\S", settings, re.MULTILINE), "the journal has no bound (SystemMaxUse)")


def disk_grown(machine, gibibytes):
    size = int(machine.root("df --block-size=1M --output=size / | tail -n 1")) / 1024
    expect(size > gibibytes * 0.9, f"the root file system has {size:.1f} GiB of a disk of {gibibytes}")


def updates_come(machine):
    """Security updates install themselves; nothing restarts the machine."""
    settings = machine.root("apt-config dump")
    for line in ('APT::Periodic::Unattended-Upgrade "1"', 'APT::Periodic::Update-Package-Lists "1"'):
        expect(line in settings, f"apt's settings lack {line}")
    expect('Automatic-Reboot "true"' not in settings, "updates may restart the machine")
    expect(machine.holds("systemctl is-enabled -q apt-daily-upgrade.timer"), "apt-daily-upgrade.timer is off")
    expect(machine.holds("grep -rqs trixie-security /etc/apt/sources.list /etc/apt/sources.list.d"),
           "the archive of security updates is not among the sources")


def services_run(machine, limit=120):
    for unit in UNITS:
        machine.until(f"systemctl is-active -q {unit} || {{ systemctl status --no-pager -n 20 {unit}; false; }}", limit,
                      f"{unit} to run")


def links_in_service(machine, links, limit=120):
    """Every node has `links` links in service."""
    def look():
        text = machine.root("linebridge status --json", check=False)
        try:
            nodes = json.loads(text)["nodes"]
        except (ValueError, KeyError):
            return False
        return len(nodes) == 2 and all(
            sum(link.get("state") == "in service" for link in node["answer"].get("links", [])) == links for node in nodes)
    try:
        wait_until(look, limit, f"{links} links in service on both nodes")
    except Failed as problem:
        raise Failed(f"{problem}\n{machine.root('linebridge status', check=False)}") from None


def sandboxed(machine):
    """What runs is as confined as the packages' own test wants of the unit files."""
    for unit in UNITS:
        text = machine.root(f"systemd-analyze security --no-pager --threshold={EXPOSURE} {unit}", check=False)
        overall = re.search(r"Overall exposure level for \S+: ([0-9.]+)", text)
        expect(overall and float(overall[1]) * 10 <= EXPOSURE, f"{unit} is exposed: {overall[0] if overall else text}")


def open_as_set_up(machine, web=True, ssh=True):
    """The packet filter lets in what the role needs and what the settings say, no more."""
    for port, wanted in ((9090, web), (22, ssh), (5060, True)):
        wait_until(lambda: answers(machine, port) == wanted, 60, f"port {port} to be {'open' if wanted else 'closed'}")
    rules = machine.root("nft list chain inet linebridge linebridge_input")
    ports = {int(number) for group in re.findall(r"dport (\{[^}]*\}|\d+)[^\n]*accept", rules)
             for number in re.findall(r"\d+", group)}
    allowed = {5060} | ({9090} if web else set()) | ({22} if ssh else set())
    expect(allowed == ports, f"the packet filter lets in {ports}, expected {allowed}\n{rules}")


def only_administrator(machine, name):
    shadow = [line.split(":") for line in machine.root("cat /etc/shadow").split()]
    able = [entry[0] for entry in shadow if entry[1][:1] not in ("*", "!")]
    expect(set(able) <= {name}, f"these users have a password: {able}")
    expect(machine.holds(f"id {name}"), f"there is no {name}")
    expect(machine.holds("sshd -T -C user=root,host=x,addr=192.0.2.1 | grep -qx 'permitrootlogin no'"), "root may log in by SSH")
