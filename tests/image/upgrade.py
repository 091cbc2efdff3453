"""Packages of a later version than those in the image, and what their installation did to the nodes."""

import shutil
import subprocess
from pathlib import Path

from process import Failed

SUFFIX = "+check"


def newer_packages(folder, out):
    """The packages again under a higher version, in `out`; what is in them is the same. Gives back `out`."""
    found = sorted(Path(folder).glob("linebridge*.deb"))
    if not found:
        raise Failed(f"no packages in {folder}")
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for package in found:
        if _field(package, "Package").endswith(("-dbgsym", "-simulators")):
            continue  # not in the image
        tree = out / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
        control = tree / "DEBIAN/control"
        version = _field(package, "Version")
        control.write_text(control.read_text().replace(version, version + SUFFIX))  # also "(= VERSION)" of its siblings
        subprocess.run(["dpkg-deb", "-b", "--root-owner-group", "-Znone", tree, out / package.name], check=True,
                       stdout=subprocess.DEVNULL)
        shutil.rmtree(tree)
    return out


def _field(package, name):
    done = subprocess.run(["dpkg-deb", "-f", package, name], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def times_down(entries):
    """{unit: [(from, to), ...]} in microseconds, by what systemd said of its jobs: "Stopping" to "Started"."""
    down, since = {}, {}
    for entry in entries:
        unit, at, text = entry.get("UNIT"), int(entry["__REALTIME_TIMESTAMP"]), entry.get("MESSAGE", "")
        if unit is None or not isinstance(text, str):
            continue
        if text.startswith(("Stopping ", "Stopped ")):
            since.setdefault(unit, at)
        elif text.startswith("Started ") and unit in since:
            down.setdefault(unit, []).append((since.pop(unit), at))
    for unit, at in since.items():
        down.setdefault(unit, []).append((at, 1 << 62))
    return down
