#!/usr/bin/env python3
"""Which conversation holds which CTI message: writes docs/cti-coverage.md, or checks that it is up to date.

    cti_coverage.py           fails if the page is old, a message of clients lacks a good answer or a refusal, or a
                              conversation lacks what a client needs
    cti_coverage.py --write   writes the page
"""

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data/cti"
PAGE = ROOT / "docs/cti-coverage.md"
VERSIONS = "0x00100000, 0x00110000"
FAILURE = 0
NAMED = 5  # conversations in a cell

HEAD = """# CTI messages and the conversations that hold them

Written by `tests/interop/cti_coverage.py --write` from the files in `tests/data/cti`; a test fails when it is old. Each
conversation is held with the simulated CTI Manager in the versions 0x00100000 and 0x00110000, byte for byte
(`tests/data/cti/README.md`). What leads to a conversation, such as the log-in, counts where it is written, not again in
each that begins with it.
"""


def messages():
    """(id, who sends it, name) of each."""
    lines = (DATA / "messages.txt").read_text().splitlines()
    return [(int(number), who, name) for number, who, name in (line.split() for line in lines if line[0] != "#")]


class Frame:
    """A frame of a conversation: who sends it, its id and, if it has one, the number of the request."""

    def __init__(self, sign, title):
        self.by_client = sign.startswith(">")
        self.title = title
        self.hex = ""

    @property
    def id(self):
        number = self.title.split()[0]
        return int(number) if number.isdigit() else None

    @property
    def seq(self):
        return self.hex[64:72]


def frames(path):
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith((">", "<")):
            sign, _, title = line.partition(" ")
            found.append(Frame(sign, title))
        elif re.match(r"[0-9a-f.*]", line):
            found[-1].hex += line.partition("#")[0].replace(" ", "")
    return found


class Held:
    """For each id the conversations where it is sent, answered as it should be, and refused."""

    def __init__(self):
        self.sent, self.answered, self.refused = (defaultdict(list) for _ in range(3))

    def read(self, path):
        waiting = {}
        for frame in frames(path):
            if frame.id is None:
                continue
            _add(self.sent[frame.id], path.stem)
            if frame.by_client:
                waiting[frame.seq] = frame.id
            elif frame.id == FAILURE and frame.seq in waiting:
                _add(self.refused[waiting.pop(frame.seq)], path.stem)
            elif frame.seq in waiting and waiting[frame.seq] == frame.id - 1:
                _add(self.answered[waiting.pop(frame.seq)], path.stem)


def _add(names, name):
    if name not in names:
        names.append(name)


def cell(names):
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more or "-"


class Need:
    """A line of needs.txt: messages in an order that a client relies on."""

    def __init__(self, line):
        place, self.otherwise = (part.strip() for part in line.split("|"))
        self.conversation, _, ids = place.partition(":")
        self.ids = [int(number) for number in ids.split()]

    def is_held(self):
        path = DATA / "conversations" / f"{self.conversation}.txt"
        if not path.is_file():
            return False
        said = iter(frame.id for frame in frames(path))
        return all(number in said for number in self.ids)


def needs():
    lines = (DATA / "needs.txt").read_text(encoding="utf-8").splitlines()
    return [Need(line) for line in lines if line and line[0] != "#"]


def page(listed, held):
    out = [HEAD, "## What clients send", "", "| id | message | versions | answered in | refused in |", "|---|---|---|---|---|"]
    for number, who, name in listed:
        if who == "both":
            out.append(f"| {number} | {name} | {VERSIONS} | {cell(held.sent[number])} (no answer belongs to it) | - |")
        elif who == "client":
            versions = VERSIONS if held.sent[number] else "none"
            answered, refused = cell(held.answered[number]), cell(held.refused[number])
            out.append(f"| {number} | {name} | {versions} | {answered} | {refused} |")
    out += ["", "## What CTI Managers send", "", "| id | message | versions | seen in |", "|---|---|---|---|"]
    for number, who, name in listed:
        if who != "client":
            versions = VERSIONS if held.sent[number] else "none"
            out.append(f"| {number} | {name} | {versions} | {cell(held.sent[number])} |")
    out += ["", "## What a client library cannot do without", "", "In the order given; others may stand between them.", ""]
    out += ["| messages | held by | otherwise |", "|---|---|---|"]
    out += [f"| {' '.join(map(str, need.ids))} | {need.conversation} | {need.otherwise} |" for need in needs()]
    return "\n".join(out) + "\n"


def missing(listed, held):
    for number, who, name in listed:
        if who == "both" and not held.sent[number]:
            yield f"no conversation holds {number} {name}"
        if who == "client" and not held.answered[number]:
            yield f"no conversation has a good answer to {number} {name}"
        if who == "client" and not held.refused[number]:
            yield f"no conversation has {number} {name} refused"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    listed, held = messages(), Held()
    for path in sorted((DATA / "conversations").glob("*.txt")):
        held.read(path)
    text = page(listed, held)
    if write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
    wrong = list(missing(listed, held))
    wrong += [f"{need.conversation} does not hold {need.ids}" for need in needs() if not need.is_held()]
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
        wrong.append("docs/cti-coverage.md is not up to date: run tests/interop/cti_coverage.py --write")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
