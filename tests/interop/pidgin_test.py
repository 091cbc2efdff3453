#!/usr/bin/env python3
"""A real client against everything: pidgin-sipe signs in through OCS and the front end, places two calls and signs out,
until each of two nodes served it over each of its two CTI links. Every call is looked at from three sides: what the
client believes, what the node traced, and what the phones in the simulated cluster did.

It fails where pidgin-sipe cannot be had; it never skips.
"""

import argparse
import json
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

import pidgin_sipe  # noqa: E402
from client import Client  # noqa: E402
from picture import PEOPLE, ROLES, Picture  # noqa: E402
from process import Failed, wait_until  # noqa: E402

ALICE, BOB = PEOPLE[:2]
EVENTS = ["OriginatedEvent", "DeliveredEvent", "EstablishedEvent", "ConnectionClearedEvent"]
CONNECTION_IN = {"OriginatedEvent": "originatedConnection", "DeliveredEvent": "connection",
                 "EstablishedEvent": "establishedConnection", "ConnectionClearedEvent": "droppedConnection"}


def expect(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what}: expected {wanted!r}, got {got!r}")


def uri(number):
    """How clients are shown a number."""
    if number.startswith("tel:"):
        return number
    return f"tel:{number}" if number.startswith("+") else f"tel:{number};phone-context=dialstring"


class Cluster:
    """The simulator's side."""

    def __init__(self, picture):
        self.picture = picture

    def ask(self, *words):
        return json.loads(self.picture.cucm(*words))

    def legs(self):
        """Both ends of the one call there is, or nothing."""
        calls = self.ask("calls")
        return calls[0]["legs"] if len(calls) == 1 else []

    def far_end(self, state):
        """The far end of alice's call once it is in this state."""
        def look():
            return next((leg for leg in self.legs() if leg["number"] != ALICE.number and leg["state"] == state), None)
        return wait_until(look, 10, f"the far phone to be {state}", self.picture.processes)

    def do(self, *words):
        expect(self.picture.cucm(*words).strip(), "done", " ".join(words))

    def calls_made(self):
        """{CTI Manager: calls that nodes made over its links}"""
        return {manager["name"]: sum(link["calls_made"] for link in manager["connections"])
                for manager in self.ask("links")}


class SignedIn:
    """Alice's client from sign-in to sign-out, and where her session is."""

    def __init__(self, picture, program, number):
        self.picture = picture
        self.cluster = Cluster(picture)
        self.client = Client(program, picture.directory / f"client-{number}", picture.ocs, ALICE.address)
        picture.add(self.client.process)

    def sign_in(self):
        self.client.state("SIGNED-ON")
        expect(self.client.state("GATEWAY"), "normal", "systemStatus in the client")
        self.monitor = self.client.state("MONITOR")
        self.client.state("CALL-FREE")
        self.role, session = self._find()
        self.session, self.link = session["id"], session["link"]
        expect(session["line"], ALICE.line, "line of the session")
        expect(session["device"], ALICE.phone, "device of the session")
        expect(session["monitor"], self.monitor, "monitor in node and client")

    def _find(self):
        found = [(role, session) for role in ROLES for session in self.picture.status(role)["sessions"]]
        expect(len(found), 1, "sessions on both nodes")
        return found[0]

    def call(self, dialled, hang_up_at_far_end):
        """One call with all three sides asserted."""
        made = self.cluster.calls_made()
        traced = len(self._trace())
        heard = len(self.client.messages())
        self.client.call(dialled)
        call_id = self.client.state("CALL-ID")
        self._expect_event("OriginatedEvent", ALICE.line)
        self._expect_event("DeliveredEvent", uri(dialled))
        far = self.cluster.far_end("ringing")
        self.cluster.do("answer", far["number"])
        self._expect_event("EstablishedEvent", uri(dialled))
        states = sorted((leg["number"], leg["state"]) for leg in self.cluster.legs())
        expect(states, sorted([(ALICE.number, "connected"), (far["number"], "connected")]), "phones after the answer")
        expect(far["call"], call_id, "callID of the client and global call of the cluster")
        self.cluster.do("hangup", far["number"] if hang_up_at_far_end else ALICE.number)
        self.client.state("CALL-FREE")
        wait_until(lambda: not self.cluster.ask("calls"), 10, "the cluster to have no call", self.picture.processes)
        self._check_client(self.client.messages()[heard:], call_id, uri(dialled))
        self._check_node(self._trace()[traced:], call_id)
        made[f"cti{self.link}"] += 1
        expect(self.cluster.calls_made(), made, "calls made over each CTI Manager")
        return far["number"]

    def _expect_event(self, name, device):
        """The client takes an event for its call, and this one: whose connection it is about."""
        expect(self.client.state("CALL-EVENT"), f"{name} {device}", "event in the client")

    def _check_client(self, messages, call_id, far):
        answer = next(m for m in messages if m.incoming and m.element == "MakeCallResponse")
        expect(answer.text("callID"), call_id, "callID on the wire and in the client")
        expect(answer.text("deviceID"), ALICE.line, "deviceID of the MakeCallResponse")
        events = [m for m in messages if m.incoming and m.start.startswith("INFO ")]
        expect([m.element for m in events][:4], EVENTS, "events on the wire")
        # The call originates at the own line, is delivered at the far one and answered there.
        for event, device in zip(events, (ALICE.line, far, far)):
            found = re.search(f"<{CONNECTION_IN[event.element]}>.*?<deviceID>([^<]*)</deviceID>", event.body)
            expect(found and found.group(1), device, f"connection of the {event.element}")
        for event in events:
            expect(event.text("monitorCrossRefID"), self.monitor, f"monitor of the {event.element}")
            expect(event.text("callID"), call_id, f"callID of the {event.element}")

    def _check_node(self, lines, call_id):
        cti = f"cti{self.link}"
        texts = [line["text"] for line in lines]
        order = ["INFO MakeCall", "200 OK (INFO) MakeCallResponse", *(f"INFO {event}" for event in EVENTS)]
        places = [texts.index(text) if text in texts else None for text in order]
        if None in places or places != sorted(places):
            raise Failed(f"the node's trace has not {order} in this order:\n" + "\n".join(texts))
        for place in places[1:]:
            if call_id not in lines[place]["detail"]:
                raise Failed(f"the node's trace of '{lines[place]['text']}' has not the callID {call_id}: {lines[place]}")
        links = {end for line in lines for end in (line["from"], line["to"]) if end.startswith("cti")}
        expect(links, {cti}, "CTI links in the node's trace of the session")
        before_answer = lines[places[0]:places[1]]
        if not any(line["to"] == cti for line in before_answer):
            raise Failed(f"the node's trace shows nothing sent to {cti} for the MakeCall")

    def _trace(self):
        return self.picture.trace(self.role, self.session)

    def sign_out(self):
        expect(self.client.sign_out(), 0, "status of the client")
        def gone():
            return not any(self.picture.status(role)["sessions"] for role in ROLES)
        wait_until(gone, 10, "the session to be gone", self.picture.processes[:-1])
        texts = [line["text"] for line in self._trace()]
        for text in ("INFO MonitorStop", "200 OK (INFO) MonitorStopResponse", "BYE", "200 OK (BYE)"):
            if text not in texts:
                raise Failed(f"the node's trace has no '{text}' at sign-out:\n" + "\n".join(texts))
        self.picture.processes.remove(self.client.process)
        self.client.process.stop()


def run(picture, program):
    turns = []
    while len(turns) < 4:
        began = time.monotonic()
        signed_in = SignedIn(picture, program, len(turns) + 1)
        try:
            signed_in.sign_in()
            far = [signed_in.call("tel:+15551234", hang_up_at_far_end=True),
                   signed_in.call(BOB.number, hang_up_at_far_end=False)]
            signed_in.sign_out()
        except Failed:
            print(signed_in.client.tail(), file=sys.stderr)
            for role in ROLES:
                print(picture.linebridge("trace", "--config", picture.config, "--role", role), file=sys.stderr)
            raise
        turns.append((signed_in.role, signed_in.link))
        print(f"{signed_in.role}, link {signed_in.link}: called {far[0]} and {far[1]}, "
              f"{time.monotonic() - began:.1f} s", flush=True)
    expect(sorted(turns), [(role, link) for role in ROLES for link in (1, 2)], "turns of nodes and links")
    for role in ROLES:
        expect([turn[1] for turn in turns if turn[0] == role], [1, 2], f"links of the {role}, in order")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, metavar="DIR", help="folder of the programs")
    parser.add_argument("--work", required=True, metavar="DIR", help="folder to compile the client into")
    parser.add_argument("--tree", action="store_true", help="use a Debian 12 tree even where pidgin-sipe is installed")
    arguments = parser.parse_args()
    try:
        program = pidgin_sipe.provide(arguments.work, arguments.tree)
        with Picture(arguments.bin) as picture:
            run(picture, program)
    except pidgin_sipe.CannotRun as problem:
        sys.exit(f"FAILED: pidgin-sipe cannot run: {problem}")
    except Failed as problem:
        sys.exit(f"FAILED: {problem}")
    print("passed: each node and each link had its turn")


if __name__ == "__main__":
    main()
