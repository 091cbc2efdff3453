"""The whole picture on loopback: simulated CTI Managers with phones, two gateway nodes, the splitter, HAProxy and a
simulated OCS, each as a program of its own, on ports that were free a moment ago.

    with Picture(bin_directory) as picture:
        picture.ocs                # "127.0.0.1:40123": where clients sign in
        picture.cucm("phones")     # a word to the simulated cluster
        picture.trace("publisher") # what passed a node
"""

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from process import Failed, Process, wait_until
from scene import ROLES, Scene, invalid_bodies

SERVERS = dict(zip(ROLES, ("pub", "sub")))  # As HAProxy calls them.
FLAVOURS = {"2005": "lcs2005", "2007": "ocs2007", "2007r2": "ocs2007r2"}
LINE_SERVER = "sip:ctigw@gw.example.test"
CTI_USER = "linebridge"
CTI_PASSWORD = "a password for the lab"


@dataclass
class Person:
    """A user with a phone. Somebody who is not assigned may not use it from a client."""

    name: str
    number: str
    assigned: bool = True

    @property
    def address(self):
        return f"{self.name}@example.test"

    @property
    def line(self):
        return f"tel:{self.number};phone-context=dialstring"

    @property
    def phone(self):
        return f"SEP{int(self.number):012d}"


PEOPLE = (Person("alice", "1001"), Person("bob", "1002"), Person("carol", "1003"), Person("dave", "1004", False))


@dataclass
class Wish:
    """What may be different from picture to picture."""

    people: tuple = PEOPLE
    real_people: tuple = ()  # More of them, who have a client that is not simulated, whatever `clients` says.
    managers: int = 2
    manager_ports: tuple = ()  # Where they listen; free ports if that does not matter.
    mode: str = "2007"
    connections: int = 1
    answer_events: bool = False
    ocs: bool = True
    clients: bool = False  # OCS has simulated clients, steered by its console.
    dialogs: int = 1000  # what the front end is made for; HAProxy needs two descriptors for each
    cti_password: str = CTI_PASSWORD  # What the nodes log in with.
    ready: bool = True  # Nodes and their links come up; else nobody waits for that.
    before_nodes: object = None  # Called with the picture once the CTI Managers are up.
    sections: dict = field(default_factory=dict)  # of the site's TOML: {"sip": {"session_timer": "120s"}}


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def toml(sections):
    """Sections and lists of sections as TOML; strings, numbers, booleans and lists of them as values."""
    out = []
    for name, content in sections.items():
        for section in content if isinstance(content, list) else [content]:
            out.append(f"[[{name}]]" if isinstance(content, list) else f"[{name}]")
            out += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in section.items()]
            out.append("")
    return "\n".join(out)


def find_program(name):
    """HAProxy stands in /usr/sbin, which is not in everybody's PATH."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        raise Failed(f"{name} is not installed")
    return found


def temporary_folder():
    """A new folder; in /tmp where the usual place is too long for the path of a Unix socket (107 bytes)."""
    usual = Path(tempfile.gettempdir())
    place = usual if len(os.fsencode(usual)) < 70 else Path("/tmp")
    return Path(tempfile.mkdtemp(prefix="linebridge.", dir=place))


class Picture(Scene):
    """The scene on loopback."""

    def __init__(self, programs, wish=None, say=lambda text: None):
        self.programs = Path(programs).resolve()
        self.wish = wish or Wish()
        self.everybody = (*self.wish.people, *self.wish.real_people)
        self.say = say
        self.directory = temporary_folder()
        self.logs = self.directory / "logs"
        self.run = self.directory / "run"
        self.config = self.directory / "site.toml"
        self.ocs_log = self.logs / "ocs-messages.log"
        self.traces = [self.directory / f"{name}.trace" for name in ("cucm", "ocs")]  # What passed at phones and clients.
        self.remarks = self.directory / "remarks.trace"
        self.processes = []  # in the order of their start
        self.managers = {}   # name: "HOST:PORT"
        self.ocs = None
        for folder in (self.logs, self.run):
            folder.mkdir()

    # ---- start and end ----

    def __enter__(self):
        try:
            self.start()
        except BaseException as problem:
            if isinstance(problem, Exception):
                print(self.tails(), file=sys.stderr)
            self.stop()
            raise
        return self

    def __exit__(self, kind, problem, trace):
        if kind is not None and issubclass(kind, Exception):
            print(self.tails(), file=sys.stderr)
        complaints = self.stop()
        if kind is None and complaints:
            raise Failed("\n".join(complaints))

    def start(self):
        self._start_cucm()
        self._write_site()
        if self.wish.before_nodes:
            self.wish.before_nodes(self)
        for role in ROLES:
            self.start_node(role)
        self._start("splitter", "linebridge-splitter", "--config", self.config)
        for role in ROLES if self.wish.ready else ():
            wait_until(lambda: self.agent(role).startswith("up 100%"), 20, f"the {role}'s agent to say up", self.processes)
        wait_until((self.run / "split.sock").is_socket, 10, "the splitter's socket", self.processes)
        self._start_haproxy()
        if self.wish.ocs:
            self.start_ocs(self.front)

    def stop(self):
        """Ends all in the order in which traffic flows: who asks goes before who answers. Gives back what was wrong with
        it: who had to be killed, who of our programs ended with a status (a sanitizer's last word, too)."""
        order = ["ocs", "haproxy", "splitter", "gateway-publisher", "gateway-subscriber", "cucm"]
        rank = {name: number for number, name in enumerate(order)}
        complaints = []
        for process in sorted(self.processes, key=lambda each: rank.get(each.name, -1)):
            obeyed = process.stop()
            if not obeyed:
                complaints.append(f"{process.name} did not end within its time and was killed\n{process.tail()}")
            elif process.name in order and process.name != "haproxy" and process.status() != "status 0":
                complaints.append(f"{process.name} ended with {process.status()}\n{process.tail(80)}")
        complaints += self._invalid_bodies()
        self.processes.clear()
        shutil.rmtree(self.directory, ignore_errors=True)
        return complaints

    def _invalid_bodies(self):
        return invalid_bodies(self.ocs_log.read_text(errors="replace")) if self.ocs_log.exists() else []

    def add(self, process):
        """Takes a process of somebody else along: it ends first."""
        self.processes.append(process)
        return process

    def _start(self, name, program, *arguments):
        path = self.programs / program
        if not path.exists():
            raise Failed(f"{path} is not built")
        self.say(name)
        return self.add(Process(name, [path, *arguments], self.logs / f"{name}.log"))

    def start_node(self, role):
        return self._start("gateway-" + role, "linebridge-gateway", "--config", self.config, "--role", role)

    def _start_cucm(self):
        ports = self.wish.manager_ports or [0] * self.wish.managers
        managers = [{"name": f"cti{number + 1}", "listen": f"127.0.0.1:{port}"} for number, port in enumerate(ports)]
        phones = "".join(
            toml({"phone": [{"name": person.phone}]})
            + toml({"phone.line": [{"number": person.number, "display": person.name.capitalize()}]})
            for person in self.everybody)
        cluster = self.directory / "cluster.toml"
        cluster.write_text(toml({
            "cti_manager": managers,
            "user": [{"name": CTI_USER, "password": CTI_PASSWORD, "devices": ["SEP*"]}],
            "outside": [{"pattern": "+1555*", "display": "World"}],
        }) + phones)
        cucm = self._start("cucm", "linebridge-sim-cucm", "run", cluster, "--control", self.run / "cucm.sock",
                           "--trace", self.traces[0])
        ready, _ = cucm.line("ready", 20)
        for line in cucm.lines[:ready]:
            words = line.split()
            if len(words) == 3 and words[0] == "cti":
                self.managers[words[1]] = words[2]

    def _write_site(self):
        ports = dict(zip(("front", "statistics", "publisher", "subscriber", "publisher agent", "subscriber agent"),
                         free_ports(6)))
        self.front = f"127.0.0.1:{ports['front']}"
        self.statistics = f"127.0.0.1:{ports['statistics']}"
        self.agents = {role: ports[role + " agent"] for role in ROLES}
        secret = self.directory / "cti.password"
        secret.touch(0o600)
        secret.write_text(self.wish.cti_password + "\n")
        sections = {
            "sip": {"names": ["gw.example.test"], "virtual_address": self.front, "incoming": ["127.0.0.1"]},
            "cti": {"user": CTI_USER, "password_file": str(secret), "managers": list(self.managers.values())},
            "front": {"listen": self.front, "run_directory": str(self.run), "statistics": self.statistics,
                      "dialogs": self.wish.dialogs},
        }
        for role in ROLES:
            sections["node." + role] = {"listen": f"127.0.0.1:{ports[role]}", "agent": f"127.0.0.1:{self.agents[role]}",
                                        "api_socket": str(self.run / f"{role}.sock")}
        for name, keys in self.wish.sections.items():
            sections.setdefault(name, {}).update(keys)
        sections["user"] = [{"address": f"sip:{person.address}", "assigned": person.assigned, "line_uri": person.line,
                             "devices": [person.phone]} for person in self.everybody]
        self.sections = sections
        self.config.write_text(toml(sections))

    def _start_haproxy(self):
        rendered = self.directory / "haproxy"
        self.linebridge("render", "--config", self.config, "--out", rendered)
        self.say("haproxy")
        haproxy = Process("haproxy", [find_program("haproxy"), "-W", "-S", self.run / "master.sock", "-f",
                                      rendered / "haproxy.cfg"], self.logs / "haproxy.log")
        self.add(haproxy)
        ready = self._nodes_checked if self.wish.ready else self.servers
        wait_until(ready, 20, "HAProxy to have checked both nodes", self.processes)

    def _nodes_checked(self):
        """Before its first checks HAProxy believes that every server is up."""
        return all(self.node_checked(role) for role in ROLES)

    def node_checked(self, role):
        """HAProxy has looked at a node and gives it new dialogs."""
        node = self.servers().get(SERVERS[role])
        return (node is not None and node["status"] == "UP" and node["check_status"].startswith("L7OK")
                and int(node["weight"]) > 0 and node["agent_status"].startswith("L7OK"))

    def start_ocs(self, next_hop):
        """The simulated OCS, with a static route to "HOST:PORT"."""
        kinds = [("--client" if self.wish.clients else "--user", person) for person in self.wish.people]
        kinds += [("--user", person) for person in self.wish.real_people]
        users = [word for kind, person in kinds for word in (kind, f"{person.address}={person.line}")]
        extra = ["--answer-events"] if self.wish.answer_events else []
        if self.wish.clients:
            extra += ["--control", self.run / "ocs.sock", "--trace", self.traces[1]]
        ocs = self._start("ocs", "linebridge-sim-ocs", "run", "--listen", "127.0.0.1:0", "--next-hop", next_hop,
                          "--server", LINE_SERVER, "--flavour", FLAVOURS[self.wish.mode], "--connections", self.wish.connections,
                          "--log", self.ocs_log, *users, *extra)
        ocs.line("ready", 10)
        self.ocs = ocs.line("listening", 1)[1].split()[1]

    # ---- looking at it ----

    def config_of(self, section):
        """What the site's file says in one section."""
        return self.sections[section]

    def process(self, name):
        return next(process for process in self.processes if process.name == name)

    def has(self, name):
        """Whether this process was started and not taken away."""
        return any(process.name == name for process in self.processes)

    def kill(self, name):
        """Ends a process at once (SIGKILL) and forgets it."""
        process = self.process(name)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(5)
        self.processes.remove(process)
        process.stop()

    def linebridge(self, *arguments):
        """What the administrator's command prints. Fails with its words."""
        return self._output("linebridge", *arguments)

    def cucm(self, *words):
        """What the simulated cluster answers to a word of its control socket."""
        return self._output("linebridge-sim-cucm", "control", self.run / "cucm.sock", *words)

    def of_site(self):
        return ["--config", self.config]

    def client(self, *words):
        command = [self.programs / "linebridge-sim-ocs", "control", self.run / "ocs.sock", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=90)

    def follow(self, users):
        traces = [word for path in (*self.traces, self.remarks) for word in ("--also", path)]
        command = [self.programs / "linebridge", "trace", *users, "--json", *self.of_site(), *traces]
        return self.add(Process("trace", command, self.logs / "trace.log"))

    def remark(self, text):
        with self.remarks.open("a") as file:
            file.write(json.dumps({"at_us": time.time_ns() // 1000, "text": text}) + "\n")

    def draw(self, lines):
        command = [self.programs / "linebridge", "trace", "--from", "-", "--relative"]
        subprocess.run(command, input="".join(line + "\n" for line in lines), text=True, check=False)

    def agent(self, role):
        """What a node tells HAProxy of itself: "up 100%", "up 0%" (no new dialogs) or "down #why"; empty if it cannot be
        reached."""
        try:
            with socket.create_connection(("127.0.0.1", self.agents[role]), 1) as connection:
                return connection.makefile().readline().strip()
        except OSError:
            return ""

    def servers(self):
        """HAProxy's opinion of the nodes: {"pub": {column: text}, "sub": ...}; empty if it cannot be asked."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.run / "admin.sock"))
                connection.sendall(b"show stat\n")
                text = connection.makefile().read()
        except OSError:
            return {}
        rows = csv.DictReader(io.StringIO(text.removeprefix("# ")))
        return {row["svname"]: row for row in rows if row["pxname"] == "nodes" and row["svname"] != "BACKEND"}

    def tails(self, lines=25):
        return "\n".join(f"==== {process.name}: {process.status()}\n{process.tail(lines)}" for process in self.processes)

    def _output(self, program, *arguments):
        command = [str(self.programs / program), *map(str, arguments)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise Failed(f"{' '.join(command)}: {problem}") from None
        if done.returncode != 0:
            raise Failed(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout
