"""What a day needs of the place where it is played: a picture on loopback (picture.py) and machines (remote.py) are
scenes. Words of commands are those of our programs, so a scene says how they are reached and no more."""

import abc
import json

import schema

ROLES = ("publisher", "subscriber")


class Scene(abc.ABC):
    """Started and stopped once. `wish` says who is in it (picture.Wish), `directory` is a folder for what is kept."""

    patience = 1     # How many times longer than on a machine of one's own anything may take.
    processes = ()   # What ends only if something is wrong; waits end with it.

    @abc.abstractmethod
    def start(self):
        """Everything is up, links too. Raises Failed."""

    @abc.abstractmethod
    def stop(self):
        """Ends what start() began. Gives back what was wrong with it, in words."""

    @abc.abstractmethod
    def tails(self):
        """The last words of each program, for somebody who has to find out."""

    @abc.abstractmethod
    def linebridge(self, *arguments):
        """What the administrator's command prints. Raises Failed with its words."""

    @abc.abstractmethod
    def of_site(self):
        """The arguments that show that command this site."""

    @abc.abstractmethod
    def cucm(self, *words):
        """What the simulated cluster answers to a word of its control socket. Raises Failed."""

    @abc.abstractmethod
    def client(self, *words):
        """What the simulated OCS answers to a word of its control socket, as a subprocess.CompletedProcess."""

    @abc.abstractmethod
    def has(self, name):
        """Whether this process ("gateway-publisher") was started and not taken away."""

    @abc.abstractmethod
    def kill(self, name):
        """Ends a process at once (SIGKILL) and for good."""

    @abc.abstractmethod
    def start_node(self, role):
        """Starts a node that was killed."""

    @abc.abstractmethod
    def node_checked(self, role):
        """HAProxy has looked at a node and gives it new dialogs."""

    @abc.abstractmethod
    def follow(self, users):
        """A process.Process that prints what passes of these users, JSON a line, with what clients and phones trace."""

    @abc.abstractmethod
    def remark(self, text):
        """A line among those."""

    @abc.abstractmethod
    def draw(self, lines):
        """Draws such lines as a ladder on our own standard output."""

    def users(self):
        """Names of those whose ladder is drawn."""
        return [person.name for person in self.wish.people]

    def trace(self, role, session=None):
        """What passed a node, oldest first, as dictionaries: at_us, session, from, to, text, detail."""
        extra = ["--session", session] if session else []
        return self._asked("trace", role, *extra, "--most", 100000)["lines"]

    def status(self, role):
        """A node, its links, its sessions and counters, as dictionaries."""
        return self._asked("status", role)

    def _asked(self, what, role, *extra):
        text = self.linebridge(what, *self.of_site(), "--role", role, "--json", *extra)
        return json.loads(text)["nodes"][0]["answer"]


def invalid_bodies(log):
    """What nodes said in a log of the simulated OCS and the schema refuses, in words."""
    said = dict.fromkeys(schema.bodies_of_nodes(log))
    try:
        judged = [(schema.problems(body), body) for body in said]
    except schema.CannotJudge as problem:
        return [str(problem)]
    return [f"CSTA that the schema refuses: {problem}\n{body}" for problem, body in judged if problem]
