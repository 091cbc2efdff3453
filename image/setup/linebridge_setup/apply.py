"""Carries out a change: judge, stage, commit, put into place, reload, verify, wait for a confirmation, or take it back.

What a power cut may meet, and what recover() makes of it:

  staged, not committed             the old settings stand, the new generation is dropped
  committed, files partly in place  the new settings are put into place
  committed, not confirmed          the former settings are put into place
"""

import contextlib
import math
from typing import NamedTuple

from . import accounts, judge, reload, render, verify
from .activation import Activation, present, stands
from .candidate import SITE, Candidate
from .problem import Finding, Refused
from .store import BEFORE, LOCK, PENDING, Store
from .system import words_of

_UNIT = "linebridge-setup-roll-back"
_COMMAND = "/usr/bin/linebridge-setup"
_LONGEST = 240  # seconds of one order; a node takes 90 to say good-bye to its clients
_GRACE = 60  # seconds that an apply may take until the time for the confirmation begins


class Outcome(NamedTuple):
    """How an apply or a roll-back ended. `problems`: why a candidate was not taken."""

    ok: bool
    changed: bool
    needs_confirmation: bool
    findings: list
    problems: list = []


class Apply:
    def __init__(self, system, store=None):
        self.system = system
        self.store = store or Store(system)
        self.activation = Activation(system, self.store)

    # --- the orders of people

    def apply(self, candidate, judged, say=lambda words: None, confirm_within=None, at_boot=False):
        say = _telling(say)
        with self._alone():
            self._refuse_while_pending()
            self._finish_what_was_interrupted(say)
            say("Checking the settings")
            problems = judged(candidate)
            if problems:
                return Outcome(False, False, False, [], problems)
            former = self.store.current()
            former_entries = self.store.entries(former)
            candidate.hash_password(self.system, "" if former == BEFORE else accounts.hash_in(former_entries))
            entries, values = self._rendered(candidate)
            if former != BEFORE and all(stands(self.system, name, entry) for name, entry in entries.items()) and \
                    entries.keys() == former_entries.keys() and entries == former_entries:
                return Outcome(True, False, False, [])
            confirm = confirm_within if entries.get(render.NETWORK) != former_entries.get(render.NETWORK) else None
            return self._change(former, entries, values, candidate, say, confirm, at_boot)

    def confirm(self):
        with self._alone():
            if self.store.pending() is None:
                raise Refused("nothing waits for a confirmation; it was confirmed or taken back already")
            self.store.clear_pending()
            self._disarm()

    def seconds_left(self):
        found = self.store.pending()
        if found is None or found["generation"] != self.store.current():
            return None
        return max(0, math.ceil(found["deadline"] - self.system.now()))

    def roll_back(self, say=lambda words: None, only=None):
        """`only`: a timer's call for this generation, for nothing else, and not before its time is over."""
        say = _telling(say)
        with self._alone(seconds=0 if only is None else 300):
            self._finish_what_was_interrupted(say)
            current, pending = self.store.current(), self.store.pending()
            waits = pending is not None and pending["generation"] == current
            if only is not None and (not waits or current != only or pending["deadline"] - self.system.now() > 2):
                return Outcome(True, False, False, [])
            target = pending["former"] if waits else self._one_before(current)
            return self._return_to(target, say)

    def recover(self, say=lambda words: None):
        say = _telling(say)
        with self._alone():
            pending, current = self.store.pending(), self.store.current()
            if pending is not None and pending["generation"] == current:
                say("Nobody confirmed the new settings: the former ones come back")
                current = pending["former"]
                self.activation.prepare(current)
                self.store.commit(current)
            changes = self._finish_what_was_interrupted(say)
            change = reload.Change(frozenset(changes), {}, {}, self.store.entries(current))
            for order in reload.orders_at_boot(change):
                self.system.tell(*order.argv)
            return bool(changes) or pending is not None

    # --- steps

    def _rendered(self, candidate):
        values = judge.values(self.system, candidate)
        wanted = render.appliance_values(candidate.appliance)["network"]["interface"]
        interface = wanted or next(iter(self.system.wired_interfaces()), "")
        entries = render.files(candidate, values, interface)
        self._judge_filter(entries[render.NFTABLES].data)
        return entries, values

    def _judge_filter(self, rules):
        if self.system.is_live:
            done = self.system.run("nft", "--check", "--file", "-", data=rules)
            if done.code not in (0, 127):
                raise Refused(f"the packet filter does not take its rules: {done.words()}")

    def _change(self, former, entries, values, candidate, say, confirm, at_boot):
        administrator = render.appliance_values(candidate.appliance)["administrator"]["name"]
        before = self._values_of(former)
        say("Storing the settings")
        number = self._staged(former, entries, administrator)
        try:
            changes = self.activation.prepare(number)
            if confirm is not None:
                self._wait_for_confirmation(number, former, confirm + _GRACE)
            say("Putting files into place")
            self.store.commit(number)
            self.activation.carry_out(number, changes)
            change = reload.Change(frozenset(changes), before, values, entries)
            findings = self._carry_out(reload.orders_at_boot(change) if at_boot else reload.orders(change), say)
            if not at_boot and self.system.is_live:
                say("Looking whether it works")
                findings += verify.findings(self.system, values)
            if confirm is not None:
                self._wait_for_confirmation(number, former, confirm)
        except (OSError, Refused) as error:
            words = words_of(error) if isinstance(error, OSError) else str(error)
            self._undo(number, former, words, say)
        except BaseException:  # somebody interrupted it
            with contextlib.suppress(Refused):
                self._undo(number, former, "interrupted", say)
            raise
        with contextlib.suppress(OSError):
            self.store.prune()
        return Outcome(True, True, confirm is not None, findings)

    def _staged(self, former, entries, administrator):
        try:
            if former == BEFORE:
                if BEFORE in self.store.numbers():
                    self.store.drop(BEFORE)
                self.store.stage_before(present(self.system, entries))
            return self.store.stage(entries, administrator)
        except OSError as error:
            with contextlib.suppress(OSError):
                self.store.clean()
            raise Refused(f"nothing was changed: {words_of(error)}") from error

    def _undo(self, number, former, words, say):
        """Ends in Refused, with the former settings in force if the disk lets it."""
        say("That failed: the former settings come back")
        try:
            committed = self.store.current() == number
            if committed:
                self.activation.prepare(former)
                self.store.commit(former)
                changes = self._finish_what_was_interrupted(say, always=True)
                change = self._what_changed(changes, self._values_of(number, kept=True), former)
                for order in reload.orders(change):
                    self.system.tell(*order.argv, seconds=_LONGEST)
            self.activation.tidy()
            self._forget_newer(former)
            self.store.clear_pending()
            self._disarm()
        except (OSError, Refused) as error:
            again = words_of(error) if isinstance(error, OSError) else str(error)
            raise Refused(f"{words}. The former settings could not be put back: {again}. Restart the machine when that "
                          "is mended: it is tried again then") from error
        raise Refused(f"{words}. The former settings are in force")

    def _return_to(self, target, say):
        say("Putting the former settings back")
        leaving = self.store.current()
        before = self._values_of(leaving)
        self.activation.prepare(target)
        self.store.commit(target)
        changes = self._finish_what_was_interrupted(say, drop=False)
        findings = []
        for order in reload.orders(self._what_changed(changes, before, target)):
            findings += self._one(order, say, soft=True)
        self._forget_newer(target)
        self.store.clear_pending()
        self._disarm()
        return Outcome(True, True, False, findings)

    def _finish_what_was_interrupted(self, say, always=False, drop=True):
        """The generation in force gets all its files; what was left of others goes. Gives the changes."""
        self.store.clean()
        current, changes = self.store.current(), {}
        known = current != BEFORE or BEFORE in self.store.numbers()
        if known and (always or self.store.activated() != current):
            say("Putting files into place")
            changes = self.activation.prepare(current)
            self.activation.carry_out(current, changes)
        else:
            self.activation.tidy()
        if drop:
            self._forget_newer(current)
            pending = self.store.pending()
            if self.system.exists(PENDING) and (
                    pending is None or pending["generation"] != current):
                self.store.clear_pending()
        return changes

    def _forget_newer(self, current):
        """Generations behind the one in force were never in force or were taken back."""
        for number in self.store.numbers():
            if number > current:
                self.store.drop(number)

    def _carry_out(self, orders, say):
        findings = []
        for order in orders:
            findings += self._one(order, say, order.soft)
        return findings

    def _one(self, order, say, soft):
        say(f"Reloading: {order.what}")
        done = self.system.tell(*order.argv, seconds=_LONGEST)
        if done.code != 0:
            if not soft:
                raise Refused(f"{order.what}: '{' '.join(order.argv)}' failed: {done.words()}")
            return [Finding(order.what, False, f"'{' '.join(order.argv)}' failed: {done.words()}")]
        if order.node and self.system.is_live:
            verify.wait_for_links(self.system, order.node)
        return []

    # --- what is known of generations

    def _values_of(self, number, kept=False):
        """A generation's site as Linebridge reads it; {} if there is none."""
        if number in (None, BEFORE):
            return {}
        try:
            text = self.store.entries(number)[SITE].data.decode("utf-8", "replace")
            return judge.values(self.system, Candidate(text, "", {}))
        except (Refused, KeyError, OSError):
            return {} if kept else {"unknown": number}

    def _what_changed(self, changes, before, target):
        return reload.Change(frozenset(changes), before, self._values_of(target), self.store.entries(target))

    def _one_before(self, current):
        older = [n for n in self.store.numbers() if BEFORE < n < current]
        if not older:
            raise Refused("there are no former settings to go back to")
        return older[-1]

    # --- confirmation

    def _refuse_while_pending(self):
        left = self.seconds_left()
        if left is not None:
            raise Refused(f"a change waits for its confirmation ({left} seconds left): confirm it or roll it back first")

    def _wait_for_confirmation(self, number, former, seconds):
        """The timer lives on when we end; if the machine restarts instead, recover() takes the change back."""
        self.store.set_pending(number, former, self.system.now() + seconds)
        self._disarm()
        done = self.system.tell("systemd-run", f"--unit={_UNIT}-{number}-{seconds}", f"--on-active={seconds}",
                                "--timer-property=AccuracySec=1s", "--collect", "--quiet", _COMMAND, "roll-back",
                                "--unconfirmed", str(number))
        if done.code != 0:
            raise Refused(f"the timer that would take the change back could not be started: {done.words()}")

    def _disarm(self):
        self.system.tell("systemctl", "stop", f"{_UNIT}-*.timer")

    @contextlib.contextmanager
    def _alone(self, seconds=0):
        """One at a time; what the disk says becomes words."""
        try:
            self.store.open()
            with self.system.locked(LOCK, seconds):
                yield
        except OSError as error:
            raise Refused(words_of(error)) from error


def _telling(say):
    """A terminal that is gone stops nothing."""
    def told(words):
        with contextlib.suppress(OSError, ValueError):
            say(words)

    return told
