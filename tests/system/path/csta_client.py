"""Clients behind one scripted OCS connection: SIP with CSTA as bytes, blocking, with limits. Shares no code with the
product on purpose. Every CSTA body that comes is held against the schema."""

import itertools
import re
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lab"))

import schema  # noqa: E402

_branches = itertools.count(1)
SPACE = "http://www.ecma-international.org/standards/ecma-323/csta/ed3"


class Silence(Exception):
    """The other side did not say what was waited for."""


class Message:
    def __init__(self, head, body):
        self.start, _, rest = head.partition("\r\n")
        self.headers = [tuple(part.strip() for part in line.split(":", 1)) for line in rest.split("\r\n") if ":" in line]
        self.body = body

    def first(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def status(self):
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0 ") else 0

    @property
    def event(self):
        found = re.search(r"<(\w+Event)\b", self.body)
        return found.group(1) if found else ""


def inside(body, element):
    found = re.search(f"<{element}>([^<]*)</{element}>", body)
    return found.group(1) if found else ""


def csta(text):
    """A CSTA body: `text` is an element without its namespace."""
    return re.sub(r"^<(\w+)", f'<\\1 xmlns="{SPACE}"', text)


class Connection:
    """One TCP connection of an OCS host, shared by its clients. Answers requests of nodes with 200."""

    def __init__(self, where, answer_events=True):
        host, port = where.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), 5)
        self.data = b""
        self.answer_events = answer_events
        self.requests = []   # Of nodes, in order.
        self.answers = []
        self.closed = False

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def _cut(self):
        self.data = self.data.lstrip(b"\r\n")
        head, end, rest = self.data.partition(b"\r\n\r\n")
        if not end:
            return None
        length = int(re.search(rb"(?im)^content-length: *(\d+)", head).group(1))
        if len(rest) < length:
            return None
        self.data = rest[length:]
        return Message(head.decode(), rest[:length].decode())

    def read(self, until, limit=15):
        """Reads until `until()` gives something true, and gives that."""
        end = time.monotonic() + limit
        while True:
            message = self._cut()
            if message is not None:
                self._take(message)
                continue
            found = until()
            if found:
                return found
            if self.closed:
                raise Silence("the connection was closed")
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                more = self.socket.recv(65536)
            except ConnectionError:
                more = b""
            except TimeoutError:
                raise Silence("nothing came in time") from None
            self.closed = more == b""
            self.data += more

    def _take(self, message):
        if message.first("Content-Type").startswith("application/csta+xml"):
            schema.check(message.body)
        if message.status:
            self.answers.append(message)
            return
        self.requests.append(message)
        if self.answer_events:
            lines = [f"{name}: {value}" for name in ("Via", "From", "To", "Call-ID", "CSeq") for value in message.all(name)]
            self.send("SIP/2.0 200 OK\r\n" + "\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n")

    def answer(self, branch, limit=15):
        def found():
            for message in self.answers:
                if f"branch={branch};" in message.first("Via") + ";" and message.status >= 200:
                    self.answers.remove(message)
                    return message
            return None

        return self.read(found, limit)


class Client:
    """A user's client, as its proxy passes it on."""

    def __init__(self, connection, name, number, call_id, epid="0a1b2c"):
        self.connection = connection
        self.name = name
        self.line = f"tel:{number};phone-context=dialstring"
        self.call_id = call_id
        self.epid = epid
        self.tag = ""
        self.number = 0

    def request(self, method, body="", uri="sip:ctigw@gw.example.test"):
        self.number += 1
        branch = f"z9hG4bK{next(_branches)}"
        to = f";tag={self.tag}" if self.tag else ""
        kind = "Content-Type: application/csta+xml\r\n" if body else ""
        text = (
            f"{method} {uri} SIP/2.0\r\nRecord-Route: <sip:127.0.0.1:5060;transport=tcp;lr>\r\n"
            f"Via: SIP/2.0/TCP 127.0.0.1:5060;branch={branch}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:{self.name}@example.test>;tag={self.name}1;epid={self.epid}\r\n"
            f"To: <sip:ctigw@gw.example.test>{to}\r\nCall-ID: {self.call_id}\r\nCSeq: {self.number} {method}\r\n"
            f"Contact: <sip:{self.name}@example.test>\r\nSupported: timer\r\n{kind}"
            f"Content-Length: {len(body.encode())}\r\n\r\n{body}")
        return branch, text

    def ask(self, method, body="", limit=15, **more):
        branch, text = self.request(method, body, **more)
        self.connection.send(text)
        return self.connection.answer(branch, limit)

    def invite(self):
        line = f'<lcs:line xmlns:lcs="http://schemas.microsoft.com/Lcs/2005/04/RCCExtension">{self.line}</lcs:line>'
        return csta("<RequestSystemStatus><extensions><privateData><private>" + line +
                    "</private></privateData></extensions></RequestSystemStatus>")

    def sign_in(self, **more):
        self.tag = ""
        answer = self.ask("INVITE", self.invite(), **more)
        if answer.status == 200:
            self.tag = re.search(r";tag=([^;]+)", answer.first("To")).group(1)
            self.connection.send(self.request("ACK")[1])
        return answer

    def info(self, body, limit=15):
        return self.ask("INFO", csta(body), limit)

    def monitor(self):
        answer = self.info(f"<MonitorStart><monitorObject><deviceObject>{self.line}</deviceObject></monitorObject></MonitorStart>")
        return inside(answer.body, "monitorCrossRefID")

    def call(self, number, limit=15):
        return self.info(f"<MakeCall><callingDevice>{self.line}</callingDevice><calledDirectoryNumber>{number}"
                         "</calledDirectoryNumber><autoOriginate>doNotPrompt</autoOriginate></MakeCall>", limit)

    def events(self, count):
        """The names of the first `count` events of this client's dialog."""
        def enough():
            mine = [each.event for each in self.connection.requests if each.first("Call-ID") == self.call_id]
            return mine if len(mine) >= count else None

        return self.connection.read(enough)
