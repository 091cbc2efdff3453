"""A client and its home server in one, behind a further proxy: it keeps the route set of its dialog as RFC 3261 section
12.1.2 says and sends its requests by it. To the proxy it is one address, whatever connection it uses."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system" / "path"))

from csta_client import Client  # noqa: E402


class RoutedClient(Client):
    def __init__(self, connection, name, number, call_id, address):
        super().__init__(connection, name, number, call_id)
        self.address = address
        self.own_route = f"<sip:{address};transport=tcp;lr;signed=0a1b>"
        self.target = "sip:ctigw@gw.example.test"
        self.recorded = []  # Record-Route of the answer to the INVITE
        self.routes = []    # what is left to send, without our own

    def request(self, method, body="", uri=None):
        self.number += 1
        branch = f"z9hG4bK-{self.name}-{self.number}-{method}"
        lines = [
            f"{method} {uri or self.target} SIP/2.0", f"Via: SIP/2.0/TCP {self.address};branch={branch}", "Max-Forwards: 70",
            *(f"Route: {route}" for route in self.routes),
            f"From: <sip:{self.name}@example.test>;tag={self.name}1;epid={self.epid}",
            "To: <sip:ctigw@gw.example.test>" + (f";tag={self.tag}" if self.tag else ""),
            f"Call-ID: {self.call_id}", f"CSeq: {self.number} {method}", f"Content-Length: {len(body.encode())}"]
        if method in ("INVITE", "UPDATE"):
            lines += [f"Record-Route: {self.own_route}", f"Contact: <sip:{self.name}@example.test;opaque=user:epid:x;gruu>",
                      "Supported: timer"]
        if body:
            lines.append("Content-Type: application/csta+xml")
        return branch, "\r\n".join(lines) + "\r\n\r\n" + body

    def sign_in(self):
        answer = self.ask("INVITE", self.invite())
        if answer.status == 200:
            self.tag = re.search(r";tag=([^;]+)", answer.first("To")).group(1)
            self.target = re.search(r"<([^>]+)>", answer.first("Contact")).group(1)
            self.recorded = answer.all("Record-Route")
            self.routes = [route for route in reversed(self.recorded) if route != self.own_route]
            self.connection.send(self.request("ACK")[1])
        return answer

    def refresh(self, method, body=""):
        answer = self.ask(method, body)
        if method == "INVITE":
            self.connection.send(self.request("ACK")[1])
        return answer
