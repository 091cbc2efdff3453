#!/usr/bin/env python3
"""Holds the tree to the rules of the house (ARCHITECTURE.md, "The rules").

    check.py [--root FOLDER]

Prints one line a violation, `path:line: rule: what`, and exits 1 if there is any. Standard library only.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rules import calls, copies, doors, folders, includes, links, sizes, words  # noqa: E402
from table import Table  # noqa: E402
from tree import Tree  # noqa: E402

RULES = {
    "folders": folders.check,
    "includes": includes.check,
    "doors": doors.check,
    "calls": calls.check,
    "sizes": sizes.check,
    "links": links.check,
    "copies": copies.check,
    "words": words.check,
}
HOME = Path(__file__).resolve().parents[2]


def violations(tree, table):
    found = []
    for name, rule in RULES.items():
        found += [(path, line, name, what) for path, line, what in rule(tree, table)]
    return sorted(found)


def table_for(root):
    """The table in a tree's ARCHITECTURE.md; a part of a tree without one is held to ours."""
    page = root / "ARCHITECTURE.md"
    return Table.read(page if page.exists() else HOME / "ARCHITECTURE.md")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--root", type=Path, default=HOME, help="the tree to check (default: this one)")
    root = arguments.parse_args().root.resolve()
    tree = Tree(root, skip=("tests/arch/samples/",))
    found = violations(tree, table_for(root))
    for path, line, rule, what in found:
        print(f"{path}:{line}: {rule}: {what}")
    print(f"{len(tree.files)} files, {len(RULES)} rules, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
