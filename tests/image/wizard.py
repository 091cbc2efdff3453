"""A person at the serial line who sets the machine up: reads each box, first gives a wrong answer where one is possible,
sees why it is wrong, then gives the right one.

The boxes are those of `linebridge-setup wizard`, in the order of its own list of questions; a question that nobody here
has an answer for fails the test."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "image/setup"))

from documents import ADMINISTRATOR, PASSWORD  # noqa: E402
from linebridge_setup import fields  # noqa: E402
from picture import CTI_PASSWORD, CTI_USER  # noqa: E402
from process import Failed  # noqa: E402
from qemu import HOST  # noqa: E402
from screen import Screen  # noqa: E402

NEXT = 60        # Seconds until the next box stands there.
APPLIED = 240    # Seconds until settings are in force and links were tried.


@dataclass
class Answer:
    """`right`: what is typed in the end; nothing: Enter, what stands there is kept. `wrong`: what is typed before."""

    right: str = None
    wrong: list = field(default_factory=list)


def answers_for(world):
    """By key; the machine gets, as a static address, the one that QEMU's network has for it."""
    return {
        "host.name": Answer("linebridge1.example.test", ["-bad-", "two words"]),
        "host.time_zone": Answer("Europe/Berlin", ["Mars/Olympus"]),
        "network.interface": Answer("", ["no/such"]),
        "network.mode": Answer("static"),
        "network.address": Answer("10.0.2.15/24", ["10.0.2.15", "10.0.2.300/24"]),
        "network.gateway": Answer(HOST, ["the router"]),
        "network.dns": Answer("10.0.2.3", ["dns.example.test"]),
        "network.search": Answer("example.test", ["bad_domain!"]),
        "network.virtual_address": Answer("", ["10.0.2.99/99"]),
        "time.ntp": Answer(HOST, ["bad!host"]),
        "administrator.name": Answer(ADMINISTRATOR, ["root", "Big Name"]),
        "administrator.password": Answer(PASSWORD, ["short"]),
        "administrator.ssh_keys": Answer("", ["ssh-rsa nonsense"]),
        "access.ssh": Answer("yes"),
        "access.web": Answer("yes"),
        "access.from": Answer("", ["10.0.0.0/99"]),
        "sip.names": Answer("gw.example.test", ["bad!name"]),
        "sip.incoming": Answer(HOST, ["everywhere!"]),
        "sip.server_type": Answer("ocs"),
        "ocs.tcp": Answer(world.office_seen_by_machine(), ["ocs.example.test:99999"]),
        "front.tls_listen": Answer("", ["nowhere:port"]),
        "cti.managers": Answer(" ".join(world.managers_seen_by_machine()), ["cucm1.example.test:0"]),
        "cti.user": Answer(CTI_USER),
        "cti.password": Answer(CTI_PASSWORD),
    }


class Wizard:
    """Needs the machine's banner on its serial line: begins by pressing Enter."""

    def __init__(self, machine, world):
        self.screen = Screen(machine)
        self.world = world
        self.answers = answers_for(world)
        self.tried = 0  # wrong answers that were refused with a reason

    def run(self):
        """Everything up to the question whether it shall be put into force."""
        self._begin()
        for page in fields.PAGES:
            for each in page.fields:
                if self._is_asked(each):
                    self._field(each)
        self._users()
        self.screen.until(lambda: self.screen.title().startswith("Summary"), NEXT, "a summary")
        while self.screen.title() != "Apply":
            rows = self.screen.rows()
            self.screen.enter()
            self.screen.until(lambda: self.screen.rows() != rows, NEXT, "the next page, or the question whether to apply")

    def apply(self):
        """Puts it into force. Gives back what is said of it in the end."""
        self.screen.enter()
        self.screen.until(lambda: self.screen.title() in ("Set-up is done", "Settings are in force, but", "Not applied"),
                          APPLIED, "the settings to be in force")
        said = self.screen.text()
        if self.screen.title() != "Set-up is done":
            raise Failed(f"the wizard says: {said}\n{self.screen.picture()}")
        self.screen.enter()
        return said

    def _begin(self):
        self.screen.enter()
        self.screen.until_title("Welcome", NEXT)
        self.screen.enter()

    def _is_asked(self, each):
        if not each.when:
            return True
        key, value = each.when
        return self.answers[key].right == value

    def _field(self, each):
        answer = self.answers.get(each.key)
        if answer is None:
            raise Failed(f"the wizard asks for {each.key}, and this test has no answer")
        self.screen.until(lambda: self._shows(each.title, each.explanation), NEXT, f"the question \"{each.title}\"")
        for wrong in answer.wrong:
            self._give(each, wrong)
            self.screen.until(lambda: self.screen.title() == each.title and "WRONG: " in self.screen.text(), NEXT,
                              f"why \"{wrong}\" is wrong for {each.key}")
            self.tried += 1
        self._give(each, answer.right)

    def _shows(self, title, text):
        """The box of that title with that text; two may have the same title."""
        return self.screen.title() == title and " ".join(text.split()[:6]) in self.screen.text()

    def _give(self, each, text):
        if each.kind in ("choice", "yesno"):
            self._choose(text)
            return
        if text is not None:
            self.screen.type(text)
        self.screen.enter()
        if each.kind == "password" and text:
            self.screen.until_text("The same again", NEXT)
            self.screen.type(text)
            self.screen.enter()
        self.screen.read(1)

    def _choose(self, word):
        """Words of a menu begin differently: the first letter goes to it."""
        self.screen.send(word[0])
        self.screen.enter()
        self.screen.read(1)

    def _users(self):
        for person in self.world.wish.people:
            self.screen.until_title("Users", NEXT)
            self._choose("add")
            self._line("Sign-in address", "no address", f"sip:{person.address}")
            self._line("Line", "tel:", person.line)
            self._line("Devices", "", person.phone)
        self.screen.until_title("Users", NEXT)
        self._choose("go-on")

    def _line(self, title, wrong, right):
        self.screen.until_title(title, NEXT)
        if wrong:
            self.screen.type(wrong)
            self.screen.enter()
            self.screen.read(1)
            self.screen.until_text("WRONG: ", NEXT)
            self.tried += 1
        self.screen.type(right)
        self.screen.enter()
        self.screen.read(1)
