"""What the wizard and the menu ask, page by page; each field explains itself."""

from typing import NamedTuple


class Field(NamedTuple):
    """One question. `document`: "site", "appliance" or "secrets"; `key`: dotted, in "secrets" the file's name.
    `kind`: text, list, choice, yesno, password or secret. `choices`: (value, meaning) of a choice.
    `when`: (key, value) of another field of that document if this one is asked only then. `empty`: what no value means."""

    document: str
    key: str
    title: str
    explanation: str
    kind: str = "text"
    example: str = ""
    choices: tuple = ()
    when: tuple = ()
    empty: str = "none"

    def applies(self, candidate):
        """Whether it is asked, as the candidate stands."""
        if not self.when:
            return True
        key, value = self.when
        return candidate.value(self.document, key) == value


class Page(NamedTuple):
    """Questions that are asked together."""

    title: str
    text: str
    fields: list


def _appliance(key, *rest, **more):
    return Field("appliance", key, *rest, **more)


def _site(key, *rest, **more):
    return Field("site", key, *rest, **more)


_STATIC = ("network.mode", "static")

PAGES = [
    Page("This machine", "The name of this machine and where it stands.", [
        _appliance("host.name", "Host name", "The full name of this machine, as it stands in DNS.",
                   example="linebridge1.example.test"),
        _appliance("host.time_zone", "Time zone", "The time zone for the log and the clock, as Area/City.",
                   example="Europe/Berlin"),
    ]),
    Page("Network", "How this machine is reached.", [
        _appliance("network.interface", "Interface", "The network interface. Leave it empty for the first wired one.",
                   example="eth0", empty="the first wired one"),
        _appliance("network.mode", "Address", "Where the address comes from.", "choice",
                   choices=(("dhcp", "from a DHCP server"), ("static", "written here"))),
        _appliance("network.address", "IP address", "The address of this machine with the length of its network.",
                   example="192.0.2.20/24", when=_STATIC),
        _appliance("network.gateway", "Gateway", "The router to other networks. Leave it empty if there is none.",
                   example="192.0.2.1", when=_STATIC),
        _appliance("network.dns", "DNS servers", "Addresses of the DNS servers. With DHCP, leave it empty for those that "
                   "the DHCP server names.", "list", example="192.0.2.53"),
        _appliance("network.search", "Search domains", "Domains that are tried behind a short name.", "list",
                   example="example.test"),
        _appliance("network.virtual_address", "Virtual address", "One more address on this interface, with the length "
                   "of its network, if clients use one that can move to another machine. Else leave it empty.",
                   example="192.0.2.100/24"),
    ]),
    Page("Time", "Where this machine gets the time.", [
        _appliance("time.ntp", "NTP servers", "Names or addresses of time servers.", "list", example="pool.ntp.org"),
    ]),
    Page("Administrator", "Who administers this machine, on its console, by SSH and by the web page.", [
        _appliance("administrator.name", "Name", "The account's name: small letters, digits, '-' and '_'.",
                   example="admin"),
        _appliance("administrator.password", "Password", "At least 10 characters. Only its hash is stored. Not needed if "
                   "an SSH key is given, but the console and the web page take passwords only.", "password"),
        _appliance("administrator.ssh_keys", "SSH public keys", "Lines as in authorized_keys. With a key, SSH takes no "
                   "password any more.", "list", example="ssh-ed25519 AAAAC3Nza... admin@desk"),
    ]),
    Page("Access", "Who may reach this machine to administer it.", [
        _appliance("access.ssh", "SSH", "Whether administrators may log in by SSH (port 22).", "yesno"),
        _appliance("access.web", "Web page", "Whether administrators may use the web page (port 9090).", "yesno"),
        _appliance("access.from", "From", "Networks that may use SSH and the web page. Leave it empty for all.", "list",
                   example="192.0.2.0/24", empty="all networks"),
    ]),
    Page("Office Communications Server", "Who sends sign-ins to this machine, and under which names.", [
        _site("sip.names", "Own names", "Names and addresses in OCS's static route to this machine. A request for any "
              "other host is answered 404.", "list", example="gw.example.test"),
        _site("sip.incoming", "Incoming hosts", "Addresses or networks of the OCS or LCS hosts. Nobody else may connect.",
              "list", example="192.0.2.10"),
        _site("sip.server_type", "Server type", "Which server it is.", "choice",
              choices=(("ocs", "Office Communications Server 2007 or 2007 R2"),
                       ("lcs", "Live Communications Server 2005"))),
        _site("ocs.tcp", "Hosts to call", "OCS hosts that may be called over TCP when they have no connection to this "
              "machine. Port 5060 unless given. May be empty.", "list", example="ocs.example.test"),
        _site("front.tls_listen", "Listen for TLS", "Where OCS connects by mutual TLS. It needs a certificate, see [tls] "
              "in the site file. Leave it empty for none.", example="0.0.0.0:5061"),
    ]),
    Page("Unified CM", "The CTI Managers, and who logs in there.", [
        _site("cti.managers", "CTI Managers", "Names or addresses, 1 to 8. Port 2748 unless given.", "list",
              example="cucm1.example.test"),
        _site("cti.user", "Application user", "The application user in Unified CM. It needs the groups \"Standard CTI "
              "Enabled\" and \"Standard CTI Allow Control of All Devices\".", example="linebridge"),
        Field("secrets", "cti.password", "Its password", "The application user's password in Unified CM.", "secret"),
    ]),
]

FIELDS = [field for page in PAGES for field in page.fields]


def find(document, key):
    """The field of this key, or None."""
    return next((field for field in FIELDS if (field.document, field.key) == (document, key)), None)
