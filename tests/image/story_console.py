"""Somebody boots the file by BIOS and answers the questions on the serial line."""

import time

import rules
from appliance import ApplianceStory
from process import Failed, wait_until
from wizard import Wizard


class Console(ApplianceStory):
    name = "console"
    told = "BIOS; set up in the wizard on the serial line with wrong input in every field; a call; a reboot; a call"
    steps = ("boot_to_the_banner", "closed_before_set_up", "rules_of_the_image", "answer_the_wizard", "put_into_force",
             "sign_in", "call", "open_what_is_needed", "sandboxes", "reboot", "settings_stand", "call_again")

    def boot_to_the_banner(self):
        self.machine.start()
        self.see_banner(set_up=False)

    def closed_before_set_up(self):
        rules.no_failed_unit(self.machine)
        rules.closed(self.machine)

    def rules_of_the_image(self):
        rules.nobody_can_log_in(self.machine)
        rules.identity(self.machine, self.stage.identities)
        rules.journal_kept_and_bounded(self.machine)
        rules.updates_come(self.machine)

    def answer_the_wizard(self):
        self.wizard = Wizard(self.machine, self.world)
        self.wizard.run()
        rules.expect(self.wizard.tried > 15, f"only {self.wizard.tried} wrong answers were tried")

    def put_into_force(self):
        self.applied = time.monotonic()
        self.wizard.apply()

    def sign_in(self):
        self.world.sign_in()
        self.stage.figure("console: settings put into force to first 200 of an INVITE", time.monotonic() - self.applied)

    def call(self):
        self.everything_runs()
        self.world.call(self.machine)

    def open_what_is_needed(self):
        rules.open_as_set_up(self.machine)
        rules.only_administrator(self.machine, "admin")

    def sandboxes(self):
        rules.sandboxed(self.machine)

    def reboot(self):
        self.before = self.machine.root("linebridge-setup show; cat /etc/machine-id")
        self.machine.reboot()
        self.see_banner(set_up=True)

    def settings_stand(self):
        self.everything_runs()
        now = self.machine.root("linebridge-setup show; cat /etc/machine-id")
        rules.expect(now == self.before, f"before the reboot:\n{self.before}\nafter it:\n{now}")

        def asked():
            self.machine.serial_moves_on()
            return "login:" in self.machine.said()
        wait_until(asked, 60, "a log-in prompt on the serial line")
        if "Set-up code" in self.machine.said():
            raise Failed("the set-up code still stands on the console")

    def call_again(self):
        self.a_call()
