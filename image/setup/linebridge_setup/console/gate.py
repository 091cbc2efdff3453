"""A console of a machine that is not set up: the banner, and Enter begins. It ends once the machine is set up, whoever
did it; then the log-in prompt comes."""

import contextlib
import os
import select
import sys

from ..problem import Refused
from . import banner, first_boot, setup_code
from .dialogs import Gone

LOOK = 3  # seconds between two looks
FRESH = 10  # looks between two that ask for addresses
PLAIN = "(p, Enter: without boxes)"


def run(engine, system, wizard, source=None, out=None):
    """`wizard(boxes)` does the set-up and gives its exit code. Raises Gone if the line drops."""
    source = sys.stdin.fileno() if source is None else source
    out = out or sys.stdout
    while not engine.is_set_up():
        order = _wait(engine, system, source, out)
        if order is not None and not engine.is_set_up():
            wizard(not order.lower().startswith("p"))
    finish(engine, system)
    return 0


def finish(engine, system):
    """What ends with the set-up: the code; and what carries the host's name is made for its new name."""
    if not engine.is_set_up():
        return
    with contextlib.suppress(OSError, Refused):
        first_boot.certificate(system, renew=True)
        setup_code.expire(system)
        banner.write(system, True)


def _wait(engine, system, source, out):
    """The line that was typed, or None once the machine is set up. The banner is shown again when it has changed."""
    shown, look = None, 0
    while not engine.is_set_up():
        if look % FRESH == 0 or not shown or "Address: none yet" in shown:
            now = banner.lines(system, False, setup_code.shown(system))
            if now != shown:
                shown = now
                print("\n\n" + "\n".join(now) + f"\n\n{banner.INVITATION} {PLAIN}", file=out, flush=True)
        look += 1
        if select.select([source], [], [], LOOK)[0]:
            return _line(source)
    return None


def _line(source):
    try:
        data = os.read(source, 4096)
    except OSError as lost:
        raise Gone("the line dropped") from lost
    if not data:
        raise Gone("the input ended")
    return data.decode("utf-8", "replace").strip()
