"""The orders of `linebridge-setup` that talk to people at the machine. What they do is in the console's modules, which are
loaded when one is given: what runs at each start does without them."""

import argparse


def add(command, commands, common):
    """`command`: adds an order to `commands`, as command.py does."""
    for name, text in (("wizard", "set this machine up, question by question"),
                       ("menu", "look after this machine: status, settings, users, log, restart"),
                       ("console", argparse.SUPPRESS)):
        added = command(commands, common, name, _run(name, "plain"), text, "Dialogs for 80x24 and larger.")
        added.add_argument("--plain", action="store_true", help="ask line by line, without dialogs")
    added = command(commands, common, "banner", _run("banner", "follow"), "write what stands above the log-in prompt")
    added.add_argument("--follow", action="store_true", help="again whenever an address changes")
    command(commands, common, "first-boot", _run("first_boot"), "make the keys and the set-up code of this machine",
            "Runs while the machine starts, until it is set up; what is there already stays.")
    added = command(commands, common, "support", _run("support", "file"), "write a file for support",
                    "It holds settings, states and the log, without passwords and keys.")
    added.add_argument("file", nargs="?", metavar="FILE", help="where to; by default a place is found and told")
    added = command(commands, common, "code", _run("code", "order"), "make or verify the set-up code",
                    "For the page that sets this machine up over the network: \"verify\" reads a code from the standard\n"
                    "input; exit code 0 if it is right.")
    added.add_argument("order", choices=("new", "verify"))


def _run(name, *words):
    def run(engine, arguments):
        from .console import commands as console

        return getattr(console, name)(engine, *(getattr(arguments, word) for word in words))

    return run
