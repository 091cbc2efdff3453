#!/usr/bin/env python3
"""phone.py SIMULATOR SOCKET WORD...: a word to the simulated cluster; what it answers in JSON is shown as a table."""

import json
import subprocess
import sys


def table(head, rows):
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())


def calls_of(phone):
    return ", ".join(f"{call['state']} with {call['other']}" for call in phone["calls"]) or "-"


def phones(answer):
    rows = []
    for phone in answer:
        lines = " ".join(line["number"] for line in phone.get("lines", [])) or phone["phone"]
        where = "outside" if phone.get("outside") else "registered" if phone["registered"] else "gone"
        rows.append(("-" if phone.get("outside") else phone["phone"], lines, where, calls_of(phone)))
    table(("PHONE", "LINE", "", "CALL"), rows)


def calls(answer):
    rows = [(call["call"] if number == 0 else "", leg["phone"] or "-", leg["number"], leg["state"])
            for call in answer for number, leg in enumerate(call["legs"])]
    table(("CALL", "PHONE", "NUMBER", "STATE"), rows)


def links(answer):
    rows = []
    for manager in answer:
        for link in manager["connections"] or [{}]:
            numbers = [str(link.get(name, "-")) for name in ("devices", "lines", "calls_made")]
            rows.append((manager["name"], manager["address"], manager["mode"], link.get("from", "-"), *numbers))
    table(("CTI MANAGER", "ADDRESS", "", "LINK FROM", "DEVICES", "LINES", "CALLS MADE"), rows)


def log(answer):
    for entry in answer:
        arrow = "<-" if entry["direction"] == "in" else "->"
        print(f"{entry['ms'] / 1000:10.3f}  {entry['cti']} {arrow} {entry['name']}  {entry['fields']}")


SHOW = {"phones": phones, "calls": calls, "links": links, "log": log}


def main():
    if len(sys.argv) < 4:
        sys.exit("usage: phone phones | calls | links | log [N] | dial NUMBER NUMBER | answer NUMBER | hangup NUMBER | "
                 "hold NUMBER | retrieve NUMBER | register PHONE | unregister PHONE | cti NAME accept|refuse|silence|drop")
    simulator, socket, *words = sys.argv[1:]
    done = subprocess.run([simulator, "control", socket, *words], stdout=subprocess.PIPE, text=True)
    if done.returncode == 0 and words[0] in SHOW:
        SHOW[words[0]](json.loads(done.stdout))
    else:
        print(done.stdout, end="")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
