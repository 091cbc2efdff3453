#!/usr/bin/env python3
"""A second, foreign proxy between OCS and the front end: Kamailio, which records its route, relays by Route and keeps its
own connections to both sides. Alice is pidgin-sipe behind the simulated OCS; bob is a scripted client with a home server
of its own, because he refreshes when he is told to. All they say passes Kamailio, and all that nodes say to them.

Seen are the sign-ins, calls with all their events, 408 of a proxy for a client that answers none, both refreshes,
Kamailio restarted in between (both dialogs go on over new connections, whoever speaks first), a sign-out, and a node's
BYE.
"""

import argparse
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lab"), str(HERE.parent / "system" / "path")]

import pidgin_sipe  # noqa: E402
from csta_client import Connection, Message, Silence  # noqa: E402
from kamailio import Kamailio  # noqa: E402
from picture import PEOPLE, ROLES, Picture, Wish, free_ports  # noqa: E402
from process import Failed, wait_until  # noqa: E402
from routed_client import RoutedClient  # noqa: E402
from signed_in import SignedIn, expect  # noqa: E402

ALICE, BOB, CAROL = PEOPLE[:3]
# Of a call that comes, is answered, and is ended by the caller: the caller's connection is cleared, then the own one.
EVENTS = ["DeliveredEvent", "EstablishedEvent", "ConnectionClearedEvent", "ConnectionClearedEvent"]


class Test:
    def __init__(self, picture, program, address):
        self.picture = picture
        self.kamailio = Kamailio(picture, address)
        self.proxy = f"<sip:{self.kamailio.address};transport=tcp;lr"
        picture.start_ocs(self.kamailio.address)
        self.alice = SignedIn(picture, program, ALICE, "alice")
        self.home = Connection(self.kamailio.address)
        self.bob = RoutedClient(self.home, BOB.name, BOB.number, "bob-1@home", f"127.0.0.1:{free_ports(1)[0]}")

    def run(self):
        self.sign_in()
        self.alice.call("tel:+15551234", hang_up_at_far_end=True)
        self.call_bob()
        for method, body in (("UPDATE", ""), ("INVITE", self.bob.invite()), ("INVITE", "")):
            self.refresh(method, body)
        self.silence_is_told()
        before = self.sessions()
        self.kamailio.restart()
        self.clients_speak()
        self.kamailio.restart()
        self.node_speaks_first()
        self.clients_speak()
        expect(self.sessions(), before, "sessions after Kamailio was restarted")
        self.alice.sign_out()
        self.check_alices_messages()
        self.goodbye()
        self.check_connections()

    def sign_in(self):
        self.alice.sign_in()
        expect(self.bob.sign_in().status, 200, "sign-in of bob")
        expect([self.is_proxy(route) for route in self.bob.recorded], [True, False], "Record-Route with Kamailio's on top")
        expect(self.bob.recorded[1], self.bob.own_route, "Record-Route of bob's home server")
        if not self.bob.monitor():
            raise Failed("bob got no monitor")

    def is_proxy(self, route):
        return route.startswith(self.proxy)

    def call_bob(self):
        """Both see the call; bob's client answers what it is told."""
        told = len(self.home.requests)
        self.alice.call(BOB.number, hang_up_at_far_end=False)
        events = self.bob.events(told + len(EVENTS))[told:]
        expect(events, EVENTS, "events of bob")
        for request in self.home.requests:
            expect(request.all("Route"), [self.bob.own_route], "Route of a node's request, once Kamailio took its own")
            expect(len(request.all("Via")), 2, "Vias of a node's request")

    def refresh(self, method, body):
        answer = self.bob.refresh(method, body)
        what = f"answer to {method} {'with' if body else 'without'} a body"
        expect(answer.status, 200, what)
        expect(answer.first("Session-Expires"), "1800;refresher=uac", "Session-Expires in the " + what)
        expect([self.is_proxy(route) for route in answer.all("Record-Route")], [True, False], "Record-Route in the " + what)
        expect("<systemStatus>normal<" in answer.body, bool(body), "system status in the " + what)
        expect(self.bob.info("<GetCSTAFeatures/>").status, 200, "a request after the refresh")

    def silence_is_told(self):
        """pidgin-sipe answers no event. Kamailio tells the node so, and the session goes on."""
        def told():
            return any(line["text"].startswith("408 (INFO)") for line in self.alice.trace())
        wait_until(told, 15, "Kamailio's 408 for alice's events", self.picture.processes)

    def sessions(self):
        found = [(role, session) for role in ROLES for session in self.picture.status(role)["sessions"]]
        return sorted((role, each["user"], each["id"], each["call_id"], each["monitor"]) for role, each in found)

    def node_speaks_first(self):
        """Nobody has a connection to anybody. Somebody calls alice: the front end calls Kamailio, Kamailio OCS."""
        heard = len(self.alice.client.messages())
        self.picture.cucm("dial", CAROL.number, ALICE.number)
        self.alice.cluster.do("hangup", CAROL.number)
        def told():
            return [each.element for each in self.alice.client.messages()[heard:] if each.incoming]
        wait_until(lambda: told() == ["DeliveredEvent", "ConnectionClearedEvent"], 10, "alice to be told of carol's call",
                   self.picture.processes)

    def clients_speak(self):
        """The next request of each comes on a new connection of its own; events follow it."""
        self.home.close()
        self.home = self.bob.connection = Connection(self.kamailio.address)
        expect(self.bob.info("<GetCSTAFeatures/>").status, 200, "bob's first request after the restart")
        self.call_bob()

    def check_alices_messages(self):
        """What passed between the simulated OCS and Kamailio."""
        log = self.picture.ocs_log.read_bytes().decode(errors="replace")
        parts = re.split(r"^---- [\d.]+ (.*)\r?\n", log, flags=re.M)[1:]
        passed = [(who, Message(*text.partition("\r\n\r\n")[::2])) for who, text in zip(parts[::2], parts[1::2])]
        own = next(who for who, _ in passed).partition(" > ")[0]
        sent = [message for who, message in passed if who.startswith("ocs > ") and own not in who]
        came = [message for who, message in passed if who.endswith(" > ocs") and own not in who]

        answer = next(each for each in came if each.status == 200 and each.first("CSeq").endswith(" INVITE"))
        expect([self.is_proxy(route) for route in answer.all("Record-Route")], [True, False], "Record-Route for alice")
        home = answer.all("Record-Route")[1]
        inside = [each for each in sent if not each.status and ";tag=" in each.first("To")]
        expect({each.start.split()[0] for each in inside}, {"ACK", "INFO", "BYE"}, "alice's requests within her dialog")
        for request in inside:
            expect([self.is_proxy(route) for route in request.all("Route")], [True], "Route of alice's requests")
        events = [each for each in came if not each.status]
        expect({each.start.split()[0] for each in events}, {"INFO"}, "requests of the node to alice")
        for request in events:
            expect(request.all("Route"), [home], "Route of a node's request at OCS")
            expect([self.kamailio.address in request.first("Via"), len(request.all("Via"))], [True, 2], "its Vias")

    def goodbye(self):
        """The node of bob is emptied: BYE reaches him, and his answer the node."""
        role = next(role for role in ROLES if self.bob.tag.startswith(role[:3]))
        self.picture.linebridge("drain", "--config", self.picture.config, "--role", role, "--until", "1s")
        self.home.read(lambda: any(each.start.startswith("BYE ") for each in self.home.requests))
        wait_until(lambda: self.sessions() == [], 10, "bob's session to be gone", self.picture.processes)
        counters = self.picture.status(role)["counters"]
        expect([counters.get(name, 0) for name in ("goodbyes_sent", "goodbyes_answered")], [1, 1], "goodbyes of the node")
        self.home.close()

    def check_connections(self):
        """Kamailio called the front end in two of its lives, was called in the third, and used that connection, too."""
        log = (self.picture.logs / "splitter.log").read_text()
        expect([log.count(kind) for kind in ("LB-LB-005 ", "LB-LB-018 ")], [2, 1], "connections between Kamailio and front end")


def wish_for_kamailio():
    """Where Kamailio will listen, and a picture that may call it there."""
    address = f"127.0.0.1:{free_ports(1)[0]}"
    return address, Wish(ocs=False, sections={"ocs": {"tcp": [address]}})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, metavar="DIR", help="folder of the programs")
    parser.add_argument("--work", required=True, metavar="DIR", help="folder to compile pidgin-sipe's driver into")
    arguments = parser.parse_args()
    try:
        program = pidgin_sipe.provide(arguments.work)
        address, wish = wish_for_kamailio()
        with Picture(arguments.bin, wish) as picture:
            try:
                Test(picture, program, address).run()
            except Silence as problem:
                raise Failed(f"bob heard nothing more: {problem}") from problem
    except pidgin_sipe.CannotRun as problem:
        sys.exit(f"FAILED: pidgin-sipe cannot run: {problem}")
    except Failed as problem:
        sys.exit(f"FAILED: {problem}")
    print("passed: both dialogs went through Kamailio, before and after each of its restarts")


if __name__ == "__main__":
    main()
