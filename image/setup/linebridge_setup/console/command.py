"""The orders of linebridge-setup that are meant for people at the machine, and those of its start."""

from ..command import command
from . import commands as orders


def add(parsers, common):
    """Adds them to the command's own."""
    wizard = command(parsers, common, "wizard", lambda engine, given: orders.wizard(engine, given.plain),
                     "set this machine up, question by question",
                     "Nothing is changed before the end. Answers are kept until the machine is switched off.")
    menu = command(parsers, common, "menu", lambda engine, given: orders.menu(engine, given.plain),
                   "look after this machine", "Exit code 3: the person wants a shell.")
    console = command(parsers, common, "console", lambda engine, given: orders.console(engine, given.plain),
                      "what stands on a console until the machine is set up")
    for one in (wizard, menu, console):
        one.add_argument("--plain", action="store_true", help="lines instead of boxes, without escape sequences; for scripts "
                                                              "and screen readers")
    banner = command(parsers, common, "banner", lambda engine, given: orders.banner(engine, given.follow),
                     "write what stands above the log-in prompt")
    banner.add_argument("--follow", action="store_true", help="again after each change of addresses, until it is ended")
    command(parsers, common, "first-boot", lambda engine, given: orders.first_boot(engine),
            "make the keys of this machine and its set-up code", "What is whole stays as it is.")
    support = command(parsers, common, "support", lambda engine, given: orders.support(engine, given.file),
                      "write a file for those who are to help", "It holds status, settings and logs, no passwords and no keys.")
    support.add_argument("file", nargs="?", metavar="FILE", help="its name; default: one in /var/tmp")
    code = command(parsers, common, "code", lambda engine, given: orders.code(engine, given.order),
                   "the one-time set-up code of the web page",
                   "new: makes another one. verify: reads one from the standard input; exit code 0 if it is right.")
    code.add_argument("order", choices=("new", "verify"), metavar="new|verify")
