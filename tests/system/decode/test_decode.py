#!/usr/bin/env python3
"""What a node and a simulated CTI Manager say to each other, captured and decoded: two readings of the protocol, and
nothing in either that the decoder does not know. Called with the directory of the programs."""

import json
import os
import random
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "wrong"), os.path.join(HERE, "..", "path"), os.path.join(HERE, "..", "..", "lab")]

from csta_client import Client, Connection  # noqa: E402
from one_node import OneNode, wait_until  # noqa: E402
from picture import CTI_PASSWORD  # noqa: E402
from relay import Relay, pcap  # noqa: E402

PROGRAMS = ""


class Overheard(OneNode):
    """A node whose links to the CTI Managers go through relays."""

    def _start_cucm(self):
        super()._start_cucm()
        self.relays = {name: Relay(address) for name, address in self.managers.items()}
        self.managers = {name: relay.address for name, relay in self.relays.items()}


def decode(capture, *arguments):
    """Exit code, and what was printed."""
    done = subprocess.run([os.path.join(PROGRAMS, "linebridge"), "cti", "decode", *arguments, "-"], input=capture,
                          capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def decode_json(capture):
    code, text, error = decode(capture, "--json")
    assert not error, error
    lines = [json.loads(line) for line in text.splitlines()]
    return code, [line for line in lines if "frame" in line], lines[-1]["summary"]


class Decode(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """One conversation for all tests: a log-in, a call made, and one that another phone answers."""
        node = Overheard(PROGRAMS)
        try:
            node.start()
            connection = Connection(node.sip)
            alice = Client(connection, "alice", "1001", "alice@ocs")
            assert alice.sign_in().status == 200 and alice.monitor()
            alice.call("tel:+15551234")
            alice.events(2)
            node.cucm("hangup", "1001")
            alice.events(3)
            connection.close()
            relay = next(iter(node.relays.values()))
            wait_until(lambda: cls.quiet(relay), 20, "every request to be answered", node.processes)
            cls.packets = relay.packets()
        finally:
            complaints = node.stop()
            for relay in getattr(node, "relays", {}).values():
                relay.close()
        assert not complaints, complaints

    @staticmethod
    def quiet(relay):
        _, _, summary = decode_json(pcap(relay.packets()))
        return summary["requests"] and not summary["unanswered"]

    def test_nothing_is_unknown_and_every_request_is_answered(self):
        code, frames, summary = decode_json(pcap(self.packets))
        wrong = [(frame["name"], frame["mismatches"]) for frame in frames if frame["mismatches"]]
        self.assertEqual(wrong, [])
        self.assertEqual((summary["mismatches"], summary["unknown_ids"], summary["unanswered"]), (0, {}, 0))
        self.assertEqual((summary["bytes_skipped"], summary["bytes_missing"]), (0, 0))
        self.assertEqual(summary["requests"], summary["answered"])
        self.assertEqual(code, 0)
        names = {frame["name"] for frame in frames}
        self.assertLessEqual({"ProviderInitRequest", "ProviderOpenRequest", "ProviderOpenCompletedEvent", "DeviceLineInfoEvent",
                              "LineOpenRequest", "LineInServiceEvent", "LineCallInitiateRequest", "NewCallEvent",
                              "CallStateChangedEvent_V2"}, names)
        called = next(frame for frame in frames if frame["name"] == "LineCallInitiateResponse")
        self.assertEqual(called["answers"]["name"], "LineCallInitiateRequest")
        self.assertGreaterEqual(called["answers"]["after_us"], 0)

    def test_packets_out_of_order_twice_and_in_small_pieces_read_the_same(self):
        _, frames, _ = decode_json(pcap(self.packets))
        chance = random.Random(7)  # The same in every run.
        mixed = []
        for packet in self.packets:
            mixed += [packet] * chance.choice((1, 1, 1, 2))
            if len(mixed) > 6 and chance.random() < 0.1 and mixed[-1][1][12:16] == mixed[-2][1][12:16]:
                mixed[-2:] = reversed(mixed[-2:])
        _, again, summary = decode_json(pcap(mixed))
        self.assertEqual(summary["mismatches"], 0)
        self.assertEqual(sorted(str(frame["fields"]) for frame in again), sorted(str(frame["fields"]) for frame in frames))

    def test_a_hole_is_named_and_what_follows_is_read(self):
        data = [i for i, (_, packet) in enumerate(self.packets) if len(packet) > 60]
        gone = data[len(data) // 2]
        _, frames, _ = decode_json(pcap(self.packets))
        code, fewer, summary = decode_json(pcap(self.packets[:gone] + self.packets[gone + 1:]))
        self.assertGreater(summary["bytes_missing"], 0)
        self.assertLess(len(fewer), len(frames))
        self.assertEqual(fewer[-1]["fields"], frames[-1]["fields"])
        self.assertEqual(code, 0, "what was not captured is not wrong")

    def test_it_is_shown_for_people_without_the_password(self):
        code, text, error = decode(pcap(self.packets))
        self.assertEqual((code, error), (0, ""))
        self.assertIn("answers LineCallInitiateRequest, #", text)
        self.assertIn(" bytes, not shown\n", text)
        self.assertNotIn(CTI_PASSWORD, text)
        self.assertIn("mismatches: 0\n", text)
        _, only, _ = decode(pcap(self.packets), "--only", "NewCallEvent")
        self.assertIn("NewCallEvent (48)", only)
        self.assertNotIn("ProviderOpenRequest (3)", only)


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main(verbosity=2)
