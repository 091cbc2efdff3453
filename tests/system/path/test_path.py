#!/usr/bin/env python3
"""The main job through all real parts: HAProxy, splitter, two nodes, two simulated CTI Managers; and what goes wrong
on the way. Called with the directory of the programs."""

import os
import signal
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "lab")]

from csta_client import Client, Connection, Silence  # noqa: E402
from picture import Picture, Wish  # noqa: E402
from process import wait_until  # noqa: E402

PROGRAMS = ""


class Path(unittest.TestCase):
    wish = Wish(ocs=False)

    def setUp(self):
        self.picture = Picture(PROGRAMS, self.wish)
        self.addCleanup(self.end)
        self.picture.start()
        self.ocs = self.connect()

    def end(self):
        """Every program must end in order and well; a sanitizer's report is a bad end."""
        self.assertFalse(self.picture.stop())

    def connect(self, where=None):
        connection = Connection(where or self.picture.front)
        self.addCleanup(connection.close)
        return connection

    def client(self, name="alice", number="1001", call="1", connection=None):
        return Client(connection or self.ocs, name, number, f"{name}-{call}@ocs", epid=f"e{call}")

    def links(self, role):
        return sorted(session["link"] for session in self.picture.status(role)["sessions"])

    def counter(self, role, name):
        return self.picture.status(role)["counters"].get(name, 0)


class TheMainJob(Path):
    def test_sign_ins_take_both_nodes_and_all_links_in_turn(self):
        tags = []
        for call in range(8):
            client = self.client(call=str(call))
            self.assertEqual(client.sign_in().status, 200)
            tags.append(client.tag[:3])
        self.assertEqual(tags, [tags[0], tags[1]] * 4)
        self.assertEqual(set(tags), {"pub", "sub"})
        for role in ("publisher", "subscriber"):
            self.assertEqual(self.links(role), [1, 1, 2, 2])

    def test_calls_of_two_users_on_two_nodes_share_one_connection(self):
        alice, bob = self.client(), self.client("bob", "1002")
        for client in (alice, bob):
            self.assertEqual(client.sign_in().status, 200)
            self.assertTrue(client.monitor())
        self.assertNotEqual(alice.tag[:3], bob.tag[:3])
        answer = alice.call("tel:1002;phone-context=dialstring")
        self.assertIn("<MakeCallResponse", answer.body)
        self.assertEqual(alice.events(2), ["OriginatedEvent", "DeliveredEvent"])
        self.assertEqual(bob.events(1), ["DeliveredEvent"])
        self.picture.cucm("answer", "1002")
        alice.events(3)
        self.assertEqual(bob.events(2)[1], "EstablishedEvent")
        self.picture.cucm("hangup", "1001")
        self.assertEqual(alice.events(4)[2:4], ["EstablishedEvent", "ConnectionClearedEvent"])
        self.assertEqual(bob.events(3)[2], "ConnectionClearedEvent")
        for client in (alice, bob):
            self.assertEqual(client.ask("BYE").status, 200)
        for role in ("publisher", "subscriber"):
            self.assertEqual(self.picture.status(role)["sessions"], [])

    def test_a_dialog_goes_on_on_another_connection(self):
        alice = self.client()
        alice.sign_in()
        alice.monitor()
        self.ocs.close()
        self.ocs = alice.connection = self.connect()
        alice.call("tel:+15551234")
        self.assertEqual(alice.events(2), ["OriginatedEvent", "DeliveredEvent"])


class WhatGoesWrong(Path):
    def test_strangers_are_refused_with_a_reason_and_counted(self):
        for client, status, code in ((self.client("mallory"), 403, "50004"), (self.client("dave", "1004"), 403, "50005"),
                                     (self.client("alice", "1002"), 404, "50006")):
            answer = client.sign_in()
            self.assertEqual((answer.status, answer.first("ms-diagnostics")[:5]), (status, code))
        refused = [self.counter(role, "invites_refused") for role in ("publisher", "subscriber")]
        self.assertEqual(sum(refused), 3)
        self.assertEqual(self.client().sign_in().status, 200)

    def test_wrong_streams_end_alone(self):
        alice = self.client()
        alice.sign_in()
        for garbage in (b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n", b"x" * 20000, b"\n\n\n", b"\0" * 100,
                        b"INVITE sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n", os.urandom(5000)):
            other = self.connect()
            other.send(garbage)
            other.socket.shutdown(1)
            with self.assertRaises(Silence):
                other.read(lambda: False, 5)
            self.assertTrue(other.closed, garbage[:20])
        self.assertEqual(alice.info("<GetCSTAFeatures/>").status, 200)

    def test_cut_and_glued_messages_are_understood(self):
        alice = self.client()
        _, text = alice.request("INVITE", alice.invite())
        for byte in text.encode():
            self.ocs.send(bytes([byte]))
        self.ocs.read(lambda: self.ocs.answers)
        self.assertEqual(self.ocs.answers.pop().status, 200)
        bob = self.client("bob", "1002")
        bob.sign_in()
        asked = [bob.request("INFO", '<GetCSTAFeatures xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed3"/>')
                 for _ in range(50)]
        self.ocs.send("\r\n\r\n".join(text for _, text in asked))
        for branch, _ in asked:
            self.assertEqual(self.ocs.answer(branch).status, 200)

    def test_a_node_takes_nobody_without_the_front_end(self):
        for data in (b"OPTIONS sip:x SIP/2.0\r\n\r\n", b"\r\n\r\n\0\r\nQUIT\n" + b"\xff" * 40, os.urandom(300)):
            other = self.connect(self.picture.config_of("node.publisher")["listen"])
            other.send(data)
            with self.assertRaises(Silence):
                other.read(lambda: False, 10)
            self.assertTrue(other.closed)
        self.assertEqual(self.client().sign_in().status, 200)

    def test_a_cti_manager_that_goes_sends_its_sessions_to_the_other(self):
        clients = [self.client(call=str(call)) for call in range(4)]
        for client in clients:
            client.sign_in()
        self.picture.cucm("cti", "cti1", "refuse")
        self.picture.cucm("cti", "cti1", "drop")
        for role in ("publisher", "subscriber"):
            wait_until(lambda: self.picture.status(role)["links"][0]["state"] != "in service", 10, "link 1 to be lost")
        self.assertEqual([client.info("<GetCSTAFeatures/>").status for client in clients], [481, 481, 200, 200])
        for call in (4, 5):
            self.assertEqual(self.client(call=str(call)).sign_in().status, 200)
        for role in ("publisher", "subscriber"):
            self.assertEqual(self.links(role), [2, 2])
        self.picture.cucm("cti", "cti1", "accept")
        for role in ("publisher", "subscriber"):
            wait_until(lambda: self.picture.status(role)["links"][0]["state"] == "in service", 60, "link 1 to be back")

    def test_a_killed_node_leaves_the_site_working(self):
        clients = [self.client(call=str(call)) for call in range(2)]
        for client in clients:
            client.sign_in()
        publisher = self.picture.process("gateway-publisher")
        os.kill(publisher.pid, signal.SIGKILL)
        publisher.wait(5)
        self.picture.processes.remove(publisher)
        statuses = {client.tag[:3]: client.info("<GetCSTAFeatures/>").status for client in clients}
        self.assertEqual(statuses, {"pub": 481, "sub": 200})
        for call in range(2, 6):
            client = self.client(call=str(call))
            self.assertEqual(client.sign_in().status, 200)
            self.assertTrue(client.tag.startswith("sub-"))


class StopAndDrain(Path):
    wish = Wish(ocs=False, sections={"limits": {"sessions_per_user": 1000}})

    def sign_in(self, first, count):
        """Clients of alice, by the node that took them."""
        nodes = {"pub": [], "sub": []}
        for call in range(first, first + count):
            client = self.client(call=str(call))
            self.assertEqual(client.sign_in().status, 200)
            nodes[client.tag[:3]].append(client)
        return nodes

    def goodbyes(self):
        return {each.first("Call-ID") for each in self.ocs.requests if each.start.startswith("BYE ")}

    def drain(self, *words):
        return self.picture.linebridge("drain", "--config", self.picture.config, "--role", "publisher", *words)

    def test_a_node_that_is_stopped_tells_its_clients_and_ends_well(self):
        nodes = self.sign_in(0, 200)
        busy = nodes["pub"][0]
        busy.monitor()
        busy.call("tel:+15551234")
        publisher = self.picture.process("gateway-publisher")
        os.kill(publisher.pid, signal.SIGTERM)
        theirs = {client.call_id for client in nodes["pub"]}
        self.assertEqual(len(theirs), 100)
        self.ocs.read(lambda: self.goodbyes() >= theirs, 10)
        publisher.wait(10)
        self.assertEqual(publisher.status(), "status 0")
        self.picture.processes.remove(publisher)
        self.assertIn("told=100 answered=100 unanswered=0 unreachable=0", publisher.tail(100))
        self.assertEqual(self.goodbyes(), theirs)
        self.assertEqual(nodes["sub"][0].info("<GetCSTAFeatures/>").status, 200)
        self.assertEqual(len(self.sign_in(200, 4)["sub"]), 4)

    def test_a_drained_node_keeps_its_clients_and_the_other_takes_the_new_ones(self):
        old = self.sign_in(0, 4)["pub"]
        self.assertEqual(self.drain(), "publisher: draining, 2 sessions\n")
        self.assertEqual(len(self.sign_in(4, 4)["sub"]), 4)  # Also before HAProxy has heard of it.
        wait_until(lambda: self.picture.servers()["pub"]["weight"] == "0", 10, "HAProxy to drain")
        self.assertEqual(self.picture.agent("publisher"), "up 0%")
        self.assertEqual(self.picture.status("publisher")["node"]["state"], "draining")
        self.assertEqual(len(self.sign_in(8, 4)["sub"]), 4)
        self.assertTrue(old[0].monitor())
        self.assertIn("<MakeCallResponse", old[0].call("tel:+15551234").body)
        self.assertEqual(old[0].events(2), ["OriginatedEvent", "DeliveredEvent"])

        self.assertEqual(self.drain("--off"), "publisher: takes new sessions, 2 sessions\n")
        wait_until(lambda: self.picture.servers()["pub"]["weight"] == "100", 10, "HAProxy to place again")
        new = self.sign_in(12, 4)["pub"]
        self.assertEqual(len(new), 2)

        self.assertEqual(self.drain("--until", "1s"), "publisher: draining, the rest is ended in 1 s, 4 sessions\n")
        theirs = {client.call_id for client in old + new}
        self.ocs.read(lambda: self.goodbyes() == theirs, 10)
        wait_until(lambda: self.picture.status("publisher")["node"]["sessions"] == 0, 10, "the sessions to be gone")


class WithoutCtiManagers(Path):
    wish = Wish(ocs=False, ready=False, cti_password="not the one")

    def test_a_refused_password_is_shown_and_sign_ins_get_503(self):
        for role in ("publisher", "subscriber"):
            wait_until(lambda: self.picture.status(role)["links"][0]["state"] == "log-in refused", 20, "the refusal")
            self.assertEqual(self.picture.agent(role), "up 0%")
        answer = self.client().sign_in(limit=20)
        self.assertEqual(answer.status, 503)
        self.assertTrue(answer.first("Retry-After"))


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main(verbosity=2)
