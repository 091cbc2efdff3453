"""What our packages do to a machine: installed, upgraded, removed, purged. Run as root inside a throw-away tree that holds
nothing but what they depend on: `installed.py FOLDER_OF_PACKAGES`. No service runs there; a stand-in for systemctl says
which ones would, and writes down what it is asked."""

import glob
import grp
import os
import pathlib
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

PACKAGES = ["linebridge", "linebridge-gateway", "linebridge-front", "linebridge-simulators", "linebridge-setup"]
PROGRAMS = ["linebridge", "linebridge-gateway", "linebridge-splitter", "linebridge-sim-cucm", "linebridge-sim-node",
            "linebridge-sim-ocs"]
UNITS = ["linebridge-gateway@publisher.service", "linebridge-gateway@subscriber.service", "linebridge-splitter.service",
         "haproxy.service"]
USERS = ["linebridge-publisher", "linebridge-subscriber", "linebridge-splitter"]
WORST_EXPOSURE = 20  # Of systemd-analyze, in tenths: 2.0 of 10.
DEBS = pathlib.Path("/debs")
ETC = pathlib.Path("/etc/linebridge")
ASKED = pathlib.Path("/run/asked")

# Stands before the real one in PATH while a package is configured. Of the nodes only the publisher runs.
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >> /run/asked
case "$*" in
  *is-active*publisher* | *is-active*splitter* | *is-active*haproxy*) exit 0 ;;
  *is-active*) exit 3 ;;
esac
exit 0
"""


# Debian 12's systemd (252) leaves this out and goes on: there the set-up takes its documents from a disk only.
UNKNOWN_THERE = re.compile(r"^/\S*/linebridge-setup-unattended\.service:\d+: Unknown key 'ImportCredential' in section "
                           r"\[Service\], ignoring\.\n", re.M)


def verified(unit: str) -> tuple:
    """Exit status of `systemd-analyze verify` and what it complains of."""
    said = run("systemd-analyze", "verify", "--man=no", unit)
    release = int(run("systemctl", "--version").stdout.split()[1])
    return said.returncode, UNKNOWN_THERE.sub("", said.stdout) if release < 254 else said.stdout


def run(*words: str, **more) -> subprocess.CompletedProcess:
    """A command that may take two minutes; both outputs as one text."""
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, **more)


def package(name: str) -> str:
    return glob.glob(f"{DEBS}/{name}_*.deb")[0]


def version() -> str:
    return run("dpkg-deb", "-f", package("linebridge"), "Version").stdout.strip()


def bumped(folder: str) -> list[str]:
    """The packages once more, as of the next version."""
    new = version() + "+next"
    files = []
    for name in PACKAGES:
        tree = os.path.join(folder, name)
        run("dpkg-deb", "-R", package(name), tree, check=True)
        control = pathlib.Path(tree, "DEBIAN/control")
        control.write_text(control.read_text().replace(f"Version: {version()}", f"Version: {new}")
                           .replace(f"(= {version()})", f"(= {new})"))
        files.append(os.path.join(folder, f"{name}.deb"))
        run("dpkg-deb", "--root-owner-group", "-b", tree, files[-1], check=True)
    return files


def mode(path: pathlib.Path | str) -> str:
    found = os.stat(path)
    return f"{stat.S_IMODE(found.st_mode):o} {pwd.getpwuid(found.st_uid).pw_name}:{grp.getgrgid(found.st_gid).gr_name}"


class Life(unittest.TestCase):
    """One machine's life with the packages; its methods run in the order of their names."""

    maxDiff = None

    def dpkg(self, *words: str) -> str:
        done = run("dpkg", *words)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_1_installs_with_nothing_but_its_dependencies(self):
        self.dpkg("-i", *(package(name) for name in PACKAGES))
        self.assertEqual(run("dpkg", "--audit").stdout, "")
        for name in PROGRAMS[:3]:
            said = run(name, "--version")
            self.assertEqual(said.returncode, 0, said.stdout)
            self.assertIn(version().split("~")[0], said.stdout)
        for name in PROGRAMS:
            self.assertEqual(run(name, "--help").returncode, 0, name)

    def test_2_makes_users_and_folders(self):
        for user in USERS:
            self.assertIn("nologin", pwd.getpwnam(user).pw_shell)
            self.assertIn(grp.getgrnam("linebridge").gr_gid, os.getgrouplist(user, pwd.getpwnam(user).pw_gid), user)
        self.assertEqual(mode(ETC), "755 root:root")
        self.assertEqual(mode(ETC / "secrets"), "700 root:root")
        self.assertEqual(mode("/run/linebridge"), "2770 root:linebridge")

    def test_2_nothing_runs_by_being_installed(self):
        self.assertEqual([], glob.glob("/etc/systemd/system/*.wants/linebridge-*"))
        self.assertFalse((ETC / "linebridge.toml").exists())

    def test_2_the_example_has_no_problems(self):
        said = run("linebridge", "check-config", "/usr/share/linebridge/linebridge.toml")
        self.assertEqual(said.returncode, 0, said.stdout)
        self.assertIn("'/etc/linebridge/secrets/cti.password'", said.stdout)

    def test_2_every_program_has_a_manual_page(self):
        for name in [*PROGRAMS, "linebridge-setup", "linebridge.toml"]:
            self.assertTrue(glob.glob(f"/usr/share/man/man*/{name}.[158].gz"), name)

    def test_3_units_are_right_and_shut_in(self):
        for unit in UNITS:
            self.assertEqual(verified(unit), (0, ""), unit)
            said = run("systemd-analyze", "security", "--no-pager", "--offline=true", "--root=/",
                       f"--threshold={WORST_EXPOSURE}", unit)
            self.assertEqual(said.returncode, 0, said.stdout)

    def test_3_units_of_the_set_up_are_right(self):
        files = run("dpkg", "-L", "linebridge-setup").stdout.split()
        units = [name for name in files if re.search(r"/system/[^/@]+\.(service|target|socket|path|timer)$", name)]
        self.assertTrue(units)
        for unit in units:
            self.assertEqual(verified(unit), (0, ""), unit)

    def test_3_every_unit_waits_for_the_site(self):
        for unit in ["linebridge-gateway@.service", "linebridge-splitter.service", "haproxy.service.d/50-linebridge.conf"]:
            text = pathlib.Path("/usr/lib/systemd/system", unit).read_text()
            self.assertIn("ConditionPathExists=/etc/linebridge/linebridge.toml", text, unit)

    def test_4_an_upgrade_restarts_what_runs_and_keeps_what_is_the_administrators(self):
        kept = {"linebridge.toml": 0o640, "appliance.toml": 0o600, "secrets/cti.password": 0o600}
        for name, bits in kept.items():
            (ETC / name).write_text("# of the administrator\n")
            (ETC / name).chmod(bits)
        state = pathlib.Path("/var/lib/linebridge-setup")
        state.mkdir(exist_ok=True)
        asked = self.upgraded()
        for name, bits in kept.items():
            self.assertEqual((ETC / name).read_text(), "# of the administrator\n")
            self.assertEqual(stat.S_IMODE((ETC / name).stat().st_mode), bits)
        self.assertIn("deb-systemd-invoke restart linebridge-gateway@publisher.service", asked)
        self.assertIn("deb-systemd-invoke restart linebridge-splitter.service", asked)
        self.assertIn("systemctl reload haproxy.service", asked)
        changed = [line for line in asked if re.search(r" (re)?start ", line)]
        self.assertEqual([], [line for line in changed if "subscriber" in line or "haproxy" in line], asked)
        self.assertEqual([], [line for line in asked if re.search(r" (start|enable|unmask) ", line)], asked)

    def upgraded(self) -> list[str]:
        """What was asked of systemd during an upgrade on a machine where it runs."""
        stand_ins = pathlib.Path("/usr/local/bin")
        os.makedirs("/run/systemd/system")
        for name in ["systemctl", "deb-systemd-invoke"]:
            (stand_ins / name).write_text(STAND_IN)
            (stand_ins / name).chmod(0o755)
        # Its answer tells restart-nodes that the links are back.
        (stand_ins / "linebridge").write_text("#!/bin/sh\necho in service\n")
        (stand_ins / "linebridge").chmod(0o755)
        environment = {**os.environ, "PATH": "/usr/local/bin:" + os.environ["PATH"]}
        try:
            with tempfile.TemporaryDirectory() as folder:
                done = run("dpkg", "-i", *bumped(folder), env=environment)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("+next", run("dpkg-query", "-W", "linebridge-gateway").stdout)
        finally:
            for name in ["systemctl", "deb-systemd-invoke", "linebridge"]:
                (stand_ins / name).unlink()
            shutil.rmtree("/run/systemd/system")
        return ASKED.read_text().splitlines()

    def test_5_removal_leaves_the_administrators_files(self):
        wants = pathlib.Path("/etc/systemd/system/multi-user.target.wants")
        wants.mkdir(parents=True, exist_ok=True)
        (wants / "linebridge-gateway@publisher.service").symlink_to(
            "/usr/lib/systemd/system/linebridge-gateway@.service")
        self.dpkg("-r", *PACKAGES)
        for name in PROGRAMS:
            self.assertIsNone(shutil.which(name))
        for left in ["/usr/share/linebridge-setup", "/usr/libexec/linebridge", "/usr/share/linebridge"]:
            self.assertFalse(os.path.exists(left), left)
        self.assertTrue((ETC / "linebridge.toml").exists())
        self.assertTrue((ETC / "secrets/cti.password").exists())
        self.assertTrue(os.path.isdir("/var/lib/linebridge-setup"))

    def test_6_purge_leaves_nothing_but_the_users(self):
        self.dpkg("-P", *PACKAGES)
        for gone in [ETC, "/run/linebridge", "/var/lib/linebridge-setup"]:
            self.assertFalse(os.path.exists(gone), gone)
        self.assertEqual([], glob.glob("/etc/systemd/system/*.wants/linebridge-*"))
        self.assertEqual([], glob.glob("/usr/lib/systemd/system/*linebridge*"))
        pwd.getpwnam("linebridge-publisher")

    def test_7_installs_again(self):
        self.dpkg("-i", *(package(name) for name in PACKAGES))
        self.assertEqual(mode(ETC / "secrets"), "700 root:root")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
