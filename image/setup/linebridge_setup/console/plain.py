"""Dialogs in lines: prompts on the standard output, answers from the standard input, no escape sequence anywhere.

`?` shows the explanation again, `<` goes back, `<<` leaves, an empty line keeps what stands in brackets, a single `-`
means nothing at all. Scripts and screen readers use it, and terminals that can do nothing else.
"""

import contextlib
import os
import select
import sys
import termios
import time

from .dialogs import Back, Dialogs, Gone, Leave, wrapped

LONGEST = 4096  # of a line
IDLE = 3600  # seconds without a key, then nobody is there


class Plain(Dialogs):
    """`idle` is the longest wait for a line, in seconds."""

    plain = True

    def __init__(self, source=None, out=None, idle=IDLE):
        self._source = source if source is not None else sys.stdin.fileno()
        self._out = out or sys.stdout
        self._idle = idle
        self._left = b""
        self._explained = None
        self._heading_now = ""

    def place(self, heading, text=""):
        if heading != self._heading_now:
            self._heading_now = heading
            if heading:
                self._print(f"\n== {heading} ==" + (f"\n{text}" if text else ""))

    def say(self, title, text):
        self._heading(title)
        self._print(text)

    def progress(self, title, text):
        self._print("  " + text)

    def ask_text(self, title, text, value="", problem=""):
        self._explain(title, text, problem)
        kept = f" [{value}]" if value else ""
        while True:
            line = self._answer(f"{title}{kept}: ", text)
            if line == "-":
                return ""
            return line or value

    def choose(self, title, text, choices, value="", problem="", cancel="Back"):
        return self._one_of(title, text, choices, value, problem)

    def number(self, title, text, choices):
        self._explained = None
        return self._one_of(title, text, choices, "", "")

    def _one_of(self, title, text, choices, value, problem):
        numbered = all(word.isdigit() for word, _ in choices)
        words = [word for word, _ in choices]
        listed = [f"  {word}  {label}" if numbered else f"  {at}  {word}" + (f" - {label}" if label else "")
                  for at, (word, label) in enumerate(choices, 1)]
        whole = (text + "\n" if text else "") + "\n".join(listed)
        self._explain(title, whole, problem)
        kept = f" [{value}]" if value else ""
        while True:
            line = self._answer(f"{title}{kept}: ", whole) or value
            if line in words:
                return line
            begin = [word for word in words if line and word.startswith(line.lower())]
            if not numbered and len(begin) == 1:
                return begin[0]
            if not numbered and line.isascii() and line.isdigit() and 0 < int(line[:6]) <= len(words):
                return words[int(line[:6]) - 1]
            self._wrong(f"'{line}' is none of these: " + ", ".join(words) if line else "choose one of these: " + ", ".join(words))

    def yes_no(self, title, text, value=True, problem="", limit=None):
        self._explain(title, text, problem)
        until = None if limit is None else time.monotonic() + limit
        while True:
            line = self._answer(f"{title} (yes or no) [{'yes' if value else 'no'}]: ", text, until)
            if line is None:
                return None
            if line.lower() in ("", "y", "yes", "n", "no"):
                return value if not line else line.lower().startswith("y")
            self._wrong(f"'{line}' is neither yes nor no")

    def password(self, title, text, problem=""):
        self._explain(title, text, problem)
        with self._no_echo():
            line = self._answer(f"{title} (not shown): ", text, keep_blanks=True)
        return line

    # The rest: lines in and out.

    def _heading(self, title):
        self._print("")
        self._print(title)
        self._print("-" * min(len(title), 72))

    def _explain(self, title, text, problem):
        """The explanation stands once; what was wrong stands under the question instead of it."""
        if problem:
            self._wrong(problem)
        elif self._explained != (title, text):
            self._heading(title)
            self._print(text)
        self._explained = (title, text)

    def _wrong(self, why):
        self._print("  WRONG: " + why)

    def _print(self, text):
        try:
            for line in wrapped(text, 78):
                print(line, file=self._out)
            self._out.flush()
        except (OSError, ValueError) as lost:
            raise Gone("the line dropped") from lost

    def _answer(self, prompt, text, until=None, keep_blanks=False):
        """One line; None when `until` has come."""
        while True:
            try:
                print(prompt, end="", file=self._out, flush=True)
            except (OSError, ValueError) as lost:
                raise Gone("the line dropped") from lost
            line = self._line(until)
            if line is None:
                self._print("")
                return None
            if not os.isatty(self._source):
                self._print("")
            bare = line.strip()
            if bare == "?":
                self._print(text)
            elif bare == "<":
                raise Back
            elif bare == "<<":
                raise Leave
            elif any(ord(c) < 32 or ord(c) == 127 for c in line):
                self._wrong("a key was pressed that is no character (an arrow, perhaps); type the line again")
            else:
                return line if keep_blanks else bare

    def _line(self, until):
        end = time.monotonic() + self._idle if until is None else until
        while b"\n" not in self._left:
            wait = end - time.monotonic()
            if wait <= 0 or not select.select([self._source], [], [], wait)[0]:
                if until is not None:
                    return None
                raise Gone("nothing was typed for a long time")
            try:
                more = os.read(self._source, LONGEST)
            except OSError as lost:
                raise Gone("the line dropped") from lost
            if not more:
                self._print("")
                raise Gone("the input ended")
            self._left += more
            if len(self._left) > 16 * LONGEST and b"\n" not in self._left:
                raise Gone("a line without end came")
        line, self._left = self._left.split(b"\n", 1)
        return line[:LONGEST].decode("utf-8", "replace").rstrip("\r")

    @contextlib.contextmanager
    def _no_echo(self):
        """What is typed is not shown, where a terminal shows it."""
        try:
            before = termios.tcgetattr(self._source)
        except (termios.error, OSError):
            yield
            return
        silent = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
        termios.tcsetattr(self._source, termios.TCSADRAIN, silent)
        try:
            yield
        finally:
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(self._source, termios.TCSADRAIN, before)
            with contextlib.suppress(OSError, ValueError):
                print(file=self._out, flush=True)
