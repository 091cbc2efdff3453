"""The first set-up: every page, the users, a look at all of it, and then it is put into place."""

import contextlib

from .. import fields
from ..problem import Refused
from ..system import words_of
from . import advice, summary
from .dialogs import Back, Leave, Left
from .draft import Draft
from .interview import Interview
from .turn import undisturbed
from .users import Users

WELCOME = """\
This sets the machine up. You are asked page by page; each question comes with an explanation and what is in force now. \
Nothing is changed before you have seen everything once more and said "apply".

Have at hand: the address of this machine if it gets none by DHCP, the addresses of the OCS hosts, the names of the CTI \
Managers of Unified CM, and the application user's name and password there."""
KEYS_PLAIN = """\
An empty line keeps what stands in brackets. A single - means: nothing. ? shows the explanation again, < goes back one \
question, << leaves."""
KEYS_BOXES = """\
Enter goes on. Tab moves to the buttons, "Back" goes back one question, Esc leaves; your answers are kept until this \
machine is switched off."""
LEAVE = ("Nothing has been changed. Your answers are kept until this machine is switched off, passwords are not. Leave "
         "the set-up?")
APPLY, CHANGE, LEAVE_WORD = "apply", "change", "leave"


class Wizard:
    """`engine`: what judges and applies; `machine`: what is said of this machine at the end."""

    def __init__(self, engine, dialogs, system, machine=advice.done_text):
        self._engine = engine
        self._dialogs = dialogs
        self._system = system
        self._machine = machine
        self._candidate = engine.candidate()
        self._draft = Draft(system, engine.candidate())
        self._ask_for(self._candidate)
        self._count = len(fields.PAGES) + 2

    def run(self):
        """True once the machine is set up. Raises Leave, Gone; then nothing was changed."""
        self._welcome()
        self._pages(0)
        while True:
            self._look()
            word = self._decision()
            if word == CHANGE:
                self._change()
            elif word == LEAVE_WORD:
                self._offer_to_leave()
            elif self._apply():
                return True

    def _decision(self):
        try:
            return self._dialogs.choose("Apply", "Shall these settings be put into force?", [
                (APPLY, "Put them into force"), (CHANGE, "Change something"), (LEAVE_WORD, "Leave, change nothing")], APPLY)
        except Back:
            return CHANGE
        except Leave:
            return LEAVE_WORD

    def _welcome(self):
        keys = KEYS_PLAIN if self._dialogs.plain else KEYS_BOXES
        self._dialogs.place("Set-up", "")
        self._dialogs.say("Welcome", WELCOME + "\n\n" + keys)
        age = self._draft.age()
        if age is None:
            return
        ago = "less than a minute" if age < 60 else f"{age // 60} minutes" if age < 7200 else f"{age // 3600} hours"
        text = f"There are answers of an earlier start, {ago} old. Passwords are not among them. Go on with these answers?"
        if self._dialogs.yes_no("Earlier answers", text, True):
            self._draft.restore(self._candidate)
        else:
            self._draft.forget()

    def _pages(self, at):
        """From one page to the end of all, back and forth."""
        from_end = False
        while at <= len(fields.PAGES):
            try:
                if at < len(fields.PAGES):
                    self._interview.ask_page(fields.PAGES[at], at + 1, self._count, from_end)
                else:
                    self._users.ask(f"Users ({at + 1} of {self._count})")
                at, from_end = at + 1, False
            except Back:
                if at == 0:
                    self._offer_to_leave()
                at, from_end = max(at - 1, 0), at > 0
            except Left:
                raise
            except Leave:
                self._offer_to_leave()

    def _offer_to_leave(self):
        if self._really_leave():
            raise Left

    def _really_leave(self):
        try:
            return self._dialogs.yes_no("Leave", LEAVE, False)
        except (Back, Leave):
            return False

    def _change(self):
        """One page out of all, or what is wrong."""
        titles = [(page.title, "") for page in fields.PAGES] + [("Users", "")]
        self._dialogs.place("Change something", "")
        try:
            title = self._dialogs.choose("Page", "Which page shall be asked again?", titles)
            page = next((page for page in fields.PAGES if page.title == title), None)
            if page:
                self._interview.ask_page(page)
            else:
                self._users.ask()
        except Back:
            return
        except Left:
            raise
        except Leave:
            self._offer_to_leave()

    def _look(self):
        """The summary; problems that only show when all is together are told here and must be mended first."""
        while True:
            self._dialogs.place(f"Look at it ({self._count} of {self._count})", "")
            problems = self._engine.problems(self._candidate)
            if not problems:
                break
            words = "\n".join("- " + problem.words() for problem in problems)
            self._dialogs.say("Not right yet", "This keeps the settings from being put into force:\n\n" + words)
            self._change_problem(problems[0])
        self._dialogs.say("Summary", "These settings will be put into force:\n\n" +
                          "\n".join(summary.lines(self._engine.candidate(), self._candidate, not self._engine.is_set_up())))

    def _change_problem(self, problem):
        """The field that a problem is about, or any page the person likes."""
        field = next((field for field in fields.FIELDS if field.document == problem.document and
                      problem.key.split("[", 1)[0] == field.key), None)
        try:
            if field and field.applies(self._candidate):
                self._interview.ask(field)
                return
        except Back:
            pass
        except Leave:
            self._offer_to_leave()
        self._change()

    def _apply(self):
        """Whether the person is content with what came of it."""
        outcome = apply(self._engine, self._dialogs, self._candidate)
        if outcome is None:
            return False
        self._draft.forget()
        found = advice.findings_text(outcome.findings)
        if not all(finding.ok for finding in outcome.findings):
            with contextlib.suppress(Back, Leave):
                self._dialogs.say("Settings are in force, but", found)
                text = "Shall something be changed now? The settings stay in force either way, and links are tried again " \
                    "by themselves."
                if self._dialogs.yes_no("Change something now", text, False):
                    self._restart_from_force()
                    self._change()
                    return False
            found = ""
        text = self._machine(self._engine, self._system)
        with contextlib.suppress(Back, Leave):
            self._dialogs.say("Set-up is done", text + ("\n\n" + found if found else ""))
        return True

    def _restart_from_force(self):
        """What is changed from here on is compared with what is in force now."""
        self._candidate = self._engine.candidate()
        self._draft = Draft(self._system, self._engine.candidate())
        self._ask_for(self._candidate)

    def _ask_for(self, candidate):
        self._interview = Interview(self._engine, self._dialogs, candidate, self._draft, self._really_leave)
        self._users = Users(self._engine, self._dialogs, candidate, lambda: self._draft.keep(candidate))


def apply(engine, dialogs, candidate, confirm_within=None):
    """The outcome, or None if it was refused; the reason was shown then."""
    try:
        with undisturbed(), dialogs.working("Putting the settings into force") as say:
            outcome = engine.apply(candidate, say, confirm_within)
    except (Refused, OSError) as trouble:
        why = words_of(trouble) if isinstance(trouble, OSError) else trouble
        dialogs.say("Not applied", f"{why}\n\nWhat was in force stays in force.")
        return None
    if not outcome.ok:
        why = [f"- {problem.words()}" for problem in outcome.problems] + [advice.findings_text(outcome.findings)]
        dialogs.say("Not applied", "\n".join(part for part in why if part) + "\n\nWhat was in force stays in force.")
        return None
    return outcome
