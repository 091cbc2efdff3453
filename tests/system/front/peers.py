"""The two ends of the front end: an OCS host that speaks on a connection, and a node with its legs."""

import asyncio
import secrets
import socket
import struct

import sip

_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


async def read_proxy_header(reader):
    """A PROXY v2 header as a dict: local, source, destination, and the values of its TLVs by type."""
    fixed = await reader.readexactly(16)
    assert fixed[:12] == _SIGNATURE, fixed
    rest = await reader.readexactly(struct.unpack(">H", fixed[14:])[0])
    if fixed[12] & 15 == 0:
        return {"local": True}
    assert fixed[13] == 0x11, fixed
    source, destination, source_port, port = struct.unpack(">4s4sHH", rest[:12])
    header = {
        "local": False,
        "source": (socket.inet_ntoa(source), source_port),
        "destination": (socket.inet_ntoa(destination), port),
    }
    rest = rest[12:]
    while rest:
        size = struct.unpack(">H", rest[1:3])[0]
        header[rest[0]] = rest[3 : 3 + size].decode("utf-8", "surrogateescape")
        rest = rest[3 + size :]
    return header


class Node:
    """A gateway node as the front end sees it: takes legs, accepts every INVITE, knows only its own dialogs."""

    def __init__(self, name, host="127.0.0.1"):
        self.name = name
        self.host = host
        self.check_status = 200  # Of the answer to HAProxy's checks.
        self.agent_says = "up 100%"
        self.invite_status = 200
        self.mute = False  # It takes requests and never answers; its checks are well.
        self.legs = []  # PROXY headers of all legs so far.
        self.checks = 0
        self.seen = []  # All messages of legs.
        self.dialogs = {}  # Call-ID: (writer of its leg, local tag).
        self.cseq = 0
        self.answers = {}  # (Call-ID, CSeq) of our requests: future of the answer.
        self.port = self.agent_port = 0
        self.writers = set()
        self.servers = []

    async def start(self):
        for handler, name in ((self._leg, "port"), (self._agent, "agent_port")):
            server = await asyncio.start_server(handler, self.host, getattr(self, name), backlog=4096)
            setattr(self, name, server.sockets[0].getsockname()[1])
            self.servers.append(server)

    async def kill(self):
        """As kill -9 does: listeners and connections are gone, and so is what the node knew."""
        for server in self.servers:
            server.close()
        self.servers.clear()
        for writer in list(self.writers):
            writer.transport.abort()
        while self.writers:
            await asyncio.sleep(0)
        self.dialogs.clear()

    async def inform(self, call_id, body, extra=""):
        """Sends an INFO in a dialog, with headers more; returns its bytes and its answer."""
        writer, tag = self.dialogs[call_id]
        self.cseq += 1
        raw = sip.request("INFO", call_id, self.cseq, from_tag=tag, to_tag="ocs", body=body, extra=extra)
        answer = self.answers[call_id, self.cseq] = asyncio.get_running_loop().create_future()
        writer.write(raw)
        return raw, await asyncio.wait_for(answer, 5)

    def count(self, method):
        return sum(1 for each in self.seen if not each.is_response and each.method == method)

    async def _agent(self, _, writer):
        writer.write(self.agent_says.encode() + b"\n")
        writer.close()

    async def _leg(self, reader, writer):
        self.writers.add(writer)
        try:
            header = await read_proxy_header(reader)
            if not header["local"]:
                self.legs.append(header)
            while message := await sip.read_message(reader):
                self._take(message, header, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    def _take(self, message, header, writer):
        if header["local"]:
            self.checks += 1
            writer.write(sip.response(message, self.check_status, "Checked", tag="check"))
            return
        self.seen.append(message)
        if message.is_response:
            future = self.answers.pop((message.call_id, message.cseq), None)
            if future and not future.done():
                future.set_result(message)
        elif self.mute:
            pass
        elif message.method == "INVITE" and not message.to_tag:
            self._invite(message, writer)
        elif message.method != "ACK":
            known = message.call_id in self.dialogs
            writer.write(sip.response(message, *((200, "OK") if known else (481, "Call/Transaction Does Not Exist"))))
            if known and message.method == "BYE":
                del self.dialogs[message.call_id]

    def _invite(self, message, writer):
        tag = f"{self.name}-{secrets.token_hex(12)}"
        if self.invite_status == 200:
            self.dialogs[message.call_id] = (writer, tag)
            writer.write(sip.response(message, 200, "OK", tag=tag))
        elif self.invite_status is not None:
            extra = "Retry-After: 7\r\n" if self.invite_status == 503 else ""
            writer.write(sip.response(message, self.invite_status, "No", tag=tag, extra=extra))


class Ocs:
    """One connection of an OCS host. Answers requests of nodes with 200."""

    def __init__(self):
        self.answers = {}  # branch + method: future of the final answer.
        self.events = asyncio.Queue()  # Requests of nodes.
        self.closed = asyncio.Event()

    @classmethod
    async def connect(cls, port, source=None):
        self = cls()
        local = (source, 0) if source else None
        return self.take(*await asyncio.open_connection("127.0.0.1", port, local_addr=local))

    def take(self, reader, writer):
        """Speaks on this connection."""
        self.reader, self.writer = reader, writer
        self.task = asyncio.create_task(self._read())
        return self

    async def _read(self):
        while message := await sip.read_message(self.reader):
            if not message.is_response:
                self.events.put_nowait(message)
                self.writer.write(sip.response(message, 200, "OK"))
                continue
            future = self.answers.pop((message.branch, message.method), None)
            assert future is not None, f"answer to nothing: {message.raw!r}"
            if not future.done():
                future.set_result(message)
        self.closed.set()

    async def close(self):
        self.writer.close()
        await asyncio.wait_for(self.task, 5)

    def write(self, raw):
        self.writer.write(raw)

    def expect(self, raw):
        """A future of the answer to the request `raw`; for who writes it himself."""
        _, headers = sip.parse_head(raw.partition(b"\r\n\r\n")[0])
        key = (sip.parameter(headers["via"][0], "branch"), headers["cseq"][0].split()[1])
        self.answers[key] = asyncio.get_running_loop().create_future()
        return self.answers[key]

    async def ask(self, raw, within=8):
        answer = self.expect(raw)
        self.write(raw)
        return await asyncio.wait_for(answer, within)

    async def sign_in(self, call_id, **more):
        """INVITE, and ACK if it was accepted. Returns the answer."""
        answer = await self.ask(sip.request("INVITE", call_id, 1, **more))
        if answer.status == 200:
            self.write(sip.request("ACK", call_id, 1, to_tag=answer.to_tag))
        return answer
