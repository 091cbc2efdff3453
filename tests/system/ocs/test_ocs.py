#!/usr/bin/env python3
"""Simulated clients before a real node, in the three flavours, over TCP and mutual TLS: they sign in, call, are called,
refresh and come again by themselves, and none of their events is wrong. Called with the directory of the programs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "tls"), os.path.join(HERE, "..", "..", "lab")]

from certificates import Authority  # noqa: E402
from picture import LINE_SERVER, PEOPLE, Person, Picture, Wish, free_ports  # noqa: E402
from process import Process, wait_until  # noqa: E402

PROGRAMS = ""
FLAVOURS = ("lcs2005", "ocs2007", "ocs2007r2")


class Node(Picture):
    """One node that OCS hosts reach without a front end, and simulated CTI Managers."""

    def start(self):
        self._start_cucm()
        self._write_site()
        self.start_node()

    def kill_node(self):
        os.kill(self.node.pid, signal.SIGKILL)
        self.node.wait(10)
        self.processes.remove(self.node)
        self.node.stop()

    def start_node(self):
        self.node = self._start("gateway-publisher", "linebridge-gateway", "--config", self.config, "--role", "publisher")
        wait_until(lambda: self.agent("publisher").startswith("up 100%"), 20, "the node's agent to say up", self.processes)


class Refused(Exception):
    """A command of the console was."""


class Ocs:
    """The simulated OCS with a client for every person of the site."""

    def __init__(self, node, next_hop, *more):
        self.node = node
        self.socket = str(node.run / "ocs.sock")
        clients = [word for person in node.wish.people for word in ("--client", f"{person.address}={person.line}")]
        program = os.path.join(PROGRAMS, "linebridge-sim-ocs")
        self.process = node.add(Process("ocs", [
            program, "run", "--listen", "127.0.0.1:0", "--next-hop", next_hop, "--server", LINE_SERVER,
            "--control", self.socket, "--log", node.ocs_log, *clients, *more], node.logs / "ocs.log"))
        self.process.line("ready", 20)

    def __call__(self, *words):
        """The console's answer."""
        done = subprocess.run([os.path.join(PROGRAMS, "linebridge-sim-ocs"), "control", self.socket, *words],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise Refused(done.stderr.strip())
        return done.stdout.strip()

    def end(self):
        self.node.processes.remove(self.process)
        self.process.stop()

    def client(self, user):
        return json.loads(self("clients", user))[0]


class Site(unittest.TestCase):
    sections = {}

    def begin(self, *more, people=PEOPLE):
        self.sip, = free_ports(1)
        self.where = f"127.0.0.1:{self.sip}"
        self.node = Node(PROGRAMS, Wish(people=people, ocs=False, managers=1, sections={
            "node.publisher": {"direct_listen": self.where}, **self.sections}))
        self.addCleanup(lambda: self.assertFalse(self.node.stop()))
        self.node.start()
        self.ocs = Ocs(self.node, self.where, *more)

    def sign_in(self, *users):
        for user in users:
            self.ocs("sign-in", user)
        for user in users:
            self.ocs("wait", user, "signed-in")

    def has_no_errors(self):
        for client in json.loads(self.ocs("clients")):
            self.assertEqual(client["errors"], 0, client)

    def load(self, *options, where=None):
        """The report of a run, which must end well."""
        program = os.path.join(PROGRAMS, "linebridge-sim-ocs")
        done = subprocess.run([program, "load", "--next-hop", where or self.where, "--server", LINE_SERVER, "--json",
                               "--limit", "60", *options], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def follows_calls(self):
        """Alice calls Bob, who answers, holds and retrieves; she hangs up. Then he calls her and hangs up at his phone."""
        self.sign_in("alice", "bob")
        self.ocs("call", "alice", "1002")
        self.ocs("wait", "alice", "event", "OriginatedEvent")
        self.ocs("wait", "alice", "call", "delivered")
        self.ocs("wait", "bob", "call", "alerting")
        self.assertIn("1001", self.ocs.client("bob")["calls"][0]["other"])
        self.ocs("answer", "bob")
        for user in ("alice", "bob"):
            self.ocs("wait", user, "call", "connected")
        self.ocs("hold", "bob")
        self.ocs("wait", "bob", "call", "held")
        self.ocs("retrieve", "bob")
        self.ocs("wait", "bob", "event", "RetrievedEvent")
        self.ocs("hang-up", "alice")
        self.wait_for_the_end()
        self.node.cucm("dial", "1002", "1001")
        self.ocs("wait", "alice", "call", "alerting")
        self.node.cucm("hangup", "1002")
        self.wait_for_the_end()
        self.ocs("sign-out", "all")
        for user in ("alice", "bob"):
            self.ocs("wait", user, "signed-out")
        self.has_no_errors()

    def wait_for_the_end(self):
        for user in ("alice", "bob"):
            self.ocs("wait", user, "event", "ConnectionClearedEvent")
            self.ocs("wait", user, "calls", "0")


class Tcp(Site):
    def test_each_flavour_follows_calls_and_refreshes(self):
        for flavour in FLAVOURS:
            with self.subTest(flavour=flavour):
                self.begin("--flavour", flavour)
                self.sign_in("carol")
                carol = self.ocs.client("carol")
                self.assertEqual((carol["flavour"], carol["state"], carol["node"]), (flavour, "signed in", "pub"))
                self.assertTrue(carol["monitor"] and carol["call_id"])
                self.ocs("refresh", "carol")
                self.ocs("wait", "carol", "refreshed", "1")
                self.follows_calls()
                passed = [line["text"] for line in json.loads(self.ocs("log", "1000", "carol"))]
                method = "UPDATE" if flavour == "ocs2007r2" else "INVITE"
                self.assertIn(f"200 OK ({method})", " ".join(passed))
                self.doCleanups()

    def test_clients_come_again_when_the_node_has_forgotten_them(self):
        self.begin()
        self.sign_in("alice")
        before = self.ocs.client("alice")
        self.node.kill_node()
        self.node.start_node()
        self.ocs("ask", "alice", "snapshot")
        self.ocs("wait", "alice", "times", "2", "20")
        self.ocs("wait", "alice", "signed-in")
        self.assertNotEqual(self.ocs.client("alice")["call_id"], before["call_id"])
        self.ocs("call", "alice", "1002")
        self.ocs("wait", "alice", "event", "DeliveredEvent")

    def test_a_lost_connection_does_not_end_dialogs(self):
        self.begin("--connections", "2")
        self.sign_in("alice", "bob")
        self.ocs("cut")
        self.ocs("call", "alice", "1002")
        self.ocs("wait", "bob", "call", "alerting")
        self.assertEqual([self.ocs.client(user)["signed_in"] for user in ("alice", "bob")], [1, 1])
        self.has_no_errors()

    def test_a_silent_client_is_no_error_and_a_user_who_may_not_stays_out(self):
        self.begin()
        self.sign_in("alice")
        self.ocs("silent", "alice", "on")
        self.ocs("call", "alice", "1002")
        self.ocs("wait", "alice", "event", "DeliveredEvent")
        self.ocs("sign-in", "dave")
        self.ocs("wait", "dave", "refused")
        self.assertIn("403", self.ocs.client("dave")["refusal"])
        with self.assertRaisesRegex(Refused, "not in time; now it is .*\"refused\""):
            self.ocs("wait", "dave", "signed-in", "0")
        with self.assertRaisesRegex(Refused, "no client nobody"):
            self.ocs("sign-in", "nobody")
        self.has_no_errors()


class Load(Site):
    def test_many_clients_work_side_by_side(self):
        people = tuple(Person(f"u{number:05d}", f"{number:05d}") for number in range(1, 31))
        self.begin("--silent", people=people)
        users = ("--users", "30", "--flavour", "all", "--connections", "3")
        calls = self.load("--sessions", "60", "--calls", "1", "--infos", "2", "--refused", "10", *users)
        self.assertEqual((calls["errors"], calls["signed_in"], calls["refused"]), ({}, 54, 6))
        self.assertEqual(calls["nodes"]["pub"]["dialogs"], 54)
        self.assertEqual(calls["kinds"]["BYE"]["count"], 54)
        # Every call has events that its MakeCall and its ClearConnection caused.
        self.assertEqual(calls["kinds"]["event"]["count"], 2 * calls["calls"])
        held = self.load("--sessions", "30", "--hold", "1", "--info-rate", "100", "--silent", "50", *users)
        self.assertEqual((held["errors"], held["most_held"]), ({}, 30))


class MutualTls(Site):
    def test_each_flavour_follows_calls_over_mutual_tls(self):
        folder = tempfile.mkdtemp(prefix="linebridge.")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        authority = Authority(folder, "authority")
        gateway = authority.sign("gateway", "gw.example.test", ["gw.example.test"])
        ocs = authority.sign("ocs", "ocs.example.test", ["ocs.example.test"])
        secure = f"127.0.0.1:{free_ports(1)[0]}"
        self.sections = {"node.publisher": {"tls_listen": secure},
                         "tls": {"certificate": gateway[0], "key": gateway[1], "client_ca": authority.certificate}}
        self.begin()
        tls = ("--tls", "--ca", authority.certificate, "--certificate", ocs[0], "--key", ocs[1], "--tls-host",
               "gw.example.test", "--listen-tls", "127.0.0.1:0")
        for flavour in FLAVOURS:
            with self.subTest(flavour=flavour):
                self.ocs.end()
                self.ocs = Ocs(self.node, secure, "--flavour", flavour, *tls)
                self.follows_calls()
        report = self.load("--sessions", "20", "--users", "1", "--user-pattern", "%d@example.test", "--refused", "100",
                           "--connections", "2", *tls, where=secure)
        self.assertEqual((report["errors"], report["refused"]), ({}, 20))


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main(verbosity=2)
