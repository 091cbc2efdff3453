"""What a candidate changes, question by question, for a person who answered questions and wrote no file."""

from .. import fields


def lines(before, after, first_time):
    """Pages with what changes on them; the first time everything that has a value. Secrets are never shown."""
    found = []
    for page in fields.PAGES:
        told = [line for field in page.fields if field.applies(after)
                for line in [_line(field, before, after, first_time)] if line]
        if told:
            found += [page.title, *told, ""]
    users = _users(before, after, first_time)
    return found + (["Users", *users] if users else [])


def _line(field, before, after, first_time):
    if field.kind in ("password", "secret") or field.document == "secrets":
        given, kept = after.get(field), after.has_secret(field)
        if given and given != before.get(field):
            return f"  {field.title}: given, not shown"
        return f"  {field.title}: {'as it was' if kept else 'none'}" if first_time else ""
    old, new = _words(before.get(field), field.empty), _words(after.get(field), field.empty)
    if first_time:
        return f"  {field.title}: {new}"
    return "" if old == new else f"  {field.title}: {new}   (was {old})"


def _words(value, empty):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or empty
    return value or empty


def _user(user):
    devices = ", ".join(user.get("devices", []))
    rest = "  ".join(part for part in (user.get("line_uri", ""), devices) if part)
    return f"{user.get('address', '')}  {rest}{'' if user.get('assigned') else '  (not granted)'}"


def _users(before, after, first_time):
    old = {user.get("address"): user for user in before.users}
    new = {user.get("address"): user for user in after.users}
    if first_time:
        return [f"  {_user(user)}" for user in after.users] or ["  none"]
    found = [f"  new: {_user(user)}" for address, user in new.items() if address not in old]
    found += [f"  changed: {_user(user)}" for address, user in new.items() if address in old and old[address] != user]
    return found + [f"  removed: {address}" for address in old if address not in new]
