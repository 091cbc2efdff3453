"""The users of the site, one at a time: sign-in address, line URI, devices."""

from ..problem import Refused
from .dialogs import Back
from .interview import words_of

ADD, DONE = "add", "go-on"
MOST_SHOWN = 200  # in one list; more are managed in the file

TEXT = ("Who may control a phone. Each user has a sign-in address and a line; without users nobody is let in. More can "
        "be added at any time in the menu.")
ADDRESS = ("The address the user signs in with to Office Communicator.\nExample: sip:alice@example.test")
LINE = ("The user's line as it stands in the directory (msRTCSIP-Line). Empty: any line on the user's own devices.\n"
        "Example: tel:1001;phone-context=dialstring")
DEVICES = ("Names of the user's own devices in Unified CM. Empty: the line's only device is taken. Several are separated "
           "by blanks.\nExample: SEP001122334455")
NEW = {"address": "", "assigned": True, "line_uri": "", "devices": []}


def user_problems(engine, candidate, number, key):
    """What is wrong with one key of one user; of the other keys and users nothing."""
    return [problem.what for problem in engine.problems(candidate)
            if problem.document == "site" and problem.key.split("[", 1)[0] == "user"
            and problem.key.startswith(f"user[{number}].{key}")]


class Users:
    """The page of the wizard and the menu's entry."""

    def __init__(self, engine, dialogs, candidate, keep=lambda: None):
        self._engine = engine
        self._dialogs = dialogs
        self._candidate = candidate
        self._keep = keep

    def ask(self, heading="Users", done="Go on", cancel="Back"):
        """Until the person goes on; Back is for the caller."""
        while True:
            users = self._candidate.users
            self._dialogs.place(heading, "")
            choices = [(DONE, done)] if users else []
            choices += [(ADD, "Add a user"), *self._listed(users)]
            choices += [] if users else [(DONE, "No users yet")]
            many = f"\n{len(users)} users; the first {MOST_SHOWN} are listed." if len(users) > MOST_SHOWN else ""
            word = self._dialogs.choose("Users", TEXT + many, choices, DONE if users else ADD, cancel=cancel)
            if word == DONE:
                return
            try:
                self._chosen(word, users)
            except Back:
                self._candidate.set_users(users)
            self._keep()

    @staticmethod
    def _listed(users):
        return [(user.get("address", "") or "(no address)", user.get("line_uri") or ", ".join(user.get("devices", [])))
                for user in users[:MOST_SHOWN]]

    def _chosen(self, word, users):
        if word == ADD:
            self._fill([*users, dict(NEW)], len(users))
            return
        at = next((at for at, user in enumerate(users) if (user.get("address") or "(no address)") == word), None)
        if at is None:
            return
        what = self._dialogs.choose(word, "What shall be done with this user?", self._orders(users[at]), "change")
        changed = [dict(user) for user in users]
        if what == "remove":
            if self._dialogs.yes_no("Remove", f"Shall {word} be removed?", False):
                self._candidate.set_users(changed[:at] + changed[at + 1:])
        elif what in ("grant", "withdraw"):
            changed[at]["assigned"] = what == "grant"
            self._candidate.set_users(changed)
        else:
            self._fill(changed, at)

    @staticmethod
    def _orders(user):
        assigned = ("withdraw", "Withdraw phone control, keep the user") if user.get("assigned") else \
            ("grant", "Grant phone control")
        return [("change", "Change address, line and devices"), assigned, ("remove", "Remove the user")]

    def _fill(self, users, at):
        """Asks for the three of one user; Back goes to the one before, and in the end out."""
        asked = [("address", "Sign-in address", ADDRESS), ("line_uri", "Line", LINE), ("devices", "Devices", DEVICES)]
        step = 0
        while step < len(asked):
            try:
                self._ask_one(users, at, *asked[step])
                step += 1
            except Back:
                if step == 0:
                    raise
                step -= 1

    def _ask_one(self, users, at, key, title, text):
        user = users[at]
        value, problem = user.get(key, NEW[key]), ""
        while True:
            if key == "devices":
                value = self._dialogs.ask_list(title, text, value, problem)
            else:
                value = self._dialogs.ask_text(title, text, value, problem)
            user[key] = value
            problem = self._judged(users, at, key, value)
            if not problem:
                return

    def _judged(self, users, at, key, value):
        if key == "address" and not value:
            return "is missing: write the sign-in address, sip:NAME@DOMAIN"
        try:
            self._candidate.set_users(users)
            return words_of(user_problems(self._engine, self._candidate, at + 1, key))
        except Refused as refused:
            return str(refused)
