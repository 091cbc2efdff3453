#!/usr/bin/env python3
"""Runs clang-tidy-19 over the files of a compile database, several at a time.

A file that passed is not read again until its text, the text of one of our headers it includes, its compile command
or .clang-tidy changes. What passed is kept in BUILD/passed.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
FULL = "bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-unchecked-optional-access,clang-analyzer-*,performance-*"
_INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.M)
CONFIGS = (HOME / ".clang-tidy", HOME / "tests/.clang-tidy")
_texts = {}


def text_of(path):
    if path not in _texts:
        _texts[path] = path.read_bytes() if path.is_file() else None
    return _texts[path]


def reached(source):
    """The source and every file of ours that it includes, directly or not."""
    found, todo = set(), [source]
    while todo:
        path = todo.pop()
        text = text_of(path)
        if path in found or text is None:
            continue
        found.add(path)
        for name in _INCLUDE.findall(text):
            todo += [folder / name.decode() for folder in (HOME / "gateway", HOME, path.parent)]
    return sorted(found)


def fingerprint(entry, checks):
    digest = hashlib.sha256(b"".join(config.read_bytes() for config in CONFIGS) + checks.encode() + entry["command"].encode())
    for path in reached(Path(entry["file"])):
        digest.update(str(path).encode() + b"\0" + text_of(path))
    return digest.hexdigest()


def run(entry, arguments, checks):
    """What clang-tidy says about one file; nothing if it passed now or before."""
    mark = arguments.build / "passed" / fingerprint(entry, checks)
    if mark.exists():
        return False, ""
    command = ["clang-tidy-19", "--quiet", f"-p={arguments.build}", entry["file"]]
    done = subprocess.run(command + ([f"--checks={checks}"] if checks else []), capture_output=True, text=True, check=False)
    if done.returncode == 0:
        mark.touch()
        return True, ""
    return True, done.stdout + re.sub(r"^\d+ warnings? .*\n?", "", done.stderr, flags=re.M)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=Path, required=True, help="folder with compile_commands.json")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--full", action="store_true", help="the long list of checks")
    arguments = parser.parse_args()
    (arguments.build / "passed").mkdir(exist_ok=True)
    entries = json.loads((arguments.build / "compile_commands.json").read_text())
    entries.sort(key=lambda entry: len(text_of(Path(entry["file"]))), reverse=True)
    checks = FULL if arguments.full else ""
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda entry: run(entry, arguments, checks), entries))
    complaints = sorted({what for _, what in results if what})
    print("".join(complaints), end="")
    print(f"{len(entries)} files, {sum(fresh for fresh, _ in results)} read now, {len(complaints)} with findings")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
