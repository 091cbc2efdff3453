#!/usr/bin/env python3
"""The splitter is killed under real nodes and begins again. Called with the directory of the programs."""

import os
import signal
import sys
import time
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "path"), os.path.join(HERE, "..", "..", "lab")]

from csta_client import Client, Connection, Silence  # noqa: E402
from picture import Picture, Wish  # noqa: E402
from process import Process, wait_until  # noqa: E402

PROGRAMS = ""


class SplitterKilled(unittest.TestCase):
    def setUp(self):
        self.picture = Picture(PROGRAMS, Wish(ocs=False))
        self.addCleanup(lambda: self.assertFalse(self.picture.stop()))
        self.picture.start()
        self.ocs = self.connect()
        self.alice = Client(self.ocs, "alice", "1001", "alice@ocs")
        self.bob = Client(self.ocs, "bob", "1002", "bob@ocs")
        for client in (self.alice, self.bob):
            self.assertEqual(client.sign_in().status, 200)
            self.assertTrue(client.monitor())
        self.assertNotEqual(self.alice.tag[:3], self.bob.tag[:3])

    def connect(self):
        connection = Connection(self.picture.front)
        self.addCleanup(connection.close)
        return connection

    def kill(self):
        splitter = self.picture.process("splitter")
        os.kill(splitter.pid, signal.SIGKILL)
        splitter.wait(5)
        splitter.stop()
        self.picture.processes.remove(splitter)
        return splitter

    def begin_again(self, splitter):
        """Returns once OCS is answered; within how many seconds."""
        begin = time.monotonic()
        self.picture.add(Process("splitter", splitter.command, self.picture.logs / "splitter-again.log"))
        wait_until(self.answers, 10, "the splitter to answer OCS")
        return time.monotonic() - begin

    def answers(self):
        """OCS connects again and asks; HAProxy cuts it while there is no splitter."""
        self.ocs = self.connect()
        ping = Client(self.ocs, "ping", "0", f"ping{time.monotonic()}@ocs")
        try:
            return ping.ask("OPTIONS", limit=2).status == 200
        except (Silence, OSError):
            self.ocs.close()
            return False

    def test_dialogs_stay_on_their_nodes_and_events_find_their_way(self):
        self.assertLess(self.begin_again(self.kill()), 1)
        self.alice.connection = self.bob.connection = self.ocs
        # Nobody has asked in these dialogs yet, so no node has a leg: it has to open one for its event.
        for number, client in (("1001", self.alice), ("1002", self.bob)):
            with self.subTest(number):
                self.picture.cucm("dial", "+15551234", number)
                self.assertEqual(client.events(1), ["DeliveredEvent"])
                self.picture.cucm("answer", number)
                self.picture.cucm("hangup", number)
                self.assertEqual(client.events(3), ["DeliveredEvent", "EstablishedEvent", "ConnectionClearedEvent"])
        for client in (self.alice, self.bob):
            self.assertEqual(client.info("<GetCSTAFeatures/>").status, 200)
            self.assertIn("<MakeCallResponse", client.call("tel:+15551234").body)
            self.assertEqual(client.events(5)[3:], ["OriginatedEvent", "DeliveredEvent"])
        for role, client in zip(("publisher", "subscriber"), sorted((self.alice, self.bob), key=lambda each: each.tag)):
            self.assertEqual([each["call_id"] for each in self.picture.status(role)["sessions"]], [client.call_id])

    def test_what_happened_while_there_was_no_splitter_is_told_or_the_session_ends(self):
        """An event is sent again along another way, or the client learns by a 481 that it has to sign in again: it is
        never shown a state that is not so."""
        splitter = self.kill()
        self.picture.cucm("dial", "+15551234", "1001")
        self.begin_again(splitter)
        self.alice.connection = self.bob.connection = self.ocs
        self.picture.cucm("answer", "1001")
        status = self.alice.info("<GetCSTAFeatures/>").status
        if status == 481:
            self.assertEqual(self.alice.sign_in().status, 200)
            self.assertTrue(self.alice.monitor())
            snapshot = self.alice.info(f"<SnapshotDevice><snapshotObject>{self.alice.line}</snapshotObject></SnapshotDevice>")
            self.assertIn("connected", snapshot.body)
        else:
            self.assertEqual(status, 200)
            self.assertEqual(self.alice.events(2), ["DeliveredEvent", "EstablishedEvent"])
        self.assertEqual(self.bob.info("<GetCSTAFeatures/>").status, 200)


if __name__ == "__main__":
    PROGRAMS = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
