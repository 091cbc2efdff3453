#!/usr/bin/env python3
"""Runs the appliance that ./dev image built, with its serial line in this terminal and a simulated Unified CM and OCS
beside it. Its disk is kept between runs."""

import argparse
import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from documents import ADMINISTRATOR, Documents, appliance  # noqa: E402
from picture import CTI_PASSWORD, CTI_USER, PEOPLE, Failed, Wish, free_ports  # noqa: E402
from qemu import HOST, QEMU, board, overlay, smbios, uefi_variables  # noqa: E402
from world import World  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PIDGIN_SIPE = ROOT / "tests/interop/pidgin_sipe.py"
PHONE = ROOT / "tests/lab/phone.py"
GUEST = {"sip": 5060, "ssh": 22, "web": 9090}


def read_arguments():
    parser = argparse.ArgumentParser(prog="./dev image --try", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget what was set up in earlier runs")
    parser.add_argument("--unattended", action="store_true",
                        help="hand the answers over as system credentials: the machine sets itself up")
    parser.add_argument("--uefi", action="store_true", help="boot by UEFI instead of BIOS")
    parser.add_argument("--memory", type=int, default=1024, metavar="MIB", help="memory of the machine (1024)")
    parser.add_argument("--image", type=Path, default=ROOT / "build/image/product", metavar="DIR", help="where the image is")
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin", metavar="DIR", help="where the programs are")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/image/try", metavar="DIR", help="what is kept")
    return parser.parse_args()


class Trial:
    """What is kept of a trial: the disk and the ports, so that settings of an earlier run still hold."""

    def __init__(self, arguments):
        self.folder = arguments.folder
        self.disk = self.folder / "linebridge.qcow2"
        base = arguments.image / "linebridge.qcow2"
        if not base.exists():
            raise Failed(f"{base} is not there: ./dev image builds it")
        notes = self.folder / "notes.json"
        kept = json.loads(notes.read_text()) if notes.exists() else {}
        image = f"{base.resolve()} {base.stat().st_size} {base.stat().st_mtime_ns}"
        self.is_new = arguments.fresh or kept.get("image") != image  # A disk over another image would be neither.
        if self.is_new:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            overlay(base, self.disk)
            names = [*GUEST, "cti1", "cti2", "office"]
            kept = {"image": image, "ports": dict(zip(names, free_ports(len(names))))}
            notes.write_text(json.dumps(kept))
        self.ports = kept["ports"]
        self.variables = self.folder / "uefi.vars"
        if arguments.uefi and not self.variables.exists():
            uefi_variables(self.variables)


def show_answers(world):
    person = PEOPLE[0]
    rows = [
        ("Host name", "linebridge1.example.test, or as you like"),
        ("Address", "dhcp"),
        ("Administrator", f"{ADMINISTRATOR}, with a password of your own"),
        ("Own names", "gw.example.test"),
        ("Incoming hosts", HOST),
        ("Hosts to call", world.office_seen_by_machine()),
        ("CTI Managers", " ".join(world.managers_seen_by_machine())),
        ("Application user", f"{CTI_USER}, its password: {CTI_PASSWORD}"),
        ("Users: sign-in", f"sip:{person.address}"),
        ("       line", person.line),
        ("       devices", person.phone),
    ]
    print("\nThe machine asks; answer so, and take what is offered for all else:\n")
    for what, answer in rows:
        print(f"  {what:<17} {answer}")


def show_commands(trial, world):
    commands = write_commands(trial, world)
    print("\nThen, in another terminal:\n")
    for command, text in (
            (f"{commands['client']} {PEOPLE[0].address}", "sign pidgin-sipe in; then type:"),
            (f"    call {PEOPLE[1].number}", "the phone of bob rings"),
            ("    quit", "sign out"),
            (f"{commands['phone']} answer {PEOPLE[1].number}", "bob picks up; hangup puts down"),
            (f"{commands['phone']} phones", "phones and calls; links: who has logged in to the CTI Managers"),
            (f"ssh -p {trial.ports['ssh']} {ADMINISTRATOR}@127.0.0.1", "log in; then: linebridge status"),
            (f"https://127.0.0.1:{trial.ports['web']}/", "Cockpit, in a browser")):
        print(f"  {command:<52} {text}")
    print("\nCtrl-A X switches the machine off at once and ends this; \"power off\" in its menu does it in order.\n", flush=True)


def write_commands(trial, world):
    """Short commands, in the trial's folder."""
    lines = {
        "client": f"exec /usr/bin/python3 -B {shlex.quote(str(PIDGIN_SIPE))} {world.ocs} \"$@\"",
        "phone": f"exec /usr/bin/python3 -B {shlex.quote(str(PHONE))} "
                 f"{shlex.quote(str(world.programs / 'linebridge-sim-cucm'))} "
                 f"{shlex.quote(str(world.run / 'cucm.sock'))} \"$@\"",
    }
    for name, line in lines.items():
        path = trial.folder / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
    here = Path.cwd()
    return {name: shlex.quote(os.path.relpath(trial.folder / name, here)) for name in lines}


def seed_of(world):
    """The answers as documents, with a password that nobody else knows."""
    password = secrets.token_urlsafe(12)
    document = appliance(administrator={"password": password})
    print(f"\nThe machine sets itself up. Administrator {ADMINISTRATOR}, password {password}")
    return Documents(world.site(), document).credentials()


def run_machine(arguments, trial, world):
    ports = {there: trial.ports[name] for name, there in GUEST.items()}
    command = [QEMU, *board(trial.disk, ports, arguments.memory, trial.variables if arguments.uefi else None),
               "-serial", "mon:stdio"]
    if arguments.unattended and trial.is_new:
        command += smbios(seed_of(world))
    elif trial.is_new:
        show_answers(world)
    else:
        print("\nThe machine of the last run, as it was left; --fresh begins anew.")
    show_commands(trial, world)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the machine.
    return subprocess.run(list(map(str, command))).returncode


def main():
    arguments = read_arguments()
    try:
        trial = Trial(arguments)
        world = World(arguments.bin, Wish(people=PEOPLE[:3], manager_ports=(trial.ports["cti1"], trial.ports["cti2"])),
                      trial.ports["office"])
        try:
            world.start()
            world.start_ocs(f"127.0.0.1:{trial.ports['sip']}")
            return run_machine(arguments, trial, world)
        finally:
            for complaint in world.stop():
                print(complaint, file=sys.stderr)
    except Failed as problem:
        print(f"./dev image --try: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
