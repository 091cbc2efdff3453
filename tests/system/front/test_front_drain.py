#!/usr/bin/env python3
"""Nodes that get no new dialogs for a while: an administrator says so, or the node does. Called with the directory of
the programs."""

import asyncio
import json
import os
import sys
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import front_case  # noqa: E402
import sip  # noqa: E402
from front_case import FrontEnd, on  # noqa: E402
from front_site import until  # noqa: E402
from traffic import Traffic  # noqa: E402


class Drain(FrontEnd):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.clients = [await self.site.connect() for _ in range(4)]
        self.dialogs = await self.sign_in_at_once(self.clients, 60)
        self.traffic = Traffic(self, self.clients, self.dialogs)
        await until(lambda: self.traffic.sign_ins[200] > 10, what="sign-ins before the drain")

    async def ordered(self, *words):
        status, out, error = await self.site.linebridge("front", *words)
        self.assertEqual(status, 0, error)
        self.assertEqual(error, "")
        return out

    async def state(self, node):
        answer = json.loads(await self.ordered("status", "--json"))
        return next(each for each in answer["nodes"] if each["node"] == node)

    async def only_the_other_gets_new_ones(self):
        """From here on; and nothing that goes on goes wrong."""
        begin = len(self.traffic.order)
        before = self.traffic.answers["pub"][200]
        await until(lambda: len(self.traffic.order) > begin + 30, what="sign-ins within the drain")
        await until(lambda: self.traffic.answers["pub"][200] > before + 60, what="requests in dialogs of the drained node")
        self.assertEqual(set(self.traffic.order[begin + 1 :]), {"sub"})
        for call_id in on(self.dialogs, "pub"):
            _, answer = await self.site.pub.inform(call_id, b"<event/>")
            self.assertEqual(answer.status, 200)

    async def end_all_of(self, node):
        await self.traffic.stop()
        for call_id, tag in on({**self.dialogs, **self.traffic.made}, node).items():
            answer = await self.clients[0].ask(sip.request("BYE", call_id, 10_000, to_tag=tag))
            self.assertEqual(answer.status, 200)

    async def nothing_broke(self):
        self.assertEqual({status for each in self.traffic.answers.values() for status in each}, {200})
        self.assertEqual(set(self.traffic.sign_ins), {200})

    async def both_get_new_ones(self):
        again = await self.sign_in_many(self.clients[:1], 10, "again")
        self.assertEqual(Counter(node for _, node in again.values()), {"pub": 5, "sub": 5})

    async def test_an_administrator_drains_a_node_until_it_is_empty(self):
        self.assertIn("publisher: drained here, ", await self.ordered("drain", "publisher"))
        await self.only_the_other_gets_new_ones()
        self.assertEqual((await self.state("publisher"))["state"], "drained here")
        waiting = asyncio.create_task(self.ordered("drain", "publisher", "--wait", "30"))
        await self.end_all_of("pub")
        self.assertTrue((await waiting).endswith("publisher: 0 dialogs left\n"))
        self.assertEqual((await self.site.server("pub"))["scur"], "0")
        await self.nothing_broke()
        self.assertIn("publisher: takes new dialogs, 0 dialogs", await self.ordered("ready", "publisher"))
        await self.both_get_new_ones()

    async def test_a_node_drains_itself_until_it_is_empty(self):
        self.site.pub.agent_says = "up 0%"
        await self.site.until_weight("pub", 0)
        await self.only_the_other_gets_new_ones()
        self.assertEqual((await self.state("publisher"))["state"], "drained by itself")
        await self.end_all_of("pub")

        async def empty():
            return (await self.site.server("pub"))["scur"] == "0"

        await until(empty, what="no leg of the drained node is open")
        await self.nothing_broke()
        self.site.pub.agent_says = "up 100%"
        await self.site.until_weight("pub", 100)
        await self.both_get_new_ones()

    async def test_a_wait_that_is_too_short_says_what_is_left(self):
        status, out, error = await self.site.linebridge("front", "drain", "publisher", "--wait", "1")
        self.assertEqual(status, 1)
        self.assertRegex(error, r"publisher: \d+ dialogs left after 1 s; ")
        await self.traffic.stop()

    async def test_who_drains_the_last_node_is_warned(self):
        await self.ordered("drain", "publisher")
        status, out, error = await self.site.linebridge("front", "drain", "subscriber")
        self.assertEqual(status, 0)
        self.assertIn("warning: publisher (drained here) takes no new dialogs either", error)
        await self.traffic.stop()

    async def test_legs_that_are_ended_are_made_anew(self):
        await self.traffic.stop()
        await self.ordered("end", "publisher")
        for call_id, tag in on(self.dialogs, "pub").items():
            self.assertEqual(await self.info(self.clients[0], call_id, tag, 10_000), 200)


if __name__ == "__main__":
    front_case.main()
