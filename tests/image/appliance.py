"""What stories about the appliance share: a machine of its image with the world around it, and its banner."""

import re
import sys
import time

import rules
from documents import ADMINISTRATOR, Documents, appliance, new_key
from process import Failed, wait_until
from qemu import BOOT_LIMIT, Machine
from stories import Story
from world import PROBES, World

BANNER = {
    "version": r"Linebridge appliance \S+",
    "address": r"Address: +10\.0\.2\.15",
    "web page": r"Web: +https://10\.0\.2\.15:9090/",
    "host key": r"SSH host key \(ED25519\): +SHA256:[A-Za-z0-9+/]{43}",
    "certificate": r"TLS certificate: +SHA256 ([0-9A-F]{2}:){31}[0-9A-F]{2}",
}
BANNER_BEFORE = {"set-up code": r"Set-up code: +\w{4}-\w{4}-\w{4}", "what to do": "Press Enter to set this machine up"}


class ApplianceStory(Story):
    """`machine` and `world` are there from the first step on. The machine is started by a step."""

    uefi = False
    size = None

    def begin(self):
        self.folder = self.stage.folder / self.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = new_key(self.folder)
        self.world = World(self.stage.programs)
        self.world.start()
        self.prepare()
        self.machine = Machine(self.stage.disk, self.folder, self.name, uefi=self.uefi, size=self.size,
                               ports=tuple(PROBES), **self.equipment())
        self.world.start_ocs(self.machine.at(5060))

    def prepare(self):
        """Before the machine is made; the world is there."""

    def equipment(self):
        """What else the machine has: credentials, an ISO image."""
        return {}

    def end(self):
        if hasattr(self, "machine"):
            self.machine.remove()
        if hasattr(self, "world"):
            for complaint in self.world.stop():
                print(complaint, file=sys.stderr)

    def tails(self):
        parts = []
        if hasattr(self, "machine"):
            parts.append(self.machine.tail(60))
            parts.append(self._inside())
        if hasattr(self, "world"):
            parts.append(self.world.tails())
        return "\n".join(parts)

    def _inside(self):
        """The last words of the journal, if the machine can still say them."""
        if not self.machine.running():
            return "the machine is off"
        try:
            return self.machine.root("systemctl --failed --no-pager; journalctl -b --no-pager -n 60", limit=60, check=False)
        except Failed as problem:
            return str(problem)

    # ---- steps that several stories have ----

    def documents(self, **sections):
        return Documents(self.world.site(**sections), appliance(key=self.key))

    def see_banner(self, set_up):
        """Waits for all lines of the banner; gives back what came so far, without escape sequences."""
        wanted = {**BANNER, **({} if set_up else BANNER_BEFORE)}

        def seen():
            self.machine.serial_moves_on()
            text = self.machine.said()
            if "Kernel panic" in text or not self.machine.running():
                raise Failed("the kernel did not start")
            return all(re.search(line, text) for line in wanted.values())
        try:
            wait_until(seen, BOOT_LIMIT, "the banner")
        except Failed as problem:
            missing = [what for what, line in wanted.items() if not re.search(line, self.machine.said())]
            raise Failed(f"{problem}; missing: {', '.join(missing)}") from None
        self.stage.figure(f"{self.name}: power on to banner", time.monotonic() - self.machine.started)
        return self.machine.said()

    def everything_runs(self):
        rules.no_failed_unit(self.machine)
        rules.services_run(self.machine)
        rules.links_in_service(self.machine, len(self.world.managers))

    def a_call(self):
        self.world.sign_in()
        self.world.agree(self.machine)
        self.world.call(self.machine)

    def log_in_by_ssh(self):
        """By the key that the set-up was given; root stays outside."""
        said = self.machine.ssh(ADMINISTRATOR, self.key, "id -un")
        rules.expect(said.strip() == ADMINISTRATOR, f"by SSH: {said}")
        try:
            self.machine.ssh("root", self.key, "true")
        except Failed:
            return
        raise Failed("root can log in by SSH")
