"""Keys and codes of a machine: made once, made again where a power cut left them half done, and the banner that shows them."""

import io
import os
import re
import stat
import subprocess
import unittest

from linebridge_setup.console import banner, first_boot, gate, machine, setup_code
from linebridge_setup.engine import Engine
from linebridge_setup.problem import Refused
from linebridge_setup.system import System

import person
from conversation import Conversation

KEY = "/etc/ssh/ssh_host_ed25519_key"


class FirstBoot(Conversation):
    def setUp(self):
        super().setUp()
        self.system = System(self.machine.root, program=os.path.join(person.PROGRAMS, "linebridge"))

    def run_it(self):
        said = []
        first_boot.run(self.system, False, said.append)
        return said

    def keys(self):
        return {name: data for name, data in self.machine.files("/etc").items() if "key" in name or "cert" in name}

    def test_makes_host_keys_certificate_and_code_once(self):
        self.assertEqual(len(self.run_it()), 3)
        before = self.keys()
        self.assertEqual(len(before), 6)
        self.assertEqual(self.run_it(), [])
        self.assertEqual(self.keys(), before)

    def test_secret_files_are_for_root_alone(self):
        self.run_it()
        for name in (KEY, first_boot.TLS_KEY, setup_code.STORE, setup_code.SHOWN):
            self.assertEqual(stat.S_IMODE(os.stat(self.machine.path(name)).st_mode), 0o600, name)

    def test_makes_again_what_a_power_cut_left_half_done(self):
        self.run_it()
        for name in (KEY, KEY + ".pub", first_boot.TLS_KEY, machine.CERTIFICATE):
            for half in (b"", None, self.machine.files("/etc")[name][:40]):
                with self.subTest(name=name, half=half):
                    os.unlink(self.machine.path(name))
                    if half is not None:
                        with open(self.machine.path(name), "wb") as file:
                            file.write(half)
                        os.chmod(self.machine.path(name), 0o600)
                    before = self.keys()
                    self.assertEqual(len(self.run_it()), 1)
                    rest = {one: data for one, data in self.keys().items() if data == before.get(one)}
                    self.assertGreaterEqual(len(rest), 4, "what was whole has changed")
                    self.assertEqual(self.run_it(), [])

    def test_a_key_of_another_pair_is_made_again(self):
        self.run_it()
        for name in (KEY + ".pub", machine.CERTIFICATE):
            other = self.machine.files("/etc")[name]
            os.unlink(self.machine.path(name))
            self.run_it()
            with open(self.machine.path(name), "wb") as file:
                file.write(other)
            self.assertEqual(len(self.run_it()), 1, name)

    def test_the_certificate_is_for_this_host_and_lasts_ten_years(self):
        self.system.ensure_folder("/etc")
        self.system.put("/etc/hostname", b"lb1.example.test\n")
        self.run_it()
        text = subprocess.run(["openssl", "x509", "-noout", "-text", "-in", self.machine.path(machine.CERTIFICATE)],
                              capture_output=True, check=True).stdout.decode()
        self.assertIn("CN = lb1.example.test", text)
        self.assertIn("DNS:lb1.example.test, DNS:lb1", text)
        self.assertIn("prime256v1", text)
        days = subprocess.run(["openssl", "x509", "-noout", "-checkend", str(3640 * 86400), "-in",
                               self.machine.path(machine.CERTIFICATE)], capture_output=True, check=False)
        self.assertEqual(days.returncode, 0)

    def test_the_certificate_follows_a_new_name_when_set_up_ends(self):
        self.run_it()
        before = machine.tls_fingerprint(self.system)
        self.system.put("/etc/hostname", b"lb9.example.test\n")
        first_boot.certificate(self.system)
        self.assertEqual(machine.tls_fingerprint(self.system), before)
        first_boot.certificate(self.system, renew=True)
        renewed = machine.tls_fingerprint(self.system)
        self.assertNotEqual(renewed, before)
        first_boot.certificate(self.system, renew=True)
        self.assertEqual(machine.tls_fingerprint(self.system), renewed)

    def test_the_code_is_random_readable_and_stored_as_a_hash(self):
        codes = {setup_code.new(self.system) for _ in range(20)}
        self.assertEqual(len(codes), 20)
        for code in codes:
            self.assertRegex(code, r"\A[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}\Z")
        self.assertEqual(len(set(setup_code.ALPHABET)), 32)
        stored = self.machine.text(setup_code.STORE)
        self.assertNotIn(setup_code.shown(self.system), stored)
        self.assertNotIn(setup_code.normal(setup_code.shown(self.system)), stored)

    def test_a_code_is_right_however_it_is_typed_and_wrong_ones_are_limited(self):
        code = setup_code.new(self.system)
        self.assertTrue(setup_code.verify(self.system, f" {code.lower().replace('-', ' ')}\n"))
        for _ in range(setup_code.TRIES):
            self.assertFalse(setup_code.verify(self.system, "AAAA-AAAA-AAAA"))
        with self.assertRaisesRegex(Refused, "too many wrong codes; try again in 30 seconds"):
            setup_code.verify(self.system, code)

    def test_no_code_is_right_once_the_machine_is_set_up(self):
        code = setup_code.new(self.system)
        setup_code.expire(self.system)
        with self.assertRaisesRegex(Refused, "set up already"):
            setup_code.verify(self.system, code)

    def test_the_command_verifies_from_its_standard_input(self):
        code = setup_code.new(self.system)
        for text, exit_code in ((code, 0), ("AAAA", 1)):
            done = subprocess.run(self.machine.command("code", "verify"), input=text.encode() + b"\n",
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, exit_code, done.stderr)

    def test_the_banner_names_what_the_contract_with_people_is(self):
        self.run_it()
        text = "\n".join(banner.lines(self.system, False, setup_code.shown(self.system)))
        for pattern in (r"^Linebridge appliance \d+\.\d+", r"^SSH host key \(ED25519\): SHA256:[A-Za-z0-9+/]{43}$",
                        r"^TLS certificate: SHA256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$",
                        r"^Set-up code: \w{4}-\w{4}-\w{4}$"):
            self.assertTrue(re.search(pattern, text, re.MULTILINE), f"{pattern}\n{text}")

    def test_the_banner_on_the_disk_holds_no_code_and_is_written_only_when_it_changed(self):
        self.run_it()
        self.assertTrue(banner.write(self.system, False))
        self.assertFalse(banner.write(self.system, False))
        self.assertNotIn("Set-up code", self.machine.text(banner.ISSUE))
        self.system.put("/etc/hostname", b"renamed\n")
        self.assertTrue(banner.write(self.system, False))
        self.assertIn("Host: renamed", self.machine.text(banner.ISSUE))

    def test_the_banner_ends_the_code_of_a_machine_that_was_set_up_unattended(self):
        self.run_it()
        subprocess.run(self.machine.command("banner"), check=True, capture_output=True, timeout=60)
        self.assertIsNotNone(setup_code.shown(self.system))
        before = machine.tls_fingerprint(self.system)
        self.set_up_by_hand("lb3")
        subprocess.run(self.machine.command("banner"), check=True, capture_output=True, timeout=60)
        self.assertIsNone(setup_code.shown(self.system))
        self.assertNotEqual(machine.tls_fingerprint(self.system), before)

    def set_up_by_hand(self, name):
        os.makedirs(self.machine.path("/var/lib/linebridge-setup/generations/1"))
        os.symlink("generations/1", self.machine.path("/var/lib/linebridge-setup/current"))
        self.system.put("/etc/hostname", name.encode())

    def test_a_backslash_in_the_banner_is_no_order_to_agetty(self):
        self.assertEqual(banner.issue_text(["a\\nb"]), "\na\\\\nb\n\n")


class Gate(Conversation):
    def test_shows_banner_and_code_begins_by_enter_and_ends_when_set_up(self):
        subprocess.run(self.machine.command("first-boot"), check=True, capture_output=True, timeout=120)
        console = self.person("console", "--plain")
        console.until(lambda: banner.INVITATION in console.said(), "the invitation")
        self.assertRegex(console.said(), r"Set-up code: \w{4}-\w{4}-\w{4}")
        console.type("")
        console.answer("Host name", "<<")
        console.answer("Leave", "yes")
        console.until(lambda: console.said().count(banner.INVITATION) == 2, "the invitation again")
        console.type("")
        self.to_users(console)
        console.answer("Apply", "apply")
        self.assertEqual(console.end(), 0, console.said()[-500:])
        self.assertIsNone(self.machine.text(setup_code.SHOWN))
        self.assertIsNone(self.machine.text(setup_code.STORE))

    def test_the_other_console_gives_way_to_the_log_in_when_set_up_is_done_elsewhere(self):
        other = self.person("console")
        other.until(lambda: banner.INVITATION in other.said(), "the invitation")
        self.set_up()
        self.assertEqual(other.end(), 0, other.said()[-500:])

    def test_the_launcher_becomes_what_it_was_given_once_the_machine_is_set_up(self):
        script = os.path.join(person.SETUP, "libexec/console")
        with open(script, encoding="utf-8") as file:
            text = file.read().replace("/var/lib", self.machine.path("/var/lib")).replace(
                "/usr/bin/linebridge-setup console", "echo SET-UP")
        local = self.machine.path("/console")
        with open(local, "w", encoding="utf-8") as file:
            file.write(text)
        run = ["sh", local, "echo", "LOG-IN"]
        self.assertEqual(subprocess.run(run, capture_output=True, check=True).stdout, b"SET-UP\nLOG-IN\n")
        os.makedirs(self.machine.path("/var/lib/linebridge-setup/generations/1"))
        os.symlink("generations/1", self.machine.path("/var/lib/linebridge-setup/current"))
        self.assertEqual(subprocess.run(run, capture_output=True, check=True).stdout, b"LOG-IN\n")

    def test_a_console_whose_line_drops_ends(self):
        engine = Engine(System(self.machine.root))
        read, write = os.pipe()
        os.close(write)
        self.addCleanup(os.close, read)
        with self.assertRaises(gate.Gone):
            gate.run(engine, engine.system, lambda boxes: 0, read, io.StringIO())


if __name__ == "__main__":
    unittest.main()
