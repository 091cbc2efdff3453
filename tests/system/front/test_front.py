#!/usr/bin/env python3
"""The front end as a whole: HAProxy, the splitter, scripted nodes. Called with the directory of the programs."""

import asyncio
import os
import signal
import sys
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import front_case  # noqa: E402
import sip  # noqa: E402
from front_case import FrontEnd  # noqa: E402
from front_site import until  # noqa: E402

ODD_BODY = b"<a>\r\n\r\nBYE sip:x SIP/2.0\r\nContent-Length: 5\r\n\r\n\0\xff" + bytes(range(256)) + b"</a>"


class Placing(FrontEnd):
    async def test_dialogs_of_one_connection_go_to_the_nodes_in_turn(self):
        dialogs = await self.sign_in_many([await self.site.connect()], 100)
        nodes = [node for _, node in dialogs.values()]
        self.assertEqual(Counter(nodes), {"pub": 50, "sub": 50})
        self.assertTrue(all(a != b for a, b in zip(nodes, nodes[1:])), nodes)

    async def test_dialogs_of_four_connections_go_to_the_nodes_in_turn(self):
        clients = [await self.site.connect() for _ in range(4)]
        dialogs = await self.sign_in_many(clients, 100)
        nodes = [node for _, node in dialogs.values()]
        self.assertTrue(all(a != b for a, b in zip(nodes, nodes[1:])), nodes)

    async def test_a_burst_is_split_in_halves(self):
        clients = [await self.site.connect() for _ in range(4)]
        answers = await asyncio.gather(*(clients[i % 4].sign_in(f"b{i}") for i in range(400)))
        self.assertEqual(Counter(each.to_tag[:3] for each in answers), {"pub": 200, "sub": 200})

    async def test_a_node_learns_where_the_dialog_comes_from(self):
        client = await self.site.connect()
        long_id = "c" * 80
        await self.sign_in_many([client], 1)
        await client.sign_in(long_id)
        await client.sign_in('odd "id" %[x]; {}')
        first, second, third = self.site.pub.legs[0], self.site.sub.legs[0], self.site.pub.legs[1]
        self.assertEqual(first["source"], client.writer.get_extra_info("sockname"))
        self.assertEqual(first["destination"], ("127.0.0.1", self.site.port))
        self.assertEqual((first[5], first[2]), ("d0@ocs", "new"))
        self.assertRegex(second[5], "^[0-9a-f]{64}$")
        self.assertEqual(third[5], 'odd "id" %[x]; {}')

    async def test_a_dialog_keeps_its_node_on_whatever_connection_it_goes_on(self):
        clients = [await self.site.connect() for _ in range(3)]
        dialogs = await self.sign_in_many(clients, 12)
        for i, (call_id, (tag, node)) in enumerate(dialogs.items()):
            for step in range(3):
                raw = sip.request("INFO", call_id, 2 + step, to_tag=tag, body=b"<MakeCall/>")
                self.assertEqual((await clients[(i + step) % 3].ask(raw)).status, 200)
                self.assertEqual(self.site.nodes[node].seen[-1].raw, raw)
        self.assertEqual(len(self.site.pub.legs) + len(self.site.sub.legs), 12)

    async def test_a_drained_node_keeps_its_dialogs_and_gets_no_new_ones(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 4)
        await self.site.runtime("set server nodes/pub state drain")
        more = await self.sign_in_many([client], 4, "late")
        self.assertEqual({node for _, node in more.values()}, {"sub"})
        for call_id, (tag, _) in dialogs.items():
            self.assertEqual((await client.ask(sip.request("INFO", call_id, 2, to_tag=tag))).status, 200)
        await self.site.runtime("set server nodes/pub state ready")
        again = await self.sign_in_many([client], 4, "again")
        self.assertEqual(Counter(node for _, node in again.values()), {"pub": 2, "sub": 2})

    async def test_a_node_drains_itself_and_returns_by_its_agent(self):
        client = await self.site.connect()
        self.site.pub.agent_says = "up 0%"
        await self.site.until_weight("pub", 0)
        drained = await self.sign_in_many([client], 4)
        self.assertEqual({node for _, node in drained.values()}, {"sub"})
        self.site.pub.agent_says = "up 100%"
        await self.site.until_weight("pub", 100)
        again = await self.sign_in_many([client], 4, "again")
        self.assertEqual(Counter(node for _, node in again.values()), {"pub": 2, "sub": 2})

    async def test_an_administrators_drain_outlives_the_agents_answers(self):
        client = await self.site.connect()
        await self.site.runtime("set server nodes/pub state drain")
        await asyncio.sleep(1.5)  # At least one more answer of the agent.
        dialogs = await self.sign_in_many([client], 4)
        self.assertEqual({node for _, node in dialogs.values()}, {"sub"})


class Passing(FrontEnd):
    async def test_bytes_pass_unchanged_both_ways(self):
        client = await self.site.connect()
        ((call_id, (tag, node)),) = (await self.sign_in_many([client], 1)).items()
        odd = "x-Odd:   two  blanks\t\r\n folded\r\nv: SIP/2.0/TCP 198.51.100.7;branch=below\r\n"
        raw = sip.request("INFO", call_id, 2, to_tag=tag, body=ODD_BODY, extra=odd)
        self.assertEqual((await client.ask(raw)).status, 200)
        self.assertEqual(self.site.nodes[node].seen[-1].raw, raw)
        raw, answer = await self.site.nodes[node].inform(call_id, ODD_BODY)
        self.assertEqual(answer.status, 200)
        self.assertEqual((await client.events.get()).raw, raw)

    async def test_a_stream_may_come_in_single_bytes(self):
        client = await self.site.connect()
        raw = sip.request("INVITE", "slow@ocs", 1, body=b"<x/>\r\n\r\n")
        answer = client.expect(raw)
        for i in range(len(raw)):
            client.write(raw[i : i + 1])
            if i % 16 == 0:
                await asyncio.sleep(0.001)
        self.assertEqual((await asyncio.wait_for(answer, 5)).status, 200)
        self.assertEqual(self.site.pub.seen[0].raw, raw)

    async def test_many_dialogs_may_come_in_one_write(self):
        client = await self.site.connect()
        invites = [sip.request("INVITE", f"w{i}", 1, body=ODD_BODY) for i in range(50)]
        answers = [client.expect(raw) for raw in invites]
        client.write(b"".join(invites))
        await asyncio.wait_for(asyncio.gather(*answers), 5)
        passed = self.site.pub.seen + self.site.sub.seen
        self.assertEqual({m.raw for m in passed if m.method == "INVITE"}, set(invites))

    async def test_events_come_on_the_connection_that_the_dialog_used_last(self):
        first, second = await self.site.connect(), await self.site.connect()
        dialogs = await self.sign_in_many([first], 20)
        for call_id, (tag, _) in list(dialogs.items())[::2]:
            await second.ask(sip.request("INFO", call_id, 2, to_tag=tag))
        await asyncio.gather(*(self.site.nodes[node].inform(c, c.encode()) for c, (_, node) in dialogs.items()))
        for client, expected in ((second, list(dialogs)[::2]), (first, list(dialogs)[1::2])):
            got = {client.events.get_nowait().body.decode() for _ in expected}
            self.assertEqual(got, set(expected))
            self.assertTrue(client.events.empty())

    async def test_events_follow_ocs_to_its_new_connection(self):
        client = await self.site.connect()
        ((call_id, (_, node)),) = (await self.sign_in_many([client], 1)).items()
        await client.close()
        again = await self.site.connect()
        await again.ask(sip.request("OPTIONS", "ping", 1))  # It is through to the splitter.
        _, answer = await self.site.nodes[node].inform(call_id, b"<event/>")
        self.assertEqual(answer.status, 200)
        self.assertEqual((await again.events.get()).body, b"<event/>")

    async def test_a_node_without_a_connection_to_ocs_gets_480(self):
        client = await self.site.connect()
        ((call_id, (_, node)),) = (await self.sign_in_many([client], 1)).items()
        await client.close()

        async def refused():
            try:
                return (await self.site.nodes[node].inform(call_id, b"<event/>"))[1].status == 480
            except asyncio.TimeoutError:
                return False  # The splitter had not heard of the end yet and sent it there.

        await until(refused, within=20, what="480")

    async def test_interleaved_requests_and_events_of_many_dialogs(self):
        clients = [await self.site.connect() for _ in range(4)]
        dialogs = await self.sign_in_many(clients, 100)

        async def talk(i, call_id, tag, node):
            raw = sip.request("INFO", call_id, 2, to_tag=tag, body=call_id.encode() * 50)
            answer, (_, told) = await asyncio.gather(
                clients[i % 4].ask(raw), self.site.nodes[node].inform(call_id, call_id.encode() * 70)
            )
            return answer.status, told.status

        results = await asyncio.gather(*(talk(i, c, t, n) for i, (c, (t, n)) in enumerate(dialogs.items())))
        self.assertEqual(Counter(results), {(200, 200): 100})

    async def test_legs_close_after_bye(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 10)
        for call_id, (tag, _) in dialogs.items():
            self.assertEqual((await client.ask(sip.request("BYE", call_id, 2, to_tag=tag))).status, 200)

        async def closed():
            return (await self.site.server("pub"))["scur"] == (await self.site.server("sub"))["scur"] == "0"

        await until(closed, what="no leg is open")


class Guarding(FrontEnd):
    async def test_options_and_keep_alives_are_answered_without_a_node(self):
        client = await self.site.connect()
        client.write(b"\r\n\r\n")
        answer = await client.ask(sip.request("OPTIONS", "ping", 1))
        self.assertEqual(answer.status, 200)
        self.assertFalse(self.site.pub.legs or self.site.sub.legs)

    async def test_garbage_on_one_connection_disturbs_no_other(self):
        good = await self.site.connect()
        dialogs = await self.sign_in_many([good], 4)
        for garbage in (
            b"\x16\x03\x01\x02\x00\x01\x00\n" * 10,
            b"A" * 100_000,
            b"\0" * 5000 + b"\n",
            sip.request("INVITE", "bad", 1).replace(b"Content-Length: 0", b"Content-Length: -1"),
            sip.request("INVITE", "bad", 1).replace(b"Content-Length: 0", b"Content-Length: 99999999999999999999"),
            sip.request("INVITE", "bad", 1).replace(b"Content-Length: 0", b"X: 0"),
            sip.request("INVITE", "bad", 1, extra="X: y\r\n" * 200),
        ):
            bad = await self.site.connect()
            bad.answers = _AnyAnswer()
            bad.write(garbage)
            await asyncio.wait_for(bad.closed.wait(), 5)
        for call_id, (tag, _) in dialogs.items():
            self.assertEqual((await good.ask(sip.request("INFO", call_id, 2, to_tag=tag))).status, 200)

    async def test_a_dialog_that_nobody_knows_gets_481(self):
        client = await self.site.connect()
        for tag in ("pub-1", "sub-1", "forged"):
            answer = await client.ask(sip.request("INFO", "unknown", 2, to_tag=tag))
            self.assertEqual(answer.status, 481)


class Failing(FrontEnd):
    async def test_a_node_dies_and_the_other_takes_everything(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 8)
        await self.site.pub.kill()
        for call_id, (tag, node) in dialogs.items():
            answer = await client.ask(sip.request("INFO", call_id, 2, to_tag=tag))
            self.assertEqual(answer.status, 481 if node == "pub" else 200)
        more = await self.sign_in_many([client], 6, "after")
        self.assertEqual({node for _, node in more.values()}, {"sub"})
        await self.site.until_status("pub", "DOWN")
        await self.site.pub.start()
        await self.site.until_status("pub", "UP")
        again = await self.sign_in_many([client], 6, "again")
        self.assertEqual(Counter(node for _, node in again.values()), {"pub": 3, "sub": 3})

    async def test_requests_in_flight_when_a_node_dies_are_answered_by_the_other(self):
        client = await self.site.connect()
        self.site.pub.invite_status = None
        answer = asyncio.create_task(client.ask(sip.request("INVITE", "lost", 1)))
        await until(lambda: self.site.pub.count("INVITE"), what="the INVITE is there")
        await self.site.pub.kill()
        answer = await answer
        self.assertEqual((answer.status, answer.to_tag[:3]), (200, "sub"))

    async def test_without_any_node_sign_ins_get_503_and_dialogs_481(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 2)
        await self.site.pub.kill()
        await self.site.sub.kill()
        await self.site.until_status("pub", "DOWN")
        await self.site.until_status("sub", "DOWN")
        answer = await client.ask(sip.request("INVITE", "none", 1))
        self.assertEqual(answer.status, 503)
        self.assertGreater(int(answer.first("retry-after")), 0)
        for call_id, (tag, _) in dialogs.items():
            self.assertEqual((await client.ask(sip.request("INFO", call_id, 2, to_tag=tag))).status, 481)
        await self.site.sub.start()
        await self.site.until_status("sub", "UP")
        self.assertEqual((await client.sign_in("back")).status, 200)

    async def test_a_503_of_one_node_is_not_seen_by_ocs(self):
        client = await self.site.connect()
        self.site.pub.invite_status = 503
        dialogs = await self.sign_in_many([client], 6)
        self.assertEqual({node for _, node in dialogs.values()}, {"sub"})
        self.assertGreaterEqual(self.site.pub.count("INVITE"), 3)
        self.site.sub.invite_status = 503
        answer = await client.ask(sip.request("INVITE", "both", 1))
        self.assertEqual((answer.status, answer.first("retry-after")), (503, "7"))

    async def test_dialogs_outlive_the_splitter(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 6)
        await self.site.stop_program(self.site.splitter, signal.SIGKILL)
        await asyncio.wait_for(client.closed.wait(), 5)
        os.unlink(self.site.path("split.sock"))
        await self.site.start_splitter()
        again = await self.site.connect()
        for call_id, (tag, node) in dialogs.items():
            self.assertEqual((await again.ask(sip.request("INFO", call_id, 2, to_tag=tag))).status, 200)
            self.assertEqual(self.site.nodes[node].seen[-1].call_id, call_id)

    async def test_dialogs_outlive_haproxy(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 6)
        await self.site.stop_program(self.site.haproxy, signal.SIGKILL)
        await asyncio.wait_for(client.closed.wait(), 5)
        await self.site.start_haproxy()
        self.assertTrue(await self.site.answers(), self.site.log_text())
        again = await self.site.connect()
        for call_id, (tag, _) in dialogs.items():
            self.assertEqual((await again.ask(sip.request("INFO", call_id, 2, to_tag=tag))).status, 200)

    async def test_the_splitter_ends_in_order(self):
        client = await self.site.connect()
        await self.sign_in_many([client], 2)
        await self.site.stop_program(self.site.splitter)
        self.assertEqual(self.site.splitter.returncode, 0, self.site.log_text())
        await asyncio.wait_for(client.closed.wait(), 5)


class Program(FrontEnd):
    async def metrics(self, request=b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
        reader, writer = await asyncio.open_unix_connection(self.site.path("splitter.sock"))
        writer.write(request)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer.decode()

    async def test_it_counts_what_it_does(self):
        client = await self.site.connect()
        await self.sign_in_many([client], 3)
        text = await self.metrics()
        self.assertTrue(text.startswith("HTTP/1.1 200 "), text)
        self.assertRegex(text, r"linebridge_splitter_dialogs_total\{[^}]*\} 3\n")
        self.assertRegex(text, r"linebridge_legs\{[^}]*\} 3\n")

    async def test_its_local_socket_takes_wrong_requests(self):
        self.assertIn(" 404 ", await self.metrics(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        self.assertIn(" 405 ", await self.metrics(b"PUT /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        self.assertIn(" 400 ", await self.metrics(b"\0\1\2 garbage\r\n\r\n"))

    async def test_a_second_one_does_not_take_its_place(self):
        with self.assertRaises(AssertionError):
            await self.site.run("linebridge-splitter", "--config", self.site.path("linebridge.toml"))
        self.assertIn("split.sock", self.site.log_text())
        client = await self.site.connect()
        self.assertEqual((await client.sign_in("still here")).status, 200)

    async def test_it_says_what_is_wrong_with_its_configuration(self):
        with open(self.site.path("wrong.toml"), "w") as file:
            file.write("[front]\nlisten = 7\n")
        with self.assertRaises(AssertionError):
            await self.site.run("linebridge-splitter", "--config", self.site.path("wrong.toml"))
        self.assertIn("front.listen", self.site.log_text())


class _AnyAnswer(dict):
    """Takes every answer."""

    def pop(self, *_):
        return asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    front_case.main()
