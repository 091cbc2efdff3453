"""A power cut at any step, with anything lost that was not safe yet, leaves the old settings or the new, whole."""

import os
import random
import unittest

import machine as machine_module
from cut import CutSystem, PowerCut
from linebridge_setup.activation import present
from linebridge_setup.problem import Refused
from machine import APPLIANCE, SECRETS, SITE, Machine

NEW_SITE = SITE.replace("192.0.2.30", "192.0.2.31")
NEW_APPLIANCE = (APPLIANCE.replace("lb1.", "lb2.").replace("Berlin", "Paris").replace('name = "admin"', 'name = "chief"')
                 .replace("[access]", "[access]\nweb = false\nssh = false").replace("192.0.2.20", "192.0.2.21"))
NEW_SECRETS = {"cti.password": b"another\n", "tls.key": b"key\n"}


NAMES = set()  # of all files that any generation of these tests manages


def everything(machine):
    """What makes a generation: all managed files, the accounts that can be used, set up or not."""
    store = machine.engine.store
    NAMES.update(name for number in store.numbers() for name in store.manifest(number)["files"])
    usable = {name: known for name, known in machine.run.accounts().items() if not known.startswith("!")}
    return present(machine.system, sorted(NAMES)), usable, machine.engine.is_set_up()


def leftovers(machine):
    found = []
    for folder, folders, files in os.walk(machine.root):
        found += [f"{folder}/{name}" for name in folders + files
                  if name.endswith((".linebridge-new", ".new", ".old")) or name == "pending"]
    return found


def first_set_up(machine):
    _apply(machine, machine.candidate())


def change(machine):
    _apply(machine, machine.candidate(NEW_SITE, NEW_APPLIANCE, NEW_SECRETS))


def change_to_confirm(machine):
    _apply(machine, machine.candidate(NEW_SITE, NEW_APPLIANCE, NEW_SECRETS), 120)


def _apply(machine, candidate, confirm_within=None):
    done = machine.engine.apply(candidate, confirm_within=confirm_within)
    if not done.ok or done.needs_confirmation != (confirm_within is not None):
        raise AssertionError(done)


def change_and_confirm(machine):
    change_to_confirm(machine)
    machine.engine.confirm()


def roll_back(machine):
    machine.engine.roll_back()


def recover(machine):
    machine.engine.recover()


def chances(seed):
    """Nothing is lost, everything, or some of it."""
    some = random.Random(seed)
    return (lambda count: count), (lambda count: 0), (lambda count: some.randint(0, count))


def every_step(steps, stride=1):
    """All of them; in a hurry every second where `stride` says so, and where the disk is slow every seventh."""
    if machine_module.ALL:
        return range(1, steps + 1)
    return range(1, steps + 1, stride if machine_module.QUICK_DISK else 7)


class Interrupted(unittest.TestCase):
    def setUp(self):
        self.machines = []

    def tearDown(self):
        for machine in self.machines:
            machine.remove()

    def machine(self, *orders):
        machine = Machine()
        self.machines.append(machine)
        for order in orders:
            order(machine)
        return machine

    def steps_of(self, start, order):
        """How many steps an order takes, and what there is afterwards."""
        machine = self.again(start)
        order(machine)
        return machine.system.steps, everything(machine)

    def again(self, start, system=CutSystem):
        machine = start.copy()
        self.machines.append(machine)
        machine.restart(system)
        return machine

    def forget(self, machine):
        self.machines.remove(machine)
        machine.remove()

    def cut(self, machine, order, step, chance):
        """The power fails at a step of an order; then the machine starts again."""
        machine.system.cut_at = step
        with self.assertRaises(PowerCut):
            order(machine)
        machine.system.lose(chance)
        machine.restart(CutSystem)

    def holds(self, machine, allowed):
        """What is there after recover() is one of the allowed, with nothing left over, and works on."""
        machine.engine.recover()
        found = everything(machine)
        self.assertIn(found, allowed)
        self.assertEqual(leftovers(machine), [])
        self.assertIsNone(machine.engine.pending())
        machine.restart()
        self.assertFalse(machine.engine.recover(), "a second time there is nothing to do")
        self.assertEqual(everything(machine), found)
        return allowed.index(found)

    def at_every_step(self, start, order, allowed, thorough=False, stride=1):
        """Gives how often which of the allowed was found."""
        steps, _ = self.steps_of(start, order)
        counts = [0] * len(allowed)
        for step in every_step(steps, stride):
            for number, chance in enumerate(chances(step)):
                if number != step % 3 and not (machine_module.ALL or thorough):
                    continue
                with self.subTest(order=order.__name__, step=step, loss=number):
                    machine = self.again(start)
                    self.cut(machine, order, step, chance)
                    counts[self.holds(machine, allowed)] += 1
                    self.forget(machine)
        return counts

class PowerCuts(Interrupted):
    def test_the_first_set_up_is_not_there_or_whole(self):
        start = self.machine()
        _, new = self.steps_of(start, first_set_up)
        old = everything(start)
        counts = self.at_every_step(start, first_set_up, [old, new])
        self.assertTrue(all(counts))

    def test_a_change_leaves_the_old_or_the_new(self):
        start = self.machine(first_set_up)
        old = everything(start)
        _, new = self.steps_of(start, change)
        self.assertNotEqual(old, new)
        counts = self.at_every_step(start, change, [old, new], thorough=True)
        self.assertTrue(all(counts))

    def test_a_change_that_nobody_confirmed_leaves_the_old(self):
        start = self.machine(first_set_up)
        self.at_every_step(start, change_to_confirm, [everything(start)], stride=2)

    def test_a_change_that_waits_is_taken_back_at_the_next_start(self):
        start = self.machine(first_set_up)
        old = everything(start)
        change_to_confirm(start)
        self.assertNotEqual(everything(start), old)
        start.restart(CutSystem)
        self.holds(start, [old])

    def test_a_confirmed_change_is_the_old_or_the_new(self):
        start = self.machine(first_set_up)
        old = everything(start)
        _, new = self.steps_of(start, change_and_confirm)
        counts = self.at_every_step(start, change_and_confirm, [old, new], stride=2)
        self.assertTrue(all(counts))

    def test_a_roll_back_leaves_one_or_the_other(self):
        start = self.machine(first_set_up, change)
        new = everything(start)
        _, old = self.steps_of(start, roll_back)
        self.assertTrue(all(self.at_every_step(start, roll_back, [old, new])))

    def test_a_roll_back_of_what_waits_leaves_the_old(self):
        start = self.machine(first_set_up)
        old = everything(start)
        change_to_confirm(start)
        self.at_every_step(start, roll_back, [old])

    def test_recovering_can_be_cut_as_well(self):
        start = self.machine(first_set_up)
        old = everything(start)
        for order in (change, change_to_confirm):
            steps, new = self.steps_of(start, order)
            for step in range(2, steps, 5 if machine_module.ALL else 23):
                machine = self.again(start)
                self.cut(machine, order, step, chances(step)[step % 3])
                self.at_every_step(machine, recover, [old, new] if order is change else [old])
                self.forget(machine)

    def test_recovering_a_first_set_up_can_be_cut_as_well(self):
        start = self.machine()
        steps, new = self.steps_of(start, first_set_up)
        old = everything(start)
        for step in range(2, steps, 9 if machine_module.ALL else 31):
            machine = self.again(start)
            self.cut(machine, first_set_up, step, chances(step)[step % 3])
            self.at_every_step(machine, recover, [old, new])
            self.forget(machine)


class Errors(Interrupted):
    """The disk refuses at any step, once or for good."""

    def at_every_step(self, start, order, allowed, thorough=False):
        steps, _ = self.steps_of(start, order)
        counts = [0] * len(allowed)
        for step in every_step(steps, 3):
            for lasting in (False, True):
                if lasting != (step % 2 == 0) and not machine_module.ALL:
                    continue
                with self.subTest(order=order.__name__, step=step, lasting=lasting):
                    machine = self.again(start)
                    machine.system.cut_at, machine.system.lasting = step, lasting
                    machine.system.error = OSError(28, "No space left on device")
                    words = self._order(machine, order)
                    machine.system.cut_at, machine.system.lasting = None, False
                    if words.endswith("The former settings are in force") or words.startswith("nothing was changed"):
                        self.assertEqual(everything(machine), allowed[0], words)
                    machine.restart(CutSystem)
                    counts[self.holds(machine, allowed)] += 1
                    self.forget(machine)
        return counts

    def _order(self, machine, order):
        """What an order is refused with, or "" if it was not."""
        try:
            order(machine)
            return ""
        except Refused as refused:
            self.assertIn("the disk is full", str(refused))
            return str(refused)

    def test_a_first_set_up_that_fails_leaves_nothing(self):
        start = self.machine()
        _, new = self.steps_of(start, first_set_up)
        self.at_every_step(start, first_set_up, [everything(start), new])

    def test_a_change_that_fails_leaves_the_old(self):
        start = self.machine(first_set_up)
        _, new = self.steps_of(start, change)
        self.at_every_step(start, change, [everything(start), new])

    def test_a_change_to_confirm_that_fails_leaves_the_old(self):
        start = self.machine(first_set_up)
        self.at_every_step(start, change_to_confirm, [everything(start)])

    def test_a_roll_back_that_fails_leaves_one_or_the_other(self):
        start = self.machine(first_set_up, change)
        new = everything(start)
        _, old = self.steps_of(start, roll_back)
        self.at_every_step(start, roll_back, [new, old])
