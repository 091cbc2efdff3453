#!/usr/bin/env python3
"""The lab on virtual machines, from nothing: the boxes are added, `vagrant up` makes three machines and plays the day across
them, then a day with one thing broken fails; machines can be reached, halted and taken away. The boxes are
those of ./dev image --box. It takes a quarter of an hour without KVM."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).resolve().parent))

from libvirt import POOL, PREFIX, Libvirt, virsh  # noqa: E402

BOXES = ROOT / "build" / "image" / "boxes"
UP_SECONDS = 1800


class TheLabOnVirtualMachines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for name in ("lab", "peer"):
            if not (BOXES / f"{name}.json").exists():
                raise AssertionError(f"{BOXES / name}.json is not there: run ./dev image --box")
        cls.folder = Path(tempfile.mkdtemp(prefix="linebridge-vagrant.", dir="/var/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.folder.chmod(0o711)
        libvirt = Libvirt(cls.folder)
        libvirt.__enter__()
        cls.addClassCleanup(libvirt.__exit__)
        cls.environment = {
            **os.environ, "VAGRANT_HOME": str(cls.folder / "home"), "VAGRANT_DOTFILE_PATH": str(cls.folder / "state"),
            "VAGRANT_DEFAULT_PROVIDER": "libvirt", "LINEBRIDGE_POOL": POOL, "LINEBRIDGE_PREFIX": PREFIX,
            "NO_COLOR": "1"}
        cls.addClassCleanup(cls.vagrant, "destroy", "--force", limit=300)

    @classmethod
    def vagrant(cls, *words, limit=300, **environment):
        """A CompletedProcess; seconds are said."""
        began = time.monotonic()
        done = subprocess.run(["vagrant", *words, "--no-tty"], cwd=ROOT, env={**cls.environment, **environment},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=limit)
        print(f"vagrant {' '.join(words)}: {time.monotonic() - began:.0f} s", flush=True)
        return done

    def expect(self, *words, status=0, **options):
        done = self.vagrant(*words, **options)
        self.assertEqual(done.returncode, status, done.stdout[-20000:])
        return done.stdout

    def test_is_made_works_and_is_taken_away(self):
        said = self.expect("up", limit=UP_SECONDS)
        self.assertRegex(said, r"Every step was seen, \d+ s\.")
        self.assertIn("✓ a real client", said)
        print(*re.findall(r"^ *[✓✗].*", said, re.M), sep="\n", flush=True)
        self.check_machines()
        with self.subTest("a day with one thing broken fails"):
            said = self.expect("up", status=1, limit=600, LINEBRIDGE_SABOTAGE="phone-never-answers")
            self.assertIn("FAILED: step 'outgoing call' failed", said)
        self.expect("halt", limit=600)
        self.assertEqual(virsh("list", "--name").split(), [])
        self.expect("destroy", "--force")
        self.assertEqual(virsh("list", "--all", "--name").split(), [])

    def check_machines(self):
        for name in ("appliance", "cucm", "ocs"):
            state = self.vagrant("ssh", name, "-c", "systemctl is-system-running").stdout
            self.assertIn("running", state.split(), f"{name}: {state}")
        status = self.expect("ssh", "appliance", "-c", "sudo linebridge status")
        self.assertEqual(status.count("in service"), 4, status)
        who = self.expect("ssh", "appliance", "-c", "/usr/sbin/haproxy -v; ip -brief address")
        self.assertIn("HAProxy version 3.", who)
        self.assertIn("192.168.56.10/24", who)


if __name__ == "__main__":
    unittest.main(verbosity=2)
