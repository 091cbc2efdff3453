"""SIP as bytes, as far as scripted peers need it. Shares no code with the product on purpose."""

import asyncio
import itertools
from dataclasses import dataclass, field

_numbers = itertools.count(1)
_SHORT = {b"v": b"via", b"f": b"from", b"t": b"to", b"i": b"call-id", b"l": b"content-length"}


@dataclass
class Message:
    """One message, its bytes as they came, and its headers by lower-case long name."""

    raw: bytes
    start: str
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    def first(self, name):
        return self.headers.get(name, [""])[0]

    @property
    def is_response(self):
        return self.start.startswith("SIP/2.0 ")

    @property
    def status(self):
        return int(self.start.split()[1])

    @property
    def method(self):
        return self.first("cseq").split()[1]

    @property
    def cseq(self):
        return int(self.first("cseq").split()[0])

    @property
    def call_id(self):
        return self.first("call-id")

    @property
    def to_tag(self):
        return parameter(self.first("to"), "tag")

    @property
    def branch(self):
        return parameter(self.first("via"), "branch")


def parameter(value, name):
    for part in value.split(";")[1:]:
        key, _, content = part.partition("=")
        if key.strip() == name:
            return content.strip()
    return ""


def parse_head(head):
    lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    headers = {}
    for line in lines[1:]:
        if not line:
            continue
        name, _, value = line.partition(":")
        name = name.strip().lower()
        name = _SHORT.get(name.encode(), name.encode()).decode()
        headers.setdefault(name, []).append(value.strip())
    return lines[0], headers


async def read_message(reader):
    """The next message; None at the end of the stream. Keep-alives are skipped."""
    try:
        head = await reader.readuntil(b"\r\n")
        while head == b"\r\n":
            head = await reader.readuntil(b"\r\n")
        head += await reader.readuntil(b"\r\n\r\n")
        start, headers = parse_head(head)
        body = await reader.readexactly(int(headers["content-length"][0]))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return Message(head + body, start, headers, body)


def request(method, call_id, cseq, *, from_tag="ocs", to_tag="", body=b"", extra="", branch=None):
    """A request of OCS, whole, with a branch of its own."""
    branch = branch or f"z9hG4bK{next(_numbers)}"
    to = f";tag={to_tag}" if to_tag else ""
    tag = f";tag={from_tag}" if from_tag else ""
    head = (
        f"{method} sip:gateway@cti.example.test SIP/2.0\r\n"
        f"Via: SIP/2.0/TCP 192.0.2.10:5060;branch={branch}\r\n"
        f"Max-Forwards: 70\r\n"
        f"From: <sip:alice@example.test>{tag}\r\n"
        f"To: <sip:gateway@cti.example.test>{to}\r\n"
        f"Call-ID: {call_id}\r\n"
        f"CSeq: {cseq} {method}\r\n"
        f"{extra}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def response(to, status, reason, *, tag="", extra=""):
    """An answer to the message `to`, with its headers copied."""
    target = to.first("to")
    if tag and not to.to_tag:
        target += f";tag={tag}"
    vias = "".join(f"Via: {via}\r\n" for via in to.headers["via"])
    text = (
        f"SIP/2.0 {status} {reason}\r\n{vias}From: {to.first('from')}\r\nTo: {target}\r\n"
        f"Call-ID: {to.call_id}\r\nCSeq: {to.first('cseq')}\r\n{extra}Content-Length: 0\r\n\r\n"
    )
    return text.encode("utf-8", "surrogateescape")
