"""The wizard in lines: a whole set-up, every wrong answer, back, interruptions, two at once."""

import json
import signal
import subprocess
import unittest

from conversation import Conversation
from linebridge_setup import fields
from person import ANSWERS, CTI_PASSWORD, PASSWORD

# Field, wrong values, and words of the reason. Every field that can be wrong stands here.
WRONG = {
    "host.name": (("-bad-", "is no host name"), ("two words", "is no host name"), ("localhost", "must not be localhost")),
    "host.time_zone": (("Mars/Olympus", "is no time zone"), ("../../etc/passwd", "is no time zone")),
    "network.interface": (("no/such", "is no name of a wired interface"),),
    "network.mode": (("static-ish", "is none of these: dhcp, static"), ("7", "is none of these")),
    "network.address": (("192.0.2.20", "says nothing about its network"), ("192.0.2.300/24", "is no IP address"),
                        ("127.0.0.1/8", "can be no machine's own address")),
    "network.gateway": (("the router", "is no IP address"), ("198.51.100.1", "is not in")),
    "network.dns": (("dns.example.test", "is no IP address"),),
    "network.search": (("bad_domain!", "is no domain"),),
    "network.virtual_address": (("192.0.2.99/99", "is no IP address"),
                                ("192.0.2.20/24", "is the address of the machine itself")),
    "time.ntp": (("bad!host", "is neither a host name nor an IP address"),),
    "administrator.name": (("root", "is an account of the system"), ("Big Name", "is no user name")),
    "administrator.ssh_keys": (("ssh-rsa nonsense", "was cut off or mistyped"),),
    "access.ssh": (("perhaps", "is none of these: yes, no"),),
    "access.web": (("12", "is none of these: yes, no"),),
    "access.from": (("10.0.0.0/99", "is no IP address or network"),),
    "sip.names": (("sip:gw.example.test", "is neither a host name nor an IP address"),),
    "sip.incoming": (("everywhere", "is no IP address or network"),),
    "sip.server_type": (("skype", "is none of these: ocs, lcs"),),
    "ocs.tcp": (("ocs.example.test:99999", "bad port"),),
    "front.tls_listen": (("nowhere:port", "bad port"),),
    "cti.managers": (("cucm1.example.test:0", "bad port"), ("-", "must not be empty")),
    "cti.user": (("-", "is missing"),),
}


class Plain(Conversation):
    def test_sets_a_machine_up(self):
        person = self.person("wizard", "--plain")
        for field in self.asked():
            self.right(person, field)
        person.answer("Users", "add")
        person.answer("Sign-in address", "sip:alice@example.test")
        person.answer("Line", "tel:1001;phone-context=dialstring")
        person.answer("Devices", "SEP001122334455 SEP001122334466")
        person.answer("Users", "")
        person.prompt("Apply")
        self.assertIn("IP address: 192.0.2.20/24", person.said())
        self.assertIn("sip:alice@example.test  tel:1001;phone-context=dialstring  SEP001122334455, SEP001122334466",
                      " ".join(person.said().split(" ")).replace("\n  ", " "))
        self.assertFalse(self.machine.is_set_up)
        person.type("")
        self.finish(person)
        self.assertTrue(self.machine.is_set_up)
        self.assertIn('address = "192.0.2.20/24"', self.machine.text("/etc/linebridge/appliance.toml"))
        self.assertIn('address = "sip:alice@example.test"', self.machine.text("/etc/linebridge/linebridge.toml"))
        self.assertEqual(self.machine.text("/etc/linebridge/secrets/cti.password"), CTI_PASSWORD + "\n")
        self.assertIn("Set-up is done", person.said())
        self.assertIn("Linebridge appliance", self.machine.text("/etc/issue.d/linebridge.issue"))

    def test_says_why_a_value_is_wrong_under_each_question_and_keeps_it(self):
        person = self.person("wizard", "--plain")
        for field in self.asked():
            for value, words in WRONG.get(field.key, ()):
                person.prompt(field.title)
                before = len(person.said())
                person.type(value)
                person.until(lambda: "WRONG: " in person.said()[before:], f"why '{value}' is wrong for {field.key}")
                person.prompt(field.title)
                reason = " ".join(person.said()[before:].split())
                with self.subTest(field=field.key, value=value):
                    self.assertIn(words, reason)
                if field.kind == "text" and value != "-":
                    self.assertIn(f"{field.title} [{value}]: ", person.said()[before:])
            self.right(person, field, "-")
        person.prompt("Users")
        person.type("<<")
        person.answer("Leave", "yes")
        self.assertEqual(person.end(), 1)

    def test_has_a_wrong_value_for_every_field_that_can_be_wrong(self):
        judged = {field.key for field in fields.FIELDS if field.kind not in ("password", "secret")}
        self.assertEqual(judged - set(WRONG), set())

    def test_refuses_weak_and_mistyped_passwords_and_shows_none(self):
        person = self.person("wizard", "--plain")
        for field in self.asked():
            if field.kind == "password":
                person.answer(field.title, "short")
                person.answer(field.title, "short")
                person.prompt(field.title)
                self.assertIn("is too short", person.said())
                person.type(PASSWORD)
                person.answer(field.title, PASSWORD + "x")
                person.prompt(field.title)
                self.assertIn("the two were not the same", person.said())
            self.right(person, field)
        person.prompt("Users")
        for secret in (PASSWORD, CTI_PASSWORD, "short\n"):
            self.assertNotIn(secret, person.said())

    def test_an_ssh_key_will_do_instead_of_a_password_but_one_of_both_is_needed(self):
        key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIaDxAd9k2ZEtGIyw9yv0GHwV0SKDhGWVTYcVEbnHHBN me@desk"
        person = self.person("wizard", "--plain")
        for field in self.asked():
            if field.key == "administrator.password":
                person.answer("Password", "")
                person.answer("SSH public keys", "")
                person.answer("Password", "")
                self.assertIn("nobody could log in", person.said())
                person.answer("SSH public keys", key)
                person.prompt("SSH")
                break
            self.right(person, field)

    def test_writes_no_escape_sequences_and_no_line_over_80(self):
        person = self.set_up()
        self.assertNotIn(b"\x1b", person.raw)
        self.assertTrue(all(byte in b"\r\n" or 32 <= byte < 127 for byte in person.raw))
        self.assertEqual([line for line in person.said().split("\n") if len(line) > 80], [])

    def test_goes_back_and_explains_again(self):
        person = self.person("wizard", "--plain")
        person.answer("Host name", "lb7.example.test")
        person.answer("Time zone", "<")
        person.answer("Host name [lb7.example.test]", "?")
        person.prompt("Host name [lb7.example.test]")
        self.assertEqual(person.said().count("The full name of this machine"), 3)
        person.type("")
        person.answer("Time zone", "")
        person.answer("Interface", "<")
        person.prompt("Time zone")

    def test_going_back_from_the_first_question_asks_whether_to_leave(self):
        person = self.person("wizard", "--plain")
        person.answer("Host name", "<")
        person.answer("Leave", "no")
        person.answer("Host name", "<")
        person.answer("Leave", "yes")
        self.assertEqual(person.end(), 1)
        self.assertIn("Nothing has been changed", person.said())

    def test_a_page_can_be_changed_after_the_summary(self):
        person = self.person("wizard", "--plain")
        self.to_users(person)
        person.answer("Apply", "change")
        person.answer("Page", "Time")
        person.answer("NTP servers", "ntp.example.test")
        person.answer("Apply", "apply")
        self.finish(person)
        self.assertIn("ntp.example.test", self.machine.text("/etc/linebridge/appliance.toml"))

    def test_users_are_judged_changed_and_removed(self):
        person = self.person("wizard", "--plain")
        for field in self.asked():
            self.right(person, field)
        person.answer("Users", "add")
        for wrong, words in (("-", "is missing"), ("no address", "is no SIP address")):
            person.answer("Sign-in address", wrong)
            person.prompt("Sign-in address")
            self.assertIn(words, person.said())
        person.type("sip:bob@example.test")
        person.answer("Line", "1002")
        person.prompt("Line [1002]")
        self.assertIn("is no line URI", person.said())
        person.type("-")
        person.answer("Devices", "")
        person.answer("Users", "add")
        person.answer("Sign-in address", "sip:bob@example.test")
        person.prompt("Sign-in address [sip:bob@example.test]")
        self.assertIn("stands already", person.said())
        person.type("<")
        person.answer("Users", "sip:bob@example.test")
        person.answer("sip:bob@example.test", "remove")
        person.answer("Remove", "yes")
        person.prompt("Users [add]")

    def test_an_interruption_changes_nothing_and_the_next_start_goes_on(self):
        before = self.machine.files()
        person = self.person("wizard", "--plain")
        for field in self.asked():
            if field.key == "cti.user":
                break
            self.right(person, field)
        person.prompt("Application user")
        person.process.sendintr()
        self.assertEqual(person.end(), 1)
        self.assertEqual(self.machine.files(), before)
        kept = self.machine.text("/run/linebridge-setup/answers.json")
        self.assertEqual(json.loads(kept)["fields"]["appliance:network.address"], "192.0.2.20/24")
        self.assertNotIn(PASSWORD, kept)
        again = self.person("wizard", "--plain")
        again.answer("Earlier answers", "yes")
        again.prompt("Host name [lb1.example.test]")

    def test_earlier_answers_can_be_refused(self):
        person = self.person("wizard", "--plain")
        person.answer("Host name", "lb1.example.test")
        person.prompt("Time zone")
        person.process.sendintr()
        person.end()
        again = self.person("wizard", "--plain")
        again.answer("Earlier answers", "no")
        again.prompt("Host name [linebridge]")

    def test_a_line_that_drops_ends_it_cleanly(self):
        person = self.person("wizard", "--plain")
        person.answer("Host name", "lb1.example.test")
        person.prompt("Time zone")
        person.process.kill(signal.SIGHUP)
        self.assertEqual(person.end(), 1)
        self.assertIn("the line dropped", person.said())

    def test_the_end_of_a_script_ends_it_cleanly(self):
        done = subprocess.run(self.machine.command("wizard", "--plain"), input=b"lb1.example.test\n", capture_output=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"the input ended. Nothing has been changed", done.stderr)
        self.assertNotIn(b"Traceback", done.stderr)

    def test_takes_a_whole_script_from_a_pipe(self):
        lines = []
        for field in self.asked():
            lines += [ANSWERS.get(field.key, "")] * (2 if field.kind == "password" else 1)
        lines += ["go-on", "apply", ""]
        done = subprocess.run(self.machine.command("wizard", "--plain"), input="\n".join(lines).encode(),
                              capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        self.assertTrue(self.machine.is_set_up)

    def test_keys_that_are_no_characters_are_told_of(self):
        person = self.person("wizard", "--plain")
        person.answer("Host name", "\x1b[Ax")
        person.prompt("Host name [linebridge]")
        self.assertIn("a key was pressed that is no character", person.said())

    def test_only_one_may_run(self):
        first = self.person("wizard", "--plain")
        first.answer("Host name", "lb1.example.test")
        first.prompt("Time zone")
        second = self.person("wizard", "--plain")
        second.answer("Open elsewhere", "no")
        self.assertEqual(second.end(), 1)
        self.assertIn("The set-up is open on pts/", second.said())
        first.type("")
        first.prompt("Interface")

    def test_the_second_may_take_over_with_the_answers_of_the_first(self):
        first = self.person("wizard", "--plain")
        first.answer("Host name", "lb1.example.test")
        first.prompt("Time zone")
        second = self.person("wizard", "--plain")
        second.answer("Open elsewhere", "yes")
        second.answer("Earlier answers", "yes")
        second.prompt("Host name [lb1.example.test]")
        self.assertEqual(first.end(), 1)
        self.assertIn("it was told to end", first.said())


if __name__ == "__main__":
    unittest.main()
