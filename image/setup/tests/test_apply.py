"""Applying: what is changed, told, refused and taken back."""

import json
import os
import threading
import unittest

from linebridge_setup import render
from linebridge_setup.problem import Refused
from linebridge_setup.store import KEPT, LOCK, Store
from linebridge_setup.system import Done
from machine import APPLIANCE, SECRETS, SITE, Machine, field


class Apply(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)

    def told(self):
        """Orders since the last call, without those about accounts."""
        found = [call for call in self.machine.run.calls if call.split()[0] in
                 ("systemctl", "networkctl", "chronyc", "hostname", "systemd-run")]
        self.machine.run.calls.clear()
        return found

    def change(self, site=SITE, appliance=APPLIANCE, secrets=None, **more):
        return self.machine.engine.apply(self.machine.candidate(site, appliance, secrets), **more)

    def test_a_first_set_up_puts_everything_into_place_and_starts_it(self):
        self.assertFalse(self.machine.engine.is_set_up())
        outcome = self.change()
        self.assertTrue(outcome.ok and outcome.changed and not outcome.needs_confirmation)
        self.assertTrue(self.machine.engine.is_set_up())
        self.assertEqual(self.machine.read("/etc/linebridge/linebridge.toml"), SITE)
        self.assertEqual(self.machine.read("/etc/linebridge/secrets/cti.password"), "secret\n")
        self.assertEqual(os.stat(self.machine.root + "/etc/linebridge/secrets").st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(self.machine.root + "/var/lib/linebridge-setup").st_mode & 0o777, 0o700)
        self.assertIn("Name=eth0", self.machine.read(render.NETWORK))
        self.assertEqual(self.told(), [
            "hostname --file /etc/hostname", "systemctl reload-or-restart nftables.service",
            "systemctl try-restart systemd-resolved.service", "networkctl reload", "chronyc reload sources",
            "systemctl reload-or-restart ssh.service", "systemctl restart linebridge-gateway@publisher.service",
            "systemctl restart linebridge-gateway@subscriber.service", "systemctl restart linebridge-splitter.service",
            "systemctl reload-or-restart haproxy.service"])

    def test_applying_the_same_changes_nothing(self):
        self.change()
        self.told()
        self.assertEqual(self.change()[:2], (True, False))
        self.assertEqual(self.told(), [])
        self.assertEqual(self.machine.engine.store.numbers(), [0, 1])

    def test_only_what_changed_is_loaded_again(self):
        nodes = ["systemctl restart linebridge-gateway@publisher.service",
                 "systemctl restart linebridge-gateway@subscriber.service"]
        splitter, front = "systemctl restart linebridge-splitter.service", "systemctl reload-or-restart haproxy.service"
        web = ["systemctl daemon-reload", "systemctl stop cockpit.socket cockpit.service"]
        filter_ = "systemctl reload-or-restart nftables.service"
        for site, appliance, secrets, orders in (
                (SITE.replace("192.0.2.30", "192.0.2.31"), APPLIANCE, None, nodes),
                (SITE.replace("alice", "carol"), APPLIANCE, None, nodes),
                (SITE + "\n# a remark\n", APPLIANCE, None, []),
                (SITE, APPLIANCE, {"cti.password": b"new\n"}, nodes),
                (SITE.replace("[cti]", "[front]\ndialogs = 100\n[cti]"), APPLIANCE, None, [splitter, front]),
                (SITE.replace("[cti]", "[node.subscriber]\nmetrics = \"127.0.0.1:9072\"\n[cti]"), APPLIANCE, None,
                 [nodes[1], front]),
                (SITE, APPLIANCE.replace("lb1", "lb2"), None, ["hostname --file /etc/hostname"]),
                (SITE, APPLIANCE.replace("Berlin", "Paris"), None, []),
                (SITE, APPLIANCE.replace("192.0.2.53", "192.0.2.54"), None, ["networkctl reload"]),
                (SITE, APPLIANCE + "web = false\n", None, [filter_, *web]),
                (SITE, APPLIANCE + "ssh = false\n", None, [filter_, "systemctl stop ssh.service"]),
                (SITE.replace("192.0.2.10", "192.0.2.11"), APPLIANCE, None, [filter_, *nodes, front])):
            with self.subTest(orders=orders):
                self.machine = Machine()
                self.addCleanup(self.machine.remove)
                self.change()
                self.told()
                self.assertTrue(self.change(site, appliance, secrets).changed)
                self.assertEqual(self.told(), orders)

    def test_wrong_documents_change_nothing_and_every_problem_is_told(self):
        outcome = self.change(SITE.replace("192.0.2.10", "x"), APPLIANCE.replace("Berlin", "y"), {})
        self.assertFalse(outcome.ok)
        self.assertEqual({one.document for one in outcome.problems}, {"site", "appliance", "secrets"})
        self.assertFalse(self.machine.engine.is_set_up())
        self.assertEqual(self.machine.read("/etc/hostname"), "delivered\n")

    def test_a_password_becomes_a_hash_and_is_found_nowhere(self):
        made = self.machine.candidate()
        made.set(field("appliance", "administrator.password"), "correct horse 1")
        self.assertTrue(self.machine.engine.apply(made).ok)
        for folder, _, files in os.walk(self.machine.root):
            for name in (name for name in files if os.path.isfile(os.path.join(folder, name))):
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(b"correct horse", file.read(), name)
        self.assertFalse([call for call in self.machine.run.calls if "correct" in call or "$y$" in call])
        self.assertTrue(self.machine.run.accounts()["admin"].startswith("$y$"))

    def test_the_administrator_gets_an_account_and_a_renamed_one_is_locked(self):
        self.change()
        known = self.machine.run.accounts()["admin"]
        self.assertTrue(known.startswith("$6$salt$"))
        self.change(appliance=APPLIANCE.replace('name = "admin"', 'name = "chief"'))
        self.assertEqual(self.machine.run.accounts(), {"admin": "!" + known, "chief": known})
        self.assertTrue(any(call.startswith("useradd") and call.endswith(" chief") for call in self.machine.run.calls))
        self.change()
        self.assertEqual(self.machine.run.accounts(), {"admin": known, "chief": "!" + known})

    def test_a_document_that_was_edited_by_hand_is_noticed_and_is_the_base_of_the_next(self):
        self.change()
        edited = SITE.replace("192.0.2.30", "192.0.2.77")
        self.machine.write("/etc/linebridge/linebridge.toml", edited)
        engine = self.machine.restart()
        self.assertEqual(engine.changed_by_hand(), ["/etc/linebridge/linebridge.toml"])
        self.assertFalse(engine.recover())
        self.assertEqual(self.machine.read("/etc/linebridge/linebridge.toml"), edited)
        made = engine.candidate()
        self.assertEqual(made.site_text(), edited)
        self.assertIn('+managers = ["192.0.2.77"]', engine.difference(made))
        self.assertTrue(engine.apply(made).changed)
        self.assertEqual(engine.changed_by_hand(), [])

    def test_a_managed_file_that_was_changed_by_hand_comes_back_with_the_next_apply(self):
        self.change()
        before = self.machine.read(render.NETWORK)
        self.machine.write(render.NETWORK, "mine")
        self.assertTrue(self.change().changed)
        self.assertEqual(self.machine.read(render.NETWORK), before)

    def test_a_secret_that_nobody_names_any_more_can_be_taken_away(self):
        self.change(secrets={**SECRETS, "old": b"1\n"})
        made = self.machine.engine.candidate()
        made.secrets.pop("old")
        self.assertTrue(self.machine.engine.apply(made).changed)
        self.assertFalse(self.machine.system.exists("/etc/linebridge/secrets/old"))

    def test_two_at_once_are_not_possible(self):
        self.change()
        with self.machine.system.locked(LOCK):
            with self.assertRaisesRegex(Refused, "by somebody else"):
                self.change(SITE + "#\n")
        self.assertTrue(self.change(SITE + "#\n").ok)

    def test_the_second_of_two_threads_is_refused_while_the_first_goes_on(self):
        self.change()
        second = []

        def meanwhile(words):
            if words == "Putting files into place" and not second:
                thread = threading.Thread(target=lambda: second.append(self._refused()))
                thread.start()
                thread.join()

        self.assertTrue(self.change(SITE + "#\n", say=meanwhile).ok)
        self.assertIn("by somebody else", second[0])

    def _refused(self):
        try:
            self.machine.engine.apply(self.machine.candidate())
            return ""
        except Refused as refused:
            return str(refused)

    def test_the_number_of_former_generations_has_a_bound(self):
        for n in range(KEPT + 6):
            self.change(SITE + f"# {n}\n")
        numbers = self.machine.engine.store.numbers()
        self.assertEqual(len(numbers), KEPT + 2)
        self.assertEqual((numbers[0], numbers[-1]), (0, KEPT + 6))

    def test_roll_back_goes_one_step_back_at_a_time(self):
        for n in range(3):
            self.change(SITE + f"# {n}\n")
        for n in (1, 0):
            self.machine.engine.roll_back()
            self.assertEqual(self.machine.read("/etc/linebridge/linebridge.toml"), SITE + f"# {n}\n")
        with self.assertRaisesRegex(Refused, "no former settings"):
            self.machine.engine.roll_back()

    def test_a_damaged_generation_is_not_put_into_place(self):
        self.change()
        self.change(SITE + "# 2\n")
        self.machine.write("/var/lib/linebridge-setup/generations/1/files/etc/hostname", "rotten\n")
        with self.assertRaisesRegex(Refused, "damaged"):
            self.machine.engine.roll_back()
        self.assertEqual(Store(self.machine.system).current(), 2)


class Trouble(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)
        self.machine.set_up()
        self.new = SITE.replace("192.0.2.30", "192.0.2.31")

    def refused(self, words, **more):
        with self.assertRaisesRegex(Refused, words):
            self.machine.engine.apply(self.machine.candidate(self.new), **more)
        self.assertEqual(self.machine.read("/etc/linebridge/linebridge.toml"), SITE)
        self.assertEqual(self.machine.engine.store.current(), 1)
        self.assertIsNone(self.machine.engine.pending())

    def test_a_unit_that_does_not_start_brings_the_old_settings_back(self):
        self.machine.run.fails["systemctl restart linebridge-gateway@subscriber"] = Done(1, "", "Job failed, see journalctl")
        self.refused("node subscriber: .*Job failed.*former settings are in force")
        self.assertEqual([call for call in self.machine.run.calls if "gateway@publisher" in call],
                         ["systemctl restart linebridge-gateway@publisher.service"] * 3, "set-up, change, back")

    def test_what_is_not_vital_is_told_and_the_change_stands(self):
        self.machine.run.fails["chronyc"] = Done(1, "", "506 Cannot talk to daemon")
        outcome = self.machine.engine.apply(self.machine.candidate(appliance=APPLIANCE + '[time]\nntp = ["a.test"]\n'))
        self.assertTrue(outcome.ok)
        self.assertEqual([(one.what, one.ok) for one in outcome.findings], [("time servers", False)])

    def test_an_account_that_cannot_be_made_brings_the_old_settings_back(self):
        self.machine.run.fails["useradd"] = Done(1, "", "useradd: cannot lock /etc/passwd; try again later.")
        with self.assertRaisesRegex(Refused, "account 'chief' could not be made: .*cannot lock"):
            self.machine.engine.apply(self.machine.candidate(appliance=APPLIANCE.replace('"admin"', '"chief"')))
        self.assertEqual(self.machine.read("/etc/linebridge/appliance.toml"), APPLIANCE)

    def test_without_linebridge_nothing_can_be_judged(self):
        import machine

        self.machine.run.fails[machine.PROGRAM] = Done(127, "", "linebridge: No such file or directory")
        self.refused("could not be judged .*No such file")

    def test_a_judge_that_says_nonsense_is_not_believed(self):
        import machine

        for done in (Done(0, "yes", ""), Done(1, '{"problems":[]}', ""), Done(139, "", ""), Done(0, '{"problems":[{}]}', "")):
            self.machine.run.fails[machine.PROGRAM] = done
            with self.subTest(done=done):
                self.refused("could not be judged")

    def test_a_packet_filter_that_refuses_its_rules_stops_it_all(self):
        self.machine.run.fails["nft --check"] = Done(1, "", "Error: syntax error")
        self.refused("packet filter does not take its rules: Error: syntax error")

    def test_a_timer_that_cannot_be_started_stops_a_change_of_the_network(self):
        self.machine.run.fails["systemd-run"] = Done(1, "", "Failed to connect to bus")
        with self.assertRaisesRegex(Refused, "timer .*Failed to connect to bus"):
            self.machine.engine.apply(self.machine.candidate(appliance=APPLIANCE.replace(".20/24", ".21/24")),
                                      confirm_within=60)
        self.assertIn("192.0.2.20/24", self.machine.read(render.NETWORK))

    def test_a_terminal_that_is_gone_stops_nothing(self):
        def say(words):
            raise BrokenPipeError

        self.assertTrue(self.machine.engine.apply(self.machine.candidate(self.new), say).ok)
        self.assertEqual(self.machine.read("/etc/linebridge/linebridge.toml"), self.new)

    def test_who_interrupts_it_gets_the_old_settings_back(self):
        for word in ("Putting files", "Reloading: node publisher", "Reloading: node subscriber", "Looking"):
            def say(words, word=word):
                if words.startswith(word):
                    raise KeyboardInterrupt

            with self.subTest(word=word), self.assertRaises(KeyboardInterrupt):
                self.machine.engine.apply(self.machine.candidate(self.new), say)
            self.assertEqual(self.machine.read("/etc/linebridge/linebridge.toml"), SITE)
            self.assertEqual((self.machine.engine.store.current(), self.machine.engine.store.numbers()), (1, [0, 1]))

    def test_a_read_only_disk_is_said(self):
        create = self.machine.system.create

        def refuse(name, data, mode):
            if name.startswith(where):
                raise OSError(30, "Read-only file system", name)
            create(name, data, mode)

        self.machine.system.create = refuse
        for where, words in (("/var", "nothing was changed: the file system is read-only"),
                             ("/run", "could not be judged: the file system is read-only"),
                             ("/etc", "the file system is read-only .*former settings are in force")):
            with self.subTest(where=where):
                self.refused(words)

    def test_a_folder_in_the_place_of_a_file_is_said(self):
        os.unlink(self.machine.root + render.CHRONY)
        os.mkdir(self.machine.root + render.CHRONY)
        with self.assertRaisesRegex(Refused, "directory"):
            self.machine.engine.apply(self.machine.candidate(self.new, APPLIANCE + '[time]\nntp = ["a.test"]\n'))
        self.assertEqual(self.machine.read("/etc/linebridge/linebridge.toml"), SITE)


class Confirmation(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)
        self.machine.set_up()
        self.moved = APPLIANCE.replace("192.0.2.20", "192.0.2.21")

    def move(self, seconds=120):
        return self.machine.engine.apply(self.machine.candidate(appliance=self.moved), confirm_within=seconds)

    def address(self):
        return [line for line in self.machine.read(render.NETWORK).splitlines() if line.startswith("Address=")]

    def test_a_change_of_the_network_waits_and_a_timer_is_set_that_outlives_us(self):
        self.assertTrue(self.move().needs_confirmation)
        self.assertEqual(self.machine.engine.pending(), 120)
        timers = [call for call in self.machine.run.calls if call.startswith("systemd-run")]
        self.assertIn("--on-active=120", timers[-1])
        self.assertTrue(timers[-1].endswith("/usr/bin/linebridge-setup roll-back --unconfirmed 2"))
        self.assertIn("--on-active=180", timers[0], "there is one before anything changes")

    def test_other_changes_do_not_wait(self):
        done = self.machine.engine.apply(self.machine.candidate(SITE + "#\n"), confirm_within=120)
        self.assertFalse(done.needs_confirmation)
        self.assertIsNone(self.machine.engine.pending())

    def test_a_confirmed_one_stays_whatever_the_timer_does(self):
        self.move()
        self.machine.engine.confirm()
        self.machine.system.wait(1000)
        self.assertFalse(self.machine.engine.roll_back(only=2).changed)
        self.assertEqual(self.address(), ["Address=192.0.2.21/24"])
        with self.assertRaisesRegex(Refused, "nothing waits"):
            self.machine.engine.confirm()

    def test_the_timer_takes_it_back_when_the_time_is_over_and_not_before(self):
        self.move()
        self.assertFalse(self.machine.engine.roll_back(only=2).changed)
        self.machine.system.wait(120)
        self.assertFalse(self.machine.engine.roll_back(only=1).changed, "that is another generation's timer")
        self.machine.run.calls.clear()
        self.assertTrue(self.machine.engine.roll_back(only=2).changed)
        self.assertEqual(self.address(), ["Address=192.0.2.20/24"])
        self.assertIn("networkctl reload", self.machine.run.calls)
        self.assertIsNone(self.machine.engine.pending())

    def test_while_one_waits_nothing_else_is_applied(self):
        self.move()
        with self.assertRaisesRegex(Refused, "waits for its confirmation .120 seconds left"):
            self.machine.engine.apply(self.machine.candidate())

    def test_taking_it_back_by_hand_needs_no_waiting(self):
        self.move()
        self.machine.engine.roll_back()
        self.assertEqual(self.address(), ["Address=192.0.2.20/24"])
        self.assertEqual(self.machine.engine.store.numbers(), [0, 1])

    def test_a_restart_takes_it_back(self):
        self.move()
        self.assertTrue(self.machine.restart().recover())
        self.assertEqual(self.address(), ["Address=192.0.2.20/24"])
        self.assertFalse([call for call in self.machine.run.calls if "networkctl" in call], "the network comes later")


class Door(unittest.TestCase):
    def test_nothing_reaches_the_machine_that_runs_from_another_root(self):
        from linebridge_setup.system import System

        system = System("/nonexistent")
        self.assertEqual(system.tell("systemctl", "poweroff"), Done(0, "", ""))
        self.assertEqual(system.told, [["systemctl", "poweroff"]])

    def test_outcomes_can_be_written_as_json(self):
        machine = Machine()
        self.addCleanup(machine.remove)
        self.assertTrue(json.dumps(machine.engine.apply(machine.candidate("", "", {})).problems))
