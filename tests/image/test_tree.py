#!/usr/bin/env python3
"""Each rule for the appliance's tree passes a good tree, and finds what it is for in one that has that wrong. Needs no root."""

import sys
import tempfile
import unittest
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME / "image/build"))

import steady_times  # noqa: E402
import tree_rules  # noqa: E402

PRESET = (HOME / "image/rootfs/etc/systemd/system-preset/10-linebridge.preset").read_text()
STATUS = "".join(f"Package: {name}\nStatus: install ok installed\nVersion: {version}\n\n"
                 for name, version in (("libexpat1", "2.7.1-2"), ("libssl3t64", "3.5.4-1"), ("openssl", "3.5.4-1")))
OFFERED = {"libexpat1": "2.7.1-2", "libssl3t64": "3.5.4-1", "openssl": "3.5.4-1"}
GOOD = {
    "etc/shadow": "root:*:19700:0:99999:7:::\nsshd:!*:19700::::::\n",
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n",
    "etc/machine-id": "uninitialized\n",
    "etc/fstab": "LABEL=linebridge / ext4 errors=remount-ro,x-systemd.growfs 0 1\n",
    "etc/apt/sources.list.d/debian.sources": "URIs: http://deb.debian.org/debian\n",
    "etc/apt/apt.conf.d/20auto-upgrades": 'APT::Periodic::Unattended-Upgrade "1";\n',
    "etc/apt/apt.conf.d/60linebridge": (HOME / "image/rootfs/etc/apt/apt.conf.d/60linebridge").read_text(),
    "etc/systemd/system-preset/10-linebridge.preset": PRESET,
    "usr/lib/systemd/system/linebridge-gateway@.service": "[Service]\n",
    "var/lib/dpkg/status": STATUS,
    "vmlinuz": "kernel",
    "initrd.img": "disk",
    "boot/grub/grub.cfg": "linux /vmlinuz\n",
    "usr/share/doc/words": "A file begins with -----BEGIN PRIVATE KEY----- and so on.\n",
}
LINKS = {
    "etc/resolv.conf": "../run/systemd/resolve/stub-resolv.conf",
    "etc/systemd/system/multi-user.target.wants/linebridge-gateway@publisher.service": "/usr/lib/systemd/system/x",
    "etc/systemd/system/multi-user.target.wants/linebridge-gateway@subscriber.service": "/usr/lib/systemd/system/x",
    "etc/systemd/system/sockets.target.wants/cockpit.socket": "/usr/lib/systemd/system/cockpit.socket",
    "etc/systemd/system/getty.target.wants/getty@tty1.service": "/usr/lib/systemd/system/getty@.service",
}
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\n" + "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ" * 2 + "\n"

# Rule, file, what stands in it or None if it is missing, what is found. What begins with "->" is a link.
WRONG = (
    ("passwords", "etc/shadow", "root::19700::::::\n", "root has a password, or needs none"),
    ("passwords", "etc/shadow", "admin:$y$j9T$abc$def:19700::::::\n", "admin has a password"),
    ("passwords", "etc/shadow", None, "no file"),
    ("passwords", "etc/passwd", "root::0:0:root:/root:/bin/bash\n", "/etc/passwd: root"),
    ("people", "etc/passwd", "admin:x:1000:1000::/h:/bin/bash\n", "admin is no user of the system"),
    ("people", "root/.ssh/authorized_keys", "ssh-ed25519 AAAA\n", "a key that may log in"),
    ("people", "etc/sudoers.d/vagrant", "", "belongs to the lab"),
    ("identity", "etc/machine-id", "0123456789abcdef0123456789abcdef\n", "is one already"),
    ("identity", "etc/machine-id", None, "missing"),
    ("identity", "etc/ssh/ssh_host_ed25519_key.pub", "ssh-ed25519 AAAA\n", "a host key"),
    ("identity", "var/lib/systemd/random-seed", "x", "each machine has its own"),
    ("private_keys", "etc/ssl/private/ssl-cert-snakeoil.key", KEY, "a private key"),
    ("private_keys", "usr/share/x.pem", "certificate\n" + KEY, "a private key"),
    ("archives", "etc/apt/sources.list", "deb http://mirror.example.test/debian trixie main\n", "mirror.example.test"),
    ("archives", "etc/apt/sources.list.d/x.sources", "URIs: file:/srv/debs\n", "another archive"),
    ("archives", "etc/apt/apt.conf.d/01x", 'Acquire::http::Proxy "http://192.0.2.1:3128";\n', "a proxy"),
    ("archives", "etc/apt/apt.conf.d/99mmdebstrap", "", "left by the building"),
    ("archives", "etc/dpkg/dpkg.cfg.d/99mmdebstrap", "", "left by the building"),
    ("archives", "var/lib/apt/lists/deb.debian.org_InRelease", "", "left by the building"),
    ("archives", "var/cache/apt/archives/x_1_all.deb", "", "left by the building"),
    ("archives", "var/log/dpkg.log", "", "left by the building"),
    ("archives", "etc/resolv.conf", "nameserver 192.0.2.53\n", "the name servers of another machine"),
    ("versions", "var/lib/dpkg/status", STATUS.replace("2.7.1-2", "2.7.1-1"), "libexpat1: 2.7.1-1, the archives have 2.7.1-2"),
    ("versions", "var/lib/dpkg/status", STATUS.replace("openssl", "closedssl"), "openssl: not installed"),
    ("versions", "var/lib/dpkg/status", STATUS + STATUS.replace("openssl", "x11"), "x11: no archive has it"),
    ("units", "etc/systemd/system/sockets.target.wants/ssh.socket", "->/usr/lib/systemd/system/ssh.socket", "ssh.socket: starts"),
    ("units", "etc/systemd/system/multi-user.target.wants/linebridge-gateway@publisher.service", None, "is to start by itself"),
    ("units", "etc/systemd/system-preset/10-linebridge.preset", PRESET.replace("disable *", ""), "does not end in"),
    ("updates", "etc/apt/apt.conf.d/20auto-upgrades", None, "no updates by themselves"),
    ("updates", "etc/apt/apt.conf.d/70x", 'Unattended-Upgrade::Origins-Pattern { "origin=Debian,label=Debian"; };\n',
     "updates by themselves from origin=Debian,label=Debian"),
    ("updates", "etc/apt/apt.conf.d/60linebridge", None, "no security updates"),
    ("updates", "etc/apt/apt.conf.d/70x", 'Unattended-Upgrade::Automatic-Reboot "true";\n', "may restart the machine"),
    ("start", "initrd.img", None, "/initrd.img: missing"),
    ("start", "vmlinuz", "->boot/vmlinuz-none", "/vmlinuz: missing"),
    ("start", "boot/grub/grub.cfg", None, "/boot/grub/grub.cfg: missing"),
    ("start", "etc/fstab", "/dev/vda2 / ext4 defaults 0 1\n", "not found by its label"),
)


def put(root, path, content):
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    if content is None:
        return
    if content.startswith("->"):
        place.symlink_to(content[2:])
    else:
        place.write_text(content)
        place.chmod(0o644)


class TreeRules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for path, content in GOOD.items():
            put(self.root, path, content)
        for path, target in LINKS.items():
            put(self.root, path, "->" + target)
        self.tree = tree_rules.Tree(self.root, OFFERED)

    def found(self, rule):
        return list(getattr(tree_rules, rule)(self.tree))

    def test_nothing_is_wrong_with_a_good_tree(self):
        for rule in tree_rules.RULES:
            self.assertEqual(list(rule(self.tree)), [], rule.__name__)

    def test_each_wrong_thing_is_found_by_its_rule(self):
        for rule, path, content, words in WRONG:
            with self.subTest(rule=rule, path=path):
                self.setUp()
                put(self.root, path, content)
                self.assertTrue(any(words in line for line in self.found(rule)), self.found(rule))

    def test_every_rule_has_a_tree_that_breaks_it(self):
        self.assertEqual({rule.__name__ for rule in tree_rules.RULES}, {row[0] for row in WRONG} | {"rights"})

    def test_a_program_with_more_rights_is_found_unless_it_is_in_the_list(self):
        for path, count in (("usr/bin/sudo", 0), ("usr/bin/other", 1)):
            put(self.root, path, "x")
            (self.root / path).chmod(0o4755)
            self.assertEqual(len(self.found("rights")), count, path)

    def test_what_everybody_may_write_is_found_but_for_folders_like_tmp(self):
        (self.root / "tmp").mkdir()
        (self.root / "tmp").chmod(0o1777)
        self.assertEqual(self.found("rights"), [])
        (self.root / "tmp").chmod(0o777)
        put(self.root, "etc/open", "x")
        (self.root / "etc/open").chmod(0o666)
        self.assertEqual(len(self.found("rights")), 2)

    def test_every_program_with_more_rights_has_a_reason(self):
        for line in (HOME / "image/build/setuid").read_text().splitlines():
            self.assertRegex(line, r"^(#|/\S+ +# \w+)")


class Lists(unittest.TestCase):
    def test_every_package_has_a_reason(self):
        for line in (HOME / "image/packages").read_text().splitlines():
            self.assertRegex(line, r"^$|^# |^[a-z0-9.+-]+ +# \S+")

    def test_free_inodes_are_read_from_the_words_of_dumpe2fs(self):
        words = "Group 0:\n  Free inodes: 14-16, 20\nGroup 1:\n  Free inodes: \nGroup 2:\n  Free inodes: 30\n"
        self.assertEqual(steady_times.free_inodes(words), {14, 15, 16, 20, 30})


if __name__ == "__main__":
    unittest.main()
