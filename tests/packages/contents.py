"""What is in our packages: `contents.py FOLDER_OF_PACKAGES`. Takes dpkg-deb, man and bash."""

import glob
import gzip
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

FOLDER = pathlib.Path(sys.argv.pop(1))
COMPLETION = "usr/share/bash-completion/completions/linebridge"


def run(*words: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(words, capture_output=True, text=True, timeout=60, **more)


class Unpacked(unittest.TestCase):
    """All packages unpacked into one folder."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        for file in glob.glob(f"{FOLDER}/linebridge*.deb"):
            run("dpkg-deb", "-x", file, folder.name, check=True)

    def files(self):
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())


class Contents(Unpacked):
    def test_hold_nothing_but_what_is_meant(self):
        places = re.compile(r"usr/(bin|libexec/linebridge(-setup)?|lib/(systemd|sysusers.d|tmpfiles.d|sudoers.d)|share/"
                            r"(doc|man|linebridge|linebridge-setup|bash-completion|cockpit))/|etc/|lib/systemd/system/")
        self.assertEqual([], [name for name in self.files() if not places.match(name)])
        self.assertEqual([], [name for name in self.files() if re.search(r"__pycache__|\.pyc$|~$|\.orig$", name)])

    def test_name_no_place_where_they_were_built(self):
        for name in self.files():
            content = (self.root / name).read_bytes()
            if name.endswith(".gz"):
                content = gzip.decompress(content)
            self.assertNotRegex(content, rb"/build/linebridge", name)

    def test_programs_are_hardened(self):
        for path in (self.root / "usr/bin").iterdir():
            if path.read_bytes()[:4] != b"\x7fELF":
                continue
            said = run("readelf", "-W", "-h", "-l", "-d", str(path)).stdout
            self.assertIn("DYN (Position-Independent", said, path.name)
            self.assertIn("GNU_RELRO", said, path.name)
            self.assertIn("BIND_NOW", said, path.name)


class Manual(Unpacked):
    def test_pages_have_no_warnings(self):
        pages = sorted((self.root / "usr/share/man").rglob("*.gz"))
        self.assertGreater(len(pages), 6)
        for page in pages:
            said = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(page),
                       env={"LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80", "PATH": "/usr/bin:/bin"})
            self.assertEqual((said.returncode, said.stderr), (0, ""), page.name)

    def test_a_page_for_every_program(self):
        pages = {page.name.split(".")[0] for page in (self.root / "usr/share/man").rglob("*.gz")}
        programs = {path.name for path in (self.root / "usr/bin").iterdir()}
        self.assertEqual(programs - pages, set())

    def test_the_configurations_page_has_every_key(self):
        page = gzip.decompress((self.root / "usr/share/man/man5/linebridge.toml.5.gz").read_bytes()).decode()
        example = (self.root / "usr/share/linebridge/linebridge.toml").read_text()
        for key in re.findall(r"^#?([a-z_]+) = ", example, re.MULTILINE):
            self.assertRegex(page, rf"\.B {key} = ")


class Completion(Unpacked):
    def offered(self, line: str) -> list[str]:
        """What bash offers at the end of the line."""
        words = line.split(" ")
        script = (f"source {self.root / COMPLETION}; COMP_WORDS=({' '.join(word or chr(34) * 2 for word in words)});"
                  f"COMP_CWORD={len(words) - 1}; _linebridge; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
        said = run("bash", "--norc", "-c", script)
        self.assertEqual((said.returncode, said.stderr), (0, ""), line)
        return said.stdout.split()

    def test_offers_commands_options_and_values(self):
        self.assertIn("check-config", self.offered("linebridge "))
        self.assertEqual(["drain"], self.offered("linebridge dr"))
        self.assertIn("--until", self.offered("linebridge drain --"))
        self.assertEqual(["publisher", "subscriber"], self.offered("linebridge drain --role "))
        self.assertEqual(["publisher", "subscriber", "both"], self.offered("linebridge status --role "))
        self.assertEqual(["publisher", "subscriber"], self.offered("linebridge front drain ")[:2])
        self.assertEqual(["--wait"], self.offered("linebridge front drain publisher --w"))
        self.assertEqual(["decode"], self.offered("linebridge cti d"))

    def test_knows_every_command_and_option_of_the_program(self):
        program = str(self.root / "usr/bin/linebridge")
        waiting = [[]]
        while waiting:
            command = waiting.pop()
            said = run(program, *command, "--help").stdout
            at = " ".join(["linebridge", *command])
            options = set(re.findall(r"(--[a-z-]+)", said.partition("Options:")[2].partition("\n\n")[0]))
            self.assertEqual(options - set(self.offered(f"{at} --")), set(), at)
            commands = re.findall(r"^  ([a-z-]+)  ", said.partition("Subcommands:")[2], re.MULTILINE)
            self.assertEqual(set(commands) - set(self.offered(f"{at} ")), set(), at)
            waiting += [[*command, name] for name in commands]


if __name__ == "__main__":
    unittest.main(verbosity=2)
