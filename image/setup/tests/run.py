#!/usr/bin/env python3
"""All tests of the settings engine. Called with the folder of the programs: the real `linebridge` judges. Words behind it
choose tests, as unittest's -k does; with --all, power cuts meet every kind of loss at every step."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import machine  # noqa: E402


def main():
    machine.PROGRAM = os.path.join(os.path.abspath(sys.argv[1]), "linebridge")
    words = sys.argv[2:]
    machine.ALL = "--all" in words
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{word}*" for word in words if word != "--all"] or None
    done = unittest.TextTestRunner(verbosity=1).run(loader.discover(HERE))
    return 0 if done.wasSuccessful() and done.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
