"""What is around the appliance in a test: a simulated Unified CM with phones and a simulated OCS with clients, on this
host. OCS reaches the appliance by a forwarded port; the appliance reaches both under QEMU's address of this host."""

import json
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from day import Clients  # noqa: E402
from picture import CTI_USER, FLAVOURS, LINE_SERVER, PEOPLE, Picture, Wish, free_ports  # noqa: E402
from process import Failed, wait_until  # noqa: E402
from qemu import GUEST, HOST  # noqa: E402

LIMIT = 60  # Seconds for one step of a call: the machine is emulated.


class World(Picture):
    """A lab without its middle: no nodes, no splitter, no HAProxy; those are in the machine."""

    def __init__(self, programs, wish=None, office=None):
        """`office`: the port where OCS listens, a free one if that does not matter."""
        super().__init__(programs, wish or Wish(people=PEOPLE[:3], clients=True, mode="2007r2"))
        self.clients = Clients(self)
        self.office = office or free_ports(1)[0]

    def start(self):
        self._start_cucm()

    def start_ocs(self, next_hop):
        """The simulated OCS and its clients; a static route leads to "HOST:PORT", a forwarded port of the machine."""
        kind = "--client" if self.wish.clients else "--user"
        users = [word for person in self.wish.people for word in (kind, f"{person.address}={person.line}")]
        extra = ["--control", self.run / "ocs.sock"] if self.wish.clients else ["--answer-events"]
        extra += ["--next-hop-shown", f"{GUEST}:5060"]  # QEMU translates: a machine with DHCP never learns of our port.
        ocs = self._start("ocs", "linebridge-sim-ocs", "run", "--listen", f"127.0.0.1:{self.office}", "--next-hop", next_hop,
                          "--server", LINE_SERVER, "--flavour", FLAVOURS[self.wish.mode], "--log", self.ocs_log, *users, *extra)
        ocs.line("ready", 10)
        self.ocs = f"127.0.0.1:{self.office}"

    def restart_ocs(self, next_hop):
        """Behind another machine, or after one that was gone."""
        if self.has("ocs"):
            self.kill("ocs")
        self.start_ocs(next_hop)

    # ---- what the machine is told about it ----

    def managers_seen_by_machine(self):
        return [f"{HOST}:{address.rpartition(':')[2]}" for address in self.managers.values()]

    def office_seen_by_machine(self):
        return f"{HOST}:{self.office}"

    def site(self, **sections):
        """The document linebridge.toml as sections; `sections` add keys or replace them."""
        site = {
            "sip": {"names": ["gw.example.test"], "incoming": [HOST]},
            "cti": {"user": CTI_USER, "password_file": "cti.password", "managers": self.managers_seen_by_machine()},
            "front": {"dialogs": 1000},
            "ocs": {"tcp": [self.office_seen_by_machine()]},
        }
        for name, keys in sections.items():
            site.setdefault(name, {}).update(keys)
        site["user"] = [{"address": f"sip:{person.address}", "assigned": True, "line_uri": person.line,
                         "devices": [person.phone]} for person in self.wish.people]
        return site

    # ---- what is done in it ----

    def sign_in(self, user="alice", limit=240):
        """Until the node said 200 to an INVITE of this client. Gives back the seconds that it took."""
        began = time.monotonic()
        while True:
            state = self.clients.look(user)["state"]
            if state == "signed in":
                return time.monotonic() - began
            if time.monotonic() - began > limit:
                raise Failed(f"{user}'s client did not sign in within {limit} s: {self.clients.words(user)}")
            if state in ("signed out", "refused"):
                self.clients.do("sign-in", user)
            time.sleep(0.3)

    def agree(self, machine, user="alice"):
        """A client may believe in a dialog that ended with the power of the machine. Its next request is refused then, and
        it signs in again by itself."""
        client = self.clients.look(user)
        if client["call_id"] in [session["call_id"] for session in sessions_of(machine)]:
            return
        self.clients.do("ask", user, "features")
        self.clients.wait(user, "times", client["signed_in"] + 1, limit=LIMIT)
        self.clients.wait(user, "signed-in", limit=LIMIT)

    def call(self, machine, caller="alice", called="bob"):
        """A call from one's client to another's phone, seen by client, phones and the administrator's command."""
        people = {person.name: person for person in self.wish.people}
        mine, theirs = people[caller].number, people[called].number
        self.clients.do("call", caller, theirs)
        self.clients.wait(caller, "call", "delivered", limit=LIMIT)
        self.expect_phone(theirs, "ringing")
        self.cucm("answer", theirs)
        self.clients.wait(caller, "call", "connected", limit=LIMIT)
        self.expect_phone(mine, "connected")
        sessions = sessions_of(machine)
        if not any(session["user"] == f"sip:{people[caller].address}" for session in sessions):
            raise Failed(f"linebridge status shows no session of {caller}: {sessions}")
        self.clients.do("hang-up", caller)
        self.clients.wait(caller, "calls", 0, limit=LIMIT)
        wait_until(lambda: not self._states(mine) and not self._states(theirs), LIMIT, "both phones to be idle")

    def sign_out(self, user="alice"):
        self.clients.do("sign-out", user)
        self.clients.wait(user, "signed-out", limit=LIMIT)

    def expect_phone(self, number, state):
        wait_until(lambda: self._states(number) == [state], LIMIT, f"the phone {number} to be {state}")

    def _states(self, number):
        return [call["state"] for phone in json.loads(self.cucm("phones", number)) for call in phone["calls"]]


def nodes_of(machine):
    """What `linebridge status` says of the nodes, in the machine."""
    return json.loads(machine.root("linebridge status --json"))["nodes"]


def sessions_of(machine):
    """Sessions of both nodes."""
    return [session for node in nodes_of(machine) for session in node["answer"].get("sessions", [])]


PROBES = {22: b"", 5060: b"\r\n\r\n", 9090: b"GET / HTTP/1.0\r\n\r\n"}  # What makes who listens there say something.


def answers(machine, port, limit=6):
    """Whether somebody speaks on a port of the machine. That a connection comes up says nothing: QEMU takes it itself."""
    host, _, here = machine.at(port).rpartition(":")
    try:
        with socket.create_connection((host, int(here)), limit) as connection:
            connection.settimeout(limit)
            connection.sendall(PROBES[port])
            return connection.recv(1) != b""
    except OSError:
        return False
