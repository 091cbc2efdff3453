"""Load on a front end while something happens to it."""

import asyncio
from collections import Counter

WATCHDOG = 15  # Seconds until the splitter answers in a node's place; 20 for an INVITE.


class Traffic:
    """Requests in dialogs, one after the other in each, and new dialogs, until stopped."""

    def __init__(self, case, clients, dialogs, pause=0.05):
        """`pause`: seconds between an answer and the next request of its dialog."""
        self.case, self.clients, self.dialogs, self.pause = case, clients, dialogs, pause
        self.answers = {node: Counter() for node in ("pub", "sub")}  # Statuses, by the node of the dialog.
        self.sign_ins = Counter()
        self.made = {}  # What signed in by it: {Call-ID: (To tag, node)}.
        self.order = []  # The nodes that these came to, in turn.
        self.stopped = False
        self.tasks = [asyncio.create_task(self._talk(i, *each)) for i, each in enumerate(dialogs.items())]
        self.tasks.append(asyncio.create_task(self._sign_in()))

    async def _talk(self, i, call_id, tag_and_node):
        tag, node = tag_and_node
        client = self.clients[i % len(self.clients)]
        cseq = 1
        await asyncio.sleep(self.pause * i / len(self.dialogs))
        while not self.stopped:
            cseq += 1
            status = await self.case.info(client, call_id, tag, cseq, body=call_id.encode() * 20, within=WATCHDOG + 5)
            self.answers[node][status] += 1
            if status == 481:
                return
            await asyncio.sleep(self.pause)

    async def _sign_in(self):
        number = 0
        while not self.stopped:
            number += 1
            call_id = f"new{number}@ocs"
            answer = await self.clients[number % len(self.clients)].sign_in(call_id)
            self.sign_ins[answer.status] += 1
            if answer.status == 200:
                self.made[call_id] = (answer.to_tag, answer.to_tag[:3])
                self.order.append(answer.to_tag[:3])
            await asyncio.sleep(0.01)

    async def stop(self):
        self.stopped = True
        await asyncio.wait_for(asyncio.gather(*self.tasks), 30)
