"""Settings that are being put into force while the power goes, and a change of the network that nobody confirms."""

import base64
import random
import time

import rules
from appliance import ApplianceStory
from documents import Documents, appliance
from process import wait_until
from qemu import HOST

CUTS = 3
HELD = 15       # Seconds in which the network's change must be confirmed.
OTHER = "10.0.2.77"
OLD, NEW = "old", "new"
# What differs between the two settings, each where the machine keeps it: {what: (command, in the old, in the new)}
TRACES = {
    "host name": ("cat /etc/hostname", "linebridge1", "linebridge2"),
    "clock": ("readlink /etc/localtime", "../usr/share/zoneinfo/Europe/Berlin", "../usr/share/zoneinfo/Asia/Tokyo"),
    "time servers": ("grep -o '10[.]0[.]2[.][23]' /etc/chrony/sources.d/linebridge.sources", HOST, "10.0.2.3"),
    "appliance.toml": ("grep -oE 'Berlin|Tokyo' /etc/linebridge/appliance.toml", "Berlin", "Tokyo"),
    "linebridge.toml": ("grep -oE '(30|45)m' /etc/linebridge/linebridge.toml", "30m", "45m"),
}


class Power(ApplianceStory):
    name = "power"
    told = "set up by fw_cfg; power cuts while settings are put into force; a network change that nobody confirms"
    steps = ("boot_to_the_banner", "call", "settings_change", *[f"power_cut_{number + 1}" for number in range(CUTS)],
             "network_comes_back", "network_comes_back_after_a_power_cut")

    def prepare(self):
        self.random = random.Random(self.stage.seed)
        self.sets = {
            OLD: Documents(self.world.site(sip={"session_timer": "30m"}), appliance(key=self.key)),
            NEW: Documents(self.world.site(sip={"session_timer": "45m"}),
                           appliance("linebridge2.example.test", "Asia/Tokyo", self.key, time={"ntp": ["10.0.2.3"]})),
        }
        for number in range(CUTS):
            setattr(self, f"power_cut_{number + 1}", self.power_cut)

    def equipment(self):
        return {"firmware_files": self.sets[OLD].credentials()}

    def boot_to_the_banner(self):
        self.machine.start()
        self.see_banner(set_up=True)

    def call(self):
        self.everything_runs()
        self.a_call()

    def settings_change(self):
        """Without a power cut, to know how long it takes."""
        for name, documents in self.sets.items():
            self._hand_over(name, documents)
        began = time.monotonic()
        self.machine.root(self._apply(NEW), limit=300)
        self.takes = time.monotonic() - began
        self.state = self._state()
        rules.expect(self.state == NEW, f"after an apply the settings are {self.state}")
        self.stage.figure("power: putting settings into force", self.takes)

    def power_cut(self):
        wanted = OLD if self.state == NEW else NEW
        moment = self.random.uniform(0.05, 0.7) * self.takes
        self.machine.root(f"setsid sh -c '{self._apply(wanted)}' >/run/apply.log 2>&1 &")
        time.sleep(moment)
        self.machine.cut_power()
        self.machine.start()
        self.everything_runs()
        was, self.state = self.state, self._state()
        print(f"          power cut {moment:.2f} s after the start: the settings are {self.state}, were {was}", flush=True)
        self.a_call()

    def network_comes_back(self):
        """By itself, when the time for a confirmation is over."""
        self._change_address(HELD)
        wait_until(lambda: self._has("10.0.2.15") and not self._has(OTHER), 180, "the former address to be back")
        rules.expect(self.machine.holds("test ! -e /var/lib/linebridge-setup/pending"), "something is still pending")
        self.everything_runs()

    def network_comes_back_after_a_power_cut(self):
        self._change_address(3600)
        self.machine.root("sync")
        self.machine.cut_power()
        self.machine.start()
        self.everything_runs()
        rules.expect(self._has("10.0.2.15") and not self._has(OTHER), self.machine.root("ip -4 address"))
        rules.expect(self.machine.holds("test ! -e /var/lib/linebridge-setup/pending"), "something is still pending")
        self.a_call()

    # ---- the rest ----

    def _hand_over(self, name, documents):
        for path, text in documents.files().items():
            place = f"/root/{name}/{path}"
            words = base64.b64encode(text.encode()).decode()
            self.machine.root(f"umask 077; mkdir -p $(dirname {place}); echo {words} | base64 -d >{place}")

    @staticmethod
    def _apply(name):
        place = f"/root/{name}"
        return (f"linebridge-setup apply --yes --site {place}/linebridge.toml --appliance {place}/appliance.toml "
                f"--secrets {place}/secrets")

    def _state(self):
        """OLD or NEW. Anything in between is what must never be."""
        found = {what: self.machine.root(command, check=False).strip() for what, (command, _, _) in TRACES.items()}
        for state, column in ((OLD, 1), (NEW, 2)):
            if all(found[what] == values[column] for what, values in TRACES.items()):
                return state
        rules.expect(False, f"a mixture of old and new: {found}")

    def _change_address(self, seconds):
        documents = self.sets[self.state]
        static = {"mode": "static", "address": f"{OTHER}/24", "gateway": HOST, "dns": ["10.0.2.3"]}
        self._hand_over("static", Documents(documents.site, {**documents.appliance, "network": static}))
        self.machine.root(f"{self._apply('static')} --confirm-within {seconds}", limit=300)
        rules.expect(self._has(OTHER), f"the address was not changed:\n{self.machine.root('ip -4 address')}")

    def _has(self, address):
        return f" {address}/" in self.machine.root("ip -4 address")
