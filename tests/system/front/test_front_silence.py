#!/usr/bin/env python3
"""Nodes that say nothing any more: their packets are lost, or they take requests and never answer. Called with the
directory of the programs; with --long it also waits until TCP itself has noticed. Runs itself in a network namespace
of its own, where packets of one address can be lost."""

import asyncio
import os
import subprocess
import sys
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import front_case  # noqa: E402
import sip  # noqa: E402
from front_case import FrontEnd, on  # noqa: E402
from front_site import until  # noqa: E402

HOST = "192.0.2.10"  # Of a node. Here while the address is ours, lost in a cable without an end when it is not.
INSIDE = "LINEBRIDGE_NAMESPACE"
LONG = "--long" in sys.argv
WATCHDOG = 15


def ip(words):
    subprocess.run(["ip", *words.split()], check=True, env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})


def make_network():
    """Whatever is not on this host goes into a cable whose other end nobody listens at."""
    for words in ("link set lo up", "link add cable type veth peer name end", "link set cable arp off",
                  "link set end up", "link set cable up", "route add default dev cable", f"addr add {HOST}/32 dev lo"):
        ip(words)


class Lost(FrontEnd):
    wish = {"host": HOST}

    async def asyncSetUp(self):
        self.here = True
        await super().asyncSetUp()
        self.addCleanup(self.find)
        self.client = await self.site.connect()
        self.dialogs = await self.sign_in_many([self.client], 6)

    def lose(self):
        ip(f"addr del {HOST}/32 dev lo")
        self.here = False

    def find(self):
        if not self.here:
            ip(f"addr add {HOST}/32 dev lo")
        self.here = True

    def legs_with_keep_alive(self):
        """Seconds until the first probe of each connection from HAProxy to the node."""
        legs = []
        with open("/proc/net/tcp") as file:
            for row in file.read().splitlines()[1:]:
                words = row.split()
                kind, when = words[5].split(":")
                if int(words[2].rpartition(":")[2], 16) == self.site.pub.port and words[3] == "01" and kind == "02":
                    legs.append(int(when, 16) / os.sysconf("SC_CLK_TCK"))
        return legs

    async def test_a_node_whose_packets_are_lost_is_put_out_and_its_requests_are_answered(self):
        legs = len(on(self.dialogs, "pub"))
        await until(lambda: len(self.legs_with_keep_alive()) == legs, what="TCP watches each leg")
        self.assertLessEqual(max(self.legs_with_keep_alive()), 30)
        self.lose()
        infos = [self.info(self.client, c, t, within=WATCHDOG + 5) for c, t in on(self.dialogs, "pub").items()]
        infos = [asyncio.create_task(each) for each in infos]
        invites = await asyncio.gather(*(self.client.sign_in(f"lost{i}@ocs") for i in range(4)))
        self.assertEqual(Counter((each.status, each.to_tag[:3]) for each in invites), {(200, "sub"): 4})
        await self.site.until_status("pub", "DOWN")
        self.assertLessEqual(set(await asyncio.gather(*infos)), {481, 500})
        for call_id, tag in on(self.dialogs, "sub").items():
            self.assertEqual(await self.info(self.client, call_id, tag), 200)
        self.find()
        await self.site.until_status("pub", "UP")
        again = await self.sign_in_many([self.client], 4, "again")
        self.assertEqual(Counter(node for _, node in again.values()), {"pub": 2, "sub": 2})

    if LONG:

        async def test_without_checks_tcp_ends_a_leg_within_a_minute(self):
            await self.site.runtime("disable health nodes/pub")
            await self.site.runtime("disable agent nodes/pub")
            self.lose()

            async def none():
                return (await self.site.server("pub"))["scur"] == "0"

            await until(none, 65, "the legs are gone")


class Mute(FrontEnd):
    async def test_the_splitter_answers_in_place_of_a_node_that_does_not(self):
        client = await self.site.connect()
        dialogs = await self.sign_in_many([client], 4)
        self.site.pub.mute = True
        asked = [self.info(client, c, t, within=WATCHDOG + 5) for c, t in on(dialogs, "pub").items()]
        asked = [asyncio.create_task(each) for each in asked]
        await until(lambda: self.site.pub.count("INFO") == 2, what="the node has both requests")
        for call_id, tag in on(dialogs, "sub").items():
            self.assertEqual(await self.info(client, call_id, tag), 200)
        self.assertEqual(await asyncio.gather(*asked), [500, 500])
        # What the node says too late goes to nobody: a second answer would not be expected here.
        for message in self.site.pub.seen:
            if message.method == "INFO":
                self.site.pub.dialogs[message.call_id][0].write(sip.response(message, 200, "Late"))
        self.site.pub.mute = False
        for call_id, (tag, _) in dialogs.items():
            self.assertEqual(await self.info(client, call_id, tag, 3), 200)
        self.assertFalse(client.task.done())

    if LONG:

        async def test_a_sign_in_that_no_node_answers_is_refused(self):
            client = await self.site.connect()
            self.site.pub.mute = self.site.sub.mute = True
            answer = await client.ask(sip.request("INVITE", "mute@ocs", 1), 60)
            self.assertGreaterEqual(answer.status, 500)


if __name__ == "__main__":
    if INSIDE not in os.environ:
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--user", "--map-root-user", "--net", sys.executable, "-B", *sys.argv])
    if LONG:
        sys.argv.remove("--long")
    make_network()
    front_case.main()
