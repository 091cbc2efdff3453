"""What a candidate changes, in lines for people. Secrets are never shown."""

import difflib
import re

from .candidate import APPLIANCE, SECRETS, SITE

_HASH = re.compile(r'^(\s*password_hash\s*=\s*)(["\']).*\2')


def lines(before, after):
    """Both: Candidates. Nothing if they are the same."""
    found = []
    for name, old, new in ((SITE, before.site_text(), after.site_text()),
                           (APPLIANCE, before.appliance_text(), after.appliance_text())):
        if old != new:
            found += list(difflib.unified_diff(_shown(old), _shown(new), f"{name} (in force)", f"{name} (new)", n=1,
                                               lineterm=""))
    if after.password is not None or _hash_of(before) != _hash_of(after):
        found.append("administrator's password: changed")
    for name in sorted({*before.secrets, *after.secrets}):
        if before.secrets.get(name) != after.secrets.get(name):
            word = "new" if name not in before.secrets else "removed" if name not in after.secrets else "changed"
            found.append(f"{SECRETS}/{name}: {word}")
    return found


def _shown(text):
    return [_HASH.sub(r"\1(not shown)", line) for line in text.splitlines()]


def without_hash(text):
    """The text of appliance.toml as people may see it."""
    return "\n".join(_shown(text)) + "\n"


def _hash_of(candidate):
    return candidate.value("appliance", "administrator.password_hash")
