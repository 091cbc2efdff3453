"""What an administrator does on the console once the machine is set up. One number, one thing."""

import contextlib
import time

from .. import fields
from ..problem import Refused
from . import advice, machine, status, summary, support
from .dialogs import Back, Leave
from .interview import Interview
from .turn import Taken, turn
from .users import Users
from .wizard import apply

SHELL = 3  # exit code that says: the log-in goes on in a shell
CONFIRM_WITHIN = 120  # seconds
LOG_LINES = 100
LOG_LINES_IN_BOXES = 1000
LOG_UNITS = ("linebridge-*", "haproxy", "linebridge-gateway@*")
ENTRIES = (("1", "Status"), ("2", "Network"), ("3", "Settings"), ("4", "Users"), ("5", "CTI Managers"), ("6", "Log"),
           ("7", "File for support"), ("8", "Shell"), ("9", "Restart"), ("0", "Log out or switch off"))


class End(Exception):
    """The menu ends with this exit code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def _keys(page):
    return {field.key.split(".")[0] for field in page.fields}


NETWORK = [page for page in fields.PAGES if "network" in _keys(page)]
CTI = [page for page in fields.PAGES if "cti" in _keys(page)]
OTHERS = [page for page in fields.PAGES if page not in NETWORK and page not in CTI]


class Menu:
    """Runs until the person leaves it; gives the exit code."""

    def __init__(self, engine, dialogs, system):
        self._engine = engine
        self._dialogs = dialogs
        self._system = system
        self._orders = {"1": self._status, "2": self._network, "3": self._settings, "4": self._users, "5": self._cti,
                        "6": self._log, "7": self._support, "8": self._shell, "9": self._restart, "0": self._leave}

    def run(self):
        while True:
            try:
                self._once()
            except End as end:
                return end.code
            except (Back, Leave):
                continue
            except Taken as taken:
                self._dialogs.say("Somebody else", f"The settings are being changed on {taken.where} just now. Try again "
                                  "when that has ended.")
            except (Refused, OSError) as trouble:
                self._dialogs.say("It did not work", str(trouble))

    def _once(self):
        host = machine.host_name(self._system)
        where = ", ".join(machine.addresses(self._system)[:3]) or "no address"
        self._dialogs.place(host)
        self._offer_to_confirm()
        try:
            order = self._dialogs.number("Linebridge", f"{host}, {where}", ENTRIES)
        except (Back, Leave):
            order = "0"
        self._orders[order]()

    def _offer_to_confirm(self):
        """Another session, or this one before its line dropped, changed the network."""
        left = self._engine.pending()
        if left:
            self._confirm(left)

    def _status(self):
        self._dialogs.say("Status", status.text(self._engine, self._system))

    def _network(self):
        self._ask_pages(NETWORK, CONFIRM_WITHIN)

    def _cti(self):
        self._dialogs.say("CTI Managers", status.links_text(self._system))
        if self._dialogs.yes_no("Change", "Shall the CTI Managers or the application user be changed?", False):
            self._ask_pages(CTI)

    def _settings(self):
        title = self._dialogs.choose("Settings", "Which page?", [(page.title, "") for page in OTHERS])
        self._ask_pages([page for page in OTHERS if page.title == title])

    def _ask_pages(self, pages, confirm_within=None):
        with turn(self._system):
            candidate = self._engine.candidate()
            interview = Interview(self._engine, self._dialogs, candidate)
            at, from_end = 0, False
            while at < len(pages):
                try:
                    interview.ask_page(pages[at], from_end=from_end)
                    at, from_end = at + 1, False
                except Back:
                    if at == 0:
                        raise
                    at, from_end = at - 1, True
            self._conclude(candidate, confirm_within)

    def _users(self):
        with turn(self._system):
            candidate = self._engine.candidate()
            Users(self._engine, self._dialogs, candidate).ask(done="That is all", cancel="Back")
            self._conclude(candidate)

    def _conclude(self, candidate, confirm_within=None):
        """Shows the difference, asks once, applies; a change of the network must be confirmed."""
        changed = summary.lines(self._engine.candidate(), candidate, False)
        if not changed:
            self._dialogs.say("Nothing changed", "All of it is in force already.")
            return
        problems = self._engine.problems(candidate)
        if problems:
            self._dialogs.say("Not right yet", "This keeps the settings from being put into force:\n\n" +
                              "\n".join("- " + problem.words() for problem in problems))
            return
        self._dialogs.say("Summary", "This will be changed:\n\n" + "\n".join(changed))
        if not self._dialogs.yes_no("Apply", "Shall this be put into force?", True):
            return
        outcome = apply(self._engine, self._dialogs, candidate, confirm_within)
        if outcome is None:
            return
        if outcome.needs_confirmation and not self._confirm(confirm_within or CONFIRM_WITHIN):
            return
        self._dialogs.say("Done", advice.findings_text(outcome.findings) or "The settings are in force.")

    def _confirm(self, seconds):
        """Whether the new settings of the network stay."""
        left = int(min(seconds, self._engine.pending() or 0))
        if left <= 0:
            self._dialogs.say("Taken back", "The former settings of the network are in force again.")
            return False
        until = time.strftime("%H:%M:%S", time.localtime(time.time() + left))
        text = (f"The network has new settings: {', '.join(machine.addresses(self._system)) or 'no address'}.\n\n"
                f"Keep these settings? They are rolled back in {left} s, at {until}, if nobody says yes.")
        try:
            answer = self._dialogs.yes_no("Keep these settings?", text, False, limit=left)
        except (Back, Leave):
            answer = False
        with contextlib.suppress(Refused):  # it may have been taken back this very moment
            if answer:
                self._engine.confirm()
                return True
            if self._engine.pending() is not None:
                self._engine.roll_back()
        self._dialogs.say("Taken back", "The former settings of the network are in force again." if answer is not None else
                          "Nobody answered. The former settings of the network are in force again.")
        return False

    def _log(self):
        lines = LOG_LINES if self._dialogs.plain else LOG_LINES_IN_BOXES
        units = [part for unit in LOG_UNITS for part in ("-u", unit)]
        newest_first = [] if self._dialogs.plain else ["--reverse"]
        done = self._system.run("journalctl", "--no-pager", "-o", "short", "-n", str(lines), *newest_first, *units,
                                seconds=60)
        title = "Log" if self._dialogs.plain else "Log, newest first"
        self._dialogs.say(title, done.out if done.code == 0 and done.out.strip() else f"Nothing: {done.words()}")

    def _support(self):
        with self._dialogs.working("File for support") as say:
            say("collecting status, settings without secrets, and logs")
            name = support.make(self._engine, self._system)
        self._dialogs.say("File for support", support.how_to_fetch(self._engine, self._system, name))

    def _shell(self):
        raise End(SHELL)

    def _restart(self):
        what = self._dialogs.choose("Restart", "What shall be restarted? Users of a node that restarts sign in again by "
                                    "themselves.", [("publisher", "Node publisher alone"),
                                                    ("subscriber", "Node subscriber alone"),
                                                    ("front", "Front end: HAProxy and splitter"),
                                                    ("all", "All services, one after the other"),
                                                    ("machine", "The whole machine")])
        units = {"publisher": machine.UNITS[:1], "subscriber": machine.UNITS[1:2], "front": machine.UNITS[2:],
                 "all": machine.UNITS}.get(what)
        if not self._dialogs.yes_no("Restart", f"Restart {what} now?", False):
            return
        if units is None:
            self._system.tell("systemctl", "--no-block", "reboot")
            raise End(0)
        self._restart_units(units)

    def _restart_units(self, units):
        failed = []
        with self._dialogs.working("Restart") as say:
            for unit in units:
                say(unit)
                done = self._system.tell("systemctl", "restart", unit, seconds=120)
                if done.code != 0:
                    failed.append(f"{unit}: {done.words()}")
        self._dialogs.say("Restart", "\n".join(failed) or "Restarted: " + ", ".join(units))

    def _leave(self):
        what = self._dialogs.choose("Leave", "", [("log-out", "End this session"), ("off", "Switch the machine off")],
                                    "log-out")
        if what == "log-out":
            raise End(0)
        if self._dialogs.yes_no("Switch off", "Switch the whole machine off? Nobody can control a phone by it then.", False):
            self._system.tell("systemctl", "--no-block", "poweroff")
            raise End(0)
