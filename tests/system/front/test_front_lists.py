#!/usr/bin/env python3
"""Hosts that the incoming list names, and others. Called with the directory of the programs."""

import asyncio
import json
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import front_case  # noqa: E402
import sip  # noqa: E402
from front_case import FrontEnd  # noqa: E402
from front_site import until  # noqa: E402


class Lists(FrontEnd):
    wish = {"incoming": ["127.0.0.1", "127.0.1.0/28"]}

    async def held(self, source):
        """A connection that says nothing, if it is not cut at once."""
        try:
            stranger = await self.site.connect(source)
            await asyncio.wait_for(stranger.closed.wait(), 0.1)
        except asyncio.TimeoutError:
            return stranger
        except ConnectionError:
            pass
        return None

    async def cut(self):
        _, out, _ = await self.site.linebridge("front", "status", "--json")
        return next(each["cut"] for each in json.loads(out)["listeners"] if each["name"] == "front")

    async def test_hosts_and_networks_of_the_list_get_in(self):
        for number, source in enumerate(("127.0.0.1", "127.0.1.0", "127.0.1.15")):
            client = await self.site.connect(source)
            self.assertEqual((await client.sign_in(f"listed{number}")).status, 200)

    async def test_others_are_told_why_not_and_logged(self):
        for number, source in enumerate(("127.0.0.2", "127.0.1.16")):
            stranger = await self.site.connect(source)
            answer = await stranger.ask(sip.request("INVITE", f"stranger{number}", 1))
            self.assertEqual(answer.status, 403)
            self.assertIn(f"host {source} is not in the list sip.incoming", answer.first("ms-diagnostics"))
            await asyncio.wait_for(stranger.closed.wait(), 5)
            await until(lambda: f"{source}:" in self.site.log_text() and "sip.incoming" in self.site.log_text(), what="the log")
        self.assertFalse(self.site.pub.legs or self.site.sub.legs)

    async def test_only_so_many_are_told_at_once(self):
        client = await self.site.connect()
        crowd = await asyncio.gather(*(self.held(f"127.0.2.{i}") for i in range(1, 41)))
        self.assertEqual(sum(each is not None for each in crowd), 10)
        self.assertEqual(await self.cut(), 30)
        held = 10
        begin = time.monotonic()
        while held < 20 and time.monotonic() - begin < 3:
            held += await self.held("127.0.3.1") is not None
            await asyncio.sleep(0.05)
        self.assertEqual(held, 20)
        await asyncio.sleep(1.2)  # The rate would let one in again.
        self.assertIsNone(await self.held("127.0.3.2"))
        self.assertEqual((await client.sign_in("meanwhile")).status, 200)
        # Who says nothing is not kept, and then others may come.
        await until(lambda: all(each is None or each.closed.is_set() for each in crowd), what="the silent are cut")

        async def room():
            return await self.held("127.0.3.3") is not None

        await until(room, what="others are told again")


if __name__ == "__main__":
    front_case.main()
