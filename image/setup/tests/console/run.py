#!/usr/bin/python3
"""Tests of the console: run.py PROGRAMS [THEME [WORD...]]. PROGRAMS is the folder of the programs, THEME a test_*.py (or
"*"); words choose tests, as unittest's -k does. Debian's own Python, because Debian's modules are needed."""

import importlib.util
import os
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(os.path.dirname(HERE))]
NEEDED = [name for name in ("pexpect", "pyte", "tomlkit") if importlib.util.find_spec(name) is None]
NEEDED += [name for name in ("whiptail", "ssh-keygen", "openssl") if not shutil.which(name)]


def main():
    if NEEDED:
        print("cannot run, because this machine has no", ", ".join(NEEDED))
        return 1
    import person
    person.PROGRAMS = os.path.abspath(sys.argv[1])
    theme = sys.argv[2] if len(sys.argv) > 2 else "*"
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{word}*" for word in sys.argv[3:]] or None
    done = unittest.TextTestRunner(verbosity=2).run(loader.discover(HERE, f"test_{theme}.py"))
    return 0 if done.wasSuccessful() and done.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
