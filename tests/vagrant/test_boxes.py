#!/usr/bin/env python3
"""What can be said of the lab on virtual machines without one: Vagrant takes the Vagrantfile for both providers, boxes made
of small disks have the shape that Vagrant and VirtualBox want, and what the machines are given fits together."""

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
LAB = ROOT / "configs" / "lab"
OVF = "{http://schemas.dmtf.org/ovf/envelope/1}"
RASD = "{http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData}"
sys.path.insert(0, str(ROOT / "tests" / "lab"))

from picture import CTI_PASSWORD, CTI_USER, LINE_SERVER, PEOPLE  # noqa: E402
from remote import ERIN  # noqa: E402


def run(*words, **environment):
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=120, cwd=ROOT,
                          env={**os.environ, **environment})


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class TheVagrantfile(InAFolder):
    def validate(self, *options, **environment):
        done = run("vagrant", "validate", *options, VAGRANT_HOME=self.folder / "home",
                   VAGRANT_DOTFILE_PATH=str(self.folder / "state"), **environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Vagrantfile validated successfully.", done.stdout)

    def test_is_good_for_libvirt_with_and_without_kvm(self):
        for kvm in ("0", "1"):
            self.validate(VAGRANT_DEFAULT_PROVIDER="libvirt", LINEBRIDGE_KVM=kvm)

    def test_is_good_for_virtualbox(self):
        self.validate("--ignore-provider", VAGRANT_DEFAULT_PROVIDER="virtualbox")

    def test_gives_each_machine_a_folder_with_a_script_that_can_be_run(self):
        names = re.findall(r'^  "(\w+)" => \{ box:', (ROOT / "Vagrantfile").read_text(), re.M)
        self.assertEqual(sorted(names), sorted(path.name for path in LAB.iterdir()))
        for name in names:
            self.assertTrue(os.access(LAB / name / "provision", os.X_OK), name)


class Boxes(InAFolder):
    def make(self, *, vmdk_options=("-o", "subformat=streamOptimized")):
        raw, qcow2, vmdk = (self.folder / name for name in ("disk.raw", "disk.qcow2", "disk.vmdk"))
        with raw.open("wb") as file:
            file.write(b"a small disk")
            file.truncate(3 << 20)
        for words in (("-O", "qcow2", raw, qcow2), ("-O", "vmdk", *vmdk_options, raw, vmdk)):
            self.assertEqual(run("qemu-img", "convert", *words).returncode, 0)
        return run(sys.executable, "-B", ROOT / "image/boxes/make_boxes.py", "--name", "lab", "--version", "0.1.7",
                   "--qcow2", qcow2, "--vmdk", vmdk, "--out", self.folder / "boxes")

    def unpacked(self, provider):
        self.assertEqual((done := self.make()).returncode, 0, done.stderr)
        place = self.folder / provider
        with tarfile.open(self.folder / f"boxes/lab-{provider}.box", "r:gz") as box:
            box.extractall(place, filter="data")
        return place, json.loads((place / "metadata.json").read_text())

    def test_for_libvirt_hold_a_qcow2_disk_and_its_size(self):
        place, metadata = self.unpacked("libvirt")
        self.assertEqual(metadata, {"provider": "libvirt", "format": "qcow2", "virtual_size": 1})
        self.assertEqual(sorted(path.name for path in place.iterdir()), ["Vagrantfile", "box.img", "metadata.json"])
        self.assertIn("file format: qcow2", run("qemu-img", "info", place / "box.img").stdout)

    def test_for_virtualbox_hold_a_machine_that_refers_to_its_disk(self):
        place, metadata = self.unpacked("virtualbox")
        self.assertEqual(metadata, {"provider": "virtualbox"})
        self.assertEqual(run("xmllint", "--noout", place / "box.ovf").stderr, "")
        ovf = ElementTree.parse(place / "box.ovf").getroot()
        file, disk = ovf.find(f".//{OVF}File"), ovf.find(f".//{OVF}Disk")
        image = place / file.get(f"{OVF}href")
        self.assertEqual(int(file.get(f"{OVF}size")), image.stat().st_size)
        found = json.loads(run("qemu-img", "info", "--output=json", image).stdout)
        self.assertEqual(found["format-specific"]["data"]["create-type"], "streamOptimized")
        self.assertEqual(int(disk.get(f"{OVF}capacity")), found["virtual-size"])
        self.assertEqual(disk.get(f"{OVF}fileRef"), file.get(f"{OVF}id"))
        items = {int(item.find(f"{RASD}ResourceType").text): item for item in ovf.iter(f"{OVF}Item")}
        self.assertEqual(items[17].find(f"{RASD}HostResource").text, f"/disk/{disk.get(f'{OVF}diskId')}")
        self.assertEqual(items[17].find(f"{RASD}Parent").text, items[20].find(f"{RASD}InstanceID").text)
        self.assertEqual(items[10].find(f"{RASD}Connection").text, ovf.find(f".//{OVF}Network").get(f"{OVF}name"))
        self.assertIn("base_mac", (place / "Vagrantfile").read_text())

    def test_are_the_same_when_made_of_the_same(self):
        self.make()
        first = (self.folder / "boxes/lab-libvirt.box").read_bytes()
        self.make()
        self.assertEqual((self.folder / "boxes/lab-libvirt.box").read_bytes(), first)

    def test_are_found_by_the_catalogue(self):
        self.make()
        home = self.folder / "home"
        for provider in ("libvirt", "virtualbox"):
            added = run("vagrant", "box", "add", "--provider", provider, self.folder / "boxes/lab.json", VAGRANT_HOME=home)
            self.assertEqual(added.returncode, 0, added.stdout + added.stderr)
        listed = run("vagrant", "box", "list", VAGRANT_HOME=home).stdout
        for provider in ("libvirt", "virtualbox"):
            self.assertRegex(listed, rf"linebridge/lab +\({provider}, 0\.1\.7\)")

    def test_are_refused_of_a_disk_of_another_kind(self):
        done = self.make(vmdk_options=("-o", "subformat=monolithicSparse"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("wanted vmdk streamOptimized", done.stderr)


class WhatTheMachinesAreGiven(unittest.TestCase):
    """The day, the site, the cluster and OCS speak of the same people and places."""

    def setUp(self):
        self.site = (LAB / "appliance/linebridge.toml").read_text()
        self.cluster = (LAB / "cucm/cluster.toml").read_text()
        self.ocs = (LAB / "ocs/linebridge-sim-ocs.service").read_text()

    def test_everybody_has_a_line_a_phone_and_a_client(self):
        for person in (*PEOPLE, ERIN):
            kind = "client" if person in PEOPLE[:3] else "user"
            self.assertIn(f'--{kind} "{person.address}={person.line}"', self.ocs)
            self.assertIn(f'name = "{person.phone}"\n[[phone.line]]\nnumber = "{person.number}"', self.cluster)
            self.assertIn(f'address = "sip:{person.address}"\nassigned = {str(person.assigned).lower()}\n'
                          f'line_uri = "{person.line}"\ndevices = ["{person.phone}"]', self.site)

    def test_addresses_are_those_of_the_vagrantfile(self):
        places = dict(re.findall(r'"(\w+)" => \{ box: "\w+", address: "([\d.]+)"', (ROOT / "Vagrantfile").read_text()))
        self.assertIn(f'managers = ["{places["cucm"]}:2748", "{places["cucm"]}:2749"]', self.site)
        self.assertEqual(re.findall(r'listen = "(.*)"', self.cluster), ["0.0.0.0:2748", "0.0.0.0:2749"])
        self.assertIn(f'incoming = ["{places["ocs"]}"]', self.site)
        self.assertIn(f'tcp = ["{places["ocs"]}:5060"]', self.site)
        self.assertIn(f"--next-hop {places['appliance']}:5060", self.ocs)

    def test_the_password_is_that_of_the_cluster(self):
        self.assertEqual((LAB / "appliance/secrets/cti.password").read_text().strip(), CTI_PASSWORD)
        self.assertIn(f'name = "{CTI_USER}"\npassword = "{CTI_PASSWORD}"', self.cluster)
        self.assertIn('password_file = "cti.password"', self.site)
        self.assertIn(f"--server {LINE_SERVER} ", self.ocs)

    def test_only_the_lab_may_hold_the_key_that_everybody_has(self):
        keys = [path for path in ROOT.joinpath("image").rglob("*")
                if path.is_file() and "vagrant insecure" in path.read_text(errors="replace")]
        self.assertEqual(keys, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
