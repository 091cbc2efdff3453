"""The wizard in boxes: what stands on a vt220 of 80x24."""

import os
import re
import unittest

from linebridge_setup import fields
from person import ANSWERS, COLUMNS, CTI_PASSWORD, DOWN, ENTER, ESCAPE, PASSWORD, TAB
from conversation import Conversation

WRONG = {"host.name": "-bad-", "network.dns": "dns.example.test", "sip.incoming": "everywhere", "cti.managers": "cucm:0"}


class Boxes(Conversation):
    def give(self, person, field, text):
        if field.kind in ("choice", "yesno"):
            person.keys(text[0], ENTER)  # the first letter goes to the word
        elif text:
            person.fill(text)
        else:
            person.keys(ENTER)

    def right(self, person, field, nothing=""):
        person.box(field.title, " ".join(field.explanation.split()[:5]))
        self.whole(person)
        self.give(person, field, ANSWERS.get(field.key, ""))
        if field.kind == "password":
            person.box(field.title, "The same again")
            self.give(person, field, ANSWERS[field.key])

    def whole(self, person):
        """The box has all four corners and its buttons: nothing fell off the screen."""
        picture = person.picture()
        for part in ("┌", "┐", "└", "┘"):
            self.assertIn(part, picture)
        self.assertRegex(picture, r"<(Ok|Yes|Next page)>")

    def to_summary(self, person):
        person.box("Welcome", "Esc leaves")
        self.whole(person)
        person.keys(ENTER)
        for field in self.asked():
            self.right(person, field)
        person.box("Users")
        self.whole(person)
        person.keys("g", ENTER)

    def read_on(self, person, title, then):
        """Page after page of a long text, up to the box behind it."""
        seen, last = "", ""
        while True:
            person.until(lambda: person.drawn() and (person.title() == then or person.title().startswith(title) and
                                                     person.title() != last), f"the next page of '{title}'")
            if person.title() == then:
                return seen
            self.whole(person)
            seen, last = seen + person.text() + "\n", person.title()
            person.keys(ENTER)

    def test_sets_a_machine_up(self):
        person = self.person("wizard")
        self.to_summary(person)
        summary = self.read_on(person, "Summary", "Apply")
        self.assertIn("IP address: 192.0.2.20/24", summary)
        self.assertIn("Application user: linebridge", summary)
        person.box("Apply", "apply")
        self.assertFalse(self.machine.is_set_up)
        person.keys(ENTER)
        person.box("Set-up is done", "https://192.0.2.20:9090/")
        self.whole(person)
        person.keys(ENTER)
        self.assertEqual(person.end(), 0)
        self.assertTrue(self.machine.is_set_up)
        self.assertEqual(self.machine.text("/etc/linebridge/secrets/cti.password"), CTI_PASSWORD + "\n")

    def test_a_wrong_value_stands_in_its_box_with_the_reason_above(self):
        person = self.person("wizard")
        person.box("Welcome")
        person.keys(ENTER)
        for field in self.asked():
            if field.key in WRONG:
                person.box(field.title)
                person.fill(WRONG[field.key])
                person.box(field.title, "WRONG: ")
                self.whole(person)
                self.assertRegex(person.picture(), re.escape(WRONG[field.key]) + "_+")
            self.right(person, field)

    def test_secrets_are_neither_shown_nor_on_a_command_line(self):
        person = self.person("wizard")
        person.box("Welcome")
        person.keys(ENTER)
        for field in self.asked():
            if field.kind in ("password", "secret"):
                person.box(field.title)
                person.keys(ANSWERS[field.key])
                person.until(lambda: person.read(0.3) is False, "a quiet screen")
                self.assertNotIn(ANSWERS[field.key], person.picture())
                person.keys("\x01\x0b")
            self.right(person, field)
            self.assertEqual([line for line in self.command_lines() if PASSWORD in line or CTI_PASSWORD in line], [])
        person.box("Users")
        self.assertNotIn(PASSWORD.encode(), person.raw)

    def command_lines(self):
        found = []
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{number}/cmdline", encoding="utf-8", errors="replace") as file:
                    found.append(file.read())
            except OSError:
                continue
        return found

    def test_back_is_a_button_and_escape_asks_whether_to_leave(self):
        person = self.person("wizard")
        person.box("Welcome")
        person.keys(ENTER)
        person.box("Host name")
        person.fill("lb5.example.test")
        person.box("Time zone")
        person.keys(TAB, TAB, ENTER)
        person.box("Host name", "lb5.example.test")
        person.keys(ENTER)
        person.box("Time zone")
        person.keys(ESCAPE)
        person.box("Leave", "Nothing has been changed")
        person.keys(ENTER)  # "No" is where one begins
        person.box("Time zone")
        person.keys(ESCAPE)
        person.box("Leave")
        person.keys(TAB, ENTER)
        self.assertEqual(person.end(), 1)
        self.assertFalse(self.machine.is_set_up)

    def test_arrows_choose(self):
        person = self.person("wizard")
        person.box("Welcome")
        person.keys(ENTER)
        for field in self.asked():
            if field.key == "network.mode":
                break
            self.right(person, field)
        person.box("Address")
        person.keys(DOWN, ENTER)
        person.box("IP address")

    def test_no_colour_is_needed(self):
        person = self.person("wizard")
        self.to_summary(person)
        self.assertEqual(re.findall(rb"\x1b\[[0-9;]*3[0-7]m", person.raw), [])

    def test_every_question_fits_the_screen_with_its_longest_reason(self):
        from linebridge_setup.console.dialogs import ROWS, WIDTH, fitting
        from linebridge_setup.console.interview import text_of
        for field in fields.FIELDS:
            whole = fitting("x " * 200, text_of(field)).split("\n")
            self.assertLessEqual(len(whole), ROWS)
            self.assertLessEqual(max(map(len, whole)), WIDTH)
            alone = fitting("", text_of(field)).split("\n")
            self.assertNotIn("...", alone, f"{field.key}: its explanation is too long for the screen")
            self.assertLess(len(field.title), COLUMNS - 20)


if __name__ == "__main__":
    unittest.main()
