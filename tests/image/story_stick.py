"""Settings on an ISO image: wrong ones are refused with words, right ones set the machine up."""

import copy
import re

import rules
from appliance import ApplianceStory
from process import Failed, wait_until
from qemu import stick

WORDS = ("time_zone", "Mars/Olympus", "incoming", "managers")  # What is wrong, named.


class Stick(ApplianceStory):
    name = "stick"
    told = "BIOS; a seed on an ISO image that is wrong is refused with words; the right one sets the machine up; a call"
    steps = ("boot_with_a_wrong_seed", "refused_with_words", "nothing_of_it_is_in_force", "boot_with_the_right_one",
             "rules_of_this_machine", "call")

    def prepare(self):
        right = self.documents()
        wrong = copy.deepcopy(right)
        wrong.appliance["host"]["time_zone"] = "Mars/Olympus"
        wrong.site["sip"]["incoming"] = ["everywhere!"]
        wrong.site["cti"]["managers"] = []
        self.seeds = {name: stick(self.folder / f"{name}.iso", documents.write(self.folder / name))
                      for name, documents in (("right", right), ("wrong", wrong))}

    def equipment(self):
        return {"iso": self.seeds["wrong"]}

    def boot_with_a_wrong_seed(self):
        self.machine.start()
        self.see_banner(set_up=False)

    def refused_with_words(self):
        """On the console and in the log, every problem at once."""
        def told(text):
            return [word for word in WORDS if not re.search(re.escape(word), text)]

        def on_console():
            self.machine.serial_moves_on()
            return not told(self.machine.said())
        try:
            wait_until(on_console, 90, "the problems on the console")
        except Failed:
            raise Failed(f"the console does not name {told(self.machine.said())}") from None
        log = self.machine.root("journalctl -b --no-pager -o cat")
        rules.expect(not told(log), f"the log does not name {told(log)}")

    def nothing_of_it_is_in_force(self):
        rules.closed(self.machine)
        rules.expect(self.machine.holds("test ! -e /etc/linebridge/linebridge.toml"), "there is a linebridge.toml")
        rules.nobody_can_log_in(self.machine)

    def boot_with_the_right_one(self):
        self.machine.power_off()
        self.machine.iso = self.seeds["right"]
        self.machine.start()
        self.see_banner(set_up=True)
        self.everything_runs()

    def rules_of_this_machine(self):
        rules.no_failed_unit(self.machine)
        rules.identity(self.machine, self.stage.identities)
        rules.open_as_set_up(self.machine)

    def call(self):
        self.a_call()
