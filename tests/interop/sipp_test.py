#!/usr/bin/env python3
"""SIPp as several OCS hosts at the same time, each one TCP connection to the real HAProxy and behind it the splitter, two
nodes and two simulated CTI Managers: whole working days, refreshes, wrong input, and OPTIONS. SIPp judges every message
that it is sent by its scenario (the folder sipp); afterwards both sides must have counted the same.

SIPp never connects again by itself: one broken connection fails the test.
"""

import argparse
import csv
import json
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lab"))

from picture import ROLES, Person, Picture, Wish, find_program, free_ports  # noqa: E402
from process import Failed, Process, wait_until  # noqa: E402

LIMIT = 60  # seconds for all scenarios together


@dataclass
class Load:
    """A scenario, how often it runs and how often in a second."""

    scenario: str
    calls: int
    rate: int
    assigned: bool = True


LOADS = (Load("day", 500, 50), Load("refresh", 100, 10), Load("wrong", 100, 10), Load("unassigned", 50, 5, False),
         Load("options", 50, 5))
USERS = tuple(Person(f"user{number}", str(number)) for number in range(2001, 2501))
STRANGER = Person("dave", "1004", False)


class Sipp:
    """SIPp with one scenario, started."""

    def __init__(self, picture, load):
        self.load = load
        self.folder = picture.directory / ("sipp-" + load.scenario)
        self.folder.mkdir()
        self.errors = self.folder / "errors.log"
        self.figures = self.folder / "figures.csv"
        users = self.folder / "users.csv"
        people = USERS if load.assigned else [STRANGER]
        users.write_text("SEQUENTIAL\n" + "".join(f"{person.name};{person.number}\n" for person in people))
        self.process = Process(
            "sipp " + load.scenario,
            [find_program("sipp"), picture.front, "-sf", HERE / "sipp" / f"{load.scenario}.xml", "-inf", users, "-t", "t1",
             "-i", "127.0.0.1", "-p", free_ports(1)[0], "-m", load.calls, "-r", load.rate, "-nostdin", "-skip_rlimit",
             "-timeout", LIMIT, "-timeout_error", "-recv_timeout", 20000, "-trace_err", "-error_file", self.errors,
             "-trace_stat", "-stf", self.figures], self.folder / "screen.log")
        picture.add(self.process)

    def check(self):
        """Its status, and what it counted."""
        status = self.process.wait(LIMIT)
        figures = self._last_figures()
        wanted = {"TotalCallCreated": self.load.calls, "SuccessfulCall(C)": self.load.calls, "FailedCall(C)": 0}
        found = {name: int(figures.get(name) or 0) for name in wanted}
        errors = self.errors.read_text(errors="replace") if self.errors.exists() else ""
        if status != 0 or found != wanted or errors:
            raise Failed(f"{self.process.name} ended with {status}, counted {found}, not {wanted}:\n{errors[:6000]}")

    def _last_figures(self):
        if not self.figures.exists():
            return {}
        with self.figures.open() as file:
            return list(csv.DictReader(file, delimiter=";"))[-1]


def count(name):
    """How many scenarios of this name run."""
    return next(load.calls for load in LOADS if load.scenario == name)


def check_nodes(picture):
    """No session is left, each node had its half, and the wrong was counted as such."""
    status = {role: picture.status(role) for role in ROLES}
    for role in ROLES:
        expect(status[role]["sessions"], [], f"sessions left on the {role}")
    sign_ins = [status[role]["counters"].get("invites", 0) for role in ROLES]
    expect(sum(sign_ins), sum(load.calls for load in LOADS) - count("options"), "sign-ins at both nodes")
    if abs(sign_ins[0] - sign_ins[1]) > 1:
        raise Failed(f"the nodes' shares of the sign-ins differ by more than 1: {sign_ins}")
    together = {"invites_accepted": count("day") + count("refresh") + count("wrong"),
                "invites_refused": count("unassigned"),
                "events_sent": 3 * count("day"), "events_answered": 3 * count("day"), "events_timed_out": 0,
                "csta_refused": 2 * count("wrong"),   # no such service, not the session's line
                "csta_malformed": 2 * count("wrong"),  # no XML, a document type
                "sip_unknown_dialog": count("wrong"),
                # and 415, 405 and 420 to the wrong; 422 to a refresh that is too short
                "requests_refused": 6 * count("wrong") + count("refresh"),
                "sip_stray_ack": count("unassigned"),  # a refused sign-in makes no dialog
                "sip_malformed": 0, "sip_stray_response": 0, "sessions_expired": 0}
    for name, wanted in together.items():
        expect(sum(status[role]["counters"].get(name, 0) for role in ROLES), wanted, f"{name} of both nodes")


def check_cluster(picture):
    """Every line was closed again, each call was made over a link of its session, and none is left."""
    def closed():
        return not any(link["lines"] for manager in json.loads(picture.cucm("links")) for link in manager["connections"])
    wait_until(closed, 10, "all lines to be closed", picture.processes)
    made = [link["calls_made"] for manager in json.loads(picture.cucm("links")) for link in manager["connections"]]
    expect((len(made), sum(made)), (4, count("day")), "links, and calls made over them")
    if 0 in made:
        raise Failed(f"a link made no call: {made}")
    expect(json.loads(picture.cucm("calls")), [], "calls left")


def check_logs(picture):
    """Nothing worse than a warning, and warnings only of refused sign-ins."""
    kinds = {}
    for name in ("gateway-publisher", "gateway-subscriber", "splitter"):
        for level, kind in re.findall(r"^\S+ (\w+) (LB-\S+)", (picture.logs / f"{name}.log").read_text(), re.M):
            if level in ("warning", "error", "alarm"):
                kinds[level, kind] = kinds.get((level, kind), 0) + 1
    expect(kinds, {("warning", "LB-SES-002"): count("unassigned")}, "warnings and worse in the logs")


def expect(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what}: expected {wanted!r}, got {got!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, metavar="DIR", help="folder of the programs")
    arguments = parser.parse_args()
    try:
        find_program("sipp")
        with Picture(arguments.bin, Wish(people=(*USERS, STRANGER), ocs=False)) as picture:
            began = time.monotonic()
            for sipp in [Sipp(picture, load) for load in LOADS]:
                sipp.check()
            check_nodes(picture)
            check_cluster(picture)
            check_logs(picture)
            print(f"{time.monotonic() - began:.1f} s")
    except Failed as problem:
        sys.exit(f"FAILED: {problem}")
    print("passed: " + ", ".join(f"{load.calls} times {load.scenario}" for load in LOADS))


if __name__ == "__main__":
    main()
