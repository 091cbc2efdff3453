"""The command `linebridge-setup`. Exit code 0: done, 1: refused, with the reasons, 2: it was called wrongly."""

import argparse
import json
import os
import signal
import sys

from . import fields, people, report
from .candidate import check_secret
from .engine import Engine
from .problem import Refused
from .system import SEED_BYTES, System, words_of

_DESCRIPTION = """\
Sets a machine up as a Linebridge appliance. Two documents and some secrets say all there is to say:

  /etc/linebridge/linebridge.toml   the site: OCS, Unified CM, users
  /etc/linebridge/appliance.toml    this machine: name, network, time, administrator, access
  /etc/linebridge/secrets/NAME      passwords and keys that the site names

Edit them and run "linebridge-setup apply", or apply others. They are put in force whole or not at all."""

_DOCUMENTS = """\
What is not given is as it is on this machine, edited by hand or not."""


def main(words):
    parser = _parser()
    arguments = parser.parse_args(words)
    engine = Engine(System(arguments.root, program=arguments.program))
    try:
        return arguments.run(engine, arguments)
    except Refused as error:
        report.refused(str(error), arguments.json)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        report.refused(words_of(error), arguments.json)
        return 1
    except KeyboardInterrupt:
        return 1


def _parser():
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="write JSON, for programs")
    common.add_argument("--root", metavar="DIR", default="/", help="work on this folder instead of /; nothing that runs is "
                        "told")
    common.add_argument("--program", metavar="FILE", default="linebridge", help=argparse.SUPPRESS)
    parser = argparse.ArgumentParser(prog="linebridge-setup", description=_DESCRIPTION,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _look(commands, common)
    _change(commands, common)
    people.add(command, commands, common)
    return parser


def command(commands, common, name, run, text, more=""):
    """Adds an order; `text` is its line in the list (SUPPRESS: it has none), `more` stands below it in its own help."""
    if text is argparse.SUPPRESS:
        added = commands.add_parser(name, parents=[common], description=more)
    else:
        added = commands.add_parser(name, parents=[common], help=text, description=f"{text[0].upper()}{text[1:]}.\n\n{more}",
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    added.set_defaults(run=run)
    return added


def _look(commands, common):
    command(commands, common, "show", _show, "show the documents in force, and what was changed by hand since",
            "Secrets and the hash of the administrator's password are not shown.")
    command(commands, common, "fields", _fields, "list what the wizard asks, with explanations")
    for name, run, text, more in (
            ("check", _check, "name every problem of the documents", "Exit code 1 if there is one. The site is judged by "
             "`linebridge check-config`."),
            ("diff", _diff, "show what apply would change", "Secrets are never shown.")):
        _documents(command(commands, common, name, run, text, f"{more}\n{_DOCUMENTS}"))


def _change(commands, common):
    apply = command(commands, common, "apply", _apply, "put documents in force", "Everything is checked first. Then the new "
                    "settings are stored, put into place and loaded; what does not\nsucceed is taken back. Links to Unified "
                    f"CM and OCS hosts are looked at afterwards.\n{_DOCUMENTS}")
    _documents(apply)
    apply.add_argument("--confirm-within", metavar="SECONDS", type=_seconds, help="take a change of the network back, unless "
                       "\"linebridge-setup confirm\" is run in this time (10 to 3600)")
    apply.add_argument("--yes", action="store_true", help="do not ask")
    command(commands, common, "confirm", _confirm, "keep a change of the network that waits for it")
    back = command(commands, common, "roll-back", _roll_back, "take back what waits for a confirmation, else the last change")
    back.add_argument("--unconfirmed", metavar="GENERATION", type=int, help=argparse.SUPPRESS)
    command(commands, common, "recover", _recover, "finish or take back what a power cut interrupted",
            "Runs while the machine starts, before the network.")
    command(commands, common, "unattended", _unattended, "set up from credentials or a disk labelled LINEBRIDGE",
            "Does nothing on a machine that is set up. The first of these is taken:\n\n"
            "  credentials of systemd   linebridge.site, linebridge.appliance, linebridge.file.NAME\n"
            "  a disk (ISO, USB)        linebridge.toml, appliance.toml, secrets/NAME\n\n"
            "In appliance.toml, administrator.password may be in plain; its hash is stored. A seed with a problem is "
            "refused whole.")


def _documents(parser):
    parser.add_argument("--site", metavar="FILE", help="take this linebridge.toml")
    parser.add_argument("--appliance", metavar="FILE", help="take this appliance.toml")
    parser.add_argument("--secrets", metavar="DIR", help="add the files of this folder to the secrets, or replace them")


def _seconds(text):
    if not text.isdigit() or not 10 <= int(text) <= 3600:
        raise argparse.ArgumentTypeError("10 to 3600 seconds")
    return int(text)


def _candidate(engine, arguments):
    files = System("/")  # what people name stands on their side of --root

    def text(name):
        if name is None:
            return None
        data = files.read_plain(os.path.abspath(name), SEED_BYTES * 16)
        if data is None:
            raise Refused(f"{name}: no such file")
        return data.decode("utf-8", "replace")

    secrets = {}
    if arguments.secrets:
        if not os.path.isdir(arguments.secrets):
            raise Refused(f"{arguments.secrets}: no such folder")
        for name in sorted(os.listdir(arguments.secrets)):
            secrets[name] = files.read_plain(os.path.abspath(os.path.join(arguments.secrets, name)), SEED_BYTES)
            check_secret(name, secrets[name])
    return engine.candidate_of(text(arguments.site), text(arguments.appliance), secrets)


def _show(engine, arguments):
    report.show(engine, arguments.json)
    return 0


def _fields(engine, arguments):
    report.fields(fields.PAGES, arguments.json)
    return 0


def _check(engine, arguments):
    problems = engine.problems(_candidate(engine, arguments))
    report.problems(problems, arguments.json)
    return 1 if problems else 0


def _diff(engine, arguments):
    lines = engine.difference(_candidate(engine, arguments))
    print(json.dumps({"difference": lines}) if arguments.json else "\n".join(lines) if lines else "no difference")
    return 0


def _apply(engine, arguments):
    candidate = _candidate(engine, arguments)
    if not arguments.yes:
        problems = engine.problems(candidate)
        if problems:
            report.problems(problems, arguments.json)
            return 1
        _ask(engine.difference(candidate))
    _steadily()
    outcome = engine.apply(candidate, _say(arguments), arguments.confirm_within)
    report.outcome(outcome, engine.pending(), arguments.json)
    return 0 if outcome.ok else 1


def _steadily():
    """The line may drop: it goes on. Who ends us gets the former settings back first."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def _ask(difference):
    if not sys.stdin.isatty():
        raise Refused("nobody can be asked here: look at \"linebridge-setup diff\" and give --yes")
    print("\n".join(difference) or "no difference")
    if input("Put this in force? [y/N] ").strip().lower() not in ("y", "yes"):
        raise Refused("nothing was changed")


def _say(arguments):
    return (lambda words: None) if arguments.json else lambda words: print(f"{words} ...", flush=True)


def _confirm(engine, arguments):
    engine.confirm()
    report.done("The change stays.", arguments.json)
    return 0


def _roll_back(engine, arguments):
    _steadily()
    outcome = engine.roll_back(_say(arguments), arguments.unconfirmed)
    report.outcome(outcome, None, arguments.json)
    return 0


def _recover(engine, arguments):
    did = engine.recover(_say(arguments))
    report.done("What was interrupted is put right." if did else "Nothing was interrupted.", arguments.json)
    return 0


def _unattended(engine, arguments):
    outcome = engine.unattended(os.environ.get("CREDENTIALS_DIRECTORY"), _say(arguments))
    if outcome is None:
        report.done("Set up already." if engine.is_set_up() else "There is no seed.", arguments.json)
        return 0
    if outcome.problems and not arguments.json:
        print("The seed is refused, nothing was changed:")
    report.outcome(outcome, None, arguments.json)
    return 0 if outcome.ok else 1
