"""Passwords: how strong one is, and its hash as in /etc/shadow. A password is never on a command line."""

import ctypes
import hmac
import re

from .problem import Refused

LEAST = 10
_HASH = re.compile(r"\$(?:y|gy|7|2[abxy]|5|6)\$[!-9;-~]{20,300}")
_KNOWN = ("password", "passw0rd", "linebridge", "administrator", "qwertyuiop", "changeme", "letmein", "1234567890",
          "0123456789", "welcome")


def weakness(password, names=()):
    """Why it is too weak, or None. `names`: words of this machine that it must not be made of."""
    if len(password) < LEAST:
        return f"is too short: at least {LEAST} characters"
    if len(password) > 256:
        return "is too long: at most 256 characters"
    if any(ord(c) < 32 or ord(c) == 127 for c in password):
        return "holds a control character"
    if len(set(password)) < 5:
        return "is too simple: at least 5 different characters"
    if password.lower() in _KNOWN or _bare(password) in [_bare(name) for name in (*_KNOWN, *names) if _bare(name)]:
        return "is too easy to guess: it is a name or a common password with something behind it"
    return None


def _bare(text):
    return re.sub(r"[\W\d_]+$", "", text.lower())


def is_hash(text):
    """Whether it is a crypt(3) hash that Debian takes."""
    return bool(_HASH.fullmatch(text))


def hashed(system, password):
    """A yescrypt hash by libxcrypt, or SHA-512 by openssl. Raises Refused if neither is there."""
    made = _crypt(password, None)
    if made:
        return made
    done = system.run("openssl", "passwd", "-6", "-stdin", data=password.encode() + b"\n")
    if done.code == 0 and is_hash(done.out.strip()):
        return done.out.strip()
    raise Refused(f"the password could not be hashed: {done.words()}")


def matches(password, known):
    """Whether `known` is a hash of this password."""
    made = _crypt(password, known) if is_hash(known) else None
    return made is not None and hmac.compare_digest(made, known)


def _crypt(password, setting):
    """crypt(3); without a setting, yescrypt with a salt of the system's randomness. None if it cannot."""
    try:
        library = ctypes.CDLL("libcrypt.so.1")
        library.crypt_gensalt.restype = library.crypt.restype = ctypes.c_char_p
        if setting is None:
            setting = library.crypt_gensalt(b"$y$", ctypes.c_ulong(0), None, 0)
        else:
            setting = setting.encode()
        made = library.crypt(password.encode(), setting) if setting else None
    except (OSError, AttributeError, ValueError):
        return None
    text = (made or b"").decode("ascii", "replace")
    return text if is_hash(text) else None
