"""A machine for tests: a folder that stands for "/", and a recording of the programs that are called there. The judge is
the real program; what makes accounts writes small passwd files, as the real ones would."""

import os
import shutil
import tempfile

from linebridge_setup import fields
from linebridge_setup.engine import Engine
from linebridge_setup.system import Done, System, run_program

PROGRAM = ""  # the real `linebridge`, set by run.py
ALL = False  # whether tests take minutes
SOURCES = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))

SITE = """\
# The site of the tests.
[sip]
names = ["gw.example.test"]  # ours
incoming = ["192.0.2.10", "2001:db8::/32"]

[cti]
user = "linebridge"
password_file = "cti.password"
managers = ["192.0.2.30"]

[[user]]
address = "sip:alice@example.test"
assigned = true
"""

APPLIANCE = """\
version = 1
[host]
name = "lb1.example.test"
time_zone = "Europe/Berlin"
[network]
mode = "static"
address = "192.0.2.20/24"
gateway = "192.0.2.1"
dns = ["192.0.2.53"]
[administrator]
name = "admin"
password_hash = "$6$salt$5OBKZnmVCKW1CzOhsvpOgAIf2yFQDgT1XyAFt0NBJCoMvLwpWVNFQjZXXgJHtKwlNlmpTy4eEkcwDwFrq0ZFG."
[access]
from = ["192.0.2.0/24"]
"""

SECRETS = {"cti.password": b"secret\n"}

_MEMORY = "/dev/shm" if os.path.ismount("/dev/shm") and os.access("/dev/shm", os.W_OK) else None  # many small files
QUICK_DISK = _MEMORY is not None
_judged = {}


class Recorder:
    """Runs programs for a System. `fails`: {first words of a command: Done} for what does not go well."""

    def __init__(self, root):
        self.root = root
        self.calls = []
        self.fails = {}

    def __call__(self, argv, data, seconds, environment):
        words = " ".join(argv)
        self.calls.append(words)
        for begin, done in self.fails.items():
            if words.startswith(begin):
                return done
        if argv[0] == PROGRAM and argv[1] in ("check-config", "show-config"):
            return self._judge(argv, environment)
        if argv[0] in ("useradd", "usermod", "chpasswd"):
            return self._account(argv, data)
        if argv[0] in ("openssl",):
            return run_program(argv, data, seconds, environment)
        if argv[0] == PROGRAM and argv[1] == "status":
            return Done(0, '{"nodes": []}', "")
        return Done(0, "", "")

    @staticmethod
    def _judge(argv, environment):
        """The same text is judged once."""
        with open(argv[-1], "rb") as file:
            key = (*argv[1:-1], file.read())
        if key not in _judged:
            _judged[key] = run_program(argv, None, 20, environment)
        return _judged[key]

    def _account(self, argv, data):
        accounts = self.accounts()
        if argv[0] == "useradd":
            accounts[argv[-1]] = "!"
        elif argv[0] == "chpasswd":
            name, _, known = data.decode().strip().partition(":")
            accounts[name] = known
        elif "--lock" in argv:
            accounts[argv[-1]] = "!" + accounts[argv[-1]].lstrip("!")
        with open(f"{self.root}/etc/passwd", "w", encoding="utf-8") as file:
            file.write("root:x:0:0::/root:/bin/bash\nsync:x:4:65534::/bin:/bin/sync\n")
            file.writelines(f"{name}:x:{1000 + n}:{1000 + n}::/home/{name}:/bin/bash\n" for n, name in enumerate(accounts))
        with open(f"{self.root}/etc/shadow", "w", encoding="utf-8") as file:
            file.writelines(f"{name}:{known}:20000:0:99999:7:::\n" for name, known in accounts.items())
        return Done(0, "", "")

    def accounts(self):
        """Name to hash."""
        try:
            with open(f"{self.root}/etc/shadow", encoding="utf-8") as file:
                return dict(line.split(":")[:2] for line in file)
        except FileNotFoundError:
            return {}


class TestSystem(System):
    """A System that does not wait; nothing here needs a disk that has really written."""

    __test__ = False

    def __init__(self, root, run):
        super().__init__(root, run, PROGRAM)
        self.time = 1000.0

    def now(self):
        return self.time

    def wait(self, seconds):
        self.time += seconds

    def _sync(self, name):
        if not os.path.lexists(self.path(name)):
            raise FileNotFoundError(name)

    def connect(self, host, port, seconds=3):
        return "Connection refused" if host == "refused.example.test" else None


class Machine:
    """A machine that is not set up yet."""

    def __init__(self, system=TestSystem):
        self.folder = tempfile.mkdtemp(prefix="linebridge-setup-test-", dir=_MEMORY)
        self.root = os.path.join(self.folder, "root")
        for name in ("etc/linebridge", "usr/share/linebridge", "var/lib", "run", "sys/class/net/eth0/device",
                     "usr/share/zoneinfo/Europe", "usr/share/zoneinfo/Etc", "etc/chrony/sources.d"):
            os.makedirs(os.path.join(self.root, name))
        self.write("/etc/hostname", "delivered\n")
        self.write("/etc/hosts", "127.0.0.1 localhost\n")
        self.write("/etc/passwd", "root:x:0:0::/root:/bin/bash\nsync:x:4:65534::/bin:/bin/sync\n")
        self.write("/etc/group", "root:x:0:\nsudo:x:27:\nlinebridge:x:990:\n")
        self.write("/etc/chrony/sources.d/linebridge.sources", "pool 2.debian.pool.ntp.org iburst\n")
        self.write("/sys/class/net/eth0/type", "1\n")
        for zone in ("Europe/Berlin", "Europe/Paris", "Etc/UTC"):
            self.write(f"/usr/share/zoneinfo/{zone}", "TZif2")
        os.symlink("../usr/share/zoneinfo/Etc/UTC", f"{self.root}/etc/localtime")
        shutil.copy(f"{SOURCES}/configs/linebridge.toml", f"{self.root}/usr/share/linebridge/linebridge.toml")
        self.restart(system)

    def restart(self, system=TestSystem):
        """The same disk, nothing else."""
        shutil.rmtree(f"{self.root}/run", ignore_errors=True)
        os.mkdir(f"{self.root}/run")
        self.run = Recorder(self.root)
        self.system = system(self.root, self.run)
        self.engine = Engine(self.system)
        return self.engine

    def write(self, name, text):
        place = self.root + name
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.root + name, encoding="utf-8") as file:
            return file.read()

    def candidate(self, site=SITE, appliance=APPLIANCE, secrets=None):
        return self.engine.candidate_of(site, appliance, SECRETS if secrets is None else secrets)

    def set_up(self):
        done = self.engine.apply(self.candidate())
        assert done.ok, done.problems
        return self.engine

    def copy(self):
        """Another machine with the same disk."""
        other = object.__new__(Machine)
        other.folder = tempfile.mkdtemp(prefix="linebridge-setup-test-", dir=_MEMORY)
        other.root = os.path.join(other.folder, "root")
        shutil.copytree(self.root, other.root, symlinks=True)
        return other

    def remove(self):
        shutil.rmtree(self.folder)


def field(document, key):
    found = fields.find(document, key)
    assert found, (document, key)
    return found
