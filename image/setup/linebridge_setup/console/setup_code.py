"""The one-time code that proves to the web page that a person sees this machine's console.

The code is kept in memory for the consoles alone; on the disk stands a salted hash. It ends when the machine is set up.
"""

import hashlib
import hmac
import json
import secrets

from ..problem import Refused
from .turn import RUN

STORE = "/var/lib/linebridge-setup/code"
SHOWN = RUN + "/code"
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 letters, none like another: no I, O, 0, 1
LETTERS, GROUP = 12, 4  # 60 bits
TRIES = 5  # in a row; then a pause that doubles
PAUSE, LONGEST_PAUSE = 30, 3600  # seconds
_COST = {"n": 1 << 14, "r": 8, "p": 1}


def normal(text):
    """As it was typed: small letters, blanks and dashes do not matter."""
    return "".join(c for c in text.upper() if c.isalnum())


def _hash(code, salt):
    return hashlib.scrypt(normal(code).encode("utf-8", "replace"), salt=salt, maxmem=64 << 20, dklen=32, **_COST).hex()


def new(system):
    """A fresh code; the former one is worth nothing from now on."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    code = "-".join(letters[at:at + GROUP] for at in range(0, LETTERS, GROUP))
    salt = secrets.token_bytes(16)
    _store(system, {"salt": salt.hex(), "hash": _hash(code, salt), "failed": 0, "until": 0})
    system.ensure_folder(RUN, 0o700)
    system.put(SHOWN, code.encode() + b"\n", 0o600)
    return code


def shown(system):
    """The code for the consoles, or None."""
    text = system.text(SHOWN)
    return text.strip() if text else None


def expire(system):
    """Called once the machine is set up."""
    system.clear(STORE)
    system.clear(SHOWN)


def verify(system, code):
    """Whether it is the code. Raises Refused with words if there is none, or too many were wrong lately. Each attempt is
    written down before it is judged, so that cutting the power gives no further one."""
    kept = _kept(system)
    if kept is None:
        raise Refused("there is no set-up code: this machine is set up already")
    wait = kept["until"] - system.now()
    # Times count from the start of the machine, which also makes a new code; more than the longest pause is no pause.
    if 0 < wait <= LONGEST_PAUSE:
        raise Refused(f"too many wrong codes; try again in {int(wait) + 1} seconds")
    failed = kept["failed"] + 1
    pause = min(PAUSE << min(failed - TRIES, 10), LONGEST_PAUSE) if failed >= TRIES else 0
    _store(system, {**kept, "failed": failed, "until": system.now() + pause if pause else 0})
    if not hmac.compare_digest(_hash(code, bytes.fromhex(kept["salt"])), kept["hash"]):
        return False
    _store(system, {**kept, "failed": 0, "until": 0})
    return True


def _store(system, kept):
    system.ensure_folder("/var/lib/linebridge-setup", 0o700)
    system.put(STORE, json.dumps(kept).encode(), 0o600)


def _kept(system):
    try:
        kept = json.loads(system.text(STORE) or "null")
        bytes.fromhex(kept["salt"])
        return {"salt": kept["salt"], "hash": str(kept["hash"]), "failed": int(kept["failed"]),
                "until": float(kept["until"])}
    except (ValueError, KeyError, TypeError):
        return None
