"""What all conversations share: a machine, persons in front of it, and the right answers."""

import unittest

from linebridge_setup import fields
from person import ANSWERS, Machine, Person

DEFAULTS = {"time.ntp": "pool.ntp.org", "administrator.name": "admin"}


class Conversation(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)

    def person(self, *words, **more):
        one = Person(self.machine, *words, **more)
        self.addCleanup(one.leave)
        return one

    def asked(self):
        """The fields of the first set-up with a static network, in their order."""
        return [field for field in fields.FIELDS if not field.when or ANSWERS.get(field.when[0]) == field.when[1]]

    def right(self, person, field, nothing=""):
        """`nothing`: what is typed where nothing is wanted; an empty line keeps what stands there."""
        person.prompt(field.title)
        person.type(ANSWERS.get(field.key) or DEFAULTS.get(field.key, nothing))
        if field.kind == "password":
            person.answer(field.title, ANSWERS[field.key])

    def to_users(self, person):
        for field in self.asked():
            self.right(person, field)
        person.answer("Users", "go-on")

    def set_up(self):
        person = self.person("wizard", "--plain")
        self.to_users(person)
        person.answer("Apply", "apply")
        self.finish(person)
        return person

    def finish(self, person):
        self.assertEqual(person.end(), 0, person.said()[-2000:])
