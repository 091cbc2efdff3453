"""The door of the settings engine: a candidate is made, judged, compared, applied, confirmed or taken back.

    engine = Engine(System())
    candidate = engine.candidate()
    candidate.set(field, value)
    engine.problems(candidate)
    engine.apply(candidate, print)

A method that cannot do what it is asked raises Refused with words for people; then what was in force stays in force.
"""

from . import candidate as candidates
from . import difference, judge, rules, seeds
from .apply import Apply, Outcome  # noqa: F401 - Outcome is part of the door
from .candidate import Candidate  # noqa: F401 - part of the door
from .problem import Finding, Problem, Refused  # noqa: F401 - part of the door
from .store import BEFORE, Store


class Engine:
    def __init__(self, system):
        self.system = system
        self.store = Store(system)

    def is_set_up(self):
        return self.store.current() != BEFORE

    def candidate(self):
        """The documents as they are on the machine, edited by hand or not; the defaults if there are none."""
        return candidates.of_machine(self.system)

    def candidate_of(self, site=None, appliance=None, secrets=None):
        """A candidate of texts and {name: bytes}; what is None is as it is on the machine. Secrets are added."""
        for name, data in (secrets or {}).items():
            candidates.check_secret(name, data)
        return candidates.of_machine(self.system, site, appliance, secrets)

    def problems(self, candidate):
        """Every problem of both documents; none if it is empty. Raises Refused if the site cannot be judged."""
        return judge.problems(self.system, candidate) + rules.problems(self.system, candidate)

    def problems_of(self, candidate, field):
        """Those of one field, as words that go below its question."""
        found = rules.problems(self.system, candidate) if field.document == "appliance" else judge.problems(
            self.system, candidate)
        keys = (field.key, "administrator.password_hash") if field.kind == "password" else (field.key,)
        return [one.what for one in found if one.document == field.document and one.key.partition("[")[0] in keys]

    def difference(self, candidate):
        """Lines for people: what changes with respect to what is in force, or to the defaults before set-up."""
        return difference.lines(self._in_force() if self.is_set_up() else candidates.defaults(self.system), candidate)

    def _in_force(self):
        return candidates.of_entries(self.store.entries(self.store.current()))

    def apply(self, candidate, say=lambda words: None, confirm_within=None):
        """Puts a candidate in force. `say` is told each step; `confirm_within`: seconds in which a change of the network
        must be confirmed. Gives an Outcome; with problems or a step that failed, ok is False and the old state stands."""
        return Apply(self.system, self.store).apply(candidate, self.problems, say, confirm_within)

    def unattended(self, credentials, say=lambda words: None):
        """Sets a machine up from a seed, while it starts. Gives an Outcome, or None if it is set up already or there is
        no seed. `credentials`: systemd's folder of them, or None."""
        if self.is_set_up():
            return None
        seed = seeds.find(self.system, credentials)
        if seed is None:
            return None
        say(f"Setting up from {seed.source}")
        candidate = self.candidate_of(seed.site, seed.appliance, seed.secrets)
        return Apply(self.system, self.store).apply(candidate, self.problems, say, at_boot=True)

    def pending(self):
        """Seconds left to confirm, or None if nothing waits."""
        return Apply(self.system, self.store).seconds_left()

    def confirm(self):
        """What waits for a confirmation stays. Raises Refused if nothing waits."""
        Apply(self.system, self.store).confirm()

    def roll_back(self, say=lambda words: None, only=None):
        """Takes back what waits for a confirmation; if nothing waits, the last change. `only`: this generation, and only
        once its time is over (None: now)."""
        return Apply(self.system, self.store).roll_back(say, only)

    def recover(self, say=lambda words: None):
        """At boot: finishes what was interrupted, takes back what nobody confirmed. Gives whether anything was done."""
        return Apply(self.system, self.store).recover(say)

    def changed_by_hand(self):
        """Names of managed files that are not as they were put there."""
        from .activation import stands

        return [name for name, entry in self.store.entries(self.store.current()).items()
                if not stands(self.system, name, entry)] if self.is_set_up() else []
