#!/usr/bin/env python3
"""A real client against everything: pidgin-sipe signs in through OCS and the front end, places two calls and signs out,
until each of two nodes served it over each of its two CTI links. Every call is looked at from three sides: what the
client believes, what the node traced, and what the phones in the simulated cluster did.

All of that once in a picture where it finds Live Communications Server 2005 and once where it finds Office
Communications Server 2007. In each, alice's client stays signed in until its session is due for a refresh while another
one takes the turns; in the first the refresh is to be seen, in the second alice's node is killed before.

It fails where pidgin-sipe cannot be had; it never skips.
"""

import argparse
import contextlib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

import pidgin_sipe  # noqa: E402
from picture import PEOPLE, ROLES, Picture, Wish  # noqa: E402
from pidgin_refresh import check_node_killed, check_refresh, kill_node  # noqa: E402
from process import Failed  # noqa: E402
from signed_in import SignedIn, expect  # noqa: E402

ALICE, BOB, CAROL = PEOPLE[:3]
SERVER_TYPES = {"2005": "lcs", "2007": "ocs"}  # by what the simulated home server plays
# pidgin-sipe refreshes 60 seconds before the end of a session; this is the least that a site may set.
LEAST_TIMER = "90s"


class Site:
    """A picture, and the clients that took their turn at it."""

    def __init__(self, picture, program):
        self.picture = picture
        self.program = program
        self.turns = []

    def client(self, person):
        signed_in = SignedIn(self.picture, self.program, person, f"{person.name}-{len(self.turns) + 1}")
        signed_in.sign_in()
        return signed_in

    def turn(self, person):
        """Sign-in and two calls."""
        began = time.monotonic()
        signed_in = self.client(person)
        far = [signed_in.call("tel:+15551234", hang_up_at_far_end=True),
               signed_in.call(BOB.number, hang_up_at_far_end=False)]
        self.turns.append((signed_in.role, signed_in.link))
        self.say(f"{signed_in.role}, link {signed_in.link}: {person.name} called {far[0]} and {far[1]}, "
                 f"{time.monotonic() - began:.1f} s")
        return signed_in

    def other_turns(self):
        """Three more clients, one after another; with the one that is there each link of each node had one."""
        for _ in range(3):
            self.turn(CAROL).sign_out()
        expect(sorted(self.turns), [(role, link) for role in ROLES for link in (1, 2)], "turns of nodes and links")
        for role in ROLES:
            expect([turn[1] for turn in self.turns if turn[0] == role], [1, 2], f"links of the {role}, in order")

    def say(self, text):
        print(f"{self.picture.wish.mode}: {text}", flush=True)

    def show(self):
        """What happened, for somebody who has to find out."""
        for role in ROLES:
            if self.picture.has("gateway-" + role):
                with contextlib.suppress(Failed):
                    print(self.picture.linebridge("trace", "--config", self.picture.config, "--role", role), file=sys.stderr)
        for log in sorted(self.picture.directory.glob("*/plugin.log")):
            lines = log.read_text(errors="replace").splitlines()[-200:]
            print(f"==== {log.parent.name}", *lines, sep="\n", file=sys.stderr)


def run(lcs, ocs):
    """Both sites, each with a client that waits for its refresh, half a minute; the turns are taken meanwhile."""
    bereft = ocs.turn(ALICE)
    refreshed = lcs.turn(ALICE)
    ocs.other_turns()
    before = kill_node(bereft)  # early, so that it comes before the refresh on a slow machine, too
    lcs.other_turns()
    check_node_killed(ocs, bereft, before)
    check_refresh(lcs, refreshed)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, metavar="DIR", help="folder of the programs")
    parser.add_argument("--work", required=True, metavar="DIR", help="folder to compile the client into")
    parser.add_argument("--tree", action="store_true", help="use a Debian 12 tree even where pidgin-sipe is installed")
    arguments = parser.parse_args()
    sites = []
    try:
        program = pidgin_sipe.provide(arguments.work, arguments.tree)
        with contextlib.ExitStack() as stack:
            for mode, server_type in SERVER_TYPES.items():
                wish = Wish(mode=mode, sections={"sip": {"session_timer": LEAST_TIMER, "server_type": server_type}})
                sites.append(Site(stack.enter_context(Picture(arguments.bin, wish)), program))
            try:
                run(*sites)
            except Failed:
                for site in sites:
                    site.show()
                raise
    except pidgin_sipe.CannotRun as problem:
        sys.exit(f"FAILED: pidgin-sipe cannot run: {problem}")
    except Failed as problem:
        sys.exit(f"FAILED: {problem}")
    print("passed: in both modes each node and each link had its turn; refreshed; signed in again after a node was killed")


if __name__ == "__main__":
    main()
