#!/usr/bin/env python3
"""Parts of the check of the appliance that need no machine: what it makes of logs, screens, wrong answers and packages."""

import sys
import unittest
from pathlib import Path

import pexpect

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "lab")]

from screen import Screen  # noqa: E402
from upgrade import times_down  # noqa: E402
from wizard import answers_for, fields  # noqa: E402

PUBLISHER, SUBSCRIBER = "linebridge-gateway@publisher.service", "linebridge-gateway@subscriber.service"


def entry(unit, at, message):
    return {"UNIT": unit, "__REALTIME_TIMESTAMP": str(at), "MESSAGE": message}


class TimesDown(unittest.TestCase):
    def test_a_restart_is_from_stopping_to_started(self):
        log = [entry(PUBLISHER, 10, "Stopping the node..."), entry(PUBLISHER, 12, "Stopped the node."),
               entry(PUBLISHER, 13, "Starting the node..."), entry(PUBLISHER, 20, "Started the node.")]
        self.assertEqual(times_down(log), {PUBLISHER: [(10, 20)]})

    def test_a_node_that_never_came_back_is_down_for_ever(self):
        down = times_down([entry(SUBSCRIBER, 10, "Stopping the node...")])
        self.assertEqual(down[SUBSCRIBER][0][0], 10)
        self.assertGreater(down[SUBSCRIBER][0][1], 1 << 60)

    def test_lines_of_others_do_not_count(self):
        self.assertEqual(times_down([{"__REALTIME_TIMESTAMP": "1", "MESSAGE": "Stopping"}]), {})


class FakeSerial:
    """Says what it was given, once."""

    def __init__(self, text):
        self.text = text

    def read_nonblocking(self, size, timeout):
        if not self.text:
            raise pexpect.TIMEOUT("nothing")
        text, self.text = self.text, ""
        return text


class FakeMachine:
    def __init__(self, text):
        self.serial = FakeSerial(text)


class Boxes(unittest.TestCase):
    # A box as a vt220 gets it: line drawing by the second character set.
    BOX = "\x1b(B\x1b)0\x1b[2;3H\x0elqqu\x0f Host name \x0etqqk\x0f\x1b[3;3H\x0ex\x0f a long   text  \x0ex\x0f\x1b[4;3H\x0emqqqqqqqqqqqqqqqqj\x0f"

    def test_a_box_has_its_title_and_its_text_without_frames(self):
        screen = Screen(FakeMachine(self.BOX))
        screen.read(0)
        self.assertEqual(screen.title(), "Host name")
        self.assertIn("a long text", screen.text())


class Answers(unittest.TestCase):
    class World:
        @staticmethod
        def office_seen_by_machine():
            return "10.0.2.2:5060"

        @staticmethod
        def managers_seen_by_machine():
            return ["10.0.2.2:2748"]

    def test_every_question_of_the_wizard_has_an_answer(self):
        asked = {field.key for page in fields.PAGES for field in page.fields}
        self.assertEqual(asked, set(answers_for(self.World)))

    def test_every_question_that_judges_text_gets_a_wrong_answer(self):
        spared = {"cti.user", "cti.password"}  # any text may be right there
        for page in fields.PAGES:
            for field in page.fields:
                if field.kind not in ("choice", "yesno") and field.key not in spared:
                    self.assertTrue(answers_for(self.World)[field.key].wrong, field.key)


if __name__ == "__main__":
    unittest.main()
