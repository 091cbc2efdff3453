#!/usr/bin/env python3
"""The day across machines, with three shells instead of machines and every program real; and the parts of it that make
one ladder of what was traced by several clocks. Called with the directory of the programs, and one to compile in."""

import contextlib
import io
import json
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lab"), str(HERE.parent / "interop")]

import pidgin_sipe  # noqa: E402
from demo import demonstrate  # noqa: E402
from lab import Page  # noqa: E402
from machine import Forwarder, Machine  # noqa: E402
from picture import PEOPLE, Picture, Wish  # noqa: E402
from process import Failed, wait_until  # noqa: E402
from remote import CAN_BE_BROKEN, ERIN, LongDay, Machines, Places  # noqa: E402
from sabotage import Sabotage  # noqa: E402
from units import Here, Units, links_to, script_of  # noqa: E402

PROGRAMS, WORK = "", ""
STEPS = ("CTI links", "sign-in", "outgoing call", "incoming call", "hold and retrieve", "hang-up", "CTI Manager lost",
         "CTI Manager back", "node killed", "node back", "sign-out", "a real client")
TIMER = {"cti": {"reconnect_most": "1s"}}


class ADayAcrossMachines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="linebridge.", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def play(self, sabotage=None):
        """Exit code, what was printed, steps of the ladder, orders to systemctl."""
        wish = Wish(mode="2007r2", people=PEOPLE[:3], real_people=(ERIN,), clients=True, sections=TIMER)
        client = self.folder / "rcc_client"
        client.write_text(script_of(pidgin_sipe.provide(WORK)))
        client.chmod(0o755)
        with Picture(PROGRAMS, wish) as picture:
            units = Units(picture, self.folder)
            self.addCleanup(units.close)
            places = Places(site=str(picture.config), programs=str(Path(PROGRAMS).resolve()), real_client=str(client),
                            run=str(links_to(picture, self.folder)), ocs=picture.ocs, units=str(self.folder / "units"))
            there = Wish(mode="2007r2", people=PEOPLE[:3], clients=True)
            breaks = Sabotage(sabotage)
            breaks.wish(there)
            machines = Machines(Here(units.environment()), there, places, patience=2)
            saved = self.folder / "ladder"
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                code = demonstrate(machines, breaks, Page(False), saved, LongDay)
            self.assertTrue(machines.way.closed)
            self.assertFalse(machines.directory.exists())
        return code, printed.getvalue(), [json.loads(line) for line in saved.read_text().splitlines()], units.asked

    def test_passes_and_every_message_has_its_three_witnesses(self):
        code, printed, steps, asked = self.play()
        self.assertEqual(code, 0, printed)
        for name in STEPS:
            self.assertIn(f"✓ {name}", printed)
        self.assertRegex(printed, r"Every step was seen, \d+ s\.\n$")
        self.assertIn("INFO MakeCall  tel:1002", printed)
        simulated = [step for step in steps if step["user"].split("@")[0] != ERIN.name and "client" in (step["from"], step["to"])]
        self.assertGreater(len(simulated), 150)
        alone = [step for step in simulated if step["seen"] != "client front node"]
        self.assertFalse(alone)
        self.assertTrue(any(step["text"] == "ring" for step in steps))
        self.assertTrue(any(step["user"] == ERIN.address and step["text"] == "INFO MakeCall" for step in steps))
        killed = [words for words in asked if words[0] == "kill"]
        self.assertEqual(len(killed), 1)
        self.assertIn("--signal=KILL", killed[0])
        self.assertFalse((self.folder / "units/linebridge-gateway@.service.d/90-lab.conf").exists())

    def test_a_phone_that_nobody_answers_is_noticed_at_its_step(self):
        code, printed, _, _ = self.play(CAN_BE_BROKEN[0])
        self.assertEqual(code, 1)
        self.assertIn("FAILED: step 'outgoing call' failed: alice's client: expected 'call connected'", printed)


class WhatAMachineTraced(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def machine(self, name, ahead_s=0):
        """Its clock is wrong by so much."""
        tools = self.folder / name
        tools.mkdir()
        date = tools / "date"
        date.write_text(f"#!{sys.executable}\nimport time\nprint(time.time_ns() + {ahead_s} * 10**9)\n")
        date.chmod(0o755)
        return Machine(name, Here({"PATH": f"{tools}:/usr/bin:/bin"}), tools)

    def test_a_clock_is_measured_to_half_of_what_the_question_took(self):
        machine = self.machine("cucm", 7)
        unsure_us = machine.measure_clock()
        self.assertLessEqual(abs(machine.ahead_us - 7_000_000), unsure_us + 1)

    def test_lines_come_to_the_other_machine_by_its_clock(self):
        source, target = self.machine("cucm", 7), self.machine("appliance", -2)
        source.ahead_us, target.ahead_us = 7_000_000, -2_000_000
        there, here = self.folder / "a trace", self.folder / "joined.trace"
        sink = target.sink(here)
        self.addCleanup(sink.stop)
        forwarder = Forwarder(source, there, sink, target.ahead_us)
        self.addCleanup(forwarder.stop)
        with there.open("a") as file:
            for number in range(3):
                file.write(json.dumps({"at_us": 10_000_000 + number, "text": "ring"}) + "\n")
                file.flush()
        lines = wait_until(lambda: len(text := self.read(here)) == 3 and text, 10, "three lines")
        self.assertEqual([line["at_us"] for line in lines], [1_000_000, 1_000_001, 1_000_002])

    def read(self, path):
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def test_what_goes_on_there_ends_with_who_listens(self):
        machine = self.machine("ocs")
        mark = self.folder / "ended"
        process = machine.begin("waits", f"sh -c 'trap \"touch {mark}; exit\" TERM; echo up; while :; do sleep 0.1; done'")
        process.line("up", 10)
        process.stop()
        wait_until(mark.exists, 10, "the command to be told")

    def test_a_command_that_fails_says_where_and_why(self):
        with self.assertRaisesRegex(Failed, "ocs: cat /no/such/file ended with 1"):
            self.machine("ocs").ask("cat", "/no/such/file")

    def test_a_command_that_hangs_is_given_up(self):
        began = time.monotonic()
        with self.assertRaisesRegex(Failed, "ocs: sleep 60"):
            self.machine("ocs").ask("sleep", 60, limit=0.2)
        self.assertLess(time.monotonic() - began, 50)


if __name__ == "__main__":
    PROGRAMS, WORK = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main(verbosity=2)
