#!/usr/bin/env python3
"""Wrong input at every socket of a node, while one client is served. Called with the directory of the programs."""

import os
import random
import socket
import struct
import sys
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]

from one_node import OneNode, wait_until  # noqa: E402
from csta_client import Client, Connection, Silence  # noqa: E402

PROGRAMS = ""
OPTIONS = ("OPTIONS sip:gw.example.test SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
           "To: <sip:gw.example.test>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode()
CHANCE = random.Random(7)  # The same in every run.
GARBAGE = (b"\0" * 5000 + b"\n", b"\xff\xfe" * 3000 + b"\n", b"\r\n" * 4000 + b"\0\n",
           CHANCE.randbytes(4000) + b"\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + CHANCE.randbytes(300) + b"\n")


class WrongInput(unittest.TestCase):
    def setUp(self):
        self.node = OneNode(PROGRAMS)
        self.addCleanup(lambda: self.assertFalse(self.node.stop()))
        self.node.start()
        self.alice = Client(self.connection(), "alice", "1001", "alice@ocs")
        self.assertEqual(self.alice.sign_in().status, 200)
        self.assertTrue(self.alice.monitor())

    def connection(self):
        made = Connection(self.node.sip)
        self.addCleanup(made.close)
        return made

    def dial(self, where):
        """A bare connection to "HOST:PORT" or a path."""
        if where.startswith("/"):
            made = socket.socket(socket.AF_UNIX)
            made.connect(where)
        else:
            host, port = where.rsplit(":", 1)
            made = socket.create_connection((host, int(port)))
        made.settimeout(20)
        self.addCleanup(made.close)
        return made

    def read_all(self, connection):
        """What comes until the node closes; a reset ends it too, since the node does not read all that is wrong."""
        text = b""
        try:
            while more := connection.recv(65536):
                text += more
        except ConnectionError:
            pass
        return text

    def give(self, connection, data):
        """Sends as much as the node takes before it closes."""
        try:
            connection.sendall(data)
        except ConnectionError:
            pass

    def alice_is_served(self):
        """A request is answered, a call is made and its events come."""
        self.assertEqual(self.alice.info("<GetCSTAFeatures/>").status, 200)
        before = len(self.alice.connection.requests)
        self.assertIn("<MakeCallResponse", self.alice.call("tel:+15551234").body)
        self.alice.events(before + 2)
        self.node.cucm("hangup", "1001")
        self.alice.events(before + 3)

    def logged(self, kind):
        wait_until(lambda: kind in self.node.process("gateway-publisher").tail(10000), 5, f"the line {kind}")


class AtTheAgent(WrongInput):
    def test_it_says_its_word_whatever_it_is_told(self):
        where = f"127.0.0.1:{self.node.agents['publisher']}"
        for data in (*GARBAGE, b"x" * 1000000, OPTIONS, b""):
            asked = self.dial(where)
            self.give(asked, data)
            try:
                asked.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            self.assertIn(self.read_all(asked), (b"up 100%\n", b""))  # A reset may overtake it.
        silent = [self.dial(where) for _ in range(50)]
        self.assertEqual(self.read_all(silent[0]), b"up 100%\n")
        self.assertEqual(self.node.agent("publisher"), "up 100%")
        self.alice_is_served()


class AtTheAdministratorsSockets(WrongInput):
    def test_what_is_no_http_is_refused_and_closed(self):
        for where in (self.node.api, self.node.metrics):
            for data in (b"\0" * 100 + b"\r\n\r\n", b"hello\r\n\r\n", OPTIONS, b"GET / HTTP/9.9\r\n\r\n",
                         b"GET  HTTP/1.1\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                         b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
                asked = self.dial(where)
                self.give(asked, data)
                self.assertTrue(self.read_all(asked).startswith(b"HTTP/1.1 400 "), (where, data))
            for data in (b"GET /" + b"x" * 20000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nA: " + b"x" * 20000,
                         b"POST /v1/status HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n"):
                asked = self.dial(where)
                self.give(asked, data)
                self.assertTrue(self.read_all(asked).startswith(b"HTTP/1.1 413 "), (where, data[:30]))
        self.assertEqual(self.node.counters()["http_refused"], 20)
        self.logged("LB-APP-006")
        self.alice_is_served()

    def test_wrong_paths_and_methods_are_refused_in_words(self):
        for request, status in ((b"GET /v2/status", 404), (b"GET /../../etc/passwd", 404), (b"DELETE /v1/status", 405),
                                (b"GET /v1/status?x=" + b"y" * 3000, 400), (b"GET /v1/trace?most=many", 400),
                                (b"GET /v1/trace?most=99999999999999999999", 400)):
            asked = self.dial(self.node.api)
            asked.sendall(request + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertEqual(self.read_all(asked).split()[1], str(status).encode(), request)
        self.alice_is_served()

    def test_a_request_may_come_byte_by_byte(self):
        for where, path in ((self.node.api, b"/v1/status"), (self.node.metrics, b"/metrics")):
            asked = self.dial(where)
            for byte in b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n":
                asked.sendall(bytes([byte]))
            self.assertTrue(self.read_all(asked).startswith(b"HTTP/1.1 200 "))

    def test_connections_that_say_nothing_keep_nobody_out(self):
        idle = [self.dial(self.node.api) for _ in range(40)] + [self.dial(self.node.metrics) for _ in range(40)]
        for each in idle[-5:]:
            each.sendall(b"GET /metrics HT")
        self.assertEqual(self.node.status("publisher")["node"]["sessions"], 1)
        self.assertEqual(self.read_all(idle[0]), b"")
        self.assertGreaterEqual(self.node.counters()["peers_refused"], 48)
        self.logged("LB-NET-002")
        self.alice_is_served()

    def test_who_asks_and_does_not_read_is_closed(self):
        for where, path in ((self.node.api, b"/v1/trace"), (self.node.metrics, b"/metrics")):
            refused = self.node.counters().get("peers_over_buffer", 0)
            asked = self.dial(where)
            asked.settimeout(0.5)
            try:
                for _ in range(200):
                    asked.sendall((b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n") * 500)
            except OSError:
                pass
            self.assertEqual(self.node.counters().get("peers_over_buffer", 0), refused + 1, where)
        self.logged("LB-SIP-007")
        self.alice_is_served()


class AtTheSipSocket(WrongInput):
    def test_garbage_ends_its_connection_alone(self):
        for data in GARBAGE:
            other = self.dial(self.node.sip)
            self.give(other, data)
            other.shutdown(socket.SHUT_WR)
            self.assertNotIn(b"SIP/2.0 200", self.read_all(other))
        self.assertEqual(self.node.counters()["sip_malformed"], len(GARBAGE))
        self.logged("LB-SIP-001")
        self.alice_is_served()

    def test_a_peer_that_ends_its_half_still_gets_its_answers(self):
        other = self.dial(self.node.sip)
        other.sendall(OPTIONS * 50)
        other.shutdown(socket.SHUT_WR)
        self.assertEqual(self.read_all(other).count(b"SIP/2.0 200 "), 50)
        self.alice_is_served()

    def test_resets_in_the_middle_of_a_message_leave_nothing(self):
        before = self.node.status("publisher")["node"]["connections"]
        for length in range(1, len(OPTIONS), 9):
            other = self.dial(self.node.sip)
            other.sendall(OPTIONS[:length])
            other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            other.close()
        wait_until(lambda: self.node.status("publisher")["node"]["connections"] == before, 10, "the connections to be gone")
        self.alice_is_served()

    def test_slow_senders_and_slow_readers_hold_up_nobody(self):
        slow = [self.dial(self.node.sip) for _ in range(20)]
        for position, byte in enumerate(OPTIONS):
            for each in slow:
                each.sendall(bytes([byte]))
            if position % 100 == 0:
                self.alice_is_served()
        for each in slow:
            self.assertTrue(each.recv(65536).startswith(b"SIP/2.0 200 "))

    def test_a_peer_that_never_reads_is_held_up_or_closed(self):
        other = self.dial(self.node.sip)
        other.settimeout(0.5)
        try:
            for _ in range(400):
                other.sendall(OPTIONS * 100)
            self.fail("the node took all")
        except OSError:
            pass
        self.alice_is_served()
        other.settimeout(20)
        self.assertIn(b"SIP/2.0 200 ", self.read_some(other), "it is served once it reads, or was closed")

    def read_some(self, connection):
        try:
            return connection.recv(65536)
        except ConnectionError:
            return b"SIP/2.0 200 "

    def test_its_own_client_may_send_wrong_things_and_stay(self):
        for body in ("<a>", "<!DOCTYPE a><a/>", "hello"):
            self.assertEqual(self.alice.ask("INFO", body).status, 400)
        self.alice_is_served()


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main(verbosity=2)
