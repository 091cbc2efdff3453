"""What a person sees at the serial line: a terminal of 80x24 behind the machine's line, read as text."""

import time

import pexpect
import pyte

from process import Failed

COLUMNS, ROWS = 80, 24
QUIET = 0.7  # Seconds without a byte: the box is drawn, and its program waits for keys.
EDGES = " │┌┐└┘├┤─█▒"


class Screen:
    """Fed from machine.serial; while it is used nobody else reads that."""

    def __init__(self, machine):
        self._machine = machine
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self._screen)
        self._stream.use_utf8 = False  # Line drawing by character sets, as a vt220 does it.

    def rows(self):
        return [row.rstrip() for row in self._screen.display]

    def text(self):
        """All that is on it, with one blank between words, frames left out."""
        return " ".join(" ".join(row.strip(EDGES) for row in self.rows()).split())

    def title(self):
        """The title of the box, between the lines of its upper edge."""
        for row in self.rows():
            inner = row.strip()
            if inner.startswith("┌") and inner.endswith("┐"):
                return inner.strip("┌┐─┤├ ")
        return ""

    def read(self, limit):
        """Takes what comes within `limit` seconds; whether anything did."""
        try:
            self._stream.feed(self._machine.serial.read_nonblocking(65536, timeout=limit))
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            raise Failed(f"the machine ended while its screen was read\n{self.picture()}") from None
        return True

    def until(self, seen, limit, what):
        """Until `seen()` holds and nothing moves any more."""
        end = time.monotonic() + limit
        while True:
            moved = self.read(QUIET)
            if not moved and seen():
                return
            if time.monotonic() > end:
                raise Failed(f"not within {limit:g} s on the serial line: {what}\n{self.picture()}")

    def until_title(self, title, limit=90):
        self.until(lambda: self.title() == title, limit, f"a box \"{title}\"")

    def until_text(self, text, limit=90):
        self.until(lambda: text in self.text(), limit, f"the text \"{text}\"")

    def picture(self):
        return "\n".join(f"  screen | {row}" for row in self.rows())

    def send(self, keys):
        self._machine.serial.send(keys)

    def type(self, text):
        """Replaces what stands in the input line."""
        self.send("\x01\x0b" + text)

    def enter(self):
        self.send("\r")
