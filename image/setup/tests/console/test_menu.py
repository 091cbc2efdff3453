"""The administrator's menu: every number, changes of the network that must be confirmed, and the file for support."""

import os
import re
import subprocess
import sys
import tarfile
import unittest

from conversation import Conversation
from person import CTI_PASSWORD, ENTER, ESCAPE, PASSWORD, SETUP, Machine

# A machine that is set up, made once: each test gets a copy.
_made = {}


class Menu(Conversation):
    def setUp(self):
        super().setUp()
        if "image" not in _made:
            Menu.addClassCleanup(_made.clear)
            self.set_up()
            _made["image"] = Machine(copy_of=self.machine)
            Menu.addClassCleanup(_made["image"].remove)
        else:
            self.machine.remove()
            self.machine = Machine(copy_of=_made["image"])
            self.addCleanup(self.machine.remove)

    def menu(self, *words, **more):
        return self.person("menu", *(words or ("--plain",)), **more)

    def choose(self, person, number):
        person.answer("Linebridge", number)

    def change_address(self, person, address):
        self.choose(person, "2")
        for title in ("Interface", "Address"):
            person.answer(title, "")
        person.answer("IP address", address)
        for title in ("Gateway", "DNS servers", "Search domains", "Virtual address"):
            person.answer(title, "")
        person.answer("Apply", "yes")

    def address(self):
        return re.search(r'^address = "(.*)"', self.machine.text("/etc/linebridge/appliance.toml"), re.M).group(1)

    def test_lists_ten_numbers_and_refuses_others(self):
        person = self.menu()
        person.prompt("Linebridge")
        for line in ("1  Status", "2  Network", "3  Settings", "4  Users", "5  CTI Managers", "6  Log", "7  File for support",
                     "8  Shell", "9  Restart", "0  Log out or switch off"):
            self.assertIn(line, person.said())
        self.choose(person, "11")
        person.prompt("Linebridge")
        self.assertIn("'11' is none of these", person.said())

    def test_shell_and_log_out_are_told_apart_by_the_exit_code(self):
        person = self.menu()
        self.choose(person, "8")
        self.assertEqual(person.end(), 3)
        person = self.menu()
        self.choose(person, "0")
        person.answer("Leave", "")
        self.assertEqual(person.end(), 0)

    def test_status_says_in_words_how_the_machine_does(self):
        person = self.menu()
        self.choose(person, "1")
        person.prompt("Linebridge")
        for words in ("Node publisher: no answer", "Front end (HAProxy)", "Version", "Host                 lb1.example.test"):
            self.assertIn(words, person.said())

    def test_a_new_address_that_is_confirmed_stays(self):
        person = self.menu()
        self.change_address(person, "192.0.2.21/24")
        person.prompt("Keep these settings?")
        self.assertRegex(person.said(), r"rolled back in\s+1[12]\d s")
        person.type("yes")
        self.choose(person, "8")
        self.assertEqual(person.end(), 3)
        self.assertEqual(self.address(), "192.0.2.21/24")

    def test_a_new_address_that_is_refused_goes(self):
        person = self.menu()
        self.change_address(person, "192.0.2.22/24")
        person.answer("Keep these settings?", "no")
        person.prompt("Linebridge")
        self.assertIn("The former settings of the network are in force again", person.said())
        self.assertEqual(self.address(), "192.0.2.20/24")

    def test_a_new_address_that_nobody_confirms_goes(self):
        code = ("import sys; sys.path.insert(0, sys.argv.pop(1)); from linebridge_setup.console import menu; "
                "menu.CONFIRM_WITHIN = 3; from linebridge_setup.command import main; sys.exit(main(sys.argv[1:]))")
        command = [sys.executable, "-B", "-c", code, SETUP, *self.machine.command("menu", "--plain")[3:]]
        person = self.menu(command=command)
        self.change_address(person, "192.0.2.23/24")
        person.prompt("Linebridge")
        self.assertIn("Nobody answered", person.said())
        self.assertEqual(self.address(), "192.0.2.20/24")

    def test_a_line_that_drops_before_the_confirmation_leaves_it_to_the_next_log_in(self):
        person = self.menu()
        self.change_address(person, "192.0.2.24/24")
        person.prompt("Keep these settings?")
        person.leave()
        again = self.menu()
        again.answer("Keep these settings?", "yes")
        again.prompt("Linebridge")
        self.assertEqual(self.address(), "192.0.2.24/24")

    def test_nothing_is_applied_if_the_person_says_no_or_nothing_changed(self):
        before = self.machine.files("/etc")
        person = self.menu()
        self.choose(person, "3")
        person.answer("Settings", "Time")
        person.answer("NTP servers", "ntp9.example.test")
        person.prompt("Apply")
        self.assertIn("NTP servers: ntp9.example.test   (was pool.ntp.org)", person.said())
        person.type("no")
        self.choose(person, "3")
        person.answer("Settings", "Time")
        person.answer("NTP servers", "")
        person.prompt("Linebridge")
        self.assertIn("Nothing changed", person.said())
        self.assertEqual(self.machine.files("/etc"), before)

    def test_settings_that_are_no_network_need_no_confirmation(self):
        person = self.menu()
        self.choose(person, "3")
        person.answer("Settings", "Office Communications Server")
        person.answer("Own names", "gw.example.test, gw2.example.test")
        for title in ("Incoming hosts", "Server type", "Hosts to call", "Listen for TLS"):
            person.answer(title, "")
        person.answer("Apply", "yes")
        person.prompt("Linebridge")
        self.assertIn("gw2.example.test", self.machine.text("/etc/linebridge/linebridge.toml"))

    def test_users_and_cti_managers_have_numbers_of_their_own(self):
        person = self.menu()
        self.choose(person, "4")
        person.answer("Users", "add")
        person.answer("Sign-in address", "sip:carol@example.test")
        person.answer("Line", "")
        person.answer("Devices", "SEP001122334499")
        person.answer("Users", "go-on")
        person.answer("Apply", "yes")
        self.choose(person, "5")
        person.answer("Change", "yes")
        person.answer("CTI Managers", "cucm7.example.test")
        person.answer("Application user", "")
        person.answer("Its password", "")
        person.answer("Apply", "yes")
        person.prompt("Linebridge")
        site = self.machine.text("/etc/linebridge/linebridge.toml")
        self.assertIn("sip:carol@example.test", site)
        self.assertIn("cucm7.example.test", site)
        self.assertEqual(self.machine.text("/etc/linebridge/secrets/cti.password"), CTI_PASSWORD + "\n")

    def test_settings_are_changed_in_one_place_at_a_time(self):
        first = self.menu()
        self.choose(first, "2")
        first.prompt("Interface")
        second = self.menu()
        self.choose(second, "3")
        second.answer("Settings", "Time")
        second.prompt("Linebridge")
        self.assertIn("The settings are being changed on pts/", second.said())

    def test_the_file_for_support_helps_and_holds_no_secrets(self):
        with open(self.machine.path("/etc/linebridge/linebridge.toml"), "a", encoding="utf-8") as file:
            file.write(f"# once somebody wrote {CTI_PASSWORD} here\n")
        person = self.menu()
        self.choose(person, "7")
        person.prompt("Linebridge")
        self.assertRegex(" ".join(person.said().split()), r"scp admin@\S+:/var/tmp/support-lb1-\S*\.tar\.gz \.")
        name, = [one for one in self.machine.files("/var/tmp") if one.endswith(".tar.gz")]
        self.assertEqual(os.stat(self.machine.path(name)).st_mode & 0o777, 0o600)
        texts = {}
        with tarfile.open(self.machine.path(name)) as bundle:
            for member in bundle:
                texts[member.name] = bundle.extractfile(member).read().decode()
        self.assertIn("linebridge-support/status.txt", texts)
        self.assertIn('names = ["gw.example.test"]', texts["linebridge-support/files/etc/linebridge/linebridge.toml"])
        whole = "\n".join(texts.values())
        for secret in (PASSWORD, CTI_PASSWORD, "$y$", "$6$", "PRIVATE KEY-----"):
            self.assertNotIn(secret, whole)

    def test_private_keys_hashes_and_passwords_are_left_out_of_any_text(self):
        from linebridge_setup.console.support import without_secrets
        text = ('password_hash = "$y$j9T$abcdefghijk$0123456789"\npassword_file = "cti.password"\n'
                'password = "x"\n-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----\nrest hunter22 end')
        left = without_secrets(text, ["hunter22"])
        self.assertIn('password_file = "cti.password"', left)
        self.assertIn("rest (left out) end", left)
        for word in ("j9T", '"x"', "abc\n", "hunter22"):
            self.assertNotIn(word, left)

    def test_the_command_makes_the_file_for_support_too(self):
        done = subprocess.run(self.machine.command("support", "/var/tmp/it.tar.gz"), capture_output=True, timeout=120,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(tarfile.is_tarfile(self.machine.path("/var/tmp/it.tar.gz")))

    def test_restart_asks_first(self):
        person = self.menu()
        self.choose(person, "9")
        person.answer("Restart", "publisher")
        person.answer("Restart", "no")
        self.choose(person, "9")
        person.answer("Restart", "front")
        person.answer("Restart", "yes")
        person.prompt("Linebridge")
        self.assertIn("Restarted: linebridge-splitter, haproxy", person.said())

    def test_in_boxes_a_number_and_enter_do_it(self):
        person = self.person("menu")
        person.box("Linebridge", "0 Log out or switch off")
        person.keys("1", ENTER)
        person.until(lambda: person.read(0.3) is False and person.title().startswith("Status"), "the status")
        person.keys(ESCAPE)
        person.box("Linebridge")
        person.keys("x", ENTER)
        person.box("Linebridge", "type the number of what you want")
        person.keys("8", ENTER)
        self.assertEqual(person.end(), 3)

    def test_in_boxes_nobody_who_confirms_is_nobody(self):
        code = ("import sys; sys.path.insert(0, sys.argv.pop(1)); from linebridge_setup.console.whiptail import Whiptail; "
                "print(Whiptail().yes_no('Keep', 'these?', False, limit=1))")
        person = self.menu(command=[sys.executable, "-B", "-c", code, SETUP])
        person.box("Keep", "these?")
        self.assertEqual(person.end(), 0)
        self.assertIn("None", person.said())


if __name__ == "__main__":
    unittest.main()
