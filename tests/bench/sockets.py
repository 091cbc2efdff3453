"""The node behind real sockets, beside two other SIP servers that get the same bytes in the same run: SIPp as UAS and
Kamailio answering without transactions. Theirs is the work of answering; ours is that, the dialog, CSTA, and the trace."""

import json
import os
import re
import shutil
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lab"))

from picture import CTI_PASSWORD, CTI_USER, Failed, find_program, free_ports, temporary_folder, toml  # noqa: E402
from process import Process, wait_until  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
FIRST_NUMBER = 10001


def processor_seconds(session):
    """Of all processes of a session: a program that was started as the leader of one, and its children."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


class Load:
    """The load program, connected and waiting for the word to go."""

    def __init__(self, programs, log, port, *options):
        self._process = Process("load", [programs / "linebridge-bench-load", "--port", port, *options], log)
        self._process.line("ready", 60)

    def run(self, server):
        """Figures of one run, with what the server's processes took of the processor."""
        before = processor_seconds(server.pid)
        self._process.write("\n")
        _, line = self._process.line("{", 120)
        taken = processor_seconds(server.pid) - before
        self._process.write("\n")
        self._process.wait(10)
        self._process.stop()
        found = json.loads(line)
        return {
            "per_second": found["requests"] / found["seconds"],
            "p50_ms": found["p50"] * 1000,
            "p99_ms": found["p99"] * 1000,
            "processor_ms_per_1000": taken * 1e6 / found["requests"],
            "message_bytes": found["bytes"],
        }


class Servers:
    """Starts the servers, one after another, in a folder of its own."""

    def __init__(self, programs):
        self.programs = Path(programs).resolve()
        self.folder = temporary_folder()
        self._running = []

    def __enter__(self):
        return self

    def __exit__(self, kind, problem, trace):
        self.end_all()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name, *command):
        process = Process(name, command, self.folder / f"{name}.log")
        self._running.append(process)
        return process

    def end_all(self):
        for process in reversed(self._running):
            process.stop()
        self._running.clear()

    def end(self, process):
        process.stop()
        self._running.remove(process)

    def node(self, sessions):
        """A node with a direct listener and a simulated CTI Manager behind; the node, and its port."""
        password = self.folder / "cti.password"
        password.write_text(CTI_PASSWORD + "\n")
        password.chmod(0o600)
        sip, legs, agent = free_ports(3)
        cluster = self.folder / "cluster.toml"
        cluster.write_text(toml({
            "cluster": {"name": "bench"},
            "cti_manager": [{"name": "cti1", "listen": "127.0.0.1:0"}],
            "user": [{"name": CTI_USER, "password": CTI_PASSWORD, "devices": ["SEP*"]}],
            "phone_range": [{"first_phone": f"SEP{FIRST_NUMBER:012d}", "first_number": str(FIRST_NUMBER), "count": sessions}],
        }))
        cucm = self.start("cucm", self.programs / "linebridge-sim-cucm", "run", cluster, "--log", self.folder / "cucm.txt")
        manager = cucm.line("cti cti1 ", 20)[1].split()[2]
        cucm.line("ready", 20)
        site = self.folder / "site.toml"
        site.write_text(toml({
            "sip": {"names": ["gw.example.test"], "incoming": ["127.0.0.1"]},
            "cti": {"user": CTI_USER, "password_file": str(password), "managers": [manager]},
            "node.publisher": {"listen": f"127.0.0.1:{legs}", "agent": f"127.0.0.1:{agent}",
                               "api_socket": str(self.folder / "api.sock"), "direct_listen": f"127.0.0.1:{sip}"},
            "user": [{"address": f"sip:user{i + 1:05d}@example.test", "assigned": True,
                      "line_uri": f"tel:{FIRST_NUMBER + i};phone-context=dialstring"} for i in range(sessions)],
        }))
        node = self.start("node", self.programs / "linebridge-gateway", "--config", site, "--role", "publisher")
        log = self.folder / "node.log"
        wait_until(lambda: "LB-CTI-002" in log.read_text(), 30, "the CTI link in service", [node, cucm])
        return node, sip

    def sipp(self):
        (port,) = free_ports(1)
        sipp = self.start("sipp", find_program("sipp"), "-sf", HERE / "uas.xml", "-t", "t1", "-i", "127.0.0.1",
                          "-p", port, "-nostdin", "-skip_rlimit")
        return self._listening(sipp, port)

    def kamailio(self):
        (port,) = free_ports(1)
        config = self.folder / "kamailio.cfg"
        config.write_text((HERE / "kamailio.cfg").read_text().replace("LISTEN", f"127.0.0.1:{port}"))
        kamailio = self.start("kamailio", find_program("kamailio"), "-f", config, "-DD", "-E", "-m", "64", "-x", "fm", "-X", "fm",
                              "-w", self.folder, "-Y", self.folder)
        return self._listening(kamailio, port)

    def _listening(self, process, port):
        pattern = re.compile(rf"^\s*\d+: 0100007F:{port:04X} \S+ 0A ", re.M)
        wait_until(lambda: pattern.search(Path("/proc/net/tcp").read_text()), 20, f"{process.name} on {port}", [process])
        return process, port


def measure(programs, requests=100000, sessions=200, window=64):
    """Name to figures: the node, and both others."""
    out = {}
    with Servers(programs) as servers:
        for name, start in (("node", lambda: servers.node(sessions)), ("sipp", servers.sipp), ("kamailio", servers.kamailio)):
            server, port = start()
            load = Load(servers.programs, servers.folder / f"load-{name}.log", port, "--sessions", sessions,
                        "--requests", requests, "--window", window, *(["--sign-in"] if name == "node" else []))
            out[name] = load.run(server)
            servers.end(server)
    return out


if __name__ == "__main__":
    started = time.monotonic()
    print(json.dumps(measure(sys.argv[1], *map(int, sys.argv[2:])), indent=1))
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr)
