"""The commands of linebridge-setup that talk to people at the machine, and those of the first boot. Each gives its exit code."""

import contextlib
import os
import signal
import socket
import sys

from ..problem import Refused
from ..system import words_of
from . import banner as banners
from . import first_boot as first_boots
from . import gate, setup_code, support as supports, terminal
from .dialogs import Gone, Leave, dialogs_for
from .menu import Menu
from .turn import Taken, end_other, turn
from .wizard import Wizard

KEPT = "Nothing has been changed. Answers are kept until this machine is switched off; passwords are not."


def wizard(engine, plain=False, system=None):
    """The set-up: 0 once it is done, 1 if it was left or interrupted."""
    system = system or engine.system
    dialogs = _dialogs(plain)
    with _ends_politely():
        try:
            with _turn_or_take_over(system, dialogs):
                Wizard(engine, dialogs, system).run()
        except Taken as taken:
            return _told(f"The set-up is open on {taken.where}. Only one may run at a time.")
        except (Leave, KeyboardInterrupt):
            return _told(KEPT)
        except Gone as gone:
            return _told(f"The set-up ended: {gone}. {KEPT}")
        except Refused as refused:
            return _told(str(refused))
        except OSError as error:
            return _told(f"The set-up ended: {words_of(error)}. {KEPT}")
        gate.finish(engine, system)
        return 0


def menu(engine, plain=False, system=None):
    """The administrator's menu: 0 to log out, 3 to go on in a shell, 1 if it was interrupted."""
    system = system or engine.system
    if not engine.is_set_up():
        return wizard(engine, plain, system)
    with _ends_politely():
        try:
            return Menu(engine, _dialogs(plain), system).run()
        except (KeyboardInterrupt, Gone) as gone:
            return _told(f"The menu ended: {gone or 'interrupted'}.")


def console(engine, plain=False, system=None):
    """What stands on a console until the machine is set up."""
    system = system or engine.system
    terminal.prepare()
    with _ends_politely():
        try:
            return gate.run(engine, system, lambda boxes: wizard(engine, plain or not boxes, system))
        except (KeyboardInterrupt, Gone, OSError):
            return 1  # whoever started it starts it again


def banner(engine, follow=False, system=None):
    """Writes what stands above the log-in prompt; `follow`: now and after each change."""
    system = system or engine.system
    with _ends_politely():
        try:
            if system.exists(setup_code.STORE):
                gate.finish(engine, system)  # it was set up unattended: no console saw it
            if follow:
                banners.follow(system, engine.is_set_up, _ready)
            banners.write(system, engine.is_set_up())
        except (KeyboardInterrupt, Gone):
            return 0
        except (Refused, OSError) as trouble:
            return _told(f"the banner could not be written: {trouble}")
    return 0


def first_boot(engine, system=None):
    """Makes the keys of this machine; may be run again at any time."""
    system = system or engine.system
    try:
        first_boots.run(system, engine.is_set_up(), print)
    except (Refused, OSError) as trouble:
        return _told(str(trouble))
    return 0


def support(engine, name=None, system=None):
    """Writes the file for support and says where it is."""
    system = system or engine.system
    try:
        name = supports.make(engine, system, name and os.path.abspath(name))
        print(supports.how_to_fetch(engine, system, name))
    except (Refused, OSError) as trouble:
        return _told(f"the file could not be written: {trouble}")
    return 0


def code(engine, order, system=None):
    """`new`: makes and shows one; `verify`: reads one from the standard input, 0 if it is right."""
    system = system or engine.system
    try:
        if engine.is_set_up():
            raise Refused("this machine is set up already; there is no set-up code any more")
        if order == "new":
            print(setup_code.new(system))
            return 0
        with system_lock(system):
            right = setup_code.verify(system, sys.stdin.readline(200))
    except (Refused, OSError) as trouble:
        return _told(str(trouble))
    return 0 if right else _told("that is not the set-up code")


@contextlib.contextmanager
def system_lock(system):
    """Attempts are judged one after the other, so that none is counted with another."""
    system.ensure_folder("/run/linebridge-setup", 0o700)
    with system.locked("/run/linebridge-setup/code.lock"):
        yield


@contextlib.contextmanager
def _turn_or_take_over(system, dialogs):
    try:
        with turn(system):
            yield
            return
    except Taken as taken:
        text = (f"The set-up is open on {taken.where}; only one may run at a time. Shall it end there and go on here? "
                "Answers given there are kept.")
        if not dialogs.yes_no("Open elsewhere", text, False) or not end_other(system, taken):
            raise
    with turn(system):
        yield


def _dialogs(plain):
    terminal.prepare()
    return dialogs_for(plain, sys.stdin.isatty() and sys.stdout.isatty())


@contextlib.contextmanager
def _ends_politely():
    """A line that drops and a polite kill are the same as nobody being there."""

    def gone(number, _frame):
        raise Gone("the line dropped" if number == signal.SIGHUP else "it was told to end")

    kinds = (signal.SIGHUP, signal.SIGTERM)
    before = [signal.signal(kind, gone) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, before):
            signal.signal(kind, handler)


def _told(text):
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)
    return 1


def _ready():
    """sd_notify(3): the banner stands."""
    where = os.environ.get("NOTIFY_SOCKET")
    if where:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, contextlib.suppress(OSError):
            manager.sendto(b"READY=1", "\0" + where[1:] if where.startswith("@") else where)
