"""The rules of appliance.toml, each with what it refuses and why."""

import unittest

from linebridge_setup import passwords, rules
from machine import APPLIANCE, SECRETS, SITE, Machine, field

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFn5jFEZ0GyXlOkHjT3oMdsaJ8l1xmEL9mhUkzhLRzXh me@desk"

WRONG = [  # (in the document, instead, key, part of the words)
    ("version = 1", "version = 2", "version", "must be 1"),
    ("version = 1", "", "version", "must be 1"),
    ("version = 1", "version = 1\ncolour = 3", "colour", "unknown; known here are: version, host"),
    ("[host]", "[host]\ncolour = 3", "host.colour", "known here are: name, time_zone"),
    ('"lb1.example.test"', "5", "host.name", "must be a text in quotes"),
    ('["192.0.2.53"]', '"192.0.2.53"', "network.dns", "must be a list of texts"),
    ('["192.0.2.53"]', "[1]", "network.dns", "must be a list of texts"),
    ("[access]", '[access]\nssh = "yes"', "access.ssh", "must be true or false"),
    ("lb1.example.test", "", "host.name", "is missing"),
    ("lb1.example.test", "lb_1.example.test", "host.name", "is no host name"),
    ("lb1.example.test", "-lb.example.test", "host.name", "is no host name"),
    ("lb1.example.test", "lb..test", "host.name", "is no host name"),
    ("lb1.example.test", "192.0.2.1", "host.name", "is no host name"),
    ("lb1.example.test", "x" * 64 + ".test", "host.name", "is no host name"),
    ("lb1.example.test", "localhost", "host.name", "must not be localhost"),
    ("Europe/Berlin", "Europe/Bielefeld", "host.time_zone", "is no time zone"),
    ("Europe/Berlin", "../../../etc/passwd", "host.time_zone", "is no time zone"),
    ("Europe/Berlin", "", "host.time_zone", "is no time zone"),
    ('mode = "static"', 'mode = "auto"', "network.mode", "neither"),
    ('mode = "static"', 'mode = "static"\ninterface = "eth9"', "network.interface", "its wired ones are: eth0"),
    ('mode = "static"', 'mode = "static"\ninterface = "a/b"', "network.interface", "no name of a wired interface"),
    ('"192.0.2.20/24"', '""', "network.address", "is missing"),
    ('"192.0.2.20/24"', '"192.0.2.20"', "network.address", "says nothing about its network"),
    ('"192.0.2.20/24"', '"192.0.2.256/24"', "network.address", "is no IP address"),
    ('"192.0.2.20/24"', '"192.0.2.20/33"', "network.address", "is no IP address"),
    ('"192.0.2.20/24"', '"192.0.2.0/24"', "network.address", "is the network of"),
    ('"192.0.2.20/24"', '"192.0.2.255/24"', "network.address", "broadcast address"),
    ('"192.0.2.20/24"', '"127.0.0.1/8"', "network.address", "no machine's own address"),
    ('"192.0.2.20/24"', '"224.0.0.5/24"', "network.address", "no machine's own address"),
    ('"192.0.2.20/24"', '"192.0.2.20/0"', "network.address", "at least 1"),
    ('"192.0.2.20/24"', '"fe80::1%eth0/64"', "network.address", "is no IP address"),
    ('"192.0.2.1"', '"192.0.3.1"', "network.gateway", "is not in the machine's network 192.0.2.0/24"),
    ('"192.0.2.1"', '"192.0.2.20"', "network.gateway", "is the machine itself"),
    ('"192.0.2.1"', '"router"', "network.gateway", "is no IP address"),
    ('"192.0.2.1"', '"2001:db8::1"', "network.gateway", "is IPv6, the machine's address is IPv4"),
    ('"192.0.2.53"', '"dns.example.test"', "network.dns", "is no IP address"),
    ('"192.0.2.53"', '"0.0.0.0"', "network.dns", "no server's address"),
    ('["192.0.2.53"]', '["192.0.2.53", "x"]', "network.dns[2]", "is no IP address"),
    ('["192.0.2.53"]', '["192.0.2.53", "192.0.2.53"]', "network.dns", "twice"),
    ('["192.0.2.53"]', str([f"192.0.2.{n}" for n in range(17)]), "network.dns", "16 is the most"),
    ("[administrator]", 'search = ["a b"]\n[administrator]', "network.search", "is no domain"),
    ("[administrator]", 'virtual_address = "192.0.2.20/24"\n[administrator]', "network.virtual_address", "another one"),
    ("[administrator]", '[time]\nntp = ["a_b!"]\n[administrator]', "time.ntp", "neither a host name nor an IP address"),
    ('"admin"', '"Admin"', "administrator.name", "small letters"),
    ('"admin"', '""', "administrator.name", "is missing"),
    ('"admin"', '"sync"', "administrator.name", "account of the system"),
    ('"admin"', '"root"', "administrator.name", "account of the system"),
    ('"admin"', '"linebridge-x"', "administrator.name", "account of the system"),
    ('"$6$', '"secret$6$', "administrator.password_hash", "is no hash"),
    ('password_hash = "$6$', '#password_hash = "$6$', "administrator.password", "nobody could log in"),
    ("[access]", 'ssh_keys = ["ssh-dss AAAA"]\n[access]', "administrator.ssh_keys", "is no SSH public key"),
    ("[access]", f'ssh_keys = ["{ED25519[:50]}"]\n[access]', "administrator.ssh_keys", "cut off or mistyped"),
    ("[access]", 'ssh_keys = ["-----BEGIN OPENSSH PRIVATE KEY-----"]\n[access]', "administrator.ssh_keys", "private key"),
    ('from = ["192.0.2.0/24"]', 'from = ["192.0.2.1/24"]', "access.from", 'write "192.0.2.0/24"'),
    ('from = ["192.0.2.0/24"]', 'from = ["office"]', "access.from", "is no IP address or network"),
]

RIGHT = [
    ('"192.0.2.20/24"', '"192.0.2.20/24" # ours'),
    ('"192.0.2.1"', '""'),
    ("[access]", f'ssh_keys = ["{ED25519}"]\n[access]'),
    ('address = "192.0.2.20/24"\ngateway = "192.0.2.1"', 'address = "2001:db8::20/64"\ngateway = "2001:db8::1"'),
    ('address = "192.0.2.20/24"\ngateway = "192.0.2.1"', 'address = "2001:db8::20/64"\ngateway = "fe80::1"'),
    ('address = "192.0.2.20/24"\ngateway = "192.0.2.1"', 'address = "192.0.2.20/31"\ngateway = "192.0.2.21"'),
    ("[administrator]", '[time]\nntp = ["pool.ntp.org", "2001:db8::123"]\n[administrator]'),
    ("[administrator]", 'virtual_address = "192.0.2.21/24"\nsearch = ["example.test"]\n[administrator]'),
    ('mode = "static"', 'mode = "static"\ninterface = "eth0"'),
    ('mode = "static"\naddress = "192.0.2.20/24"', 'mode = "dhcp"'),
]


class Rules(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)

    def problems(self, text):
        return rules.problems(self.machine.system, self.machine.candidate(appliance=text))

    def test_each_wrong_value_is_refused_alone_with_its_line_and_why(self):
        for old, new, key, words in WRONG:
            with self.subTest(new=new):
                self.assertIn(old, APPLIANCE)
                text = APPLIANCE.replace(old, new, 1)
                found = self.problems(text)
                self.assertEqual([one.key for one in found], [key], found)
                self.assertIn(words, found[0].what)
                if new and key != "administrator.password":
                    lines = text.splitlines()
                    self.assertTrue(key != "version" and found[0].line == 0 or
                                    key.rpartition(".")[2].partition("[")[0] in lines[max(found[0].line - 1, 0)], found)

    def test_right_values_are_taken(self):
        for old, new in RIGHT:
            with self.subTest(new=new):
                self.assertIn(old, APPLIANCE)
                self.assertEqual(self.problems(APPLIANCE.replace(old, new, 1)), [])

    def test_all_problems_are_told_at_once_in_the_order_of_lines(self):
        text = APPLIANCE.replace("lb1.", "l_1.").replace("Berlin", "X").replace(".20/24", ".20").replace('"admin"', '"Bad"')
        found = self.problems(text)
        self.assertEqual([one.key for one in found], ["host.name", "host.time_zone", "network.address", "administrator.name"])
        self.assertEqual([one.line for one in found], sorted(one.line for one in found))

    def test_what_is_no_toml_has_one_problem_with_its_line(self):
        found = self.problems("version = 1\n[host\n")
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0].line, 2)

    def test_secrets_need_names_and_bytes(self):
        made = self.machine.candidate(secrets=SECRETS)
        made.secrets["../x"] = b"1"
        made.secrets["empty"] = b"\n"
        found = rules.problems(self.machine.system, made)
        self.assertEqual([one.key for one in found], ["../x", "empty"])

    def test_problems_of_one_field_are_those_alone(self):
        made = self.machine.candidate(SITE.replace("192.0.2.10", "banana"), APPLIANCE.replace("lb1.", "l_1."))
        engine = self.machine.engine
        self.assertIn("is no host name", engine.problems_of(made, field("appliance", "host.name"))[0])
        self.assertIn("banana", engine.problems_of(made, field("site", "sip.incoming"))[0])
        self.assertEqual(engine.problems_of(made, field("site", "sip.names")), [])
        made.set(field("appliance", "administrator.password"), "short")
        self.assertIn("too short", engine.problems_of(made, field("appliance", "administrator.password"))[0])

    def test_site_problems_come_from_the_judge_with_their_lines(self):
        found = self.machine.engine.problems(self.machine.candidate(SITE.replace('user = "linebridge"\n', "color = 1\n")))
        self.assertEqual({one.key for one in found}, {"cti.user", "cti.color"})
        self.assertTrue(all(one.document == "site" and one.line for one in found))

    def test_a_secret_that_the_site_names_must_be_there(self):
        found = self.machine.engine.problems(self.machine.candidate(secrets={}))
        self.assertEqual([(one.document, one.key) for one in found], [("secrets", "cti.password")])


class Passwords(unittest.TestCase):
    def test_weak_ones_are_refused(self):
        for password, words in (("short", "too short"), ("a" * 300, "too long"), ("abababababab", "too simple"),
                                ("Password123!", "easy to guess"), ("lb1-2026-11-23", "easy to guess"),
                                ("with\nnew line", "control character")):
            self.assertIn(words, passwords.weakness(password, ["lb1"]) or "", password)

    def test_others_are_taken(self):
        for password in ("correct horse 1", "Tr0ub4dor&3x", "ÄÖÜäöüß€12345"):
            self.assertIsNone(passwords.weakness(password))

    def test_a_hash_is_of_its_password_only(self):
        made = passwords.hashed(None, "correct horse 1")
        self.assertTrue(made.startswith("$y$") and passwords.is_hash(made))
        self.assertNotEqual(made, passwords.hashed(None, "correct horse 1"))
        self.assertTrue(passwords.matches("correct horse 1", made))
        self.assertFalse(passwords.matches("correct horse 2", made))
        self.assertFalse(passwords.matches("", "*"))
