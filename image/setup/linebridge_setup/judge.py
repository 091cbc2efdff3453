"""The site's values are judged by Linebridge itself, and by nothing else."""

import contextlib
import json
import tomllib

from .problem import Problem, Refused
from .system import words_of

_FOLDER = "/run/linebridge-setup"
# Where a site names a file of its own; a name without '/' is a secret of the site.
_FILES = ("cti.password_file", "tls.certificate", "tls.key", "tls.client_ca")


def problems(system, candidate):
    """Every problem of the site. Raises Refused if it could not be judged."""
    with _placed(system, candidate) as (site, environment):
        done = system.run(system.program, "check-config", "--json", system.path(site), environment=environment)
    try:
        found = [Problem("site", one["key"], int(one["line"]), one["what"]) for one in json.loads(done.out)["problems"]]
    except (ValueError, KeyError, TypeError):
        found = None
    if found is None or done.code != (1 if found else 0):
        raise Refused(f"the site could not be judged by '{system.program} check-config': {done.words()}")
    return found + _missing(candidate)


def values(system, candidate):
    """What is in force with this site, defaults included, as Linebridge says it. Raises Refused."""
    with _placed(system, candidate) as (site, environment):
        done = system.run(system.program, "show-config", system.path(site), environment=environment)
    try:
        if done.code == 0:
            return tomllib.loads(done.out)
    except tomllib.TOMLDecodeError:
        pass
    raise Refused(f"'{system.program} show-config' failed: {done.words()}")


def _missing(candidate):
    """Secrets that the site names and nobody gave."""
    found = []
    for key in _FILES:
        name = candidate.value("site", key)
        if isinstance(name, str) and name and "/" not in name and name not in candidate.secrets:
            found.append(Problem("secrets", name, 0, f"is missing; {key} of the site (line "
                                                     f"{candidate.site.line_of(key)}) names it"))
    return found


@contextlib.contextmanager
def _placed(system, candidate):
    """The candidate's site file with its secrets beside it, in memory, as a node would find them."""
    here = ""
    try:
        system.ensure_folder(_FOLDER, 0o700)
        here = next(f"{_FOLDER}/judge-{n}" for n in range(1 << 20) if not system.exists(f"{_FOLDER}/judge-{n}"))
        system.make_folder(here, 0o700)
        system.make_folder(f"{here}/secrets", 0o700)
        system.create(f"{here}/linebridge.toml", candidate.site_text().encode(), 0o600)
        for name, data in candidate.secrets.items():
            system.create(f"{here}/secrets/secret_{name}", data, 0o600)
        yield f"{here}/linebridge.toml", {"CREDENTIALS_DIRECTORY": system.path(f"{here}/secrets")}
    except OSError as error:
        raise Refused(f"the site could not be judged: {words_of(error)}") from error
    finally:
        if here and system.exists(here):
            system.remove_tree(here)
