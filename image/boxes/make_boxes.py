#!/usr/bin/env python3
"""Vagrant boxes of one machine, and the catalogue by which Vagrant finds them: a box for libvirt of a qcow2 disk, one for
VirtualBox of a streamOptimized vmdk.

    make_boxes.py --name lab --version 0.1.0 --qcow2 FILE --vmdk FILE --out FOLDER
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent / "box.ovf"
MAC = "0800274C4252"  # VirtualBox wants the address that the machine was exported with.
GIB = 1024 ** 3
LIBVIRT = """Vagrant.configure("2") do |config|
  config.vm.provider :libvirt do |libvirt|
    libvirt.disk_bus = "virtio"
  end
end
"""
VIRTUALBOX = f"""Vagrant.configure("2") do |config|
  config.vm.base_mac = "{MAC}"
end
"""


class Wrong(Exception):
    """What cannot be made into a box, and why."""


def disk(path, kind, subtype=None):
    """Its virtual size in bytes, if it is of this kind."""
    done = subprocess.run(["qemu-img", "info", "--output=json", str(path)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Wrong(done.stderr.strip())
    found = json.loads(done.stdout)
    create_type = found.get("format-specific", {}).get("data", {}).get("create-type")
    if found["format"] != kind or (subtype and create_type != subtype):
        raise Wrong(f"{path} is {found['format']} {create_type or ''}, wanted {kind} {subtype or ''}")
    return found["virtual-size"]


def archive(path, members):
    """A box: `members` is name to text or to a path. The same members give the same bytes."""
    part = path.with_suffix(".part")
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    # Disks are compressed already.
    with open(part, "wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=epoch) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.mode, entry.mtime = 0o644, epoch
            if isinstance(content, str):
                entry.size = len(content.encode())
                tar.addfile(entry, io.BytesIO(content.encode()))
            else:
                entry.size = content.stat().st_size
                with open(content, "rb") as file:
                    tar.addfile(entry, file)
    part.replace(path)


def metadata(**members):
    return json.dumps(members, indent=2) + "\n"


def libvirt_box(path, qcow2):
    gib = -(-disk(qcow2, "qcow2") // GIB)
    archive(path, {"metadata.json": metadata(provider="libvirt", format="qcow2", virtual_size=gib),
                   "Vagrantfile": LIBVIRT, "box.img": qcow2})


def virtualbox_box(path, name, vmdk):
    capacity = disk(vmdk, "vmdk", "streamOptimized")
    ovf = TEMPLATE.read_text()
    for word, value in {"DISK": "box-disk1.vmdk", "SIZE": vmdk.stat().st_size, "CAPACITY": capacity,
                        "NAME": f"linebridge-{name}"}.items():
        ovf = ovf.replace(f"@{word}@", str(value))
    archive(path, {"metadata.json": metadata(provider="virtualbox"), "Vagrantfile": VIRTUALBOX, "box.ovf": ovf,
                   "box-disk1.vmdk": vmdk})


def digest(path):
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def catalogue(path, name, version, boxes):
    providers = [{"name": provider, "url": f"file://{box.resolve()}", "checksum_type": "sha256", "checksum": digest(box)}
                 for provider, box in boxes.items()]
    path.write_text(json.dumps({"name": f"linebridge/{name}", "versions": [{"version": version, "providers": providers}]},
                               indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True)
    parser.add_argument("--version", required=True, help="as Vagrant compares them: numbers with dots")
    parser.add_argument("--qcow2", required=True, type=Path)
    parser.add_argument("--vmdk", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    boxes = {provider: arguments.out / f"{arguments.name}-{provider}.box" for provider in ("libvirt", "virtualbox")}
    try:
        libvirt_box(boxes["libvirt"], arguments.qcow2)
        virtualbox_box(boxes["virtualbox"], arguments.name, arguments.vmdk)
    except Wrong as problem:
        sys.exit(f"make_boxes: {problem}")
    catalogue(arguments.out / f"{arguments.name}.json", arguments.name, arguments.version, boxes)


if __name__ == "__main__":
    main()
