"""A node as a process of its own, which can be stopped, frozen and killed: linebridge-sim-node."""

import asyncio
import ctypes
import json
import os
import signal


def die_with_parent():
    """In a child before its program begins: SIGTERM when its parent ends, however that ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class SimNode:
    """Looks to the front end as peers.Node does, keeps thousands of dialogs, and counts what is wrong."""

    host = "127.0.0.1"

    def __init__(self, programs, name, directory, log, *words):
        self.program = os.path.join(programs, "linebridge-sim-node")
        self.name, self.log, self.words = name, log, words
        self.control = os.path.join(directory, f"sim-{name}.sock")
        self.port = self.agent_port = 0
        self.process = None

    async def start(self):
        """On the same ports as before, if it ran before."""
        self.process = await asyncio.create_subprocess_exec(
            self.program, "--name", self.name, "--listen", f"{self.host}:{self.port}", "--agent",
            f"{self.host}:{self.agent_port}", "--control", self.control, *self.words, stdout=asyncio.subprocess.PIPE,
            stderr=self.log, preexec_fn=die_with_parent,
        )
        self.port = await self._port("listening")
        self.agent_port = await self._port("agent")
        assert await self._line() == "ready"

    async def _line(self):
        return (await asyncio.wait_for(self.process.stdout.readline(), 20)).decode().strip()

    async def _port(self, word):
        line = await self._line()
        assert line.startswith(word + " "), line
        return int(line.rpartition(":")[2])

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    async def kill(self):
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def say(self, line):
        """A word to its control socket; gives the answer behind "ok"."""
        reader, writer = await asyncio.open_unix_connection(self.control)
        writer.write(line.encode() + b"\n")
        answer = (await asyncio.wait_for(reader.readline(), 10)).decode().strip()
        writer.close()
        assert answer.startswith("ok "), answer
        return answer[3:]

    async def counters(self):
        return json.loads(await self.say("counters"))
