#!/usr/bin/env python3
"""The referee of CSTA bodies notices what it shall, in each place where it looks."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "system" / "path")]

import schema  # noqa: E402
from csta_client import Connection, Message  # noqa: E402
from picture import Picture  # noqa: E402

DATA = HERE.parent / "data" / "csta"
GOOD = (DATA / "answers" / "HeldEvent.xml").read_text()
BAD = GOOD.replace(">hold<", ">hole<")


class TheReferee(unittest.TestCase):
    def test_accepts_every_sample_in_every_edition(self):
        for path in sorted(DATA.glob("*/*.xml")):
            for edition in ("ed1", "ed3", "ed6", "ed3/priv5"):
                body = path.read_text().replace("csta/ed3", f"csta/{edition}", 1)
                self.assertEqual(schema.problems(body), "", f"{path} as {edition}")

    def test_says_what_is_wrong_and_shows_the_body(self):
        self.assertIn("hole", schema.problems(BAD))
        self.assertEqual(schema.problems("<HeldEvent"), "not well-formed")
        with self.assertRaises(schema.InvalidBody) as raised:
            schema.check(BAD)
        self.assertIn(BAD, str(raised.exception))

    def test_looks_at_what_a_scripted_client_is_sent(self):
        head = "INFO sip:alice SIP/2.0\r\nContent-Type: application/csta+xml\r\nVia: SIP/2.0/TCP a;branch=b"
        connection = Connection.__new__(Connection)
        connection.requests, connection.answer_events = [], False
        connection._take(Message(head, GOOD))
        with self.assertRaises(schema.InvalidBody):
            connection._take(Message(head, BAD))

    def test_looks_at_what_passed_the_simulated_ocs(self):
        log = f"---- 0.1 front1 > client1\nINFO sip:alice SIP/2.0\r\n\r\n{GOOD}---- 0.2 front1 > client1\n"
        of_a_client = (DATA / "requests" / "MakeCall.xml").read_text().replace("autoOriginate", "automatic")
        self.assertEqual(schema.bodies_of_nodes(log + of_a_client + BAD), [GOOD.rstrip(), BAD.rstrip()])
        picture = Picture("/nowhere")
        picture.ocs_log.write_text(log + of_a_client)
        self.assertEqual(picture._invalid_bodies(), [])
        picture.ocs_log.write_text(log + BAD)
        complaints = picture.stop()
        self.assertEqual(len(complaints), 1)
        self.assertIn("hole", complaints[0])


if __name__ == "__main__":
    unittest.main()
