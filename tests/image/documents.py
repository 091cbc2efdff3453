"""The two documents of a set-up and its secrets, as a test gives them to a machine: by credentials, on an ISO image, or
in a folder inside."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from picture import CTI_PASSWORD, toml

ADMINISTRATOR = "admin"
PASSWORD = "Correct-Horse-7-Battery"


def new_key(folder):
    """A key pair for the administrator; gives back the path of the private half."""
    path = Path(folder) / "administrator.key"
    if not path.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)], check=True)
    return path


def appliance(name="linebridge1.example.test", time_zone="Europe/Berlin", key=None, **sections):
    """The document appliance.toml as sections; `sections` add keys or replace them."""
    document = {
        "host": {"name": name, "time_zone": time_zone},
        "network": {"mode": "dhcp"},
        "time": {"ntp": ["10.0.2.2"]},
        "administrator": {"name": ADMINISTRATOR, "password": PASSWORD,
                          "ssh_keys": [key.with_suffix(".key.pub").read_text().strip()] if key else []},
        "access": {"ssh": True, "web": True},
    }
    for section, keys in sections.items():
        document.setdefault(section, {}).update(keys)
    return document


@dataclass
class Documents:
    site: dict
    appliance: dict
    secrets: dict = field(default_factory=lambda: {"cti.password": CTI_PASSWORD + "\n"})

    def files(self):
        """{path: text}, as they lie on a seed."""
        return {"linebridge.toml": toml(self.site), "appliance.toml": "version = 1\n\n" + toml(self.appliance),
                **{f"secrets/{name}": text for name, text in self.secrets.items()}}

    def credentials(self):
        files = self.files()
        return {"linebridge.site": files["linebridge.toml"], "linebridge.appliance": files["appliance.toml"],
                **{f"linebridge.file.{name}": text for name, text in self.secrets.items()}}

    def write(self, folder):
        for name, text in self.files().items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Path(folder)
