"""pidgin-sipe as a program that tests can run, on Debian 12 and 13.

Debian 12 packages the plug-in, so rcc_client is compiled against the installed one. Debian 13 does not: there (or where
it is not installed) a Debian 12 tree is made with mmdebstrap, kept in the user's cache by suite and package list, and
rcc_client is linked to it with the tree's own loader; nothing of the tree is installed or needs root to run.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = ["pidgin-sipe", "libpurple0", "libpurple-dev", "libxml2-dev", "libc6-dev"]
SOURCE = Path(__file__).resolve().parent / "rcc_client.c"
COMPILE = ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-deprecated-declarations", "-rdynamic"]


class CannotRun(Exception):
    """What is missing, and what to do about it."""


class Program:
    """How to start rcc_client: `command` goes in front of its options, `environment` on top of ours."""

    def __init__(self, command, environment=None):
        self.command = command
        self.environment = environment or {}


def provide(directory, force_tree=False):
    """The Program, compiled into `directory` unless it is there already. Raises CannotRun."""
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    if shutil.which("cc") is None:
        raise CannotRun("no C compiler: install gcc")
    plugin = None if force_tree else _installed_plugin()
    with _alone(directory / "rcc_client.lock"):
        return _for_host(directory) if plugin else _for_tree(directory, _tree())


@contextlib.contextmanager
def _alone(path):
    """No other process that asks for the same file goes on meanwhile: tests run side by side."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _pkg_config(*arguments):
    if shutil.which("pkg-config") is None:
        return None
    found = subprocess.run(["pkg-config", *arguments], capture_output=True, text=True)
    return found.stdout.split() if found.returncode == 0 else None


def _installed_plugin():
    plugin_dir = _pkg_config("--variable=plugindir", "purple")
    if not plugin_dir or not _pkg_config("--libs", "purple", "glib-2.0", "libxml-2.0"):
        return None
    for folder in (plugin_dir[0], "/usr/lib/purple-2"):
        if (Path(folder) / "libsipe.so").exists():
            return Path(folder) / "libsipe.so"
    return None


def _for_host(directory):
    program = directory / "rcc_client"
    _compile(program, _pkg_config("--cflags", "--libs", "purple", "glib-2.0", "libxml-2.0") + ["-ldl"])
    return Program([str(program)])


def _for_tree(directory, tree):
    include = tree / "usr/include"
    libraries = sorted({path.parent for path in tree.glob("usr/lib/*/libpurple.so.0")} |
                       {path.parent for path in tree.glob("lib/*/libc.so.6")})
    glib_config = next(tree.glob("usr/lib/*/glib-2.0/include"), None)
    loader = next((path for path in tree.glob("lib*/ld-linux*")), None)
    plugin = next((path for path in tree.glob("usr/lib/**/purple-2/libsipe.so")), None)
    if not libraries or not glib_config or not loader or not plugin:
        raise CannotRun(f"the Debian 12 tree {tree} is not whole; remove it and run again")
    path = ":".join(str(folder) for folder in libraries)
    program = directory / "rcc_client-debian12"
    _compile(program, [f"--sysroot={tree}", f"-I{include}/libpurple", f"-I{include}/glib-2.0", f"-I{glib_config}",
                       f"-I{include}/libxml2", "-lpurple", "-lgobject-2.0", "-lglib-2.0", "-lxml2", "-ldl",
                       # DT_RPATH, which unlike DT_RUNPATH also holds for the libraries that the plug-in needs
                       "-Wl,--disable-new-dtags", "-Xlinker", "-rpath", "-Xlinker", path,
                       "-Xlinker", "-rpath-link", "-Xlinker", path,
                       "-Xlinker", "--dynamic-linker", "-Xlinker", str(loader)])
    return Program([str(program), "--plugins", str(plugin.parent)], {"GIO_MODULE_DIR": str(directory)})


def _compile(program, arguments):
    stamp = program.with_suffix(".made-of")
    recipe = hashlib.sha256("\0".join([SOURCE.read_text(), *COMPILE, *arguments]).encode()).hexdigest()
    if program.exists() and stamp.exists() and stamp.read_text() == recipe:
        return
    made = subprocess.run(["cc", *COMPILE, "-o", str(program), str(SOURCE), *arguments], capture_output=True, text=True)
    if made.returncode != 0:
        raise CannotRun(f"rcc_client does not compile:\n{made.stdout}{made.stderr}")
    stamp.write_text(recipe)


def _tree():
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "linebridge" / "trees"
    key = hashlib.sha256("\n".join([SUITE, *sorted(PACKAGES)]).encode()).hexdigest()[:12]
    tree = cache / f"{SUITE}-pidgin-sipe-{key}"
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / "pidgin-sipe.lock"):
        if not tree.exists():
            _make_tree(tree)
    return tree


def _make_tree(tree):
    if shutil.which("mmdebstrap") is None:
        raise CannotRun("pidgin-sipe is not installed, and to make a Debian 12 tree with it mmdebstrap is missing: "
                        "install pidgin-sipe libpurple-dev libxml2-dev (Debian 12) or mmdebstrap (Debian 13)")
    part = tree.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    print(f"making a Debian 12 tree with pidgin-sipe in {tree} (once, about a minute)", flush=True)
    made = subprocess.run(["mmdebstrap", "--quiet", "--variant=extract", "--include=" + ",".join(PACKAGES), SUITE,
                           str(part), "-"], input=_archives(), capture_output=True, text=True)
    if made.returncode != 0:
        shutil.rmtree(part, ignore_errors=True)
        raise CannotRun(f"mmdebstrap could not make a Debian 12 tree from\n{_archives()}{made.stdout}{made.stderr}")
    for useless in ("doc", "man", "locale", "icons"):
        shutil.rmtree(part / "usr/share" / useless, ignore_errors=True)
    part.rename(tree)


def _archives():
    """This machine's Debian archive with Debian 12 in place of its own release, in apt's words."""
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)"
    found = subprocess.run(["apt-get", "indextargets", "--format", form, "Created-By: Packages"], capture_output=True,
                           text=True).stdout.splitlines()
    codename = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.M)
    own = [words[0] for words in map(str.split, found) if codename and words[1:] == [codename[1], "main", "Debian"]]
    return f"deb {own[0] if own else MIRROR} {SUITE} main\n"


def main():
    usage = "usage: pidgin_sipe.py HOST:PORT USER@DOMAIN    signs in and takes commands: call NUMBER, quit"
    if len(sys.argv) != 3 or sys.argv[1].startswith("-"):
        sys.exit(usage)
    server, user = sys.argv[1:]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "linebridge"
    try:
        program = provide(cache / "rcc_client")
    except CannotRun as problem:
        sys.exit(f"pidgin-sipe cannot run: {problem}")
    with tempfile.TemporaryDirectory(prefix="pidgin-sipe.") as folder:
        log = Path(folder) / "plugin.log"
        print(f"{user} signs in at {server}; the plug-in's log is {log}\nCommands: call NUMBER, quit", flush=True)
        command = [*program.command, "--server", server, "--user", user, "--dir", folder, "--log", str(log)]
        try:
            sys.exit(subprocess.run(command, env={**os.environ, **program.environment}, stderr=subprocess.DEVNULL).returncode)
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
