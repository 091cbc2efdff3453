"""What the tests of the front end have in common: a site for each test, dialogs on it, and the line to call them by."""

import asyncio
import os
import sys
import unittest

import sip
from front_site import Site


class FrontEnd(unittest.IsolatedAsyncioTestCase):
    """A test with a front end of its own. `wish` is what its Site is made with."""

    programs = ""
    wish = {}

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)  # unittest turns it on; it costs more than the tests.
        self.site = Site(self.programs, **self.wish)
        self.addAsyncCleanup(self.site.stop)
        await self.site.start()

    async def sign_in_many(self, clients, count, name="d"):
        """`count` dialogs in turn over `clients`; returns {Call-ID: (To tag, node)}."""
        dialogs = {}
        for i in range(count):
            call_id = f"{name}{i}@ocs"
            answer = await clients[i % len(clients)].sign_in(call_id)
            self.assertEqual(answer.status, 200)
            dialogs[call_id] = (answer.to_tag, answer.to_tag.partition("-")[0])
        return dialogs

    async def sign_in_at_once(self, clients, count, name="d"):
        """The same, without waiting for one before the next."""
        names = [f"{name}{i}@ocs" for i in range(count)]
        answers = await asyncio.gather(*(clients[i % len(clients)].sign_in(each) for i, each in enumerate(names)))
        self.assertEqual({each.status for each in answers}, {200})
        return {call_id: (each.to_tag, each.to_tag.partition("-")[0]) for call_id, each in zip(names, answers)}

    async def info(self, client, call_id, tag, cseq=2, body=b"", within=8):
        """The status of an INFO's answer."""
        return (await client.ask(sip.request("INFO", call_id, cseq, to_tag=tag, body=body), within)).status


def on(dialogs, node):
    """Those that `node` made."""
    return {call_id: tag for call_id, (tag, owner) in dialogs.items() if owner == node}


def main():
    """Runs the tests of the program that calls this: PROGRAM FOLDER [unittest's words]."""
    FrontEnd.programs = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
