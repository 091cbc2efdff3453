#!/usr/bin/env python3
"""Runs the rules over samples/RULE/CASE/, small trees that must fail.

A line that must be reported carries `expect: RULE`; nothing else may be reported. A line `@repeat N TEXT` stands for
N lines of TEXT. samples/fine must pass: it holds what looks like a violation and is none.
"""

import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from check import RULES, table_for, violations  # noqa: E402
from rules import sizes  # noqa: E402
from tree import Tree  # noqa: E402

MARK = re.compile(r"\bexpect: (\w+)")
REPEAT = re.compile(r"^@repeat (\d+) (.*)\n", re.M)


def cases():
    return sorted(path for path in (HERE / "samples").glob("*/*") if path.is_dir())


def judge(case):
    """What must be reported and what is."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        shutil.copytree(case, root, symlinks=True)
        for path in root.rglob("*"):
            if path.is_file() and "@repeat" in path.read_text():
                path.write_text(REPEAT.sub(lambda m: f"{m.group(2)}\n" * int(m.group(1)), path.read_text()))
        tree = Tree(root)
        expected = {
            (f.path, number, mark)
            for f in tree.files
            for number, line in enumerate(f.text.splitlines(), 1)
            for mark in MARK.findall(line)
        }
        reported = {(path, line, rule) for path, line, rule, _ in violations(tree, table_for(root))}
    return expected, reported


class Samples(unittest.TestCase):
    maxDiff = None

    def test_each_reports_its_marked_lines_and_no_others(self):
        for case in cases():
            with self.subTest(sample=case.relative_to(HERE).as_posix()):
                expected, reported = judge(case)
                self.assertEqual(sorted(expected), sorted(reported))
                self.assertEqual({rule for _, _, rule in expected}, {case.parent.name} - {"fine"})

    def test_every_rule_has_one(self):
        self.assertEqual({case.parent.name for case in cases()}, set(RULES) | {"fine"})


class FunctionLengths(unittest.TestCase):
    def lengths(self, code):
        return [(name, lines) for _, name, lines in sizes.cpp_functions(code)]

    def test_a_constructor_with_a_braced_initialiser_is_measured_to_its_end(self):
        self.assertEqual(self.lengths("A::A(int x)\n    : a_(x), b_{x} {\n  f();\n}\n"), [("A::A", 4)])

    def test_a_braced_default_argument_opens_no_body(self):
        self.assertEqual(self.lengths("int f(S s = {}) {\n  return 1;\n}\n"), [("f", 3)])

    def test_members_of_types_in_namespaces_are_functions_of_their_own(self):
        code = "namespace a {\nstruct B {\n  int c() const {\n    return 1;\n  }\n  int d{3};\n};\n}\n"
        self.assertEqual(self.lengths(code), [("c", 3)])

    def test_a_table_is_no_function(self):
        self.assertEqual(self.lengths("const std::map<int, void (*)(int)> t = {\n  {1, f},\n};\n"), [])

    def test_a_lambda_at_namespace_scope_is_a_function(self):
        self.assertEqual(self.lengths("constexpr auto f = [](int x) -> int {\n  return x;\n};\n"), [("lambda", 3)])


if __name__ == "__main__":
    unittest.main()
