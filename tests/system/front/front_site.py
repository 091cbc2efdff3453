"""A front end of its own for a test: real HAProxy, the real splitter, two scripted nodes, on free ports."""

import asyncio
import contextlib
import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import socket
import tempfile

from peers import Node, Ocs
from sim_node import SimNode, die_with_parent

_CONFIG = """
[sip]
names = ["cti.example.test"]
incoming = {incoming}

[cti]
user = "ctigw"
password_file = "{directory}/password"
managers = ["127.0.0.1:2748"]

[node.publisher]
listen = "{pub.host}:{pub.port}"
agent = "{pub.host}:{pub.agent_port}"
api_socket = "{directory}/publisher.sock"

[node.subscriber]
listen = "{sub.host}:{sub.port}"
agent = "{sub.host}:{sub.agent_port}"
api_socket = "{directory}/subscriber.sock"

[front]
listen = "127.0.0.1:{port}"
run_directory = "{directory}"
statistics = "127.0.0.1:{statistics}"
dialogs = {dialogs}

{sections}
"""


def free_ports(count):
    """Ports that nobody has now. Another process may take one before HAProxy does; start() tries again then."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


async def until(condition, within=10.0, what="condition"):
    """Waits for `condition()`, which may be a coroutine, to be true."""
    end = asyncio.get_running_loop().time() + within
    while True:
        value = condition()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"not within {within} s: {what}")
        await asyncio.sleep(0.02)


def haproxy_command():
    """HAProxy with the words before its own: LINEBRIDGE_HAPROXY, else the one installed here."""
    if "LINEBRIDGE_HAPROXY" in os.environ:
        return shlex.split(os.environ["LINEBRIDGE_HAPROXY"])
    return [shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin")]


class Site:
    """`processes`: the nodes are programs (SimNode) and not scripted here. `master`: HAProxy is master and worker, as
    it is run where it is reloaded. `host`: where the publisher is. `incoming`: the hosts that are listed. `sections`:
    more of its configuration."""

    def __init__(self, programs, dialogs=1000, processes=False, master=False, host="127.0.0.1", incoming=("127.0.0.1",),
                 sections=""):
        self.programs = programs
        self.dialogs = dialogs
        self.master = master
        self.incoming = list(incoming)
        self.sections = sections
        self.directory = tempfile.mkdtemp(prefix="linebridge-front-")
        self.log = open(os.path.join(self.directory, "log"), "wb")
        self.pub, self.sub = (
            SimNode(programs, name, self.directory, self.log) if processes else Node(name) for name in ("pub", "sub")
        )
        self.pub.host = host
        self.nodes = {"pub": self.pub, "sub": self.sub}
        self.haproxy = self.splitter = None
        self.clients = []

    def path(self, name):
        return os.path.join(self.directory, name)

    async def start(self):
        await self.pub.start()
        await self.sub.start()
        with open(self.path("password"), "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write("secret\n")
        for attempt in range(5):
            await self.render()
            await self.start_splitter()
            await self.start_haproxy()
            if await self.answers():
                return
            await self.stop_program(self.splitter, signal.SIGKILL)
        raise AssertionError("front end does not start:\n" + self.log_text())

    async def render(self):
        self.port, statistics = free_ports(2)
        with open(self.path("linebridge.toml"), "w") as file:
            file.write(
                _CONFIG.format(
                    directory=self.directory, pub=self.pub, sub=self.sub, port=self.port, statistics=statistics,
                    dialogs=self.dialogs, incoming=json.dumps(self.incoming), sections=self.sections,
                )
            )
        await self.run("linebridge", "render", "--config", self.path("linebridge.toml"), "--out", self.directory)

    async def run(self, name, *words):
        program = await asyncio.create_subprocess_exec(
            os.path.join(self.programs, name), *words, stdout=self.log, stderr=self.log
        )
        assert await asyncio.wait_for(program.wait(), 20) == 0, self.log_text()

    async def linebridge(self, *words):
        """What the administrator's command says about this site: its status, its output, its complaints."""
        program = await asyncio.create_subprocess_exec(
            os.path.join(self.programs, "linebridge"), *words, "--config", self.path("linebridge.toml"),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )
        out, error = await asyncio.wait_for(program.communicate(), 60)
        return program.returncode, out.decode(), error.decode()

    async def start_splitter(self):
        self.splitter = await asyncio.create_subprocess_exec(
            os.path.join(self.programs, "linebridge-splitter"), "--config", self.path("linebridge.toml"),
            stdout=self.log, stderr=self.log, preexec_fn=die_with_parent,
        )
        await until(lambda: os.path.exists(self.path("split.sock")), what="the splitter listens")

    async def start_haproxy(self):
        how = ["-W", "-S", self.path("master.sock")] if self.master else ["-db"]
        self.haproxy = await asyncio.create_subprocess_exec(
            *haproxy_command(), *how, "-f", self.path("haproxy.cfg"), stdout=self.log, stderr=self.log,
            preexec_fn=die_with_parent,
        )

    async def answers(self):
        """Whether HAProxy is up; false if it ended, for example because its port was taken."""
        while self.haproxy.returncode is None:
            with contextlib.suppress(OSError):
                await self.runtime("show info")
                if self.master:
                    await self.runtime("show proc", "master.sock")
                return True
            await asyncio.sleep(0.02)
        return False

    async def stop_program(self, program, how=signal.SIGTERM):
        if program is None or program.returncode is not None:
            return
        program.send_signal(how)
        try:
            await asyncio.wait_for(program.wait(), 15)
        except asyncio.TimeoutError:
            program.kill()
            await program.wait()
            raise AssertionError("a program did not end on its signal") from None

    async def stop(self):
        for client in self.clients:
            client.writer.close()
        try:
            await self.stop_program(self.splitter)
            await self.stop_program(self.haproxy)
        finally:
            for program in (self.splitter, self.haproxy):
                if program is not None and program.returncode is None:
                    program.kill()
                    await program.wait()
            await self.pub.kill()
            await self.sub.kill()
            self.log.close()
            shutil.rmtree(self.directory)

    def log_text(self):
        self.log.flush()
        with open(self.path("log"), errors="replace") as file:
            return file.read()

    async def connect(self, source=None):
        client = await Ocs.connect(self.port, source)
        self.clients.append(client)
        return client

    async def runtime(self, command, socket="admin.sock", within=10):
        reader, writer = await asyncio.open_unix_connection(self.path(socket))
        writer.write(command.encode() + b"\n")
        writer.write_eof()  # The master answers until its peer ends.
        answer = await asyncio.wait_for(reader.read(), within)
        writer.close()
        return answer.decode()

    async def worker(self):
        """The process that takes new connections."""
        return int(re.search(r"(?m)^Pid: (\d+)", await self.runtime("show info")).group(1))

    async def reload(self):
        """Lets the master begin a new worker; returns when that one took over."""
        before, done = await self.worker(), await self.reloads()
        with contextlib.suppress(ConnectionResetError):
            await self.runtime("reload", "master.sock")

        async def another():
            with contextlib.suppress(OSError, AttributeError):
                return await self.reloads() > done and await self.worker() != before

        await until(another, 20, "a new worker")

    async def reloads(self):
        """How often it was reloaded. The master begins anew with each, and does not answer meanwhile."""
        return int(re.search(r"(?m)^\d+\s+master\s+(\d+)", await self.runtime("show proc", "master.sock")).group(1))

    async def old_workers(self):
        """Workers that a reload has put out of service and that still run."""
        text = await self.runtime("show proc", "master.sock")
        old = text.partition("# old workers")[2].partition("# programs")[0]
        return [int(line.split()[0]) for line in old.splitlines() if re.match(r"\d+\s+worker", line)]

    async def legs_of(self, worker, node=""):
        """How many legs a worker holds, those to one node or all. One that ends while it is asked never answers."""
        try:
            sessions = await self.runtime(f"@!{worker} show sess", "master.sock", 3)
        except asyncio.TimeoutError:
            return 1  # Nobody knows.
        return sum(1 for line in sessions.splitlines() if " fe=place " in line and f" srv={node}" in line)

    async def old_legs(self, node=""):
        """How many legs the workers out of service hold."""
        return sum([await self.legs_of(worker, node) for worker in await self.old_workers()])

    async def server(self, name):
        """HAProxy's row for a node."""
        text = await self.runtime("show stat nodes 4 -1")
        for row in csv.DictReader(io.StringIO(text.lstrip("# "))):
            if row["svname"] == name:
                return row
        raise AssertionError(text)

    async def until_status(self, name, status, within=10):
        """Returns after how many seconds it was so."""
        begin = asyncio.get_running_loop().time()

        async def reached():
            return (await self.server(name))["status"].startswith(status)

        await until(reached, within, what=f"{name} is {status}")
        return asyncio.get_running_loop().time() - begin

    async def until_weight(self, name, weight):
        async def reached():
            return (await self.server(name))["weight"] == str(weight)

        await until(reached, what=f"{name} has weight {weight}")
