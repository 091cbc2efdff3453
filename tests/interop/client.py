"""A signed-in pidgin-sipe: its states, and the messages that its plug-in logged."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from process import Failed, Process  # noqa: E402,F401

_MESSAGE = re.compile(r"MESSAGE START (<+|>+) SIP\([^\n]*\n(.*?)\nMESSAGE END", re.S)


class Message:
    """A SIP message as the plug-in logged it."""

    def __init__(self, incoming, text):
        head, _, self.body = text.partition("\n\n")
        self.start, *lines = head.split("\n")
        self.incoming = incoming
        self.headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.strip().lower(), value.strip())

    @property
    def method(self):
        return self.headers.get("cseq", " ").split()[-1] if self.start.startswith("SIP/2.0") else self.start.split()[0]

    @property
    def element(self):
        """Name of the body's root element, without prefix."""
        found = re.search(r"<(?:\w+:)?(\w+)[\s/>]", re.sub(r"<\?.*?\?>", "", self.body))
        return found[1] if found else ""

    def text(self, name):
        """Text of the first element of this name in the body."""
        found = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)<", self.body)
        return found[1] if found else None


class Client:
    """rcc_client, started and signing in."""

    def __init__(self, program, directory, server, user, name="pidgin-sipe"):
        directory = Path(directory)
        (directory / "purple").mkdir(parents=True)
        self.debug_log = directory / "plugin.log"
        self.process = Process(
            name, [*program.command, "--server", server, "--user", user, "--dir", directory / "purple", "--log",
                   self.debug_log], directory / "states.log", program.environment)
        self._seen = {}

    def state(self, word, limit=10):
        """Waits for the next state line with this first word and gives what stands behind it. Each line is given once;
        other words are neither waited for nor lost."""
        number, line = self.process.line(word, limit, self._seen.get(word, 0))
        self._seen[word] = number + 1
        return line[len(word):].strip()

    def call(self, number):
        self.process.write(f"call {number}\n")
        self.state("CALL-REQUESTED")

    def sign_out(self, limit=10):
        self.process.write("quit\n")
        self.state("SIGNED-OUT", limit)
        return self.process.wait(limit)

    def messages(self):
        text = self.debug_log.read_text(errors="replace") if self.debug_log.exists() else ""
        return [Message(arrows.startswith("<"), body) for arrows, body in _MESSAGE.findall(text)]

    def tail(self, lines=40):
        states = self.process.tail()
        text = self.debug_log.read_text(errors="replace").splitlines() if self.debug_log.exists() else []
        return states + "".join(f"  plugin.log | {line}\n" for line in text[-lines:])
