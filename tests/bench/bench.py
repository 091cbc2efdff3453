#!/usr/bin/env python3
"""Runs the measurements and prints them beside their aims. Speed never makes it fail; what does not work does."""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import cucm  # noqa: E402
import front  # noqa: E402
import sockets  # noqa: E402

ENGINE = {  # name in the program -> what a reader wants to know
    "get_features": "GetCSTAFeatures, answered at once",
    "monitor_start": "MonitorStart",
    "snapshot_device": "SnapshotDevice with two calls",
    "make_call": "MakeCall with its CTI messages and events",
    "whole_call": "all INFOs of a call, both ways",
    "event": "CTI event in, CSTA event out",
    "event_answer": "200 to an event",
    "refused_info": "INFO of no dialog, 481",
    "sign_in": "sign-in, with its line opened",
}
AIMS = {"make_call": 50000, "snapshot_device": 50000}
AIM_SOCKETS = 20000
AIM_SESSION = 16 * 1024
AIM_CALLS_IN_MEMORY = 4000
CUCM = {  # how the applications share the lines
    "one": "calls of one connection with all lines",
    "eight": "calls between eight connections with a part each",
    "two_of_all": "calls seen by two connections with all lines each",
}


@dataclass
class Figure:
    """One line of the table. `better` says which way the aim is passed."""

    name: str
    text: str
    value: float
    unit: str
    aim: float | None = None
    better: str = "more"
    beside: str = ""  # the yardstick of the same run, in words
    ratio: float | None = None  # to that yardstick

    @property
    def reached(self):
        if self.aim is None:
            return None
        return self.value >= self.aim if self.better == "more" else self.value <= self.aim


def program_json(programs, name, *options):
    done = subprocess.run([programs / name, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=240)
    if done.returncode != 0:
        sys.exit(f"{name} failed:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def engine(programs):
    report = program_json(programs, "linebridge-bench-engine", "--benchmark_format=json", "--benchmark_min_time=0.5")
    found = {each["name"].partition("/")[0]: each["items_per_second"] for each in report["benchmarks"]}
    libraries = found.pop("libraries")
    yield Figure("engine.libraries", "libosip2 and Expat reading a MakeCall INFO", libraries, "/s")
    for name, value in found.items():
        yield Figure(f"engine.{name}", ENGINE.get(name, name), value, "/s", AIMS.get(name), beside="the libraries",
                     ratio=value / libraries)


def memory(programs):
    found = program_json(programs, "linebridge-bench-memory")
    count = found["sessions"]
    yield Figure("memory.session", f"an idle session, of {count}", found["bytes_per_session"], "bytes", AIM_SESSION, "less")
    yield Figure("memory.trace", "the trace ring, whole", found["trace_ring_bytes"], "bytes")
    yield Figure("memory.phones", f"the node without sessions, {found['phones']} phones listed",
                 found["bytes_without_sessions"], "bytes")


def through_sockets(programs):
    found = sockets.measure(programs)
    words = {"node": "Linebridge, GetCSTAFeatures", "sipp": "SIPp as UAS", "kamailio": "Kamailio, stateless"}
    ours = found["node"]
    for name, text in words.items():
        each, other = found[name], name != "node"
        yield Figure(f"sockets.{name}", text, each["per_second"], "/s", None if other else AIM_SOCKETS,
                     beside="Linebridge" if other else "", ratio=each["per_second"] / ours["per_second"] if other else None)
    for name, text in words.items():
        each, other = found[name], name != "node"
        yield Figure(f"sockets.{name}.processor", f"{text}: processor time of 1,000", each["processor_ms_per_1000"], "ms",
                     beside="Linebridge" if other else "",
                     ratio=each["processor_ms_per_1000"] / ours["processor_ms_per_1000"] if other else None)
    for name, text in words.items():
        yield Figure(f"sockets.{name}.p50", f"{text}: half of all within", found[name]["p50_ms"], "ms")
        yield Figure(f"sockets.{name}.p99", f"{text}: 99 % within", found[name]["p99_ms"], "ms")


def simulated_cluster(programs):
    for found in program_json(programs, "linebridge-bench-cucm"):
        shape, each = found["shape"], found["us_per_call"]
        yield Figure(f"cucm.{shape}", CUCM.get(shape, shape), 1e6 / each, "/s", AIM_CALLS_IN_MEMORY,
                     beside="SHA-256 of the same messages", ratio=found["digest_us_per_call"] / each)
        yield Figure(f"cucm.{shape}.call", f"one of them: {found['messages_per_call']} messages out, {found['bytes_per_call']} bytes",
                     each, "us")
        if shape == "one":
            yield Figure("cucm.list", f"listing 10,000 phones, {found['list_bytes']:,} bytes", found["list_ms"], "ms")
            yield Figure("cucm.open", "opening 10,000 phones and 15,000 lines", found["open_s"], "s")
    found = cucm.measure(programs)
    aim = found["offered"]
    yield Figure("cucm.sockets", f"through sockets, {aim:,} calls offered a second", found["per_second"], "/s", aim * 0.99)
    yield Figure("cucm.sockets.processor", "through sockets: processor time of 1,000 calls", found["processor_s_per_1000"], "s",
                 1000 / aim, "less")
    yield Figure("cucm.sockets.p50", "through sockets: half of all answers within", found["p50_ms"], "ms")
    yield Figure("cucm.sockets.p99", "through sockets: 99 % of all answers within", found["p99_ms"], "ms")
    yield Figure("cucm.sockets.list", "through sockets: listing 10,000 phones", found["list_ms"], "ms")
    yield Figure("cucm.sockets.open", "through sockets: opening 15,000 lines", found["open_s"], "s")
    yield Figure("cucm.sockets.memory", "resident with all lines open", found["resident_bytes"], "bytes")


def balancers(programs):
    """Each figure of ours beside those of the other balancers, TCP first."""
    found = front.measure(programs)
    for tls in (False, True):
        rows = {each["path"]: each for each in found if each["tls"] == tls}
        over = "mutual TLS" if tls else "TCP"
        beside = {"beside": "Linebridge"}
        ours, direct = rows["linebridge"], next(each for each in found if each["path"] == "direct")
        for name, row in rows.items():
            text = f"{front.PATHS[name]}, {over}"
            other = {} if name == "linebridge" else beside
            yield Figure(f"front.{name}.{over}.dialogs", f"{text}: dialogs", row["dialogs_per_second"], "/s", **other,
                         ratio=row["dialogs_per_second"] / ours["dialogs_per_second"] if other else None)
            if name == "direct":
                continue
            yield Figure(f"front.{name}.{over}.dialog", f"{text}: processor time of a dialog", row["us_per_dialog"], "us",
                         **other, ratio=row["us_per_dialog"] / ours["us_per_dialog"] if other else None)
            yield Figure(f"front.{name}.{over}.infos", f"{text}: INFOs of a core", row["infos_per_core"], "/s", **other,
                         ratio=row["infos_per_core"] / ours["infos_per_core"] if other else None)
            for kind in ("INVITE", "INFO"):
                for part in ("p50", "p99"):
                    added = row[kind][part + "_ms"] - direct[kind][part + "_ms"]
                    yield Figure(f"front.{name}.{over}.{kind}.{part}", f"{text}: added to {part} of {kind}", added, "ms")
        for process, held in ours["held"].items():
            yield Figure(f"front.held.{over}.{process}", f"a held dialog in {process}, {over}", held, "bytes")


PARTS = {"engine": engine, "memory": memory, "sockets": through_sockets, "cucm": simulated_cluster,
         "front": balancers}
TITLES = {
    "engine": "The node behind its door: 15,000 sessions over 4 connections, one core, trace on",
    "memory": "Memory: 15,000 sessions over 4 connections, allocated by the node",
    "sockets": "Through one TCP connection: 200 sessions, 64 requests on their way, the same bytes to all",
    "front": f"Two nodes behind one address: {front.CONNECTIONS} connections of OCS, the same clients and nodes for all; times at "
             f"{front.RATE} dialogs a second",
    "cucm": "The simulated CUCM: 10,000 phones, 15,000 lines open, whole calls with both parties watched, one core",
}


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def show(part, figures):
    print(f"\n{TITLES[part]}")
    width = max(len(each.text) for each in figures) + 2
    for each in figures:
        line = f"  {each.text:<{width}}{number(each.value):>10} {each.unit:<6}"
        if each.aim is not None:
            line += f" aim {number(each.aim)}, {'reached' if each.reached else 'missed'} "
        if each.ratio is not None:
            line += f" {each.ratio:.2f} x {each.beside}"
        print(line.rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=Path, required=True, help="where the programs are")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("names", nargs="*", help=" ".join(PARTS))
    wanted = parser.parse_args()
    if unknown := [name for name in wanted.names if name not in PARTS]:
        parser.error(f"no such measurement: {' '.join(unknown)}")
    all_figures = []
    for part in wanted.names or PARTS:
        figures = list(PARTS[part](wanted.bin.resolve()))
        all_figures += figures
        if not wanted.json:
            show(part, figures)
    if wanted.json:
        print(json.dumps([{**asdict(each), "reached": each.reached} for each in all_figures], indent=1))


if __name__ == "__main__":
    try:
        main()
    except sockets.Failed as problem:
        sys.exit(str(problem))
