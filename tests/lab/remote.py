#!/usr/bin/env python3
"""The scripted day across machines: an appliance, a machine with the simulated CTI Managers and one with the simulated
OCS, as the Vagrantfile of this project makes them. The day is that of `./dev lab --demo`, step by step; a call by
pidgin-sipe comes last.

    vagrant ssh-config >FILE; tests/lab/remote.py --ssh-config FILE
"""

import argparse
import contextlib
import json
import os
import shlex
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from day import LIMIT, Day, expect  # noqa: E402
from demo import demonstrate  # noqa: E402
from lab import Page, interrupt  # noqa: E402
from machine import Forwarder, Machine, Ssh  # noqa: E402
from picture import PEOPLE, Person, Wish, temporary_folder  # noqa: E402
from process import Failed, Process, wait_until  # noqa: E402
from sabotage import SABOTAGES, Sabotage  # noqa: E402
from scene import ROLES, Scene, invalid_bodies  # noqa: E402

APPLIANCE, CUCM, OCS = "appliance", "cucm", "ocs"
ERIN = Person("erin", "1005")  # who uses the real client
CAN_BE_BROKEN = ("phone-never-answers", "link-2-down", "event-suppressed")
STAYS_DEAD = "[Service]\nRestart=no\n"


@dataclass
class Places:
    """Where things are on the machines."""

    site: str = "/etc/linebridge/linebridge.toml"
    programs: str = "/usr/bin"
    real_client: str = "/usr/local/bin/rcc_client"
    run: str = "/run/linebridge-lab"         # sockets and traces of the simulators, and a folder on the appliance
    ocs: str = "127.0.0.1:5060"              # where clients sign in, seen from the machine of OCS
    units: str = "/run/systemd/system"       # of units that last until the next boot


class Machines(Scene):
    """Programs are units of systemd there, and are asked by the same commands as here."""

    def __init__(self, way, wish, places=None, patience=6):
        self.way = way
        self.wish = wish
        self.places = places or Places()
        self.patience = patience
        self.directory = temporary_folder()
        self.machines = {name: Machine(name, way, self.directory) for name in (APPLIANCE, CUCM, OCS)}
        self.processes = []
        self.forwarders = []
        self.sinks = {}
        self.running = set()
        self.started = False

    # ---- start and end ----

    def start(self):
        for machine in self.machines.values():
            machine.ask("true", limit=60 * self.patience)
            machine.measure_clock()
        self.started = True
        self._let_the_dead_rest()
        self._nodes("stop")
        wait_until(lambda: not any(self.node_checked(role) for role in ROLES), 10 * self.patience,
                   "HAProxy to have noticed that both nodes are gone")
        for name in (CUCM, OCS):
            self.machines[name].ask("systemctl", "restart", f"linebridge-sim-{name}.service")
        if self.wish.before_nodes:
            self.wish.before_nodes(self)
        self._nodes("start")
        self.running = {"gateway-" + role for role in ROLES}
        wait_until(lambda: all(self.node_checked(role) for role in ROLES), 20 * self.patience,
                   "HAProxy to have checked both nodes")
        self._gather_traces()

    def _nodes(self, what):
        self._systemctl(what, *(f"linebridge-gateway@{role}.service" for role in ROLES))

    def _systemctl(self, *words):
        return self.machines[APPLIANCE].ask("systemctl", *words)

    def _let_the_dead_rest(self):
        """A node that the day kills is not started by systemd, which else takes no second for it."""
        folder = f"{self.places.units}/linebridge-gateway@.service.d"
        script = f"mkdir -p {shlex.quote(folder)} && cat >{shlex.quote(folder)}/90-lab.conf && systemctl daemon-reload"
        done = self.machines[APPLIANCE].shell(script, given=STAYS_DEAD)
        if done.returncode != 0:
            raise Failed(f"systemd's settings on the appliance: {done.stderr}")

    def _gather_traces(self):
        """What simulators trace comes to the appliance, where `linebridge trace` puts all together."""
        appliance = self.machines[APPLIANCE]
        names = (CUCM, OCS, "remarks")
        self.traces = {name: f"{self.places.run}/joined-{name}.trace" for name in names}
        appliance.ask("mkdir", "-p", self.places.run)
        appliance.ask("truncate", "--size", "0", *self.traces.values())
        for name in names:
            self.sinks[name] = self._add(appliance.sink(self.traces[name]))
        for name in (CUCM, OCS):
            self.forwarders.append(Forwarder(self.machines[name], f"{self.places.run}/{name}.trace", self.sinks[name],
                                             appliance.ahead_us))

    def _add(self, process):
        self.processes.append(process)
        return process

    def stop(self):
        complaints = []
        try:
            complaints = self._put_back() if self.started else []
        except Failed as problem:
            complaints = [str(problem)]
        for each in [*self.forwarders, *self.processes]:
            each.stop()
        self.forwarders.clear()
        self.processes.clear()
        self.way.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        return complaints

    def _put_back(self):
        folder = shlex.quote(f"{self.places.units}/linebridge-gateway@.service.d")
        self.machines[APPLIANCE].shell(f"rm -f {folder}/90-lab.conf; systemctl daemon-reload")
        complaints = []
        for name, machine in self.machines.items():
            failed = machine.ask("systemctl", "list-units", "--failed", "--plain", "--no-legend").strip()
            if failed:
                complaints.append(f"{name}: units that failed\n{failed}")
        return complaints + invalid_bodies(self.machines[OCS].ask("cat", f"{self.places.run}/ocs-messages.log"))

    def tails(self, lines=25):
        units = {APPLIANCE: ("linebridge-*", "haproxy.service"), CUCM: ("linebridge-sim-cucm.service",),
                 OCS: ("linebridge-sim-ocs.service",)}
        out = []
        for name, patterns in units.items():
            words = [word for pattern in patterns for word in ("--unit", pattern)]
            with contextlib.suppress(Failed):
                said = self.machines[name].try_("journalctl", "--no-pager", "--lines", lines, *words).stdout
                out.append(f"==== {name}\n{said}")
        return "\n".join(out)

    # ---- what a day needs ----

    def of_site(self):
        return ["--config", self.places.site]

    def linebridge(self, *arguments):
        return self.machines[APPLIANCE].ask(f"{self.places.programs}/linebridge", *arguments)

    def cucm(self, *words):
        return self.machines[CUCM].ask(*self._control(CUCM), *words)

    def client(self, *words):
        return self.machines[OCS].try_(*self._control(OCS), *words, limit=20 * self.patience)

    def _control(self, name):
        return f"{self.places.programs}/linebridge-sim-{name}", "control", f"{self.places.run}/{name}.sock"

    def has(self, name):
        return name in self.running

    def kill(self, name):
        self.running.remove(name)
        unit = name.replace("gateway-", "linebridge-gateway@") + ".service"
        self._systemctl("kill", "--signal=KILL", unit)
        wait_until(lambda: self.machines[APPLIANCE].try_("systemctl", "is-active", "--quiet", unit).returncode != 0,
                   5 * self.patience, f"{unit} to be dead")

    def start_node(self, role):
        self._systemctl("start", f"linebridge-gateway@{role}.service")
        self.running.add("gateway-" + role)

    def node_checked(self, role):
        seen = self.machines[APPLIANCE].try_(f"{self.places.programs}/linebridge", "front", "status", *self.of_site(),
                                             "--json")
        if seen.returncode != 0:
            return False
        node = next((node for node in json.loads(seen.stdout)["nodes"] if node["node"] == role), None)
        return (node is not None and node["status"] == "UP" and node["weight"] > 0
                and node["check"].startswith("L7OK") and node["agent"].startswith("L7OK"))

    def follow(self, users):
        also = [word for path in self.traces.values() for word in ("--also", path)]
        words = [f"{self.places.programs}/linebridge", "trace", *users, "--json", "--late", 2 * self.patience, *self.of_site(), *also]
        return self._add(self.machines[APPLIANCE].begin("trace", shlex.join(map(str, words))))

    def remark(self, text):
        at_us = time.time_ns() // 1000 + self.machines[APPLIANCE].ahead_us
        self.sinks["remarks"].write(json.dumps({"at_us": at_us, "text": text}) + "\n")

    def users(self):
        return [*super().users(), ERIN.name]

    def real_client(self, person):
        """pidgin-sipe on the machine of OCS, signing in: a Process that takes commands and tells states."""
        folder = f"{self.places.run}/pidgin-{person.name}"
        words = [self.places.real_client, "--server", self.places.ocs, "--user", person.address, "--dir", folder + "/purple",
                 "--log", folder + "/plugin.log"]
        script = f"rm -rf {shlex.quote(folder)}; mkdir -p {shlex.quote(folder)}/purple; exec {shlex.join(words)}"
        command = self.way.command(OCS, script)
        return self._add(Process(f"pidgin-{person.name}", command, self.directory / f"pidgin-{person.name}.log"))

    def draw(self, lines):
        text = "".join(line + "\n" for line in lines)
        print(self.machines[APPLIANCE].ask(f"{self.places.programs}/linebridge", "trace", "--from", "-", "--relative",
                                           given=text), end="", flush=True)


class LongDay(Day):
    """The day, and at its end a call by a client that others wrote."""

    def steps(self):
        return {**super().steps(), "a real client": self.real_client}

    def real_client(self):
        client = self.picture.real_client(ERIN)
        seen = {}

        def state(word, limit=LIMIT):
            number, line = client.line(word, self.within(limit), seen.get(word, 0))
            seen[word] = number + 1
            return line[len(word):].strip()

        state("SIGNED-ON", 3 * LIMIT)
        expect(state("GATEWAY"), "normal", "systemStatus in pidgin-sipe")
        state("MONITOR")
        state("CALL-FREE")
        client.write(f"call {self.people['alice'].number}\n")
        call = state("CALL-ID")
        self.expect_phone(self.people["alice"].number, ["ringing"])
        self.picture.cucm("answer", self.people["alice"].number)
        self.expect_phone(ERIN.number, ["connected"])
        self.ladder.expect(self.mark, ERIN.name, "INFO EstablishedEvent")
        expect([each["call"] for each in self.cucm("calls")], [call], "callID, in pidgin-sipe and in the cluster")
        self.picture.cucm("hangup", self.people["alice"].number)
        state("CALL-FREE")
        self.say(f"pidgin-sipe called alice's phone, call {call}")
        client.write("quit\n")
        state("SIGNED-OUT")
        self.ladder.expect(self.mark, ERIN.name, "200 OK (BYE)")


def read_arguments():
    parser = argparse.ArgumentParser(prog="tests/lab/remote.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ssh-config", required=True, metavar="FILE",
                        help=f"how ssh reaches the hosts {APPLIANCE}, {CUCM} and {OCS}, in its own words")
    parser.add_argument("--sabotage", choices=CAN_BE_BROKEN, metavar="NAME",
                        help="break one thing, and show that the day notices: "
                             + "; ".join(f"{name}: {SABOTAGES[name]}" for name in CAN_BE_BROKEN))
    parser.add_argument("--save", metavar="FILE", help="write the ladder to a file too, JSON a line")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    page = Page(sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    wish = Wish(mode="2007r2", people=PEOPLE[:3], clients=True)
    sabotage = Sabotage(arguments.sabotage)
    sabotage.wish(wish)
    return demonstrate(Machines(Ssh(arguments.ssh_config), wish), sabotage, page, arguments.save, LongDay)


if __name__ == "__main__":
    sys.exit(main())
