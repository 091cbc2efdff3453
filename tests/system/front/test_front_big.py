#!/usr/bin/env python3
"""Ten thousand dialogs on one and on four connections: nobody's message goes to another, nodes and links take turns.
Called with the directory of the programs of a release build."""

import asyncio
import json
import os
import re
import subprocess
import sys
import unittest
from collections import Counter

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "lab")]

import front_case  # noqa: E402
from front_case import FrontEnd  # noqa: E402
from picture import LINE_SERVER, Person, Picture, Wish  # noqa: E402

DIALOGS = 10_000
HELD = 4_000
INFOS = 10
LIMIT = 150


def load_words(programs, front, server, words):
    return [os.path.join(programs, "linebridge-sim-ocs"), "load", "--next-hop", front, "--server", server, "--json",
            "--limit", str(LIMIT), *map(str, words)]


def told(title, report):
    """What the machine did, for who reads the log of the tests."""
    kinds = {key: value for key, value in report.items() if isinstance(value, (int, float))}
    print(f"\n{title}: {json.dumps(kinds)}", flush=True)


class Echo(FrontEnd):
    """Nodes that send each text back in the answer and in a request of their own."""

    # Ended dialogs keep their legs for 5 s, so there is room for those beside the ones at work.
    wish = {"processes": True, "dialogs": 8500}

    async def asyncSetUp(self):
        await super().asyncSetUp()
        for node in self.site.nodes.values():
            await node.kill()
            node.words = ("--refused", "nobody")
            await node.start()
        for name in self.site.nodes:
            await self.site.until_status(name, "UP")

    async def load(self, *words):
        command = load_words(self.programs, f"127.0.0.1:{self.site.port}", "sip:gateway@cti.example.test",
                             ["--echo", *words])
        program = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=self.site.log)
        out, _ = await asyncio.wait_for(program.communicate(), LIMIT + 20)
        report = json.loads(out)
        self.assertEqual((program.returncode, report["errors"]), (0, {}), report["error_texts"])
        return report

    async def nodes(self):
        return [await node.counters() for node in self.site.nodes.values()]

    async def ten_thousand(self, connections):
        report = await self.load("--connections", connections, "--sessions", DIALOGS, "--infos", INFOS, "--refused", 5,
                                 "--window", 100, "--rate", 1200)
        told(f"{DIALOGS} dialogs, {connections} connection(s)", report)
        nodes = await self.nodes()
        self.assertEqual(sum(each["invites"] for each in nodes), DIALOGS)
        self.assertLessEqual(abs(nodes[0]["invites"] - nodes[1]["invites"]), 1, nodes)
        self.assertEqual(sum(each["refused"] for each in nodes), report["refused"])
        accepted = DIALOGS - report["refused"]
        self.assertTrue(0 < report["refused"] < DIALOGS / 10)
        for name in ("infos", "events", "answers"):
            self.assertEqual(sum(each[name] for each in nodes), INFOS * accepted, name)
        for each in nodes:
            self.assertEqual((each["wrong"], each["unknown"], each["events_refused"], each["dialogs"]), (0, 0, 0, 0), each)

    async def test_ten_thousand_dialogs_on_one_connection(self):
        await self.ten_thousand(1)

    async def test_ten_thousand_dialogs_on_four_connections(self):
        await self.ten_thousand(4)

    async def test_four_thousand_dialogs_at_once(self):
        report = await self.load("--connections", 4, "--sessions", HELD, "--infos", 2, "--hold", 3, "--info-rate", 2000,
                                 "--rate", 1500)
        told(f"{HELD} dialogs at once", report)
        nodes = await self.nodes()
        self.assertEqual(report["most_held"], HELD)
        self.assertEqual([each["most_dialogs"] for each in nodes], [HELD // 2] * 2)
        for each in nodes:
            self.assertEqual((each["wrong"], each["unknown"], each["answers"]), (0, 0, each["events"]), each)

    async def test_broken_streams_by_the_thousand_cost_no_memory(self):
        before = self.memory()
        junk = b"INVITE sip:x SIP/2.0\r\n" + b"X: " + b"y" * 100_000
        for _ in range(40):
            await asyncio.gather(*(self.broken(junk) for _ in range(50)))
        self.assertLess(self.memory() - before, 32 * 1024)

    async def broken(self, junk):
        """2,000 of these are 200 MB."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        writer.write(junk)
        try:
            await asyncio.wait_for(reader.read(), 20)
        except ConnectionError:
            pass
        writer.close()

    def memory(self):
        """KiB of the splitter."""
        with open(f"/proc/{self.site.splitter.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


class RealNodes(unittest.TestCase):
    """The same with real nodes, each with a link to both of two CTI Managers."""

    people = tuple(Person(f"u{number:05d}", f"{number:05d}") for number in range(1, 501))

    def setUp(self):
        self.picture = Picture(FrontEnd.programs, Wish(people=self.people, ocs=False, dialogs=8500))
        self.addCleanup(lambda: self.assertFalse(self.picture.stop()))
        self.picture.start()

    def load(self, *words):
        command = load_words(FrontEnd.programs, self.picture.front, LINE_SERVER, ["--users", len(self.people), *words])
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def report(self, program):
        out, _ = program.communicate(timeout=LIMIT + 20)
        report = json.loads(out)
        self.assertEqual((program.returncode, report["errors"]), (0, {}), report["error_texts"])
        return report

    def invites(self):
        return [self.picture.status(role)["counters"]["invites"] for role in ("publisher", "subscriber")]

    def test_ten_thousand_sessions_take_nodes_and_links_in_turn(self):
        report = self.report(self.load("--connections", 4, "--sessions", DIALOGS, "--infos", 2, "--refused", 5,
                                       "--window", 50))
        told(f"{DIALOGS} sessions on real nodes", report)
        pub, sub = self.invites()
        self.assertEqual(pub + sub, DIALOGS)
        self.assertLessEqual(abs(pub - sub), 1)

    def test_four_thousand_sessions_at_once_with_calls(self):
        sessions = HELD * 100 // 95 + 1
        program = self.load("--connections", 4, "--sessions", sessions, "--calls", 1, "--infos", 2, "--refused", 5, "--hold",
                            8, "--info-rate", 500, "--window", 50)
        most = self.most_links(program)
        report = self.report(program)
        told(f"{report['most_held']} sessions at once on real nodes", report)
        pub, sub = self.invites()
        self.assertLessEqual(abs(pub - sub), 1)
        for links in most:
            self.assertEqual(set(links), {1, 2})
            self.assertLessEqual(abs(links[1] - links[2]), 1, links)
        self.assertEqual(sum(sum(links.values()) for links in most), report["most_held"])
        self.assertGreaterEqual(report["most_held"], HELD)

    def most_links(self, program):
        """Sessions by link, for each node, when there were most."""
        most = [Counter(), Counter()]
        while program.poll() is None:
            for place, role in enumerate(("publisher", "subscriber")):
                now = Counter({link["number"]: link["sessions"] for link in self.picture.status(role)["links"]})
                if sum(now.values()) > sum(most[place].values()):
                    most[place] = now
            try:
                program.wait(1)
            except subprocess.TimeoutExpired:
                pass
        return most


if __name__ == "__main__":
    front_case.main()
