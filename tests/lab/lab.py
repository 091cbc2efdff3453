#!/usr/bin/env python3
"""Starts the whole picture on this machine and keeps it running until Ctrl-C."""

import argparse
import os
import shlex
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from demo import demonstrate  # noqa: E402
from picture import FLAVOURS, LINE_SERVER, PEOPLE, ROLES, Failed, Picture, Wish  # noqa: E402
from sabotage import SABOTAGES, Sabotage  # noqa: E402

WIDTH = 100
PIDGIN_SIPE = Path(__file__).resolve().parents[1] / "interop/pidgin_sipe.py"
PHONE = Path(__file__).resolve().parent / "phone.py"
EPILOG = """With --demo three users have a scripted day of ten seconds: they sign in, call, hold and hang up, lose a CTI
Manager and a node, and sign out. Each step is looked at from several sides: client, node, what passed, phones. Then all
that passed is drawn as a ladder. Exit code 0 if every step was seen, else 1 with the first that was not.

--sabotage NAME breaks one thing, and shows that the demo notices:
"""
COLOURS = {"good": "32", "bad": "1;31", "title": "1", "name": "1;36", "command": "32", "address": "33", "dim": "2"}


class Page:
    """Lines for a terminal: coloured if it is one, never wider than the text itself."""

    def __init__(self, colour):
        self.colour = colour

    def paint(self, kind, text):
        return f"\033[{COLOURS[kind]}m{text}\033[0m" if self.colour else text

    def title(self, text):
        print("\n" + self.paint("title", text) + " " + self.paint("dim", "─" * (WIDTH - len(text) - 1)))

    def row(self, name, address, text):
        print("  " + self.paint("name", f"{name:<17}") + self.paint("address", f"{address:<23}") + text)

    def arrow(self, text):
        print("  " + self.paint("dim", f"   │ {text}"))

    def command(self, command, text):
        print("  " + self.paint("command", f"{command:<53}") + " " + text)

    def text(self, text=""):
        print("  " + text if text else "")


def show_picture(page, picture):
    page.title("Where everything listens")
    page.row("OCS", picture.ocs, f"simulated home server, mode {picture.wish.mode}: clients sign in here")
    page.arrow("static route of " + LINE_SERVER)
    page.row("HAProxy", picture.front, f"front end; statistics: http://{picture.statistics}/")
    page.arrow("splitter: every dialog by itself, round robin, and to its node ever after")
    for role in ROLES:
        page.row(role, picture.config_of("node." + role)["listen"], f"gateway node, says \"{picture.agent(role)}\" of itself")
    page.arrow("CTI/QBE: a link of each node to each CTI Manager")
    for name, address in picture.managers.items():
        page.row(name, address, "simulated CTI Manager")
    page.arrow("lines")
    for person in picture.wish.people:
        page.row(person.phone, "line " + person.number,
                 person.address + ("" if person.assigned else ", not assigned: the gateway refuses"))
    page.row("outside", "+1555...", "every such number rings until it is answered")


def show_what_to_try(page, picture):
    commands = write_commands(picture)
    page.title("What to try, in another terminal")
    page.command(f"{commands['client']} alice@example.test", "sign pidgin-sipe in; then type:")
    page.command("    call 1002", "bob's phone rings")
    page.command("    call +15551234", "a phone outside rings")
    page.command("    quit", "sign out")
    page.text()
    page.command(f"{commands['phone']} dial 1003 1001", "carol's phone makes alice's ring")
    page.command(f"{commands['phone']} answer 1002", "pick up")
    page.command(f"{commands['phone']} hangup 1002", "put down")
    page.command(f"{commands['phone']} calls", "what the cluster sees; also: phones, links")
    page.text()
    page.command(f"{commands['linebridge']} status", "nodes, links, sessions")
    page.command(f"{commands['linebridge']} trace", "what passed, message by message")
    page.command(f"{commands['linebridge']} trace alice", "follow her: what passes, as a ladder")
    page.command(f"ls {shlex.quote(str(picture.logs))}", "logs of all programs, all SIP at OCS")
    page.text()
    page.text("Pidgin itself signs in as well: protocol Office Communicator, user name alice@example.test, any")
    page.text(f"password, server {picture.ocs}, connection type TCP, authentication NTLM. It calls from the")
    page.text("menu of a buddy who has a phone number.")
    page.text()


def write_commands(picture):
    """Short commands for this picture, in its folder: each is a line or two of shell that can be read."""
    linebridge = shlex.quote(str(picture.programs / "linebridge"))
    site = shlex.quote(str(picture.config))
    lines = {
        "client": f"exec python3 -B {shlex.quote(str(PIDGIN_SIPE))} {picture.ocs} \"$@\"",
        "phone": f"exec python3 -B {shlex.quote(str(PHONE))} "
                 f"{shlex.quote(str(picture.programs / 'linebridge-sim-cucm'))} "
                 f"{shlex.quote(str(picture.run / 'cucm.sock'))} \"$@\"",
        # Who follows a user sees the phones as well.
        "linebridge": f"case $1 in *-config) exec {linebridge} \"$@\" {site} ;; esac\n"
                      f"case \"$1 $2\" in \"trace \"[a-z]*) set -- \"$@\" --also {shlex.quote(str(picture.traces[0]))} ;; esac\n"
                      f"exec {linebridge} \"$@\" --config {site}",
    }
    for name, line in lines.items():
        path = picture.directory / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
    return {name: shlex.quote(str(picture.directory / name)) for name in lines}


def read_arguments():
    parser = argparse.ArgumentParser(
        prog="./dev lab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=EPILOG + "".join(f"  {name:<20} {text}\n" for name, text in SABOTAGES.items()))
    parser.add_argument("--bin", required=True, metavar="DIR", help=argparse.SUPPRESS)  # the folder of the programs
    parser.add_argument("--mode", choices=tuple(FLAVOURS),
                        help="play Office Communications Server 2007, 2007 R2 or Live Communications Server 2005 "
                             "(2007; 2007r2 for the demo)")
    parser.add_argument("--managers", type=int, choices=range(1, 9), default=2, metavar="N",
                        help="simulated CTI Managers, 1 to 8 (2)")
    parser.add_argument("--answer-events", action="store_true",
                        help="OCS answers events for the clients, as Communicator does and pidgin-sipe does not")
    parser.add_argument("--demo", action="store_true", help="a scripted day and its ladder instead; see below")
    parser.add_argument("--sabotage", metavar="NAME", choices=(*SABOTAGES, "list"),
                        help="the demo with one thing broken, see below; \"list\" lists them")
    parser.add_argument("--save", metavar="FILE", help="write the demo's ladder to a file too, JSON a line")
    arguments = parser.parse_args()
    if (arguments.demo or arguments.sabotage) and (arguments.managers != 2 or arguments.answer_events):
        parser.error("the demo is played with two CTI Managers and clients of its own")
    return arguments


def interrupt(number, frame):
    raise KeyboardInterrupt


def play(page, arguments):
    """The demo instead of the picture. Value: the exit code."""
    wish = Wish(mode=arguments.mode or "2007r2", people=PEOPLE[:3], clients=True,
                sections={"cti": {"reconnect_most": "1s"}})
    sabotage = Sabotage(arguments.sabotage)
    sabotage.wish(wish)
    return demonstrate(Picture(arguments.bin, wish), sabotage, page, arguments.save)


def stay(page, picture):
    """Until Ctrl-C, or until a program ends that should not."""
    print(page.paint("title", "  Everything is up. Ctrl-C ends it."), flush=True)
    while True:
        ended = [process for process in picture.processes if not process.running()]
        if ended:
            raise Failed("\n".join(f"{process.name} ended with {process.status()}\n{process.tail()}" for process in ended))
        time.sleep(0.5)


def main():
    arguments = read_arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    page = Page(sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    if arguments.sabotage == "list":
        print("".join(f"{name:<20} {text}\n" for name, text in SABOTAGES.items()), end="")
        return 0
    if arguments.demo or arguments.sabotage:
        return play(page, arguments)
    wish = Wish(mode=arguments.mode or "2007", managers=arguments.managers, answer_events=arguments.answer_events)
    picture = Picture(arguments.bin, wish, lambda name: print(page.paint("dim", f"  starting {name}"), flush=True))
    began = time.monotonic()
    try:
        picture.start()
        print(page.paint("dim", f"  up after {time.monotonic() - began:.1f} s"))
        show_picture(page, picture)
        show_what_to_try(page, picture)
        stay(page, picture)
    except KeyboardInterrupt:
        print("\n" + page.paint("dim", "  ending"), flush=True)
    except Failed as problem:
        print(f"\n{problem}\n{picture.tails()}", file=sys.stderr)
        return 1
    finally:
        complaints = picture.stop()
        print("\n".join(complaints), file=sys.stderr, end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
