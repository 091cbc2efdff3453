"""The simulated cluster as a program of its own: 10,000 phones with 15,000 lines behind real sockets, on one core, and
2,000 whole calls a second offered by eight connections."""

import json
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from sockets import Failed, Servers, processor_seconds  # noqa: E402

PHONES = 10000
FIRST_NUMBER = 10001


def cluster_file(phones, managers):
    """Every second phone has two lines."""
    parts = [f'[[cti_manager]]\nname = "cti{i + 1}"\nlisten = "127.0.0.1:0"\n' for i in range(managers)]
    parts.append('[[user]]\nname = "linebridge"\npassword = "secret"\ndevices = ["SEP*"]\n')
    number = FIRST_NUMBER
    for phone in range(phones):
        parts.append(f'[[phone]]\nname = "SEP{phone + 1:012d}"\n')
        for _ in range(1 + phone % 2):
            parts.append(f'[[phone.line]]\nnumber = "{number}"\ndisplay = "User {number}"\n')
            number += 1
    return "\n".join(parts)


def resident_bytes(pid):
    return int(re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)[1]) * 1024


def on_core(core, *command):
    """The command on one core if there is more than one, so that both sides do not take turns on it."""
    return ("taskset", "-c", str(core), *command) if len(os.sched_getaffinity(0)) > 1 else command


def measure(programs, calls=20000, rate=2000, connections=8, managers=8):
    """Figures of one run."""
    cores = sorted(os.sched_getaffinity(0))
    with Servers(programs) as servers:
        file = servers.folder / "cluster.toml"
        file.write_text(cluster_file(PHONES, managers))
        cucm = servers.start("cucm", *on_core(cores[0], servers.programs / "linebridge-sim-cucm", "run", file, "--log",
                                              servers.folder / "cucm.txt"))
        cucm.line("ready", 20)
        ports = [line.rpartition(":")[2] for line in cucm.lines if line.startswith("cti ")]
        options = [word for port in ports for word in ("--port", port)]
        load = servers.start("load", *on_core(cores[-1], servers.programs / "linebridge-bench-cucm-load", *options,
                                              "--connections", connections, "--phones", PHONES, "--calls", calls, "--rate", rate))
        opened = json.loads(load.line("ready ", 120)[1].partition(" ")[2])
        if opened["listed"] < PHONES:
            raise Failed(f"{opened['listed']} phones are listed, not {PHONES}")
        before, resident = processor_seconds(cucm.pid), resident_bytes(cucm.pid)
        load.write("\n")
        found = json.loads(load.line("{", 120)[1])
        taken = processor_seconds(cucm.pid) - before
        load.write("\n")
        load.wait(10)
        return {
            **opened,
            "offered": rate,
            "per_second": found["calls"] / found["seconds"],
            "p50_ms": found["p50"] * 1000,
            "p99_ms": found["p99"] * 1000,
            "processor_s_per_1000": taken * 1000 / found["calls"],
            "core_busy": taken / found["seconds"],
            "resident_bytes": resident,
            "resident_after_bytes": resident_bytes(cucm.pid),
        }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], *map(int, sys.argv[2:])), indent=1))
