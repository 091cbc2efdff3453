#!/usr/bin/env python3
"""Nodes that crash, hang, stop reading, refuse checks, come and go. Called with the directory of the programs; with
--long one of them comes and goes for five minutes."""

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
from traffic import WATCHDOG, Traffic  # noqa: E402

class Crash(FrontEnd):
    async def test_an_idle_node_is_noticed_before_anything_fails(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 6)
        await self.site.pub.kill()
        self.assertLess(await self.site.until_status("pub", "DOWN"), 2)
        more = await self.sign_in_many([client], 10, "after")
        self.assertEqual({node for _, node in more.values()}, {"sub"})
        for call_id, (tag, node) in dialogs.items():
            self.assertEqual(await self.info(client, call_id, tag), 481 if node == "pub" else 200)

    async def test_under_load_no_sign_in_fails_and_no_request_stays_unanswered(self):
        clients = [await self.site.connect() for _ in range(4)]
        dialogs = await self.sign_in_at_once(clients, 60)
        traffic = Traffic(self, clients, dialogs)
        await until(lambda: traffic.sign_ins[200] > 20, what="sign-ins while all is well")
        await self.site.pub.kill()
        self.assertLess(await self.site.until_status("pub", "DOWN"), 2)
        before = traffic.sign_ins[200]
        await until(lambda: traffic.sign_ins[200] > before + 20, what="sign-ins on the other node")
        await traffic.stop()
        self.assertEqual(set(traffic.sign_ins), {200})
        self.assertEqual(set(traffic.answers["sub"]), {200})
        self.assertEqual(traffic.answers["pub"][481], len(on(dialogs, "pub")))
        self.assertLessEqual(set(traffic.answers["pub"]), {200, 481})


class Hang(FrontEnd):
    wish = {"processes": True}

    async def test_a_frozen_node_is_put_out_of_service_and_its_requests_are_answered(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 6)
        self.site.pub.freeze()
        self.addCleanup(self.site.pub.thaw)
        # One of these two goes to the frozen node, which nobody knows yet to be frozen.
        invites = [asyncio.create_task(client.sign_in(f"hung{i}@ocs")) for i in range(2)]
        infos = [asyncio.create_task(self.info(client, c, t, within=WATCHDOG + 5)) for c, t in on(dialogs, "pub").items()]
        took = await self.site.until_status("pub", "DOWN")
        self.assertLess(took, 5)
        for answer in await asyncio.gather(*invites):
            self.assertEqual((answer.status, answer.to_tag[:3]), (200, "sub"))
        self.assertLessEqual(set(await asyncio.gather(*infos)), {481, 500})
        self.assertEqual((await self.site.server("pub"))["scur"], "0")
        for call_id, tag in on(dialogs, "sub").items():
            self.assertEqual(await self.info(client, call_id, tag), 200)
        self.site.pub.thaw()
        await self.site.until_status("pub", "UP")
        again = await self.sign_in_many([client], 6, "again")
        self.assertEqual(Counter(node for _, node in again.values()), {"pub": 3, "sub": 3})
        self.assertEqual((await self.site.sub.counters())["wrong_leg"], 0)


class SlowReader(FrontEnd):
    async def test_a_leg_that_nobody_reads_holds_up_no_other_dialog(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 20)
        slow, (slow_tag, node) = next(iter(dialogs.items()))
        writer, _ = self.site.nodes[node].dialogs[slow]
        writer.transport.pause_reading()
        body = b"x" * 60_000
        stuck = [asyncio.create_task(self.info(client, slow, slow_tag, 2 + i, body, 30)) for i in range(120)]
        del dialogs[slow]
        for cseq in range(2, 22):
            answers = await asyncio.gather(*(self.info(client, c, t, cseq) for c, (t, _) in dialogs.items()))
            self.assertEqual(set(answers), {200})
        # What went over the bounds of that one dialog was refused; the rest waits.
        self.assertTrue(any(not each.done() for each in stuck) or all(each.result() != 200 for each in stuck))
        writer.transport.resume_reading()
        statuses = Counter(await asyncio.gather(*stuck))
        self.assertEqual(sum(statuses.values()), 120)
        self.assertLessEqual(set(statuses), {200, 481, 500, 503}, statuses)


class Checks(FrontEnd):
    async def test_a_node_whose_check_says_503_is_put_out_and_taken_back(self):
        client = await self.site.connect()
        self.site.pub.check_status = 503
        self.assertLess(await self.site.until_status("pub", "DOWN"), 5)
        dialogs = await self.sign_in_many([client], 4)
        self.assertEqual({node for _, node in dialogs.values()}, {"sub"})
        self.site.pub.check_status = 200
        await self.site.until_status("pub", "UP")
        again = await self.sign_in_many([client], 4, "again")
        self.assertEqual(Counter(node for _, node in again.values()), {"pub": 2, "sub": 2})

    async def test_with_both_nodes_gone_sign_ins_are_refused_at_once_and_soon_taken_again(self):
        client = await self.site.connect()
        loop = asyncio.get_running_loop()
        for node in self.site.nodes.values():
            await node.kill()
        for name in self.site.nodes:
            await self.site.until_status(name, "DOWN")
        begin = loop.time()
        for i in range(20):
            answer = await client.ask(sip.request("INVITE", f"none{i}@ocs", 1))
            self.assertEqual(answer.status, 503)
            self.assertIn(int(answer.first("retry-after")), range(1, 11))
        self.assertLess(loop.time() - begin, 2)
        for node in self.site.nodes.values():
            await node.start()
        begin = loop.time()
        number = 0
        while (await client.sign_in(f"back{number}@ocs")).status != 200:
            number += 1
            self.assertLess(loop.time() - begin, 3)
            await asyncio.sleep(0.05)


class Flapping(FrontEnd):
    rounds = 2

    async def test_a_node_that_comes_and_goes_costs_the_other_nothing(self):
        """Its dialogs end once a fall, and sign in once each; those of the other node never notice."""
        clients = [await self.site.connect() for _ in range(2)]
        dialogs = await self.sign_in_many(clients, 20)
        stay, invites = on(dialogs, "pub"), Counter()
        legs = len(self.site.pub.legs)
        for i in range(self.rounds):
            await self.site.sub.kill()
            await self.site.until_status("sub", "DOWN")
            for call_id, tag in on(dialogs, "sub").items():
                status = await self.info(clients[0], call_id, tag, 2 + i)
                self.assertEqual(status, 481)
                del dialogs[call_id]
                dialogs.update(await self.sign_in_many(clients, 1, f"r{i}-{call_id}-"))
                invites[i] += 1
            self.assertEqual(len(on(dialogs, "sub")), 0)
            await self.site.sub.start()
            await self.site.until_status("sub", "UP")
            for call_id, tag in on(dialogs, "pub").items():
                self.assertEqual(await self.info(clients[1], call_id, tag, 100 + i), 200)
            # What signs in from now on is spread again; what is signed in stays where it is.
            dialogs.update(await self.sign_in_many(clients, 10, f"n{i}-"))
            self.assertEqual(len([c for c in on(dialogs, "sub")]), 5)
        self.assertEqual(invites, {0: 10, **{i: 5 for i in range(1, self.rounds)}})
        # Five of each ten; those that signed in again; and a leg for each 481, which the other node had to say.
        expected = legs + sum(2 * count + 5 for count in invites.values())
        self.assertEqual(len(self.site.pub.legs), expected)
        self.assertEqual(self.site.pub.count("INVITE"), expected - sum(invites.values()))


if __name__ == "__main__":
    if "--long" in sys.argv:
        sys.argv.remove("--long")
        Flapping.rounds = 115  # Five minutes.
    front_case.main()
