"""Ways to make a demonstration fail: each leaves everything but one thing as it is, and must be noticed."""

import os
import signal

SABOTAGES = {
    "phone-never-answers": "nobody picks up bob's phone",
    "link-2-down": "the second CTI Manager takes no connection from the start",
    "splitter-stopped": "the splitter is halted before anybody signs in",
    "event-suppressed": "the CTI Managers do not say that a call is held",
    "wrong-password": "the nodes log in at the CTI Managers with another password",
}


class Sabotage:
    def __init__(self, name=None):
        self.name = name

    def wish(self, wish):
        """Changes what is started."""
        if self.name == "wrong-password":
            wish.cti_password, wish.ready = "not the password", False
        if self.name == "link-2-down":
            wish.before_nodes = lambda picture: picture.cucm("cti", "cti2", "refuse")

    def begin(self, picture, step):
        """Before a step of the day."""
        if self.name == "splitter-stopped" and step == "sign-in":
            os.kill(picture.process("splitter").pid, signal.SIGSTOP)
        if self.name == "event-suppressed" and step == "hold and retrieve":
            picture.cucm("fault", "all", "omit", "CallStateChangedEvent_V2", "next", "1")

    def lets_answer(self, number):
        """Whether the phone with this number is picked up."""
        return self.name != "phone-never-answers" or number != "1002"

    def end(self, picture):
        """What is halted could not end in order."""
        if self.name == "splitter-stopped":
            for process in picture.processes:
                if process.name == "splitter" and process.running():
                    os.kill(process.pid, signal.SIGCONT)
