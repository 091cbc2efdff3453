"""One way to talk to a person, whatever the terminal can do. Texts are plain ASCII, so that an old terminal shows them.

Two classes answer to it: whiptail.Whiptail draws boxes, plain.Plain prints lines. Every question may end in one of the
exceptions below instead of an answer.
"""

import contextlib
import textwrap

WIDTH = 72  # of a text: what a box of 76 columns holds
ROWS = 16  # of a text in a box, on 24 rows
PAGE = 16  # of a text that stands alone


class Back(Exception):
    """The person wants the question before this one."""


class Leave(Exception):
    """The person wants out."""


class Left(Leave):
    """The person wants out and was asked whether that is meant."""


class Gone(Exception):
    """Nobody is there any more: end of input, the line dropped, or nothing was typed for too long."""


def ascii_text(text):
    """The text as any terminal can show it: no control characters, nothing beyond ASCII."""
    return "".join(c if c == "\n" or " " <= c <= "~" else "?" for c in text)


def wrapped(text, width=WIDTH):
    """The lines of a text. Paragraphs are separated by line ends; a paragraph that begins with a blank stays whole if it
    can."""
    lines = []
    for paragraph in ascii_text(text.replace("\t", "    ")).split("\n"):
        if len(paragraph) <= width:
            lines.append(paragraph.rstrip())
            continue
        indent = " " * (len(paragraph) - len(paragraph.lstrip()))
        lines += textwrap.wrap(paragraph, width, initial_indent="", subsequent_indent=indent, break_on_hyphens=False)
    return lines


def pages(text, rows=PAGE, width=WIDTH):
    """A text cut into what fits on the screen; at least one page."""
    lines = wrapped(text, width)
    while lines and not lines[-1]:
        lines.pop()
    return ["\n".join(lines[at:at + rows]) for at in range(0, len(lines), rows)] or [""]


def fitting(problem, text, rows=ROWS, width=WIDTH):
    """What stands above an input line: what is wrong first, then as much of the text as there is room for."""
    above = []
    if problem:
        above = wrapped("WRONG: " + problem, width)[:rows - 3] + [""]
    lines = wrapped(text, width)
    room = rows - len(above)
    if len(lines) > room:
        lines = lines[:room - 1] + ["..."]
    return "\n".join(above + lines)


def list_of(text, only_commas=False):
    """The members of a list that was typed in one line, separated by blanks or commas."""
    if only_commas:
        return [" ".join(one.split()) for one in text.split(",") if one.strip()]
    return text.replace(",", " ").split()


class Dialogs:
    """What can be asked. `problem` is what was wrong with the answer given before; that answer comes as `value`."""

    plain = False  # whether it speaks in lines

    def place(self, heading, text=""):
        """Where the questions that follow belong, and what they are about."""

    def say(self, title, text):
        """Shows a text of any length; returns when it was read."""
        raise NotImplementedError

    def ask_text(self, title, text, value="", problem=""):
        """One line, without blanks around it."""
        raise NotImplementedError

    def ask_list(self, title, text, value=(), problem="", only_commas=False):
        """A list, typed in one line. `only_commas`: a blank is part of a member."""
        return list_of(self.ask_text(title, text, ", ".join(value), problem), only_commas)

    def choose(self, title, text, choices, value="", problem="", cancel="Back"):
        """The word of one of `choices`, pairs of a word and its label; words begin with a letter."""
        raise NotImplementedError

    def number(self, title, text, choices):
        """The same for a menu: words are digits, typed and confirmed by Enter."""
        raise NotImplementedError

    def yes_no(self, title, text, value=True, problem="", limit=None):
        """Yes is True. With `limit`, None after so many seconds without an answer."""
        raise NotImplementedError

    def password(self, title, text, problem=""):
        """One line that is never shown, kept or put on a command line."""
        raise NotImplementedError

    def progress(self, title, text):
        """Shows what is being done; nobody is asked anything."""
        raise NotImplementedError

    def new_password(self, title, text, problem="", keep=""):
        """A password typed twice; the empty one at once if `keep` says what that means."""
        while True:
            first = self.password(title, text + (f"\n\nEmpty: {keep}" if keep else ""), problem)
            if not first:
                if keep:
                    return ""
                problem = "a password is needed"
                continue
            if self.password(title, "The same again, so that a slip is noticed.") == first:
                return first
            problem = "the two were not the same; type it twice again"

    @contextlib.contextmanager
    def working(self, title):
        """A function that says what is being done; a terminal that went away meanwhile does not stop the work."""
        said = []

        def say(text):
            said.append(text)
            with contextlib.suppress(OSError, ValueError, Gone):
                self.progress(title, text)

        yield say


def dialogs_for(plain, terminal):
    """Boxes where whiptail and a terminal are; lines for everybody else."""
    import shutil
    from .plain import Plain
    from .whiptail import Whiptail
    if plain or not terminal or not shutil.which("whiptail"):
        return Plain()
    return Whiptail()
