#!/usr/bin/env python3
"""OCS speaks mutual TLS with HAProxy, and everything behind it is real: who gets in, who does not, and what the log
says of it. Called with the directory of the programs."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
import warnings

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "path"), os.path.join(HERE, "..", "..", "lab")]

from certificates import Authority  # noqa: E402
from csta_client import Client, Connection  # noqa: E402
from picture import Picture, Wish, free_ports  # noqa: E402
from process import wait_until  # noqa: E402
from tls_client import TlsConnection, client_context  # noqa: E402

PROGRAMS = ""


class FrontTls(unittest.TestCase):
    settings = {}

    @classmethod
    def setUpClass(cls):
        warnings.simplefilter("ignore", DeprecationWarning)  # Old TLS is what is tested.
        cls.folder = tempfile.mkdtemp(prefix="linebridge.")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.authority = Authority(cls.folder, "authority")
        cls.ocs = cls.authority.sign("ocs", "ocs.example.test")
        certificate, key = cls.authority.sign("front", "gw.example.test", ["gw.example.test"])
        cls.where = f"127.0.0.1:{free_ports(1)[0]}"
        tls = {"certificate": certificate, "key": key, "client_ca": cls.authority.certificate, **cls.settings}
        cls.picture = Picture(PROGRAMS, Wish(ocs=False, sections={"front": {"tls_listen": cls.where}, "tls": tls}))
        cls.addClassCleanup(cls.end)
        cls.picture.start()

    @classmethod
    def end(cls):
        complaints = cls.picture.stop()
        assert not complaints, complaints

    def context(self, identity=None, version=None):
        return client_context(self.authority, identity, version)

    def connect(self, context=None):
        connection = TlsConnection(self.where, context or self.context(self.ocs))
        self.addCleanup(connection.close)
        return connection

    def refused(self, context, source="127.0.0.1"):
        """With TLS 1.3 a client learns only at its first read that its certificate was refused."""
        address = self.where.rsplit(":", 1)
        with self.assertRaises(OSError):
            with socket.create_connection(address, 5, source_address=(source, 0)) as plain:
                with context.wrap_socket(plain, server_hostname="gw.example.test") as secure:
                    if not secure.recv(1):
                        raise ConnectionError

    def waits_for(self, *parts):
        """Until one line of HAProxy's log has all these in it."""
        log = self.picture.process("haproxy").log

        def said():
            lines = log.read_text(errors="replace").splitlines()
            return any(all(part in line for part in parts) for line in lines)

        wait_until(said, 10, " ".join(parts), self.picture.processes)

    def listener(self, name):
        listeners = json.loads(self.picture.linebridge("front", "status", "--config", self.picture.config, "--json"))
        return next(each for each in listeners["listeners"] if each["name"] == name)


class Mutual(FrontTls):
    settings = {"names": ["OCS.example.test"]}

    def test_clients_sign_in_and_hear_events_over_tls(self):
        connection = self.connect()
        self.assertEqual(connection.socket.version(), "TLSv1.3")
        tags = set()
        for name, number in (("alice", "1001"), ("bob", "1002")):
            client = Client(connection, name, number, f"{name}-tls@ocs", epid=name)
            answer = client.sign_in()
            self.assertEqual(answer.status, 200)
            tags.add(client.tag[:3])
            self.assertEqual(answer.first("Contact"), f"<sip:{self.where};transport=tls>")
            self.assertTrue(client.monitor())
            client.call("tel:+15551234")
            self.assertEqual(client.events(2), ["OriginatedEvent", "DeliveredEvent"])
        self.assertEqual(tags, {"pub", "sub"})
        self.assertTrue(all(each.first("Via").startswith(f"SIP/2.0/TLS {self.where}") for each in connection.requests))

    def test_a_client_without_tls_is_shown_the_other_port(self):
        connection = Connection(self.picture.front)
        self.addCleanup(connection.close)
        answer = Client(connection, "carol", "1003", "carol@ocs").sign_in()
        self.assertEqual(answer.first("Contact"), f"<sip:{self.picture.front};transport=tcp>")

    def test_who_has_no_good_certificate_is_refused_with_a_reason(self):
        self.refused(self.context())
        self.waits_for("front-tls", 'refused="error', "peer did not return a certificate", 'subject=""')
        stranger = Authority(self.folder, "stranger")
        self.refused(self.context(stranger.sign("mallory", "mallory")))
        self.waits_for("certificate verify failed", 'subject="/CN=mallory"', 'certificate="issuer is not ours"')
        self.refused(self.context((stranger.certificate, stranger.key)))
        self.waits_for("certificate verify failed", 'subject="/CN=stranger"', 'certificate="self-signed"')
        self.refused(self.context(self.authority.expired("old", "ocs.example.test")))
        self.waits_for("certificate verify failed", 'subject="/CN=ocs.example.test"', 'certificate="expired"')
        self.refused(self.context(self.authority.sign("other", "other.example.test")))
        self.waits_for('subject="/CN=other.example.test"', 'refused="name not listed"')
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            self.refused(self.context(self.ocs, version))
        self.waits_for("unsupported protocol", "tls=TLSv1")
        with socket.create_connection(self.where.rsplit(":", 1), 5) as plain:
            plain.sendall(b"INVITE sip:gw.example.test SIP/2.0\r\n\r\n")
            self.assertEqual(plain.recv(1), b"")
        self.waits_for("wrong version number")
        self.assertEqual(Client(self.connect(), "alice", "1001", "after@ocs").sign_in().status, 200)

    def test_nobody_negotiates_a_second_time(self):
        words = ["openssl", "s_client", "-connect", self.where, "-tls1_2", "-cert", self.ocs[0], "-key", self.ocs[1]]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
            said = ""
            while "Verify return code" not in said:
                said = client.stdout.readline() or self.fail("no session")
            said, _ = client.communicate("R\n", timeout=20)
        self.assertIn("no renegotiation", said)
        self.assertEqual(Client(self.connect(), "alice", "1001", "again@ocs").sign_in().status, 200)

    def test_a_host_that_is_not_listed_is_cut_before_the_handshake(self):
        before = self.listener("front-tls")["cut"]
        self.refused(self.context(self.ocs), source="127.0.0.2")
        wait_until(lambda: self.listener("front-tls")["cut"] == before + 1, 10, "the count of it", self.picture.processes)

    def test_a_certificate_made_for_servers_is_good_enough(self):
        identity = self.authority.sign("server", "ocs.example.test", usage="serverAuth")
        self.assertEqual(Client(self.connect(self.context(identity)), "alice", "1001", "usage@ocs").sign_in().status, 200)


class Legacy(FrontTls):
    settings = {"legacy": True}

    def test_old_and_new_versions_get_in(self):
        for version, name in ((ssl.TLSVersion.TLSv1, "TLSv1"), (ssl.TLSVersion.TLSv1_1, "TLSv1.1"), (None, "TLSv1.3")):
            connection = self.connect(self.context(self.ocs, version))
            self.assertEqual(connection.socket.version(), name)
            self.assertEqual(Client(connection, "alice", "1001", f"{name}@ocs").sign_in().status, 200)

    def test_old_versions_need_a_good_certificate_too(self):
        self.refused(self.context(None, ssl.TLSVersion.TLSv1))
        self.waits_for("peer did not return a certificate", "tls=TLSv1")


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main(verbosity=2)
