#!/usr/bin/env python3
"""OCS has no connection to us, and a node has something to say: the front end calls it, over TCP and TLS. Called with
the directory of the programs."""

import asyncio
import os
import shutil
import ssl
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "tls")]

import front_case  # noqa: E402
import sip  # noqa: E402
from certificates import Authority  # noqa: E402
from front_case import FrontEnd  # noqa: E402
from front_site import free_ports, until  # noqa: E402
from peers import Ocs  # noqa: E402


class Pool:
    """An OCS host that is called."""

    def __init__(self, context=None):
        self.context = context
        self.calls = []

    async def start(self):
        self.server = await asyncio.start_server(self._take, "127.0.0.1", 0, ssl=self.context)
        self.port = self.server.sockets[0].getsockname()[1]

    def _take(self, reader, writer):
        self.calls.append(Ocs().take(reader, writer))

    def stop(self):
        self.server.close()
        for call in self.calls:
            call.writer.close()

    def common_name(self):
        """Of the certificate that the last caller showed."""
        subject = self.calls[-1].writer.get_extra_info("peercert")["subject"]
        return dict(part for each in subject for part in each)["commonName"]


class Calls(FrontEnd):
    async def asyncSetUp(self):
        self.pool = await self.made_pool()
        self.addCleanup(self.pool.stop)
        self.wish = {"sections": self.sections()}
        await super().asyncSetUp()

    async def made_pool(self, context=None):
        pool = Pool(context)
        await pool.start()
        return pool

    async def deserted(self, call_id):
        """A dialog whose client is gone; returns its node."""
        client = await self.site.connect()
        answer = await client.sign_in(call_id)
        await client.close()

        async def unknown():
            return (await self.site.runtime("show stat splitter 4 -1")).split("\n")[1].split(",")[4] == "0"

        await until(unknown, what="the connection is gone")
        return self.site.nodes[answer.to_tag[:3]]

    async def said(self, node, call_id, route, body=b"<event/>"):
        """The status of the node's event."""
        _, answer = await node.inform(call_id, body, extra=f"Route: <sip:{route};lr>\r\n")
        return answer.status


class Tcp(Calls):
    def sections(self):
        self.down = free_ports(1)[0]
        return f'[ocs]\ntcp = ["127.0.0.1:{self.down}", "127.0.0.1:{self.pool.port}"]\n'

    async def test_a_host_of_the_list_is_called_once_and_heard(self):
        route = f"127.0.0.1:{self.pool.port};transport=tcp"
        node = await self.deserted("quiet")
        for number in range(3):
            self.assertEqual(await self.said(node, "quiet", route, b"<event%d/>" % number), 200)
        self.assertEqual(len(self.pool.calls), 1)
        call = self.pool.calls[0]
        self.assertEqual([(await call.events.get()).body for _ in range(3)], [b"<event0/>", b"<event1/>", b"<event2/>"])
        tag = node.dialogs["quiet"][1]
        self.assertEqual((await call.ask(sip.request("INFO", "quiet", 2, to_tag=tag))).status, 200)

    async def test_the_call_comes_from_the_address_that_ocs_calls(self):
        node = await self.deserted("quiet")
        await self.said(node, "quiet", f"127.0.0.1:{self.pool.port};transport=tcp")
        self.assertEqual(self.pool.calls[0].writer.get_extra_info("peername")[0], "127.0.0.1")

    async def test_nobody_else_is_called(self):
        stranger = await self.made_pool()
        self.addCleanup(stranger.stop)
        node = await self.deserted("quiet")
        self.assertEqual(await self.said(node, "quiet", f"127.0.0.1:{stranger.port};transport=tcp"), 480)
        self.assertEqual(await self.said(node, "quiet", f"127.0.0.1:{self.pool.port};transport=tls"), 480)
        self.assertFalse(stranger.calls or self.pool.calls)

    async def test_a_host_that_is_down_is_not_mistaken_for_another(self):
        node = await self.deserted("quiet")
        self.assertEqual(await self.said(node, "quiet", f"127.0.0.1:{self.down};transport=tcp"), 480)
        self.assertFalse(self.pool.calls)
        await until(lambda: "egress host=ocs1" in self.site.log_text(), what="the log of the failure")


class Tls(Calls):
    legacy = "false"
    newest = None
    shown = "localhost"

    @classmethod
    def setUpClass(cls):
        warnings.simplefilter("ignore", DeprecationWarning)  # Old TLS is tested too.
        cls.folder = tempfile.mkdtemp(prefix="linebridge.")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.authority = Authority(cls.folder, "authority")
        cls.own = cls.authority.sign("own", "gw.example.test")
        cls.ocs = cls.authority.sign("ocs", cls.shown)

    async def made_pool(self, context=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.ocs)
        context.load_verify_locations(self.authority.certificate)
        context.verify_mode = ssl.CERT_REQUIRED
        if self.newest:
            context.set_ciphers("DEFAULT@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = self.newest
        return await super().made_pool(context)

    def sections(self):
        return (
            f'[ocs]\ntls = ["localhost:{self.pool.port}"]\n[tls]\ncertificate = "{self.own[0]}"\nkey = "{self.own[1]}"\n'
            f'client_ca = "{self.authority.certificate}"\nlegacy = {self.legacy}\n'
        )

    async def event(self):
        node = await self.deserted("quiet")
        return await self.said(node, "quiet", f"localhost:{self.pool.port};transport=tls")


class GoodTls(Tls):
    async def test_a_host_is_called_with_our_certificate(self):
        self.assertEqual(await self.event(), 200)
        self.assertEqual(self.pool.common_name(), "gw.example.test")
        self.assertEqual((await self.pool.calls[0].events.get()).body, b"<event/>")


class OldTls(Tls):
    legacy = "true"
    newest = ssl.TLSVersion.TLSv1

    async def test_an_old_host_is_called_if_the_site_allows_it(self):
        self.assertEqual(await self.event(), 200)
        self.assertEqual(self.pool.calls[0].writer.get_extra_info("ssl_object").version(), "TLSv1")


class WrongName(Tls):
    shown = "other.example.test"

    async def test_a_host_with_another_name_hears_nothing(self):
        self.assertEqual(await self.event(), 480)
        self.assertTrue(all(call.events.empty() for call in self.pool.calls))
        await until(lambda: "egress host=ocs1" in self.site.log_text(), what="the log of the failure")


class TooOld(Tls):
    newest = ssl.TLSVersion.TLSv1

    async def test_an_old_host_is_not_called_else(self):
        self.assertEqual(await self.event(), 480)
        self.assertFalse(self.pool.calls)


if __name__ == "__main__":
    front_case.main()
