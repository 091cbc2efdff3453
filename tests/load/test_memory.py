#!/usr/bin/env python3
"""Memory of a node under wrong input, as it is shipped: called with the directory of the programs of a release build,
and with --all for the full measure."""

import os
import socket
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "system", "wrong")]

from one_node import OneNode  # noqa: E402
from csta_client import Client, Connection, csta  # noqa: E402

PROGRAMS = ""
ALL = []
GROWTH = 1024  # KiB at most, from a tenth of the messages to all of them
ROUND = 100    # messages


class OfANodeInMemory(unittest.TestCase):
    def test_it_does_not_grow_under_any_kind_of_wrong_input(self):
        done = subprocess.run([os.path.join(PROGRAMS, "linebridge-wrong-input"), *ALL], capture_output=True, text=True,
                              timeout=3400)
        print(done.stdout, done.stderr, sep="\n")
        self.assertEqual(done.returncode, 0)


class OfANodeOnSockets(unittest.TestCase):
    def setUp(self):
        self.node = OneNode(PROGRAMS)
        self.addCleanup(lambda: self.assertFalse(self.node.stop()))
        self.node.start()
        self.alice = self.client("alice", "1001")
        self.bob = self.client("bob", "1002")
        self.number = 0

    def client(self, name, number):
        connection = Connection(self.node.sip)
        self.addCleanup(connection.close)
        client = Client(connection, name, number, name + "@ocs")
        self.assertEqual(client.sign_in().status, 200)
        self.assertTrue(client.monitor())
        return client

    def message(self, method, more="", body="", user="mallory", source="", to="", call_id=""):
        self.number += 1
        source = source or f"From: <sip:{user}@example.test>;tag=m{self.number}\r\n"
        return (f"{method} sip:ctigw@gw.example.test SIP/2.0\r\n"
                f"Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKm{self.number}\r\n{source}"
                f"To: <sip:ctigw@gw.example.test>{to}\r\nCall-ID: {call_id or f'm{self.number}'}\r\n"
                f"CSeq: {self.number} {method}\r\nContact: <sip:m@127.0.0.1>\r\n{more}"
                f"Content-Length: {len(body)}\r\n\r\n{body}")

    def wrong(self):
        """One of each kind that keeps its connection: status and message."""
        kind = "Content-Type: application/csta+xml\r\n"
        laughs = "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><a>&b;</a>"
        bob = f"From: <sip:bob@example.test>;tag=bob1;epid={self.bob.epid}\r\n"
        return (self.message("INFO", to=";tag=pub-nobody"),
                self.message("OPTIONS", source="From: <sip:a@b>;tag=1\r\nFrom: <sip:a@b>;tag=1\r\n"),
                self.message("INVITE", kind, csta("<RequestSystemStatus/>")),
                self.message("INFO", kind, laughs, source=bob, to=f";tag={self.bob.tag}", call_id=self.bob.call_id))

    def stream(self):
        """A connection that cannot be cut into messages: it gets 400 and its end."""
        host, port = self.node.sip.rsplit(":", 1)
        with socket.create_connection((host, int(port)), 10) as other:
            other.sendall(self.message("OPTIONS", "Content-Length: -1\r\n").encode())
            text = b""
            while more := other.recv(65536):
                text += more
        self.assertTrue(text.startswith(b"SIP/2.0 400 "))

    def one_round(self):
        """A hundred wrong messages: ninety-six in one go, four on connections of their own."""
        connection = self.bob.connection.socket
        connection.settimeout(20)
        for _ in range(3):
            connection.sendall("".join(text for _ in range(8) for text in self.wrong()).encode())
            text = b""
            while text.count(b"SIP/2.0 4") < 32 or not text.endswith(b"\r\n\r\n"):
                text += connection.recv(1 << 20)
            self.assertEqual([text.count(status) for status in (b"SIP/2.0 481", b"SIP/2.0 400", b"SIP/2.0 403")], [8, 16, 8])
        for _ in range(4):
            self.stream()

    def test_it_does_not_grow_under_mixed_wrong_input(self):
        rounds = 100000 // ROUND
        first = 0
        for number in range(1, rounds + 1):
            self.one_round()
            if number % 20 == 0:
                self.assertEqual(self.alice.info("<GetCSTAFeatures/>").status, 200)
            if number == rounds // 10:
                first = self.node.resident()
        last = self.node.resident()
        print(f"resident: {first} KiB after {rounds * ROUND // 10} messages, {last} KiB after {rounds * ROUND}")
        self.assertIn("<MakeCallResponse", self.alice.call("tel:+15551234").body)
        self.assertEqual(self.alice.events(2), ["OriginatedEvent", "DeliveredEvent"])
        self.assertEqual(len(self.node.status("publisher")["sessions"]), 2)
        self.assertLess(last - first, GROWTH)


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    ALL = [sys.argv.pop(1)] if sys.argv[1:] == ["--all"] else []
    for program in ("linebridge-wrong-input", "linebridge-gateway", "linebridge-sim-cucm", "linebridge"):
        if not os.access(os.path.join(PROGRAMS, program), os.X_OK):
            sys.exit(f"{program} is not built in {PROGRAMS}: cmake --preset release && cmake --build --preset release")
    unittest.main(verbosity=2)
