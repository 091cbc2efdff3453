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

from picture import LINE_SERVER, ROLES, Failed, Picture, Wish  # noqa: E402

WIDTH = 100
REPOSITORY = Path(__file__).resolve().parents[2]
COLOURS = {"title": "1", "name": "1;36", "command": "32", "address": "33", "dim": "2"}


class Page:
    """Lines for a terminal: coloured if it is one, never wider than the text itself."""

    def __init__(self, colour):
        self.colour = colour

    def paint(self, kind, text):
        return f"\033[{COLOURS[kind]}m{text}\033[0m" if self.colour else text

    def title(self, text):
        print("\n" + self.paint("title", text) + " " + self.paint("dim", "─" * (WIDTH - len(text) - 1)))

    def row(self, name, address, *rest):
        print("  " + self.paint("name", f"{name:<13}") + self.paint("address", f"{address:<23}") + " ".join(rest))

    def arrow(self, text):
        print("  " + self.paint("dim", f"  │  {text}"))

    def command(self, what, command):
        print(f"  {what}\n      {self.paint('command', command)}")

    def text(self, text=""):
        print("  " + text if text else "")


def short(path):
    """As it may be typed in the folder that the lab was started in."""
    path = Path(path)
    try:
        path = path.relative_to(Path.cwd())
    except ValueError:
        pass
    return shlex.quote(str(path))


def show_picture(page, picture):
    people = picture.wish.people
    page.title("Where everything listens")
    page.row("OCS", picture.ocs, "simulated home server, mode " + picture.wish.mode)
    page.arrow("static route of " + LINE_SERVER)
    page.row("HAProxy", picture.front, f"front end; statistics: http://{picture.statistics}/")
    page.arrow("each dialog by itself through the splitter")
    for role in ROLES:
        page.row(role, picture.config_of(role)["listen"], f"gateway node; HAProxy hears \"{picture.agent(role)}\" from it")
    page.arrow("one CTI/QBE link of each node to each CTI Manager")
    for name, address in picture.managers.items():
        page.row(name, address, "simulated CTI Manager")
    page.arrow("lines")
    for person in people:
        page.row(person.phone, f"line {person.number}",
                 person.name + ("" if person.assigned else ", not assigned: a sign-in is refused"))
    page.row("outside", "+1555...", "every number rings and waits for an answer")


def show_what_to_try(page, picture):
    python = short(REPOSITORY / "tests/interop/pidgin_sipe.py")
    linebridge = short(picture.programs / "linebridge")
    cucm = f"{short(picture.programs / 'linebridge-sim-cucm')} control {short(picture.run / 'cucm.sock')}"
    site = short(picture.config)
    page.title("Sign a client in")
    page.command("pidgin-sipe without windows; it takes \"call NUMBER\" and \"quit\":",
                 f"python3 {python} {picture.ocs} alice@example.test")
    page.text("or Pidgin itself: protocol Office Communicator, user name alice@example.test, any password,")
    page.text(f"server[:port] {picture.ocs}, connection type TCP, authentication NTLM. A call is placed from the")
    page.text("menu of a buddy with a phone number.")
    page.title("Use the phones")
    page.command("make one ring: in the client above", "call 1002")
    page.command("pick it up, put it down:", f"{cucm} answer 1002\n      {cucm} hangup 1002")
    page.command("phones and calls as the cluster sees them:", f"{cucm} phones\n      {cucm} calls")
    page.title("Look inside")
    page.command("nodes, links, sessions:", f"{linebridge} status --config {site}")
    page.command("what passed, message by message:", f"{linebridge} trace --config {site}")
    page.command("logs of all programs, and every SIP message at OCS:", f"ls {short(picture.logs)}")
    page.text()


def read_arguments():
    parser = argparse.ArgumentParser(
        prog="./dev lab", description=__doc__,
        epilog="A scripted day (--demo) and its proof by faults (--sabotage) come with a later version.")
    parser.add_argument("--bin", required=True, metavar="DIR", help="folder of the programs")
    parser.add_argument("--mode", choices=("2007", "2005"), default="2007",
                        help="play Office Communications Server 2007 or Live Communications Server 2005 (2007)")
    parser.add_argument("--managers", type=int, choices=range(1, 9), default=2, metavar="N",
                        help="simulated CTI Managers, 1 to 8 (2)")
    parser.add_argument("--answer-events", action="store_true",
                        help="OCS answers events for the clients, as Communicator does and pidgin-sipe does not")
    return parser.parse_args()


def stop_on_term(number, frame):
    raise KeyboardInterrupt


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
    signal.signal(signal.SIGTERM, stop_on_term)
    page = Page(sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    wish = Wish(mode=arguments.mode, managers=arguments.managers, answer_events=arguments.answer_events)
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
        picture.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
