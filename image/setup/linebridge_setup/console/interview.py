"""Asks for settings, field by field and page by page. Every answer is judged at once; a wrong one says why where it was
given and stays there for correction."""

from ..problem import Refused
from .dialogs import Back, Leave, Left

ADVICE_LIST = "Several are separated by blanks."
ADVICE_LONG_LIST = "Several are separated by commas."


def text_of(field):
    """What stands above the question: why it is asked, how many are meant, an example."""
    text = field.explanation
    if field.kind == "list":
        text += " " + (ADVICE_LONG_LIST if " " in field.example else ADVICE_LIST)
    if field.example:
        text += f"\nExample: {field.example}"
    return text


def words_of(problems):
    """What is wrong with one field, as one sentence."""
    return "; ".join(dict.fromkeys(problems))


class Interview:
    """Changes `candidate` by asking. `draft` keeps what was answered; without one nothing is kept. `really_leave` is asked
    when the person wants out in the middle."""

    def __init__(self, engine, dialogs, candidate, draft=None, really_leave=lambda: True):
        self._really_leave = really_leave
        self._engine = engine
        self._dialogs = dialogs
        self._draft = draft
        self.candidate = candidate

    def ask_page(self, page, number=0, of=0, from_end=False):
        """All fields of a page that apply. Raises Back before the first one. `from_end`: begins with the last."""
        heading = page.title + (f" ({number} of {of})" if of else "")
        at, step = (len(page.fields) - 1, -1) if from_end else (0, 1)
        while at < len(page.fields):
            if at < 0:
                raise Back
            field = page.fields[at]
            if field.applies(self.candidate):
                self._dialogs.place(heading, page.text)
                try:
                    self.ask(field)
                    step = 1
                except Back:
                    step = -1
                except Leave:
                    if self._really_leave():
                        raise Left from None
                    continue
            at += step
            if at == len(page.fields):
                at = self._first_missing(page)

    def _first_missing(self, page):
        """Where a password is wanted after all, because nothing else was given; the end of the page if nowhere."""
        for at, field in enumerate(page.fields):
            if field.kind == "password":
                missing = words_of(self._engine.problems_of(self.candidate, field))
                if missing:
                    self._dialogs.say(field.title, f"The password {missing}.")
                    return at
        return len(page.fields)

    def ask(self, field):
        """One field, until its value is right. Back leaves the value as it was."""
        before = self.candidate.get(field)
        value, problem = before or self._suggested(field), ""
        while True:
            try:
                value = self._answer(field, value, problem)
                problem = self._judged(field, value)
            except BaseException:
                self.candidate.set(field, before)
                raise
            if not problem:
                self._keep()
                return

    def _suggested(self, field):
        """What is likely, from what was said already."""
        host = self.candidate.value("appliance", "host.name") or ""
        if (field.document, field.key) == ("site", "sip.names") and "." in host:
            return [host]
        return self.candidate.get(field)

    def _judged(self, field, value):
        try:
            self.candidate.set(field, value)
            if field.kind == "password" and not value:
                return ""  # an SSH key may follow; the end of the page looks again
            return words_of(self._engine.problems_of(self.candidate, field))
        except Refused as refused:
            return str(refused)

    def _answer(self, field, value, problem):
        text = text_of(field)
        ask = self._dialogs
        if field.kind == "choice":
            return ask.choose(field.title, text, list(field.choices), value or field.choices[0][0], problem)
        if field.kind == "yesno":
            return ask.choose(field.title, text, [("yes", ""), ("no", "")], "yes" if value else "no", problem) == "yes"
        if field.kind == "list":
            return ask.ask_list(field.title, text, value, problem, only_commas=" " in field.example)
        if field.kind in ("password", "secret"):
            return self._secret(field, text, problem) or value
        return ask.ask_text(field.title, text, value, problem)

    def _secret(self, field, text, problem):
        keep = "it stays as it is" if self.candidate.has_secret(field) else ""
        if field.kind == "password":
            return self._dialogs.new_password(field.title, text, problem, keep or "no password")
        return self._dialogs.password(field.title, text + (f"\n\nEmpty: {keep}." if keep else ""), problem)

    def _keep(self):
        if self._draft:
            self._draft.keep(self.candidate)
