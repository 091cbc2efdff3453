"""A machine that sets itself up, and whose packages are upgraded while a client is signed in."""

import json
import time

import rules
from appliance import ApplianceStory
from process import wait_until
from qemu import stick
from upgrade import newer_packages, times_down


class Unattended(ApplianceStory):
    name = "unattended"
    told = "UEFI, a bigger disk; set up by credentials; a call; upgrade of the packages with a client signed in"
    steps = ("boot_to_the_banner", "services", "call", "rules_of_this_machine", "log_in", "upgrade", "client_stays",
             "never_both_down")
    uefi = True
    size = "6G"

    def equipment(self):
        iso = stick(self.folder / "packages.iso", newer_packages(self.stage.debs, self.folder / "packages"), "PACKAGES")
        return {"credentials": self.documents().credentials(), "iso": iso}

    def boot_to_the_banner(self):
        self.machine.start()
        self.see_banner(set_up=True)

    def services(self):
        self.everything_runs()

    def call(self):
        self.world.sign_in()
        self.stage.figure("unattended: power on to first 200 of an INVITE", time.monotonic() - self.machine.started)
        self.world.call(self.machine)

    def rules_of_this_machine(self):
        rules.identity(self.machine, self.stage.identities)
        rules.disk_grown(self.machine, 6)
        rules.open_as_set_up(self.machine)
        rules.only_administrator(self.machine, "admin")
        rules.sandboxed(self.machine)

    def log_in(self):
        self.log_in_by_ssh()

    def upgrade(self):
        self.machine.root("mkdir -p /run/packages && mount -o ro /dev/disk/by-label/PACKAGES /run/packages")
        self.began = self.machine.root("date +%s.%N").strip()
        before = self.machine.root("dpkg-query -W 'linebridge*'")
        began = time.monotonic()
        self.machine.root("DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "
                          "-o Dpkg::Use-Pty=0 /run/packages/*.deb", limit=420)
        self.stage.figure("unattended: upgrade of all packages", time.monotonic() - began)
        after = self.machine.root("dpkg-query -W 'linebridge*'")
        rules.expect(before != after and "+check" in after, f"after the upgrade:\n{after}")

    def client_stays(self):
        """Signed in all the time, or again by itself; then calls as before."""
        wait_until(lambda: self.world.clients.look("alice")["state"] == "signed in", 120, "alice to be signed in")
        self.world.clients.do("refresh", "alice")
        time.sleep(2)  # Whatever the refresh brings about has begun.
        wait_until(lambda: self.world.clients.look("alice")["state"] == "signed in", 120, "alice to be signed in")
        self.everything_runs()
        self.world.call(self.machine)
        self.machine.root(f"! journalctl --since @{self.began} -p err --no-pager -q -u 'linebridge*' | grep .")

    def never_both_down(self):
        lines = self.machine.root(f"journalctl --since @{self.began} -o json -u 'linebridge-gateway@*' _PID=1", limit=180)
        down = times_down([json.loads(line) for line in lines.split("\n") if line.strip()])
        rules.expect(down, "no node was restarted by the upgrade")
        for unit, spans in down.items():
            for other, others in down.items():
                overlap = [(one, two) for one in spans for two in others
                           if unit < other and one[0] < two[1] and two[0] < one[1]]
                rules.expect(not overlap, f"{unit} and {other} were down at the same time: {overlap}")
