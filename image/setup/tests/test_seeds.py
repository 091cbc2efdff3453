"""Unattended set-up, and the command that people and units call."""

import io
import json
import os
import subprocess
import sys
import unittest
from contextlib import redirect_stderr, redirect_stdout

from linebridge_setup import command, verify
from linebridge_setup.problem import Refused
from linebridge_setup.system import Done
from machine import APPLIANCE, PROGRAM, SECRETS, SITE, SOURCES, Machine

CREDENTIALS = "/run/credentials/linebridge-setup-unattended.service"
PLAIN = APPLIANCE.replace("password_hash = ", 'password = "correct horse 1" #')


class Seeds(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)

    def credentials(self, **files):
        for name, text in files.items():
            self.machine.write(f"{CREDENTIALS}/linebridge.{name.replace('file_', 'file.')}", text)

    def disk(self, files, device="/dev/vdb"):
        """A labelled disk: what mounts it copies its files."""
        place = "/run/linebridge-setup/seed"
        self.machine.run.fails["blkid --label LINEBRIDGE"] = Done(0, f"{device}\n", "")
        run = self.machine.run

        def mounts(argv, data, seconds, environment):
            if argv[0] == "mount":
                for name, text in files.items():
                    self.machine.write(f"{place}/{name}", text)
            if argv[0] == "umount":
                for name in files:
                    os.unlink(self.machine.root + f"{place}/{name}")
            return run(argv, data, seconds, environment)

        self.machine.system._run = mounts

    def set_up(self):
        return self.machine.engine.unattended(CREDENTIALS if self.machine.system.exists(CREDENTIALS) else None)

    def test_without_a_seed_nothing_happens(self):
        self.machine.run.fails["blkid"] = Done(2, "", "")
        self.assertIsNone(self.set_up())
        os.makedirs(self.machine.root + CREDENTIALS)
        self.assertIsNone(self.set_up())
        self.assertFalse(self.machine.engine.is_set_up())

    def test_credentials_set_the_machine_up_while_it_starts(self):
        self.credentials(site=SITE, appliance=PLAIN, **{"file_cti.password": "secret"})
        outcome = self.set_up()
        self.assertTrue(outcome.ok, outcome)
        self.assertEqual(self.machine.read("/etc/linebridge/secrets/cti.password"), "secret")
        self.assertTrue(self.machine.run.accounts()["admin"].startswith("$y$"))
        self.assertNotIn("correct horse", self.machine.read("/etc/linebridge/appliance.toml"))
        told = [call for call in self.machine.run.calls if call.startswith(("systemctl", "networkctl", "hostname"))]
        self.assertEqual(told, ["hostname --file /etc/hostname", "systemctl --no-block start ssh.service"])

    def test_a_labelled_disk_sets_the_machine_up(self):
        self.disk({"linebridge.toml": SITE, "appliance.toml": APPLIANCE, "secrets/cti.password": "secret\n"})
        self.assertTrue(self.set_up().ok)
        calls = self.machine.run.calls
        self.assertIn("mount -o ro,nosuid,nodev,noexec /dev/vdb /run/linebridge-setup/seed", calls)
        self.assertIn("umount /run/linebridge-setup/seed", calls)

    def test_credentials_come_before_a_disk(self):
        self.credentials(site=SITE, appliance=APPLIANCE, **{"file_cti.password": "of credentials"})
        self.disk({"linebridge.toml": SITE, "appliance.toml": APPLIANCE, "secrets/cti.password": "of the disk"})
        self.assertTrue(self.set_up().ok)
        self.assertEqual(self.machine.read("/etc/linebridge/secrets/cti.password"), "of credentials")

    def test_a_machine_that_is_set_up_takes_no_seed(self):
        self.machine.set_up()
        self.credentials(site=SITE + "#", appliance=APPLIANCE)
        self.assertIsNone(self.set_up())

    def test_a_wrong_seed_is_refused_whole_with_every_problem(self):
        self.credentials(site=SITE.replace("192.0.2.10", "x"), appliance=APPLIANCE.replace("lb1.", "l_1."))
        outcome = self.set_up()
        self.assertFalse(outcome.ok)
        self.assertEqual({one.key for one in outcome.problems}, {"sip.incoming[1]", "cti.password", "host.name"})
        self.assertFalse(self.machine.engine.is_set_up())

    def test_half_a_seed_is_refused(self):
        self.credentials(site=SITE, **{"file_cti.password": "secret"})
        self.assertEqual([one.key for one in self.set_up().problems], ["administrator.password"])

    def test_a_misspelt_credential_is_said(self):
        self.credentials(site=SITE, applianse=APPLIANCE)
        with self.assertRaisesRegex(Refused, "unknown credential 'linebridge.applianse'"):
            self.set_up()

    def test_what_is_no_plain_file_is_refused(self):
        place = f"{self.machine.root}{CREDENTIALS}/linebridge.site"
        self.credentials(appliance=APPLIANCE)
        for make, words in ((lambda: os.symlink("/etc/passwd", place), "symbolic link"), (lambda: os.mkfifo(place), "regular"),
                            (lambda: os.mkdir(place), "regular"), (lambda: self._write(place, b"#" * ((1 << 20) + 1)), "KiB"),
                            (lambda: self._write(place, b"\xff\xfe"), "UTF-8")):
            with self.subTest(words=words):
                make()
                with self.assertRaisesRegex(Refused, words):
                    self.set_up()
                (os.rmdir if os.path.isdir(place) and not os.path.islink(place) else os.unlink)(place)

    @staticmethod
    def _write(place, data):
        with open(place, "wb") as file:
            file.write(data)

    def test_secrets_with_strange_names_and_too_many_are_refused(self):
        self.credentials(site=SITE, appliance=APPLIANCE, **{"file_.hidden": "x"})
        with self.assertRaisesRegex(Refused, "no name of a secret"):
            self.set_up()
        self.credentials(**{f"file_n{n}": "x" for n in range(65)})
        with self.assertRaisesRegex(Refused, "over 64 secrets"):
            self.set_up()

    def test_a_labelled_disk_that_cannot_be_used_is_said(self):
        self.disk({})
        with self.assertRaisesRegex(Refused, "neither linebridge.toml nor appliance.toml"):
            self.set_up()
        self.machine.run.fails["mount"] = Done(32, "", "wrong fs type")
        with self.assertRaisesRegex(Refused, "cannot be mounted: wrong fs type"):
            self.set_up()


class Command(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)
        self.seed = self.machine.folder
        for name, text in (("linebridge.toml", SITE), ("appliance.toml", PLAIN), ("secrets/cti.password", "secret\n")):
            os.makedirs(os.path.dirname(f"{self.seed}/{name}"), exist_ok=True)
            with open(f"{self.seed}/{name}", "w", encoding="utf-8") as file:
                file.write(text)

    def call(self, *words):
        """Exit code, what was written, what was written as an error."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = command.main([*words, "--root", self.machine.root, "--program", PROGRAM])
            except SystemExit as exit_:
                code = exit_.code
        return code, out.getvalue(), err.getvalue()

    def documents(self):
        return ["--site", f"{self.seed}/linebridge.toml", "--appliance", f"{self.seed}/appliance.toml", "--secrets",
                f"{self.seed}/secrets"]

    def apply(self, *words):
        return self.call("apply", "--yes", *self.documents(), *words)

    def test_check_names_every_problem_and_its_exit_code_says_so(self):
        code, out, _ = self.call("check")
        self.assertEqual(code, 1)
        self.assertIn("linebridge.toml:", out)
        self.assertIn("appliance.toml:", out)
        self.assertEqual(self.call("check", *self.documents()), (0, "no problems\n", ""))
        found = json.loads(self.call("check", "--json")[1])["problems"]
        self.assertEqual(set(found[0]), {"document", "key", "line", "what"})

    def test_apply_sets_up_and_a_second_time_has_nothing_to_do(self):
        code, out, _ = self.apply()
        self.assertEqual((code, out.splitlines()[-1]), (0, "Done."))
        self.assertEqual(self.apply()[1].splitlines()[-1], "Nothing to change.")
        self.assertEqual(json.loads(self.apply("--json")[1])["changed"], False)

    def test_apply_asks_nobody_who_is_not_there(self):
        code, _, err = self.call("apply", *self.documents())
        self.assertEqual(code, 1)
        self.assertIn("give --yes", err)

    def test_show_hides_secrets_and_tells_of_changes_by_hand(self):
        self.apply()
        self.machine.write("/etc/linebridge/linebridge.toml", SITE + "#\n")
        code, out, _ = self.call("show")
        self.assertEqual(code, 0)
        self.assertIn("Changed by hand since the last apply: /etc/linebridge/linebridge.toml", out)
        self.assertIn("(not shown)", out)
        self.assertNotIn("$y$", out)
        self.assertNotIn("secret\n", out)
        found = json.loads(self.call("show", "--json")[1])
        self.assertEqual((found["set_up"], found["generation"], found["secrets"]), (True, 1, ["cti.password"]))
        self.assertNotIn("$y$", json.dumps(found))

    def test_diff_shows_lines_and_hides_secrets(self):
        self.apply()
        with open(f"{self.seed}/linebridge.toml", "a", encoding="utf-8") as file:
            file.write("# new\n")
        with open(f"{self.seed}/secrets/cti.password", "w", encoding="utf-8") as file:
            file.write("t0psecret")
        out = self.call("diff", *self.documents())[1]
        self.assertIn("+# new", out)
        self.assertIn("/etc/linebridge/secrets/cti.password: changed", out)
        self.assertNotIn("t0psecret", out)
        self.assertNotIn("correct horse", out)

    def test_confirm_and_roll_back(self):
        self.apply()
        with open(f"{self.seed}/appliance.toml", "w", encoding="utf-8") as file:
            file.write(PLAIN.replace(".20/24", ".21/24"))
        out = self.apply("--confirm-within", "60")[1]
        self.assertIn('Run "linebridge-setup confirm" within 60 seconds', out)
        self.assertEqual(self.call("confirm")[0], 0)
        code, _, err = self.call("confirm")
        self.assertEqual((code, err), (1, "linebridge-setup: nothing waits for a confirmation; it was confirmed or taken "
                                          "back already\n"))
        self.assertEqual(self.call("roll-back")[0], 0)
        self.assertIn("Nothing was interrupted", self.call("recover")[1])

    def test_a_wrong_call_has_exit_code_2(self):
        for words in (["nonsense"], [], ["apply", "--confirm-within", "5"], ["apply", "--confirm-within", "x"], ["code"]):
            self.assertEqual(self.call(*words)[0], 2, words)

    def test_what_is_not_there_is_said(self):
        for words, expected in ((["check", "--site", "/nonexistent"], "no such file"),
                                (["check", "--secrets", "/nonexistent"], "no such folder"),
                                (["check", "--site", "/dev/null"], "no regular file")):
            code, _, err = self.call(*words)
            self.assertEqual(code, 1)
            self.assertIn(expected, err)
            self.assertIn(expected, json.loads(self.call(*words, "--json")[1])["refused"])

    def test_every_order_has_a_help_and_the_program_starts(self):
        program = [sys.executable, "-B", f"{SOURCES}/image/setup/bin/linebridge-setup"]
        listed = subprocess.run([*program, "--help"], capture_output=True, text=True, check=True).stdout
        for name in ("show", "fields", "check", "diff", "apply", "confirm", "roll-back", "recover", "unattended", "wizard",
                     "menu", "banner", "first-boot", "support", "code"):
            self.assertRegex(listed, rf"\n    {name}\b")
            code, out, _ = self.call(name, "--help")
            self.assertEqual(code, 0)
            self.assertIn("--json", out)

    def test_fields_are_listed_for_programs(self):
        pages = json.loads(self.call("fields", "--json")[1])["pages"]
        keys = [field["key"] for page in pages for field in page["fields"]]
        for key in ("host.name", "network.mode", "administrator.password", "sip.names", "cti.managers", "cti.password"):
            self.assertIn(key, keys)


LINK = {"number": 1, "address": "cucm1:2748", "state": "in service", "lines": 7, "last_error": ""}


def status(*links, node="publisher"):
    return {"node": node, "socket": "/run/x", "answer": {"links": list(links)}}


class Verify(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)

    def findings(self, *nodes, site=None):
        self.machine.run.fails[f"{PROGRAM} status"] = Done(0, json.dumps({"nodes": list(nodes)}), "")
        return verify.findings(self.machine.system, site or {})

    def test_each_link_of_each_node_is_told(self):
        found = self.findings(status(LINK), status({**LINK, "state": "log-in refused", "last_error": "bad password"},
                                                   {**LINK, "state": "connecting", "address": "cucm2:2748"}, node="subscriber"))
        self.assertEqual([one.ok for one in found], [True, False, False])
        self.assertEqual(found[0].words, "in service, 7 lines")
        self.assertIn("refused the application user or its password: bad password", found[1].words)
        self.assertIn("not in service (connecting)", found[2].words)
        self.assertEqual(found[2].what, "CTI Manager cucm2:2748 from subscriber")

    def test_waiting_ends_when_all_is_settled_or_the_time_is_over(self):
        before = self.machine.system.now()
        self.findings(status(LINK))
        self.assertEqual(self.machine.system.now(), before)
        self.findings(status({**LINK, "state": "connecting"}))
        self.assertGreaterEqual(self.machine.system.now(), before + verify.SECONDS)

    def test_a_node_that_does_not_answer_is_told(self):
        found = self.findings({"node": "publisher", "socket": "/run/x", "error": "Connection refused"})
        self.assertEqual([(one.what, one.ok) for one in found], [("node publisher", False)])
        self.machine.run.fails[f"{PROGRAM} status"] = Done(127, "", "linebridge: No such file or directory")
        self.assertEqual([one.ok for one in verify.findings(self.machine.system, {})], [False, False])

    def test_each_ocs_host_is_told(self):
        found = self.findings(status(LINK), site={"ocs": {"tcp": ["ocs.example.test", "refused.example.test:5060"],
                                                          "tls": ["[2001:db8::1]:5061"]}})
        self.assertEqual([(one.what, one.ok) for one in found[1:]],
                         [("OCS host ocs.example.test", True), ("OCS host refused.example.test:5060", False),
                          ("OCS host [2001:db8::1]:5061", True)])
        self.assertEqual(found[2].words, "unreachable: Connection refused")

    def test_what_does_not_work_is_told_and_the_settings_stand(self):
        self.machine.run.fails[f"{PROGRAM} status"] = Done(0, json.dumps({"nodes": [
            status({**LINK, "state": "log-in refused"})]}), "")
        outcome = self.machine.engine.apply(self.machine.candidate(SITE, APPLIANCE, SECRETS))
        self.assertTrue(outcome.ok)
        self.assertEqual([one.ok for one in outcome.findings], [False])
