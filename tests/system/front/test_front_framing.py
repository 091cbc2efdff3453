#!/usr/bin/env python3
"""What comes in pieces, in heaps or broken: the stream of one OCS host. Called with the directory of the programs."""

import asyncio
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import front_case  # noqa: E402
import sip  # noqa: E402
from front_case import FrontEnd  # noqa: E402

# Bodies that look like the end of a message and the beginning of another.
TRAPS = (
    b"<a>\r\n\r\nBYE sip:x SIP/2.0\r\nContent-Length: 5\r\n\r\n\0\xff</a>",
    b"\r\n\r\n",
    b"\r\n\r\n\r\n\r\nINVITE sip:gateway@cti.example.test SIP/2.0\r\nCall-ID: d0@ocs\r\n\r\n",
    b"Content-Length: 0\r\n\r\nSIP/2.0 200 OK\r\nCSeq: 2 INFO\r\n\r\n",
    bytes(range(256)) * 20,
)


class Pieces(FrontEnd):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.client = await self.site.connect()
        self.dialogs = await self.sign_in_many([self.client], len(TRAPS))

    def requests(self, cseq):
        """An INFO with a trap for each dialog."""
        pairs = zip(self.dialogs.items(), TRAPS)
        return [sip.request("INFO", call_id, cseq, to_tag=tag, body=body) for (call_id, (tag, _)), body in pairs]

    def passed(self):
        return [each.raw for node in (self.site.pub, self.site.sub) for each in node.seen if each.method == "INFO"]

    async def test_requests_in_single_bytes_arrive_whole(self):
        requests = self.requests(2)
        answers = [self.client.expect(raw) for raw in requests]
        for i, byte in enumerate(b"".join(requests)):
            self.client.write(bytes([byte]))
            if i % 64 == 0:
                await asyncio.sleep(0)
        self.assertEqual({each.status for each in await asyncio.wait_for(asyncio.gather(*answers), 20)}, {200})
        self.assertCountEqual(self.passed(), requests)

    async def test_fifty_messages_in_one_segment_arrive_in_order(self):
        requests = [raw for cseq in range(2, 12) for raw in self.requests(cseq)]
        self.assertEqual(len(requests), 50)
        answers = [self.client.expect(raw) for raw in requests]
        self.client.write(b"\r\n\r\n".join(requests))
        self.assertEqual({each.status for each in await asyncio.wait_for(asyncio.gather(*answers), 20)}, {200})
        self.assertCountEqual(self.passed(), requests)
        for call_id in self.dialogs:
            mine = [m.cseq for n in (self.site.pub, self.site.sub) for m in n.seen
                    if m.call_id == call_id and m.method == "INFO"]
            self.assertEqual(mine, list(range(2, 12)))

    async def test_answers_and_events_of_a_node_in_single_bytes_arrive_whole(self):
        events = []
        for (call_id, (tag, node)), body in zip(self.dialogs.items(), TRAPS):
            writer, _ = self.site.nodes[node].dialogs[call_id]
            raw = sip.request("INFO", call_id, 1, from_tag=tag, to_tag="ocs", body=body)
            events.append(raw)
            for i, byte in enumerate(raw):
                writer.write(bytes([byte]))
                if i % 64 == 0:
                    await asyncio.sleep(0)
        got = [await asyncio.wait_for(self.client.events.get(), 10) for _ in events]
        self.assertCountEqual([each.raw for each in got], events)


def broken():
    """(what it is, bytes, the statuses that may answer it)."""
    good = sip.request("INVITE", "bad@ocs", 1)
    length = b"Content-Length: 0"
    return (
        ("no Content-Length", good.replace(length, b"X: 0"), {400}),
        ("two that differ", good.replace(length, length + b"\r\nContent-Length: 7"), {400}),
        ("negative", good.replace(length, b"Content-Length: -1"), {400}),
        ("no number", good.replace(length, b"Content-Length: ten"), {400}),
        ("more than 64 bits", good.replace(length, b"Content-Length: 99999999999999999999"), {400, 413}),
        ("a body of 4 GB", good.replace(length, b"Content-Length: 4294967295"), {400, 413}),
        ("NUL in a header", good.replace(b"Max-Forwards: 70", b"Max\0Forwards: 70"), {400}),
        ("NULs", b"\0" * 5000 + b"\r\n\r\n", set()),
        ("a head of 100 kB", good.replace(b"Max-Forwards", b"X: " + b"y" * 100_000 + b"\r\nMax-Forwards"), {400, 413, 513}),
        ("a line of 100 kB", b"INVITE " + b"y" * 100_000, set()),
        ("many headers", good.replace(b"Max-Forwards", b"X: y\r\n" * 2000 + b"Max-Forwards"), {400, 513}),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 40 + b"\r\n\r\n", set()),
    )


class Broken(FrontEnd):
    async def said_and_closed(self, raw):
        """All that a broken stream is told until its end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        writer.write(raw)
        try:
            return await asyncio.wait_for(reader.read(), 8)
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    async def test_a_broken_stream_is_told_400_or_cut_and_disturbs_no_other(self):
        good = await self.site.connect()
        dialogs = await self.sign_in_many([good], 4)
        for name, raw, statuses in broken():
            with self.subTest(name):
                answer = await self.said_and_closed(raw)
                told = {int(each) for each in re.findall(rb"(?m)^SIP/2\.0 (\d+)", answer)}
                self.assertLessEqual(told, statuses, answer)
        for call_id, (tag, _) in dialogs.items():
            self.assertEqual(await self.info(good, call_id, tag), 200)
        self.assertNotIn("bad@ocs", [each.call_id for each in self.site.pub.seen + self.site.sub.seen])

    async def test_good_requests_before_a_broken_one_are_answered(self):
        """They came whole, so they are not lost with what came behind them."""
        for name, raw, _ in broken():
            with self.subTest(name):
                before = sip.request("OPTIONS", "ping@ocs", 1)
                answer = await self.said_and_closed(before + raw)
                self.assertTrue(answer.startswith(b"SIP/2.0 200 "), answer)


class KeepAlives(FrontEnd):
    async def test_a_ping_between_messages_gets_a_pong(self):
        """RFC 5626 section 3.5.1: two line ends are asked, one answers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        for _ in range(3):
            writer.write(b"\r\n\r\n")
            self.assertEqual(await asyncio.wait_for(reader.readexactly(2), 5), b"\r\n")
        writer.write(sip.request("OPTIONS", "ping@ocs", 1) + b"\r\n\r\n")
        self.assertEqual((await asyncio.wait_for(sip.read_message(reader), 5)).status, 200)
        self.assertEqual(await asyncio.wait_for(reader.readexactly(2), 5), b"\r\n")
        writer.close()

    async def test_nothing_closes_a_quiet_connection_within_two_hours(self):
        """Two hours are not waited for: the limits that could end it are looked at, and that it outlives the short ones."""
        with open(self.site.path("haproxy.cfg")) as file:
            config = file.read()
        for name in ("client", "server", "tunnel"):
            hours = [int(each) for each in re.findall(rf"(?m)^ +timeout {name} (\d+)h$", config)]
            self.assertTrue(hours and min(hours) >= 2, f"timeout {name}: {hours}")
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 2)
        await asyncio.sleep(3)  # Longer than each limit of HAProxy below the three above, but for two of an ending stream.
        for call_id, (tag, node) in dialogs.items():
            self.assertEqual(await self.info(client, call_id, tag), 200)
        self.assertEqual(len(self.site.pub.legs) + len(self.site.sub.legs), 2)
        self.assertFalse(client.closed.is_set())


if __name__ == "__main__":
    front_case.main()
