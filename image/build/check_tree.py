#!/usr/bin/env python3
"""Judges the finished tree of the appliance before it becomes a disk.

    check_tree.py TREE --offered FILE [--lab]

FILE has a line "package version" for each package, with what the archives offer. Prints one line for each thing that is
wrong, and exits 1 if there is any."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import tree_rules  # noqa: E402


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("tree", type=Path)
    arguments.add_argument("--offered", type=Path, required=True, help="what the archives offer: lines \"package version\"")
    arguments.add_argument("--lab", action="store_true", help="a machine of the lab, with a user of its own")
    given = arguments.parse_args()
    offered = dict(line.split() for line in given.offered.read_text().splitlines())
    tree = tree_rules.Tree(given.tree, offered)
    left_out = tree_rules.NOT_IN_THE_LAB if given.lab else ()
    if given.lab and "unattended-upgrades" not in offered:
        left_out += tree_rules.NOT_IN_PEERS
    rules = [rule for rule in tree_rules.RULES if rule not in left_out]
    found = [f"{rule.__name__}: {what}" for rule in rules for what in rule(tree)]
    print("".join(f"    {line}\n" for line in found), end="")
    print(f"    {len(rules)} rules, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
