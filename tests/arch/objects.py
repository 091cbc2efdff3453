#!/usr/bin/env python3
"""Holds built programs to the independence of the simulators (ARCHITECTURE.md, "The rules").

    objects.py BUILD_FOLDER

The simulated CUCM stands in for what the gateway talks to. Asks Ninja what each of both programs is made of: they may
share objects of the rooms that know no protocol, and no other; and asks the symbol table whether one holds the other's
code all the same, say through a header. Standard library only; needs ninja and nm.
"""

import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from check import HOME  # noqa: E402
from table import Table  # noqa: E402

PROGRAMS = {
    "linebridge-sim-cucm": "tests/simulators/cucm",
    "linebridge-sim-ocs": "tests/simulators/ocs",
    "linebridge-sim-node": "tests/simulators/node",
}
GATEWAY = "linebridge-gateway"
# Namespaces of what either side must not hold.
THEIRS = r"linebridge::(cti|csta|sip|control|session|core)::"
OURS = r"linebridge::sim::"


def lines_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def objects(build, program):
    """Objects and archives a program is linked from, as paths below the build folder."""
    inputs = lines_of("ninja", "-C", str(build), "-t", "inputs", f"bin/{program}")
    return {line for line in inputs if line.endswith((".o", ".a"))}


def shared_rooms(room):
    """Where both sides may take objects from: the rooms that the simulator's row of the table grants, and what those
    are made of in turn."""
    rooms = Table.read(HOME / "ARCHITECTURE.md").rooms
    return set(rooms[room].may).union(*(rooms[name].may for name in rooms[room].may if name in rooms))


def room_of(path):
    """`gateway/CMakeFiles/sip_framing.dir/sip/framing/framer.cpp.o` is of sip_framing, so is libsip_framing.a."""
    target = re.search(r"CMakeFiles/(\w+)\.dir/|lib(\w+)\.a$", path)
    return (target.group(1) or target.group(2)) if target else path


def symbols(build, program, pattern):
    found = lines_of("nm", "-C", "--defined-only", str(build / "bin" / program))
    return [line for line in found if re.search(pattern, line)]


class Independence(unittest.TestCase):
    build = Path()

    def test_a_simulator_and_the_gateway_share_no_object_that_knows_a_protocol(self):
        gateway = objects(self.build, GATEWAY)
        self.assertTrue(any("cti_qbe" in path for path in gateway), "the gateway has no codec: wrong build folder?")
        for program, room in PROGRAMS.items():
            allowed = {name.replace("/", "_") for name in shared_rooms(room)}
            with self.subTest(program=program):
                common = {room_of(path) for path in objects(self.build, program) & gateway}
                self.assertLessEqual(common, allowed)

    def test_a_simulator_holds_no_code_of_the_gateway(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                self.assertEqual(symbols(self.build, program, THEIRS), [])

    def test_the_gateway_holds_no_code_of_a_simulator(self):
        self.assertEqual(symbols(self.build, GATEWAY, OURS), [])

    def test_the_look_into_symbols_finds_what_is_there(self):
        self.assertTrue(symbols(self.build, GATEWAY, r"linebridge::cti::qbe::"))
        self.assertTrue(symbols(self.build, "linebridge-sim-cucm", r"linebridge::sim::cucm::"))


if __name__ == "__main__":
    Independence.build = Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
