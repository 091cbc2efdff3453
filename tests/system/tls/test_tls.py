#!/usr/bin/env python3
"""A node that speaks TLS with OCS itself, without a front end: who gets in, who does not, and what the node says of it.
Called with the directory of the programs."""

import os
import shutil
import signal
import socket
import ssl
import sys
import tempfile
import unittest
import warnings

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "path"), os.path.join(HERE, "..", "..", "lab")]

from certificates import Authority  # noqa: E402
from csta_client import Client  # noqa: E402
from picture import Picture, Wish, free_ports  # noqa: E402
from process import Process, wait_until  # noqa: E402
from tls_client import TlsConnection, client_context  # noqa: E402

PROGRAMS = ""


class Node(Picture):
    """One node and simulated CTI Managers, nothing else."""

    def start(self):
        self._start_cucm()
        self._write_site()
        self.node = self._start("gateway-publisher", "linebridge-gateway", "--config", self.config, "--role", "publisher")
        wait_until(lambda: self.agent("publisher").startswith("up 100%"), 20, "the node's agent to say up", self.processes)

    def said(self, *parts):
        """Whether a line of the node's log has all these in it."""
        lines = self.node.log.read_text(errors="replace").splitlines()
        return any(all(part in line for part in parts) for line in lines)


class Tls(unittest.TestCase):
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="linebridge.")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.authority = Authority(cls.folder, "authority")
        cls.stranger = Authority(cls.folder, "stranger")
        cls.gateway = cls.authority.sign("gateway", "gw.example.test", ["gw.example.test"])
        cls.ocs = cls.authority.sign("ocs", "OCS Pool", ["ocs.example.test"])

    def setUp(self):
        warnings.simplefilter("ignore", DeprecationWarning)  # Old TLS is what is tested.
        self.where = f"127.0.0.1:{free_ports(1)[0]}"
        tls = {"certificate": self.gateway[0], "key": self.gateway[1], "client_ca": self.authority.certificate,
               **self.settings}
        self.node = Node(PROGRAMS, Wish(ocs=False, managers=1,
                                        sections={"node.publisher": {"tls_listen": self.where}, "tls": tls}))
        self.addCleanup(self.end)
        self.begin()

    def begin(self):
        self.node.start()

    def end(self):
        self.assertFalse(self.node.stop())

    def context(self, identity=None, newest=None):
        return client_context(self.authority, identity, newest)

    def connect(self, context=None):
        connection = TlsConnection(self.where, context or self.context(self.ocs))
        self.addCleanup(connection.close)
        return connection

    def refused(self, context):
        """With TLS 1.3 a client learns only at its first read that its certificate was refused."""
        with socket.create_connection(self.where.rsplit(":", 1), 5) as plain, self.assertRaises((ssl.SSLError, ConnectionError)):
            with context.wrap_socket(plain, server_hostname="gw.example.test") as secure:
                if not secure.recv(1):
                    raise ConnectionError

    def waits_for(self, *parts):
        wait_until(lambda: self.node.said(*parts), 10, " ".join(parts))


class Mutual(Tls):
    def test_a_client_signs_in_and_sees_tls_in_the_addresses(self):
        connection = self.connect()
        alice = Client(connection, "alice", "1001", "alice@ocs")
        answer = alice.sign_in()
        self.assertEqual(answer.status, 200)
        self.assertIn("transport=tls", answer.first("Contact"))
        self.assertTrue(alice.monitor())
        alice.call("tel:+15551234")
        self.assertEqual(alice.events(2), ["OriginatedEvent", "DeliveredEvent"])
        self.assertTrue(connection.requests[0].first("Via").startswith("SIP/2.0/TLS "))

    def test_strangers_are_refused_with_a_reason(self):
        self.refused(self.context())
        self.waits_for("LB-NET-005", "rule=certificate", "did not return a certificate")
        self.refused(self.context(self.stranger.sign("mallory", "mallory")))
        self.waits_for("LB-NET-005", "rule=certificate", "CN=mallory", "issuer")
        for newest in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            self.refused(self.context(self.ocs, newest))
        self.waits_for("LB-NET-005", "rule=protocol", "unsupported protocol")
        with socket.create_connection(self.where.rsplit(":", 1), 5) as plain:
            plain.sendall(b"OPTIONS sip:gw.example.test SIP/2.0\r\n\r\n")
            self.assertEqual(plain.recv(1), b"")
        self.waits_for("LB-NET-005", "not TLS")
        self.assertEqual(self.node.status("publisher")["counters"]["tls_refused"], 5)
        self.assertEqual(Client(self.connect(), "alice", "1001", "1@ocs").sign_in().status, 200)

    def test_clients_are_served_beside_500_half_handshakes(self):
        alice = Client(self.connect(), "alice", "1001", "1@ocs")
        alice.sign_in()
        half = []
        for number in range(500):
            half.append(socket.create_connection(self.where.rsplit(":", 1), 5))
            half[-1].sendall(b"\x16\x03\x01")
            if number % 50 == 0:
                self.assertEqual(alice.info("<GetCSTAFeatures/>").status, 200)
        bob = Client(self.connect(), "bob", "1002", "2@ocs", epid="e2")
        self.assertEqual(bob.sign_in().status, 200)
        self.assertEqual(alice.info("<GetCSTAFeatures/>").status, 200)
        for each in half:
            each.close()
        self.waits_for("LB-NET-005", "closed within the TLS handshake")

    def test_certificates_are_renewed_without_losing_connections(self):
        for path in self.gateway:
            shutil.copy2(path, path + ".kept")
            self.addCleanup(os.replace, path + ".kept", path)
        alice = Client(self.connect(), "alice", "1001", "1@ocs")
        alice.sign_in()
        before = alice.connection.socket.getpeercert()["serialNumber"]
        for path, own in zip(self.gateway, self.authority.sign("renewed", "renewed", ["gw.example.test"])):
            shutil.copy2(own, path)
        os.kill(self.node.node.pid, signal.SIGHUP)
        self.waits_for("LB-NET-007", "CN=renewed")
        self.assertNotEqual(self.connect().socket.getpeercert()["serialNumber"], before)
        with open(self.gateway[0], "w") as broken:
            broken.write("nothing\n")
        os.kill(self.node.node.pid, signal.SIGHUP)
        self.waits_for("LB-NET-009", "holds no certificate")
        self.assertNotEqual(self.connect().socket.getpeercert()["serialNumber"], before)
        self.assertEqual(alice.info("<GetCSTAFeatures/>").status, 200)


class ByName(Tls):
    settings = {"names": ["ocs.example.test"]}

    def test_only_names_of_the_list_get_in(self):
        self.assertEqual(Client(self.connect(), "alice", "1001", "1@ocs").sign_in().status, 200)
        self.refused(self.context(self.authority.sign("other", "other.example.test")))
        self.waits_for("LB-NET-005", "rule=names", "CN=other.example.test")


class Legacy(Tls):
    settings = {"legacy": True}

    def test_old_versions_get_in_and_a_warning_says_so(self):
        self.waits_for("LB-NET-008")
        connection = self.connect(self.context(self.ocs, ssl.TLSVersion.TLSv1))
        self.assertEqual(connection.socket.version(), "TLSv1")
        self.assertEqual(Client(connection, "alice", "1001", "1@ocs").sign_in().status, 200)


class WrongFiles(Tls):
    def begin(self):
        self.node.wish.sections["tls"]["key"] = self.ocs[1]
        self.node.managers = {"cti1": "127.0.0.1:1"}
        self.node._write_site()

    def test_a_key_that_does_not_fit_is_named_at_the_start(self):
        node = Process("node", [os.path.join(PROGRAMS, "linebridge-gateway"), "--config", self.node.config, "--role",
                                "publisher"], self.node.logs / "node.log")
        self.addCleanup(node.stop)
        self.assertEqual(node.wait(20), 1)
        self.assertIn(f"TLS: '{self.ocs[1]}': is not the key of the certificate in '{self.gateway[0]}'", node.tail())


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main(verbosity=2)
