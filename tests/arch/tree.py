"""The files of a tree and what stands in them."""

import re
import subprocess
from functools import cached_property
from pathlib import Path

CPP = (".cpp", ".hpp")
_IGNORED = {"build", ".git", ".cache", "__pycache__", "node_modules"}
_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<end>[^(\s]*)\(.*?\)(?P=end)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'',
    re.S,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
_LITERAL = re.compile(r'^[ \t]*#[ \t]*include[^\n]*|' + _TOKEN.pattern, re.S | re.M)


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group())


class File:
    """One file: its path from the root (with slashes) and its text."""

    def __init__(self, root, path):
        self.path = path
        self.suffix = Path(path).suffix
        self.full = root / path

    @cached_property
    def text(self):
        return self.full.read_bytes().decode("utf-8", "replace")

    @cached_property
    def code(self):
        """C++ text with includes, comments and literals blanked; lines and columns stay where they are."""
        return _LITERAL.sub(_blank, self.text)

    @cached_property
    def includes(self):
        """(line, True for "..." and False for <...>, name) of each include."""
        code = re.sub(r"//[^\n]*|/\*.*?\*/", _blank, self.text, flags=re.S)
        return [(line_at(code, m.start(2)), m.group(1) == '"', m.group(2)) for m in _INCLUDE.finditer(code)]

    @property
    def is_cpp(self):
        return self.suffix in CPP

    @cached_property
    def start(self):
        with self.full.open("rb") as f:
            return f.read(8192)

    @property
    def is_text(self):
        return b"\0" not in self.start

    @property
    def is_script(self):
        return not self.suffix and self.start.startswith(b"#!")


class Tree:
    def __init__(self, root, skip=()):
        self.root = root
        self.files = [File(root, path) for path in _paths(root) if not path.startswith(skip)]

    def cpp(self, *folders):
        return [f for f in self.files if f.is_cpp and (not folders or f.path.startswith(folders))]

    def find(self, path):
        return next((f for f in self.files if f.path == path), None)


def target_of(include):
    """The path of a file of ours from what stands in "...": roots are gateway/ and the top."""
    return include if include.startswith(("lb/", "tests/")) else f"gateway/{include}"


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def _paths(root):
    """What git tracks or would track; a tree without git (an unpacked archive) is walked."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (root / ".git").exists():
        listed = subprocess.run(command, capture_output=True, check=False)
        if listed.returncode == 0:
            names = {name.decode("utf-8", "replace") for name in listed.stdout.split(b"\0") if name}
            return sorted(name for name in names if (root / name).is_file())
    walked = (p.relative_to(root) for p in root.rglob("*") if p.is_file())
    return sorted(p.as_posix() for p in walked if not _IGNORED.intersection(p.parts))
