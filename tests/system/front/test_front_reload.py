#!/usr/bin/env python3
"""HAProxy is reloaded while dialogs go on. The old process keeps its connections, but checks no node any more. Called
with the directory of the programs."""

import asyncio
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import front_case  # noqa: E402
from front_case import FrontEnd, on  # noqa: E402
from front_site import until  # noqa: E402
from traffic import WATCHDOG, Traffic  # noqa: E402


class Reload(FrontEnd):
    dialogs = 2000
    wish = {"processes": True, "master": True, "dialogs": 6000}

    async def no_old_legs(self, node="", within=60):
        async def none():
            return await self.site.old_legs(node) == 0

        await until(none, within, "the old processes hold no legs")

    async def test_ten_times_under_load_fails_nobody(self):
        clients = [await self.site.connect() for _ in range(4)]
        dialogs = await self.sign_in_at_once(clients, self.dialogs)
        self.assertEqual(len(on(dialogs, "pub")), self.dialogs // 2)
        traffic = Traffic(self, clients, dialogs, pause=4)
        for _ in range(10):
            before = traffic.sign_ins[200]
            await self.site.reload()
            await until(lambda: traffic.sign_ins[200] > before + 5, what="sign-ins after a reload")
        await self.no_old_legs()
        await traffic.stop()
        self.assertEqual(set(traffic.sign_ins), {200})
        self.assertEqual([set(each) for each in traffic.answers.values()], [{200}, {200}])
        # Each dialog is where it was: its requests got 200, and events go both ways.
        last = await asyncio.gather(
            *(self.info(clients[i % 4], c, t, 90000) for i, (c, (t, _)) in enumerate(dialogs.items())))
        self.assertEqual(set(last), {200})
        for node in self.site.nodes.values():
            await until(lambda: self.every_event_answered(node), 10, "every event of the node has its answer")
            counters = await node.counters()
            self.assertEqual((counters["wrong"], counters["unknown"], counters["events_refused"]), (0, 0, 0), counters)

    @staticmethod
    async def every_event_answered(node):
        counters = await node.counters()
        return counters["answers"] == counters["events"]


class ReloadThenHang(FrontEnd):
    wish = {"processes": True, "master": True}

    async def test_a_node_that_hangs_after_a_reload_is_noticed_on_legs_of_the_old_process_too(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 200)
        await self.site.reload()
        self.site.pub.freeze()
        self.addCleanup(self.site.pub.thaw)
        asked = [self.info(client, c, t, within=WATCHDOG + 10) for c, t in on(dialogs, "pub").items()]
        asked = [asyncio.create_task(each) for each in asked]
        self.assertLess(await self.site.until_status("pub", "DOWN"), 8)
        self.assertLessEqual(set(await asyncio.gather(*asked)), {481, 500})
        for call_id, tag in on(dialogs, "sub").items():
            self.assertEqual(await self.info(client, call_id, tag), 200)
        await until(lambda: self.none_open("pub"), 30, "no process holds a leg to the frozen node")
        signed = await self.sign_in_many([client], 10, "after")
        self.assertEqual(len(on(signed, "sub")), 10)

    async def none_open(self, node):
        workers = [*await self.site.old_workers(), await self.site.worker()]
        return sum([await self.site.legs_of(worker, node) for worker in workers]) == 0


if __name__ == "__main__":
    front_case.main()
