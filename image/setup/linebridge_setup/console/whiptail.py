"""Dialogs in boxes by whiptail (newt), for 80x24 without colour. Secrets are typed into whiptail and come back through a
pipe: they are never part of a command line."""

import os
import subprocess

from .dialogs import PAGE, ROWS, Back, Dialogs, Gone, Leave, ascii_text, fitting, pages, wrapped

COLUMNS = 76
FULL = 22  # rows of the highest box: the first and the last row stay free
IDLE = 3600  # seconds without an answer, then nobody is there
OK, CANCEL, ESCAPE = 0, 1, 255
MOST_LISTED = 8  # of a list at once; it scrolls
AROUND = 6  # rows of a box beside its text: frame, input line or blank, buttons


def rows_of(text):
    return text.count("\n") + 1


class Whiptail(Dialogs):
    """`run` starts the program; tests give their own."""

    def __init__(self, heading="Linebridge", idle=IDLE, start=subprocess.Popen):
        self._product = heading
        self._heading = heading
        self._idle = idle
        self._start = start

    def place(self, heading, text=""):
        self._heading = f"{self._product}   {heading}" if heading else self._product

    def say(self, title, text):
        parts = pages(text, PAGE)
        for at, part in enumerate(parts):
            rows = rows_of(part)
            if at + 1 == len(parts):
                self._box("--msgbox", title, part, rows + AROUND, escape_is=OK)
                return
            number = f"{title} ({at + 1} of {len(parts)})"
            code, _ = self._box("--yesno", number, part, rows + AROUND, "--yes-button", "Next page", "--no-button", "Close",
                                escape_is=CANCEL)
            if code == CANCEL:
                return

    def progress(self, title, text):
        lines = wrapped(text)[:ROWS]
        self._box("--infobox", title, "\n".join(lines), len(lines) + AROUND)

    def ask_text(self, title, text, value="", problem=""):
        above = fitting(problem, text)
        return self._asked("--inputbox", title, above, rows_of(above) + AROUND, after=[ascii_text(value)]).strip()

    def number(self, title, text, choices):
        listed = (text + "\n\n" if text else "") + "\n".join(f"  {word}  {label}" for word, label in choices)
        problem = ""
        while True:
            above = fitting(problem, listed)
            line = self._asked("--inputbox", title, above, rows_of(above) + AROUND, after=[""], cancel="Cancel").strip()
            if line in [word for word, _ in choices]:
                return line
            problem = "type the number of what you want, then Enter"

    def choose(self, title, text, choices, value="", problem="", cancel="Back"):
        rows = min(len(choices), MOST_LISTED)
        above = fitting(problem, text, FULL - AROUND - 1 - rows)
        after = [str(rows)]
        for word, label in choices:
            after += [ascii_text(word), ascii_text(label)[:COLUMNS - 14 - min(len(word), 40)]]
        options = ["--default-item", value] if value else []
        return self._asked("--menu", title, above, rows_of(above) + rows + AROUND + 1, *options, after=after, cancel=cancel)

    def yes_no(self, title, text, value=True, problem="", limit=None):
        above = fitting(problem, text, ROWS)
        options = [] if value else ["--defaultno"]
        code, _ = self._box("--yesno", title, above, rows_of(above) + AROUND, *options, limit=limit)
        return None if code is None else code == OK

    def password(self, title, text, problem=""):
        above = fitting(problem, text)
        return self._asked("--passwordbox", title, above, rows_of(above) + AROUND)

    def _asked(self, kind, title, text, rows, *options, after=(), cancel="Back"):
        code, answer = self._box(kind, title, text, rows, "--cancel-button", cancel, *options, after=after)
        if code == CANCEL:
            raise Back
        return answer

    def _box(self, kind, title, text, rows, *options, after=(), escape_is=None, limit=None):
        """Shows one box: its exit code (None when `limit` seconds passed) and the answer."""
        read, write = os.pipe()
        # A text that begins with a dash is no option; "\n" within a text would become a line end.
        command = ["whiptail", "--backtitle", self._heading, "--title", ascii_text(title), "--output-fd", str(write),
                   *options, kind, "--", text.replace("\\", "/") or " ", str(min(rows, FULL)), str(COLUMNS), *after]
        environment = {**os.environ, "LC_ALL": "C"}
        try:
            process = self._start(command, pass_fds=[write], env=environment, stderr=subprocess.PIPE)
        except OSError as missing:
            os.close(read)
            raise Gone(f"whiptail does not start: {missing}") from missing
        finally:
            os.close(write)
        with os.fdopen(read, "rb") as answer, process:
            return self._ended(process, answer, escape_is, limit)

    def _ended(self, process, answer, escape_is, limit):
        try:
            process.wait(limit or self._idle)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait(5)
            if limit:
                return None, ""
            raise Gone("nothing was typed for a long time") from None
        except BaseException:  # a signal for us: no box stays on the screen
            process.terminate()
            process.wait(5)
            raise
        text = answer.read().decode("utf-8", "replace")
        code = process.returncode
        if code in (OK, CANCEL):
            return code, text
        complaint = process.stderr.read().decode("utf-8", "replace").strip()
        if code == ESCAPE and not complaint:
            if escape_is is not None:
                return escape_is, ""
            raise Leave
        raise Gone(f"whiptail ended with {code}: {complaint}")

