#!/usr/bin/env python3
"""Many at once: a node is drained under load, and more come than there is room for. Called with the directory of the
programs."""

import asyncio
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
    wish = {"processes": True}

    async def drained(self, begin, end):
        """Drains the publisher by `begin` while all dialogs talk, ends those of it, and takes it back by `end`."""
        clients = [await self.site.connect() for _ in range(4)]
        dialogs = await self.sign_in_at_once(clients, 100)
        traffic = Traffic(self, clients, dialogs)
        await until(lambda: traffic.sign_ins[200] > 20, what="sign-ins")
        await begin()
        await until(lambda: self.until_drained(traffic), what="all sign-ins go elsewhere")
        await traffic.stop()
        self.assertEqual(set(traffic.sign_ins), {200})
        self.assertEqual([set(each) for each in traffic.answers.values()], [{200}, {200}])
        for call_id, tag in {**on(dialogs, "pub"), **on(traffic.made, "pub")}.items():
            answer = await clients[0].ask(sip.request("BYE", call_id, 99999, to_tag=tag))
            self.assertEqual(answer.status, 200)

        async def empty():
            return (await self.site.server("pub"))["scur"] == "0"

        await until(empty, what="the drained node holds no leg")
        await end()
        await self.site.until_weight("pub", 100)
        again = await self.sign_in_many(clients, 10, "again")
        self.assertEqual(Counter(node for _, node in again.values()), {"pub": 5, "sub": 5})
        for node in self.site.nodes.values():
            self.assertEqual((await node.counters())["wrong"], 0)

    def until_drained(self, traffic):
        return len(traffic.order) > 30 and set(traffic.order[-30:]) == {"sub"}

    async def test_by_the_runtime_api_breaks_no_dialog(self):
        await self.drained(
            lambda: self.site.runtime("set server nodes/pub state drain"),
            lambda: self.site.runtime("set server nodes/pub state ready"))

    async def test_by_the_nodes_agent_breaks_no_dialog(self):
        await self.drained(lambda: self.site.pub.say("agent up 0%"), lambda: self.site.pub.say("agent up 100%"))


class Overload(FrontEnd):
    wish = {"dialogs": 60}
    room = 57  # 95 %

    async def test_a_full_front_end_refuses_at_once_and_what_is_there_goes_on(self):
        clients = [await self.site.connect() for _ in range(4)]
        dialogs, refused = await self.fill(clients, self.room + 5)
        self.assertLessEqual(len(dialogs), self.wish["dialogs"])
        self.assertGreaterEqual(len(dialogs), self.room - 2)
        self.assertEqual(set(refused), {503})
        # Ten times as many again at once.
        more = [clients[i % 4].ask(sip.request("INVITE", f"burst{i}@ocs", 1), 10) for i in range(10 * self.room)]
        more = asyncio.gather(*more)
        for cseq in range(2, 5):
            statuses = await asyncio.gather(
                *(self.info(clients[i % 4], c, t, cseq) for i, (c, (t, _)) in enumerate(dialogs.items())))
            self.assertEqual(set(statuses), {200})
        burst = await more
        self.assertEqual(Counter(each.status for each in burst), {503: 10 * self.room})
        # OCS may believe the Retry-After: it must come back within seconds, and not all at once.
        waits = Counter(int(each.first("retry-after")) for each in burst)
        self.assertTrue(1 <= min(waits) and max(waits) <= 10 and len(waits) > 2, waits)
        await self.leave(clients[0], dict(list(dialogs.items())[:20]))
        again, refused = await self.fill(clients, 15, "again")
        self.assertEqual((len(again), refused), (15, []))

    async def fill(self, clients, count, name="d"):
        """Signs in one by one. Returns who is in, and the statuses of who is not."""
        dialogs, refused = {}, []
        for i in range(count):
            answer = await clients[i % 4].sign_in(f"{name}{i}@ocs")
            if answer.status == 200:
                dialogs[f"{name}{i}@ocs"] = (answer.to_tag, answer.to_tag[:3])
            else:
                refused.append(answer.status)
        return dialogs, refused

    async def leave(self, client, dialogs):
        legs = await self.legs()
        for call_id, (tag, _) in dialogs.items():
            await client.ask(sip.request("BYE", call_id, 99, to_tag=tag))

        async def gone():
            return await self.legs() <= legs - len(dialogs)

        await until(gone, what="their legs are closed")

    async def legs(self):
        return sum([int((await self.site.server(name))["scur"]) for name in ("pub", "sub")])


if __name__ == "__main__":
    front_case.main()
