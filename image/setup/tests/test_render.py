"""What documents become: each file's text, and that it is the same every time."""

import ipaddress
import shutil
import subprocess
import unittest

from linebridge_setup import judge, nftables, render
from machine import APPLIANCE, SITE, Machine

NETWORK = """
[Match]
Name=eth0

[Network]
Address=192.0.2.20/24
IPv6AcceptRA=no
Gateway=192.0.2.1
DNS=192.0.2.53
"""

RULES = """
table inet linebridge {
  chain linebridge_input {
    ip saddr { 192.0.2.10 } tcp dport { 5060 } accept
    ip6 saddr { 2001:db8::/32 } tcp dport { 5060 } accept
    tcp dport { 5060 } ct state new limit rate 10/second burst 20 packets accept
    ip saddr { 192.0.2.0/24 } tcp dport { 22, 9090 } accept
  }
}
"""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFn5jFEZ0GyXlOkHjT3oMdsaJ8l1xmEL9mhUkzhLRzXh me@desk"


class Render(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.remove)

    def files(self, appliance=APPLIANCE, site=SITE, interface="eth0"):
        made = self.machine.candidate(site, appliance)
        return render.files(made, judge.values(self.machine.system, made), interface)

    def text(self, name, *rest, **more):
        text = self.files(*rest, **more)[name].data.decode()
        return text.partition("\n")[2] if text.startswith("#") else text

    def test_the_same_documents_give_the_same_bytes(self):
        self.assertEqual(self.files(), self.files())

    def test_every_file_says_who_wrote_it_and_secrets_are_for_root_alone(self):
        found = self.files()
        for name, entry in found.items():
            if name.endswith((".network", ".nft", ".conf", "hosts", "linebridge.sources")) or name == render.SUDOERS:
                self.assertTrue(entry.data.startswith(b"# Written by linebridge-setup"), name)
        self.assertEqual({name: entry.mode for name, entry in found.items() if entry.mode != 0o644},
                         {render.APPLIANCE: 0o600, "/etc/linebridge/secrets/cti.password": 0o600, render.SUDOERS: 0o440})

    def test_a_static_network(self):
        self.assertEqual(self.text(render.NETWORK), NETWORK)

    def test_a_network_by_dhcp_with_own_name_servers_and_one_more_address(self):
        text = self.text(render.NETWORK, APPLIANCE.replace('"static"', '"dhcp"').replace(
            "[administrator]", 'virtual_address = "192.0.2.99/24"\nsearch = ["a.test", "b.test"]\n[administrator]'))
        for line in ("DHCP=yes", "IPv6AcceptRA=yes", "Address=192.0.2.99/24", "DNS=192.0.2.53", "Domains=a.test b.test",
                     "UseDNS=no", "UseHostname=no", "ClientIdentifier=mac"):
            self.assertIn(f"\n{line}\n", text)
        self.assertNotIn("Gateway", text)
        self.assertNotIn("192.0.2.20", text)

    def test_without_a_known_interface_every_wired_one_is_meant(self):
        self.assertIn("Name=en* eth*\nType=ether\n", self.text(render.NETWORK, interface=""))

    def test_names_and_time(self):
        self.assertEqual(self.text(render.HOSTNAME), "lb1\n")
        self.assertIn("127.0.1.1 lb1.example.test lb1\n", self.text(render.HOSTS))
        self.assertEqual(self.files()[render.LOCALTIME].link, "../usr/share/zoneinfo/Europe/Berlin")
        servers = APPLIANCE + '[time]\nntp = ["pool.ntp.org", "192.0.2.7", "2001:db8::7"]\n'
        self.assertEqual(self.text(render.CHRONY, servers),
                         "pool pool.ntp.org iburst\nserver 192.0.2.7 iburst\nserver 2001:db8::7 iburst\n")
        self.assertIn("127.0.1.1 short\n", self.text(render.HOSTS, APPLIANCE.replace("lb1.example.test", "short")))

    def test_the_packet_filter_lets_ocs_and_administrators_in(self):
        self.assertEqual(self.text(render.NFTABLES), RULES)

    def test_without_ssh_and_web_nothing_is_open_to_administer_it(self):
        appliance = APPLIANCE.replace("[access]", "[access]\nssh = false\nweb = false")
        self.assertNotIn("22", self.text(render.NFTABLES, appliance).replace("192.0.2", ""))
        found = self.files(appliance)
        self.assertNotIn(render.SSHD, found)
        self.assertNotIn(render.SSH_ON, found)
        self.assertIn(render.COCKPIT_OFF, found)
        self.assertNotIn(render.COCKPIT_OFF, self.files())

    def test_listeners_that_others_can_reach_are_opened_and_no_others(self):
        site = SITE.replace("[cti]", '[node.publisher]\ndirect_listen = "192.0.2.20:5070"\nmetrics = "[::]:9071"\n\n[front]\n'
                            'listen = "[::]:5060"\nstatistics = "127.0.0.1:8404"\n\n[cti]')
        text = self.text(render.NFTABLES, site=site)
        self.assertIn("tcp dport { 5060, 5070 } accept", text)
        self.assertIn("ip saddr { 192.0.2.0/24 } tcp dport { 9071 } accept", text)
        self.assertNotIn("8404", text)

    def test_overlapping_networks_are_written_once(self):
        access = {"ssh": True, "web": False, "from": ["192.0.2.0/25", "192.0.2.128/25", "192.0.2.5", "2001:db8::1"]}
        text = nftables.rules({}, access)
        self.assertIn("ip saddr { 192.0.2.0/24 } tcp dport { 22 } accept", text)
        self.assertIn("ip6 saddr { 2001:db8::1 } tcp dport { 22 } accept", text)
        self.assertEqual(ipaddress.ip_network("192.0.2.0/24").num_addresses, 256)

    @unittest.skipUnless(shutil.which("nft", path="/usr/sbin:/sbin"), "nft is not installed")
    def test_nft_reads_the_rules_without_an_error_of_syntax(self):
        for appliance in (APPLIANCE, APPLIANCE.replace('"192.0.2.0/24"', '"192.0.2.0/24", "2001:db8::/48"'),
                          APPLIANCE.replace("[access]", "[access]\nssh = false\nweb = false")):
            rules = self.files(appliance)[render.NFTABLES].data
            done = subprocess.run(["/usr/sbin/nft", "--check", "--file", "-"], input=rules, capture_output=True, check=False)
            self.assertNotIn("syntax error", done.stderr.decode())

    def test_a_key_turns_passwords_off_for_ssh(self):
        self.assertIn("PasswordAuthentication yes", self.text(render.SSHD))
        found = self.files(APPLIANCE.replace("[access]", f'ssh_keys = ["{KEY}"]\n[access]'))
        self.assertIn(b"PasswordAuthentication no", found[render.SSHD].data)
        self.assertEqual(found["/etc/ssh/authorized_keys.d/admin"].data.decode(), KEY + "\n")
        for line in (b"PermitRootLogin no", b"AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u"):
            self.assertIn(line, found[render.SSHD].data)

    def test_who_has_no_password_is_not_asked_for_one(self):
        self.assertNotIn("NOPASSWD: ALL", self.text(render.SUDOERS))
        appliance = APPLIANCE.replace("password_hash", "#").replace("[access]", f'ssh_keys = ["{KEY}"]\n[access]')
        self.assertIn("admin ALL=(ALL:ALL) NOPASSWD: ALL\n", self.text(render.SUDOERS, appliance))

    @unittest.skipUnless(shutil.which("visudo", path="/usr/sbin:/sbin"), "sudo is not installed")
    def test_visudo_takes_the_rule(self):
        subprocess.run(["/usr/sbin/visudo", "-cf", "-"], input=self.files()[render.SUDOERS].data, check=True)
