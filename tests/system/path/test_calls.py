#!/usr/bin/env python3
"""A phone rings while OCS has no connection to us: the front end calls OCS with the event, also when the node has lost
its way there. Everything but OCS is real. Called with the directory of the programs."""

import os
import socket
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "lab")]

from csta_client import Client, Connection  # noqa: E402
from picture import Picture, Wish  # noqa: E402

PROGRAMS = ""


class Taken(Connection):
    """A connection that we were called by."""

    def __init__(self, listener):
        listener.settimeout(15)
        self.socket, self.caller = listener.accept()
        self.data, self.answer_events, self.requests, self.answers, self.closed = b"", True, [], [], False


class Routed(Client):
    """Its proxy wants requests to come to `route`."""

    route = ""

    def request(self, *words, **more):
        branch, text = super().request(*words, **more)
        return branch, text.replace("Record-Route: <sip:127.0.0.1:5060;", f"Record-Route: <sip:{self.route};")


class Calls(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.route = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.picture = Picture(PROGRAMS, Wish(ocs=False, sections={"ocs": {"tcp": [self.route]}}))
        self.addCleanup(self.end)
        self.picture.start()

    def end(self):
        self.assertFalse(self.picture.stop())

    def deserted(self):
        """A user who is signed in and watches his phone; the connection it came by is gone."""
        connection = Connection(self.picture.front)
        alice = Routed(connection, "alice", "1001", "alice@ocs")
        alice.route = self.route
        self.assertEqual(alice.sign_in().status, 200)
        self.assertTrue(alice.monitor())
        connection.close()
        return alice

    def hears_of_a_call(self, alice):
        """OCS is called, and then everything goes on over that."""
        self.picture.cucm("dial", "1002", "1001")
        alice.connection = Taken(self.listener)
        self.addCleanup(alice.connection.close)
        self.assertEqual(alice.events(1), ["DeliveredEvent"])
        self.picture.cucm("hangup", "1002")
        self.assertEqual(alice.events(2)[1:], ["ConnectionClearedEvent"])
        self.assertEqual(alice.info("<GetCSTAFeatures/>").status, 200)

    def test_ocs_is_called_with_the_event(self):
        self.hears_of_a_call(self.deserted())

    def test_ocs_is_called_though_the_splitter_knows_nothing_of_the_dialog(self):
        alice = self.deserted()
        self.picture.kill("splitter")
        self.picture._start("splitter", "linebridge-splitter", "--config", self.picture.config)
        self.hears_of_a_call(alice)


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main(verbosity=2)
