"""A person signed in with pidgin-sipe at a picture, and her calls looked at from three sides: what the client believes,
what the node traced, and what the phones in the simulated cluster did."""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from client import Client  # noqa: E402
from picture import ROLES  # noqa: E402
from process import Failed, wait_until  # noqa: E402

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

    def far_end(self, own, state):
        """The end of the call that is not at the number `own`, once it is in this state."""
        def look():
            return next((leg for leg in self.legs() if leg["number"] != own and leg["state"] == state), None)
        return wait_until(look, 10, f"the far phone to be {state}", self.picture.processes)

    def do(self, *words):
        expect(self.picture.cucm(*words).strip(), "done", " ".join(words))

    def calls_made(self):
        """{CTI Manager: calls that nodes made over its links}"""
        return {manager["name"]: sum(link["calls_made"] for link in manager["connections"])
                for manager in self.ask("links")}


class SignedIn:
    """A person's client from sign-in to sign-out, and where the session is."""

    def __init__(self, picture, program, person, name):
        self.picture = picture
        self.person = person
        self.cluster = Cluster(picture)
        self.client = Client(program, picture.directory / name, picture.ocs, person.address, name)
        picture.add(self.client.process)

    def sign_in(self):
        self.client.state("SIGNED-ON")
        expect(self.client.state("GATEWAY"), "normal", "systemStatus in the client")
        self.monitor = self.client.state("MONITOR")
        self.client.state("CALL-FREE")
        found = self.sessions()
        expect(len(found), 1, "sessions of the line on both nodes")
        self.role, session = found[0]
        self.session, self.link = session["id"], session["link"]
        expect(session["device"], self.person.phone, "device of the session")
        expect(session["monitor"], self.monitor, "monitor in node and client")

    def sessions(self):
        """(node, session) of the person's line on those nodes that run."""
        running = [role for role in ROLES if self.picture.has("gateway-" + role)]
        return [(role, session) for role in running for session in self.picture.status(role)["sessions"]
                if session["line"] == self.person.line]

    def call(self, dialled, hang_up_at_far_end):
        """One call with all three sides asserted."""
        made = self.cluster.calls_made()
        traced = len(self.trace())
        heard = len(self.client.messages())
        self.client.call(dialled)
        call_id = self.client.state("CALL-ID")
        self._expect_event("OriginatedEvent", self.person.line)
        self._expect_event("DeliveredEvent", uri(dialled))
        far = self.cluster.far_end(self.person.number, "ringing")
        self.cluster.do("answer", far["number"])
        self._expect_event("EstablishedEvent", uri(dialled))
        states = sorted((leg["number"], leg["state"]) for leg in self.cluster.legs())
        expect(states, sorted([(self.person.number, "connected"), (far["number"], "connected")]), "phones after the answer")
        expect(far["call"], call_id, "callID of the client and global call of the cluster")
        self.cluster.do("hangup", far["number"] if hang_up_at_far_end else self.person.number)
        self.client.state("CALL-FREE")
        wait_until(lambda: not self.cluster.ask("calls"), 10, "the cluster to have no call", self.picture.processes)
        self._check_client(self.client.messages()[heard:], call_id, uri(dialled))
        self._check_node(self.trace()[traced:], call_id)
        made[f"cti{self.link}"] += 1
        expect(self.cluster.calls_made(), made, "calls made over each CTI Manager")
        return far["number"]

    def _expect_event(self, name, device):
        """The client takes an event for its call, and this one: whose connection it is about."""
        expect(self.client.state("CALL-EVENT"), f"{name} {device}", "event in the client")

    def _check_client(self, messages, call_id, far):
        answer = next(m for m in messages if m.incoming and m.element == "MakeCallResponse")
        expect(answer.text("callID"), call_id, "callID on the wire and in the client")
        expect(answer.text("deviceID"), self.person.line, "deviceID of the MakeCallResponse")
        events = [m for m in messages if m.incoming and m.start.startswith("INFO ")]
        expect([m.element for m in events][:4], EVENTS, "events on the wire")
        # The call originates at the own line, is delivered at the far one and answered there.
        for event, device in zip(events, (self.person.line, far, far)):
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

    def trace(self):
        """What passed the node in this session, so far."""
        return self.picture.trace(self.role, self.session)

    def sign_out(self):
        self.leave()
        wait_until(lambda: not self.sessions(), 10, "the session to be gone", self.picture.processes)
        texts = [line["text"] for line in self.trace()]
        for text in ("INFO MonitorStop", "200 OK (INFO) MonitorStopResponse", "BYE", "200 OK (BYE)"):
            if text not in texts:
                raise Failed(f"the node's trace has no '{text}' at sign-out:\n" + "\n".join(texts))

    def leave(self):
        """The client signs out and ends, whatever it is answered."""
        expect(self.client.sign_out(), 0, "status of the client")
        self.picture.processes.remove(self.client.process)
        self.client.process.stop()
