"""A day of three users, step by step. Each step is looked at from several sides: what the client believes, what the
node says, what passed on the way, and what the phones in the simulated cluster do."""

import json
import subprocess
import time

from process import Failed, wait_until
from scene import ROLES

LIMIT = 5  # Seconds, for whatever is asked for to be seen.


def expect(seen, wanted, what):
    if seen != wanted:
        raise Failed(f"{what}: expected {wanted}, seen {seen}")


class StepFailed(Failed):
    def __init__(self, step, why):
        super().__init__(why)
        self.step = step


class Clients:
    """The simulated Communicators, by their console."""

    def __init__(self, picture):
        self.picture = picture

    def do(self, *words):
        done = self.picture.client(*words)
        if done.returncode != 0:
            raise Failed(f"'{' '.join(words)}' at the client: {done.stderr.strip()}")

    def wait(self, user, *condition, limit=LIMIT):
        limit *= self.picture.patience
        done = self.picture.client("wait", user, *condition, limit)
        if done.returncode != 0:
            wanted = f"signed in {condition[1]} times" if condition[0] == "times" else " ".join(map(str, condition))
            raise Failed(f"{user}'s client: expected '{wanted}' within {limit} s, seen {self.words(user) or done.stderr}")

    def words(self, user):
        """A client as it is, in a few words."""
        client = self.look(user)
        calls = [f"{call['state']} with {call['other']}" for call in client["calls"]]
        events = [f"{count} {name}" for name, count in client["events"].items()]
        return "; ".join([client["state"], f"signed in {client['signed_in']} times", "calls: " + (", ".join(calls) or "none"),
                          "events: " + (", ".join(events) or "none"),
                          *([f"refused: {client['refusal']}"] if client["refusal"] and client["state"] != "signed in" else [])])

    def look(self, user):
        return json.loads(self.picture.client("clients", user).stdout)[0]


class Day:
    def __init__(self, picture, ladder, sabotage, say=lambda text: None):
        self.picture = picture
        self.ladder = ladder
        self.sabotage = sabotage
        self.say = say  # Details of a step, a line each.
        self.clients = Clients(picture)
        self.people = {person.name: person for person in picture.wish.people}
        self.users = list(self.people)
        self.call = None  # callID of the call there is.

    def steps(self):
        return {
            "CTI links": self.links_come_up,
            "sign-in": self.sign_in,
            "outgoing call": self.outgoing_call,
            "incoming call": self.incoming_call,
            "hold and retrieve": self.hold_and_retrieve,
            "hang-up": self.hang_up,
            "CTI Manager lost": self.manager_lost,
            "CTI Manager back": self.manager_back,
            "node killed": self.node_killed,
            "node back": self.node_back,
            "sign-out": self.sign_out,
        }

    def run(self, told=lambda name, seconds: None):
        for name, step in self.steps().items():
            began = time.monotonic()
            try:
                self.sabotage.begin(self.picture, name)
                self.begin(name)
                step()
            except (Failed, subprocess.TimeoutExpired) as problem:
                raise StepFailed(name, str(problem)) from None
            told(name, time.monotonic() - began)

    def within(self, seconds):
        return seconds * self.picture.patience

    def begin(self, name):
        self.mark = self.ladder.mark()
        self.ladder.remark(name)

    # ---- the sides ----

    def cucm(self, *words):
        return json.loads(self.picture.cucm(*words))

    def phone(self, number):
        """States of the calls at this phone, oldest first."""
        return [call["state"] for phone in self.cucm("phones", number) for call in phone["calls"]]

    def expect_phone(self, number, states):
        def look():
            return self.phone(number) == states
        try:
            wait_until(look, self.within(LIMIT), "the phone", self.picture.processes)
        except Failed:
            expect(self.phone(number), states, f"calls at the phone {number}")

    def place(self, user):
        """Where a user's session is: (role, link), its id and its Call-ID. Nothing if there is none."""
        address = f"sip:{self.people[user].address}"
        found = [((role, session["link"]), session["id"], session["call_id"]) for role in ROLES
                 for session in self._sessions(role) if session["user"] == address]
        return found[0] if found else None

    def _sessions(self, role):
        return self.picture.status(role)["sessions"] if self.picture.has("gateway-" + role) else []

    def expect_signed_in(self, user, times, limit=LIMIT):
        """Client and node agree on the dialog. Gives back (role, link)."""
        self.clients.wait(user, "times", times, limit=limit)
        self.clients.wait(user, "signed-in")
        client = self.clients.look(user)
        session = self.place(user)
        if session is None:
            raise Failed(f"expected a session of {user} on the node {client['node']}, seen none on any node")
        where, identity, call_id = session
        expect(client["node"], where[0][:3], f"node of {user}, in the client's dialog and in the nodes' status")
        expect(client["call_id"], call_id, f"Call-ID of {user}, in client and node")
        self.say(f"{user}: {identity}, {where[0]}, CTI link {where[1]}")
        return where

    def times(self, user):
        return self.clients.look(user)["signed_in"]

    def comes_again(self, user, why):
        """A request of the client is refused with 481, and it signs in again by itself."""
        before = self.times(user)
        mark = self.ladder.mark()
        self.clients.do("ask", user, "features")
        where = self.expect_signed_in(user, before + 1, 10)
        self.ladder.expect(mark, user, "481")
        self.ladder.expect(mark, user, "INVITE")
        self.say(f"{user}'s request was refused with 481: {why}")
        return where

    def until_at(self, user, is_there, what):
        """The user signs out and in until his session is where it shall be; each node and each link has its turn."""
        seen = []
        for _ in range(4):
            before = self.times(user)
            self.clients.do("sign-out", user)
            self.clients.wait(user, "signed-out")
            self.clients.do("sign-in", user)
            seen.append(self.expect_signed_in(user, before + 1))
            if is_there(seen[-1]):
                return
        raise Failed(f"expected that a session of {user} takes {what} within 4 sign-ins, seen {seen}")

    def expect_link(self, number, state, limit=10):
        limit = self.within(limit)

        def states():
            return {role: self.picture.status(role)["links"][number - 1]["state"] for role in ROLES}
        try:
            wait_until(lambda: all((text == "in service") == state for text in states().values()), limit, "links")
        except Failed:
            wanted = "in service" if state else "lost"
            raise Failed(f"link {number}: expected to be {wanted} on both nodes within {limit} s, seen {states()}") from None

    # ---- the day ----

    def links_come_up(self):
        for number in range(1, self.picture.wish.managers + 1):
            self.expect_link(number, True, 3)
        for manager in self.cucm("links"):
            users = [connection["user"] for connection in manager["connections"]]
            expect(len([user for user in users if user]), 2, f"nodes logged in at {manager['name']}")
        self.say("each node is logged in at each CTI Manager")

    def sign_in(self):
        where = []
        for user in self.users:
            self.clients.do("sign-in", user)
            where.append(self.expect_signed_in(user, 1))
            self.ladder.expect(self.mark, user, "INVITE RequestSystemStatus")
            self.ladder.expect(self.mark, user, "200 OK (INFO) MonitorStartResponse")
        first = where[0][0]
        other = next(role for role in ROLES if role != first)
        expect(where, [(first, 1), (other, 1), (first, 2)], "node and link of each, in turn")

    def outgoing_call(self):
        alice, bob = self.people["alice"], self.people["bob"]
        self.clients.do("call", "alice", bob.number)
        self.clients.wait("alice", "call", "delivered")
        self.expect_phone(bob.number, ["ringing"])
        self.clients.wait("bob", "call", "alerting")
        if self.sabotage.lets_answer(bob.number):
            self.picture.cucm("answer", bob.number)
        self.clients.wait("alice", "call", "connected")
        self.clients.wait("bob", "call", "connected")
        self.expect_phone(alice.number, ["connected"])
        self.ladder.expect(self.mark, "alice", "INFO MakeCall")
        for event in ("OriginatedEvent", "DeliveredEvent", "EstablishedEvent"):
            self.ladder.expect(self.mark, "alice", f"INFO {event}")
        call = self.clients.look("alice")["calls"][0]["call_id"]
        expect([each["call"] for each in self.cucm("calls")], [call], "callID, in the client and in the cluster")
        self.say(f"alice talks to bob, call {call}")
        self.picture.cucm("hangup", bob.number)
        self.expect_cleared("alice", "bob")
        self.say("bob put his phone down")

    def expect_cleared(self, *users):
        for user in users:
            self.clients.wait(user, "calls", 0)
            self.ladder.expect(self.mark, user, "INFO ConnectionClearedEvent")
        expect(self.cucm("calls"), [], "calls in the cluster")

    def incoming_call(self):
        alice, carol = self.people["alice"], self.people["carol"]
        self.picture.cucm("dial", carol.number, alice.number)
        self.clients.wait("alice", "call", "alerting")
        self.expect_phone(alice.number, ["ringing"])
        self.clients.do("answer", "alice")
        self.clients.wait("alice", "call", "connected")
        self.expect_phone(carol.number, ["connected"])
        self.ladder.expect(self.mark, "alice", "INFO AnswerCall")
        self.ladder.expect(self.mark, "alice", "200 OK (INFO) AnswerCallResponse")
        self.ladder.expect(self.mark, "alice", "INFO EstablishedEvent")
        self.say("carol's phone called, alice answered in her client")

    def hold_and_retrieve(self):
        alice = self.people["alice"]
        for word, event, client, phone in (("hold", "HeldEvent", "held", "held"),
                                           ("retrieve", "RetrievedEvent", "connected", "connected")):
            self.clients.do(word, "alice")
            self.expect_phone(alice.number, [phone])
            self.clients.wait("alice", "event", event)
            self.clients.wait("alice", "call", client)
            self.ladder.expect(self.mark, "alice", f"INFO {event}")
            self.say(f"alice: {word}, and her phone did")

    def hang_up(self):
        self.clients.do("hang-up", "alice")
        self.expect_cleared("alice")
        self.ladder.expect(self.mark, "alice", "INFO ClearConnection")
        self.say("alice hung up in her client")

    def manager_lost(self):
        sitting = {user: self.place(user)[0] for user in self.users}
        before = {user: self.times(user) for user in self.users}
        for word in ("refuse", "drop"):
            self.picture.cucm("cti", "cti1", word)
        self.expect_link(1, False)
        self.say("both nodes have lost link 1")
        for user, (role, link) in sitting.items():
            if link == 1:
                expect(self.comes_again(user, "its link is gone")[1], 2, f"link of {user} after link 1 was lost")
            else:
                expect(self.times(user), before[user], f"sign-ins of {user}, who is on link 2")

    def manager_back(self):
        self.picture.cucm("cti", "cti1", "accept")
        self.expect_link(1, True)
        self.until_at("carol", lambda where: where[1] == 1, "link 1")

    def node_killed(self):
        sitting = {user: self.place(user)[0][0] for user in self.users}
        self.dead = sitting["alice"]
        self.ladder.catch_up(self.mark, "node killed")  # What the node traced dies with it.
        self.picture.kill("gateway-" + self.dead)
        self.say(f"the {self.dead} was killed")
        other = next(role for role in ROLES if role != self.dead)
        for user, role in sitting.items():
            if role == self.dead:
                expect(self.comes_again(user, f"the {other} does not know its dialog")[0], other, f"node of {user}")

    def node_back(self):
        self.picture.start_node(self.dead)
        wait_until(lambda: self.picture.node_checked(self.dead), self.within(10),
                   f"HAProxy to have found the {self.dead} well")
        self.say(f"the {self.dead} is back")
        self.until_at("carol", lambda where: where[0] == self.dead, f"the {self.dead}")

    def sign_out(self):
        for user in self.users:
            self.clients.do("sign-out", user)
            self.clients.wait(user, "signed-out")
            self.ladder.expect(self.mark, user, "200 OK (BYE)")
        for role in ROLES:
            expect(len(self._sessions(role)), 0, f"sessions on the {role}")

        def lines():
            return sum(link["lines"] for manager in self.cucm("links") for link in manager["connections"])
        try:
            wait_until(lambda: lines() == 0, self.within(LIMIT), "lines")
        except Failed:
            expect(lines(), 0, "lines that nodes still watch in the cluster")
