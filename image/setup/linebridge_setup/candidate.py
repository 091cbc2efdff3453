"""The documents and secrets as they are meant to become."""

import re

from . import passwords
from .documents import Document
from .problem import Refused

SITE = "/etc/linebridge/linebridge.toml"
APPLIANCE = "/etc/linebridge/appliance.toml"
SECRETS = "/etc/linebridge/secrets"
EXAMPLE = "/usr/share/linebridge/linebridge.toml"

DEFAULT_APPLIANCE = """\
# This machine. The site's settings are in linebridge.toml. After a change by hand: linebridge-setup apply
version = 1

[host]
name = "linebridge"
time_zone = "Etc/UTC"

[network]
# The network interface; empty: the first wired one.
interface = ""
# "dhcp" or "static". The address is written with the length of its network: "192.0.2.20/24".
mode = "dhcp"
address = ""
gateway = ""
dns = []
search = []
# One more address on that interface.
virtual_address = ""

[time]
ntp = ["pool.ntp.org"]

[administrator]
name = "admin"
# As in /etc/shadow.
password_hash = ""
# Lines as in authorized_keys.
ssh_keys = []

[access]
ssh = true
# The web page on port 9090.
web = true
# Networks that may use both; empty: all.
from = []
"""

_BARE_SITE = """\
[sip]
names = []
incoming = []

[cti]
user = ""
password_file = "cti.password"
managers = []
"""


class Candidate:
    """Texts of both documents, the secrets, and a password that is not hashed yet."""

    def __init__(self, site, appliance, secrets=None):
        self._site = Document(site)
        self._appliance = Document(appliance)
        self.secrets = dict(secrets or {})
        self.password = None
        self._take_password()

    def _take_password(self):
        """A password in plain is kept apart: the document is never shown or stored with it."""
        plain = self._appliance.get("administrator.password")
        if isinstance(plain, str):
            self.password = plain
            self._appliance = self._appliance.set("administrator.password", None)

    @property
    def site(self):
        return self._site

    @property
    def appliance(self):
        return self._appliance

    def site_text(self):
        return self._site.text

    def appliance_text(self):
        """Without the password in plain."""
        return self._appliance.text

    def value(self, document, key, default=None):
        """A value of a document as it stands there."""
        return (self._site if document == "site" else self._appliance).get(key, default)

    def get(self, field):
        """The value of a field as text, list of text or bool. A password or secret: its text, "" if there is none."""
        if field.kind == "password":
            return self.password or ""
        if field.document == "secrets":
            return self.secrets.get(field.key, b"").decode("utf-8", "replace").removesuffix("\n")
        value = self.value(field.document, field.key)
        if field.kind == "list":
            return [str(one) for one in value] if isinstance(value, list) else []
        if field.kind == "yesno":
            return value is True
        return "" if value is None else str(value)

    def has_secret(self, field):
        """Whether a password or secret is there already, so that nothing typed means: as it is."""
        if field.kind == "password":
            return self.password is not None or bool(self.value("appliance", "administrator.password_hash"))
        return bool(self.secrets.get(field.key))

    def set(self, field, value):
        """Puts a value in. Raises Refused if the document is no TOML and cannot be changed."""
        if field.kind == "password":
            self.password = value or None
        elif field.document == "secrets":
            self._set_secret(field.key, value)
        elif field.document == "site":
            self._site = self._site.set(field.key, self._optional(field, value))
        else:
            self._appliance = self._appliance.set(field.key, value)

    def set_value(self, document, key, value):
        """The same for a value that has no field."""
        if document == "site":
            self._site = self._site.set(key, value)
        else:
            self._appliance = self._appliance.set(key, value)

    def _optional(self, field, value):
        """Nothing typed for a site's text means: as if it were not written, unless it stands there already."""
        return None if value in ("", []) and not self._site.get(field.key) else value or self._emptied(field)

    @staticmethod
    def _emptied(field):
        return [] if field.kind == "list" else None

    def _set_secret(self, name, value):
        if value:
            self.secrets[name] = value if isinstance(value, bytes) else value.encode() + b"\n"
        else:
            self.secrets.pop(name, None)

    @property
    def users(self):
        """The site's [[user]] tables: address, assigned, line_uri, devices."""
        users = self._site.get("user", [])
        return [dict(user) for user in users if isinstance(user, dict)] if isinstance(users, list) else []

    def set_users(self, users):
        self._site = self._site.set_tables("user", users)

    def hash_password(self, system, in_force=""):
        """Replaces a password in plain by its hash; the one in force if it is of this password. Raises Refused if no
        program makes one."""
        if self.password is None:
            return
        own = self._appliance.get("administrator.password_hash") or ""
        known = next((one for one in (own, in_force) if passwords.matches(self.password, one)), None)
        self._appliance = self._appliance.set("administrator.password_hash",
                                              known or passwords.hashed(system, self.password))
        self.password = None


def default_site(example):
    """The commented example without its example values, or the keys that must be there if there is no example."""
    document = Document(example or "")
    if not example or document.fault:
        return _BARE_SITE
    for key, value in (("sip.names", []), ("sip.incoming", []), ("cti.user", ""), ("cti.managers", []),
                       ("cti.password_file", "cti.password")):
        document = document.set(key, value)
    return document.set_tables("user", []).text


def defaults(system):
    return Candidate(default_site(system.text(EXAMPLE)), DEFAULT_APPLIANCE)


def of_machine(system, site=None, appliance=None, secrets=None):
    """These texts and secrets; the rest as it is on the machine, whoever wrote it; defaults for what is not there."""
    site = system.text(SITE) if site is None else site
    appliance = system.text(APPLIANCE) if appliance is None else appliance
    return Candidate(default_site(system.text(EXAMPLE)) if site is None else site,
                     DEFAULT_APPLIANCE if appliance is None else appliance,
                     {**secrets_in(system, SECRETS), **(secrets or {})})


def of_entries(entries):
    """The documents and secrets among managed files (name to something with `data`)."""
    def text(name):
        return entries[name].data.decode("utf-8", "replace") if name in entries else ""

    prefix = f"{SECRETS}/"
    return Candidate(text(SITE), text(APPLIANCE), {name.removeprefix(prefix): entry.data
                                                   for name, entry in entries.items() if name.startswith(prefix)})


def secrets_in(system, folder):
    """Name to bytes of the files in a folder."""
    return {name: system.read(f"{folder}/{name}") for name in system.names(folder) if is_secret_name(name)}


def is_secret_name(name):
    return bool(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}", name))


def check_secret(name, data):
    """Raises Refused for what cannot be a secret."""
    if not is_secret_name(name):
        raise Refused(f"'{name}' is no name of a secret: letters, digits, '.', '-' and '_', at most 200")
    if len(data) > 1 << 20:
        raise Refused(f"secret '{name}' is over 1 MiB long")
