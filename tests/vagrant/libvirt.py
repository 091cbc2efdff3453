"""libvirt for a test: its daemons where no systemd starts them, a storage pool in a scratch folder, and networks that are
gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from picture import find_program  # noqa: E402
from process import Failed, wait_until  # noqa: E402

URI = "qemu:///system"
DAEMONS = ("virtlogd", "libvirtd")
POOL = "linebridge-test"
PREFIX = "linebridge-test-"  # of the machines
# Made by Vagrant: for it, and for the machines among each other.
NETWORKS = ("vagrant-libvirt", "linebridge-lab")


def virsh(*words, check=True):
    done = subprocess.run(["virsh", "--quiet", "--connect", URI, *map(str, words)], capture_output=True, text=True, timeout=60)
    if check and done.returncode != 0:
        raise Failed(f"virsh {' '.join(map(str, words))}: {done.stderr.strip()}")
    return done.stdout


def answers():
    return subprocess.run(["virsh", "--connect", URI, "version"], capture_output=True, timeout=60).returncode == 0


class Libvirt:
    """A context: libvirt answers inside. What was there before is left as it is."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.pids = {}  # Of what we started, by file.

    def __enter__(self):
        try:
            if not answers():
                self._start_daemons()
            self.networks = set(virsh("net-list", "--all", "--name").split())
            pool = self.folder / "pool"
            pool.mkdir()
            os.chmod(pool, 0o711)  # QEMU is another user.
            virsh("pool-define-as", POOL, "dir", "--target", pool)
            virsh("pool-start", POOL)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start_daemons(self):
        for name in DAEMONS:
            pid = self.folder / f"{name}.pid"
            done = subprocess.run([find_program(name), "--daemon", "--pid-file", str(pid)], capture_output=True, text=True,
                                  timeout=60)
            if done.returncode != 0:
                raise Failed(f"{name} does not start: {done.stderr}")
            self.pids[name] = pid
        wait_until(answers, 60, "libvirt to answer")

    def __exit__(self, *_):
        """Takes down what came since, machines first."""
        if answers():
            for name in virsh("list", "--all", "--name", check=False).split():
                if name.startswith(PREFIX):
                    virsh("destroy", name, check=False)
                    virsh("undefine", name, check=False)
            for name in set(virsh("net-list", "--all", "--name", check=False).split()) & set(NETWORKS):
                if name not in getattr(self, "networks", NETWORKS):
                    virsh("net-destroy", name, check=False)
                    virsh("net-undefine", name, check=False)
            virsh("pool-destroy", POOL, check=False)
            virsh("pool-undefine", POOL, check=False)
        for name in reversed(list(self.pids)):
            self._end(self.pids[name])

    @staticmethod
    def _end(path):
        if not path.exists():
            return
        pid = int(path.read_text())
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + 30
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.1)
        if Path(f"/proc/{pid}").exists():
            os.kill(pid, signal.SIGKILL)
