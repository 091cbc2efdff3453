"""Words: no path of somebody's machine, nothing put off."""

import re

# Absolute paths that Debian does not have, and fixed names in /tmp: on another machine they are missing or taken.
MACHINE = re.compile(r"(?<![\w.~$}>)/:-])/(?:work|home|Users|workspace|builds|mnt)/|(?<![\w.$}])/tmp/[\w.-]+/")
LATER = re.compile(r"\b(?:TODO|FIXME|XXX)\b")

EXEMPT = {"LICENSE", "tests/arch/rules/words.py"}


def check(tree, table):
    found = []
    for f in tree.files:
        if not f.is_text or f.path in EXEMPT:
            continue
        for number, line in enumerate(f.text.splitlines(), 1):
            machine, later = MACHINE.search(line), LATER.search(line)
            if machine:
                found.append((f.path, number, f"a path of one machine: {machine.group()}"))
            if later:
                found.append((f.path, number, f"{later.group()}: do it, or write it into the issue"))
    return found
