"""Answers that were given and not applied yet. They are kept until the machine stops; passwords and secrets never."""

import json
import time

from ..fields import FIELDS
from ..problem import Refused
from .turn import RUN

FILE = RUN + "/answers.json"
VERSION = 1


def _is_kept(field):
    return field.kind not in ("password", "secret") and field.document != "secrets"


class Draft:
    """Beside what is in force: only what differs from it is kept."""

    def __init__(self, system, in_force):
        self._system = system
        self._in_force = in_force

    def keep(self, candidate):
        """Called after each answer. What cannot be kept is asked again; that is no reason to stop."""
        answers = {f"{field.document}:{field.key}": candidate.get(field) for field in FIELDS
                   if _is_kept(field) and candidate.get(field) != self._in_force.get(field)}
        kept = {"version": VERSION, "time": int(time.time()), "fields": answers}
        if candidate.users != self._in_force.users:
            kept["users"] = candidate.users
        try:
            self._system.ensure_folder(RUN, 0o700)
            self._system.put(FILE, json.dumps(kept, default=str).encode(), 0o600)
        except OSError:
            pass

    def forget(self):
        self._system.clear(FILE)

    def age(self):
        """Seconds since the last answer, or None if there is none that counts."""
        kept = self._read()
        return max(0, int(time.time()) - kept["time"]) if kept else None

    def restore(self, candidate):
        """Puts the kept answers in; what does not fit any more is left out, and judged again like everything else."""
        kept = self._read() or {}
        for field in FIELDS:
            value = kept.get("fields", {}).get(f"{field.document}:{field.key}")
            if value is None or not _is_kept(field) or type(value) is not type(candidate.get(field)):
                continue
            try:
                candidate.set(field, value)
            except Refused:
                continue
        if isinstance(kept.get("users"), list):
            candidate.set_users([user for user in kept["users"] if isinstance(user, dict)])

    def _read(self):
        try:
            kept = json.loads(self._system.text(FILE) or "null")
        except (ValueError, Refused):
            return None
        whole = isinstance(kept, dict) and kept.get("version") == VERSION and isinstance(kept.get("time"), int)
        if not whole or not isinstance(kept.get("fields"), dict) or not (kept["fields"] or kept.get("users")):
            return None
        return kept
