#!/usr/bin/env python3
"""The demonstration passes, each way to break it is noticed at the step where it shows, and the ladder that it draws is
what anybody sees who follows a user meanwhile. Called with the directory of the programs."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
LAB = HERE.parents[1] / "lab"
sys.path.insert(0, str(LAB))

from day import Day  # noqa: E402
from ladder import Ladder  # noqa: E402
from picture import PEOPLE, Picture, Wish  # noqa: E402
from sabotage import SABOTAGES, Sabotage  # noqa: E402

PROGRAMS = ""
STEPS = ("CTI links", "sign-in", "outgoing call", "incoming call", "hold and retrieve", "hang-up", "CTI Manager lost",
         "CTI Manager back", "node killed", "node back", "sign-out")
SHOWS_AT = {"phone-never-answers": "outgoing call", "link-2-down": "CTI links", "splitter-stopped": "sign-in",
            "event-suppressed": "hold and retrieve", "wrong-password": "CTI links"}


def lab(*arguments):
    return subprocess.run([sys.executable, "-B", LAB / "lab.py", "--bin", PROGRAMS, *arguments], capture_output=True,
                          text=True, timeout=120)


class TheDemo(unittest.TestCase):
    def test_passes_and_draws_all_that_passed(self):
        with tempfile.TemporaryDirectory() as folder:
            saved = Path(folder) / "ladder"
            done = lab("--demo", "--save", saved)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            steps = [json.loads(line) for line in saved.read_text().splitlines()]
        for name in STEPS:
            self.assertIn(f"✓ {name}", done.stdout)
        self.check_ladder(steps, done.stdout)

    def check_ladder(self, steps, drawn):
        texts = {step["text"] for step in steps}
        for text in ("INVITE RequestSystemStatus", "INFO MonitorStart", "INFO MakeCall", "INFO DeliveredEvent",
                     "INFO EstablishedEvent", "INFO AnswerCall", "INFO HoldCall", "INFO HeldEvent", "INFO RetrieveCall",
                     "INFO RetrievedEvent", "INFO ClearConnection", "INFO ConnectionClearedEvent", "link lost",
                     "session ended", "BYE", "ring", "off hook", "hold", "resume", "on hook"):
            self.assertIn(text, texts)
            self.assertIn(f" {text}", drawn)
        self.assertTrue(any(text.startswith("481") for text in texts), texts)
        lanes = {end for step in steps for end in (step["from"], step["to"])}
        self.assertLessEqual({"client", "node", "cti1", "cti2", "phone"}, lanes)
        self.check_witnesses(steps)
        self.assertEqual({step["user"] for step in steps if step["call_id"]},
                         {person.address for person in PEOPLE[:3]})
        remarks = [step["text"] for step in steps if not step["from"]]
        self.assertEqual([text for text in remarks if text in STEPS], list(STEPS))
        self.assertTrue(any("does not answer" in text for text in remarks), remarks)
        self.assertTrue(any("answers again, started anew" in text for text in remarks), remarks)
        self.assertFalse(any("overwritten" in text for text in remarks), remarks)


    def check_witnesses(self, steps):
        """A SIP message is one step, whoever saw it: client, front end and node, if it came through."""
        seen = {}
        for step in steps:
            if "client" in (step["from"], step["to"]):
                seen.setdefault(step["seen"], []).append(step["text"])
        self.assertGreater(len(seen["client front node"]), 150)
        alone = {who: texts for who, texts in seen.items() if who != "client front node"}
        self.assertFalse(alone)


class EachSabotage(unittest.TestCase):
    def check(self, name):
        done = lab("--sabotage", name)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"FAILED: step '{SHOWS_AT[name]}' failed: ", done.stdout)
        self.assertRegex(done.stdout, r"FAILED: .*\n?.*expected .* seen")
        before = STEPS[:STEPS.index(SHOWS_AT[name])]
        for step in before:
            self.assertIn(f"✓ {step}", done.stdout)
        self.assertNotIn(f"✓ {SHOWS_AT[name]}", done.stdout)

    def test_all_are_tried_here(self):
        self.assertEqual(list(SHOWS_AT), list(SABOTAGES))
        listed = lab("--sabotage", "list")
        self.assertEqual(listed.returncode, 0)
        shown = lab("--help").stdout
        for name, text in SABOTAGES.items():
            self.assertIn(f"{name:<20} {text}\n", listed.stdout)
            self.assertIn(f"{name:<20} {text}\n", shown)

    def test_a_phone_that_nobody_answers(self):
        self.check("phone-never-answers")

    def test_a_link_that_is_down_from_the_start(self):
        self.check("link-2-down")

    def test_a_splitter_that_is_halted(self):
        self.check("splitter-stopped")

    def test_an_event_that_never_comes(self):
        self.check("event-suppressed")

    def test_a_wrong_password(self):
        self.check("wrong-password")


class WhoFollowsAUser(unittest.TestCase):
    def test_sees_what_the_ladder_shows(self):
        wish = Wish(mode="2007r2", people=PEOPLE[:3], clients=True)
        with Picture(PROGRAMS, wish) as picture:
            all_users = Ladder(picture, [person.name for person in wish.people])
            day = Day(picture, all_users, Sabotage())
            steps = day.steps()
            for name in ("CTI links", "sign-in"):
                day.begin(name)
                steps[name]()
            followed = Ladder(picture, ["sip:alice@example.test"])
            self.assertIn("alice@example.test: ", followed.steps()[0]["text"])
            for name in ("outgoing call", "incoming call", "hold and retrieve", "hang-up"):
                day.begin(name)
                steps[name]()
            for ladder in (all_users, followed):
                ladder.finish(picture.directory / "steps")
            live = [step for step in followed.steps() if step["from"]]
            self.assertGreater(len(live), 40)
            first = live[0]["at_us"]
            shown = [step for step in all_users.steps()
                     if step["user"] == "alice@example.test" and step["at_us"] >= first]
            self.assertEqual(live, shown)


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main(verbosity=2)
