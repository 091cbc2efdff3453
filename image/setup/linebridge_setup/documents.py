"""The documents as text that people may edit: one value is read or changed, and comments and order stay."""

import re
import tomllib

import tomlkit
from tomlkit.exceptions import TOMLKitError

from .problem import Refused

_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_ARRAY = re.compile(r"^\s*\[\[")


class Document:
    """TOML text; `values` is what it says, `fault` is (line, words) if it is no TOML, and then `values` is empty."""

    def __init__(self, text):
        self.text = text
        self.fault = None
        try:
            self.values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.values = {}
            self.fault = _fault(str(error), text)

    def get(self, key, default=None):
        """The value of a dotted key."""
        table = self.values
        for part in key.split("."):
            if not isinstance(table, dict) or part not in table:
                return default
            table = table[part]
        return table

    def line_of(self, key):
        """The line of a dotted key, from 1; that of its section if the key is not there; 0 if that is not there."""
        section, _, name = key.rpartition(".")
        lines = self.text.splitlines()
        first, last = self._section(lines, section)
        if first is None:
            return 0
        pattern = re.compile(rf"^\s*{re.escape(name)}\s*=")
        return next((at + 1 for at in range(first, last) if pattern.match(lines[at])), first if section else 0)

    def set(self, key, value):
        """Gives the document with this value. A list or text that is None takes the key out."""
        if self.fault:
            raise Refused(f"it is no TOML, so nothing in it can be changed: {self.fault[1]}")
        if value is None:
            return self._without(key)
        if self.get(key) is None:
            return Document(self._with_line(key, value))
        parsed = tomlkit.parse(self.text)
        table = parsed
        *above, last = key.split(".")
        for part in above:
            table = table[part]
        table[last] = value
        return Document(tomlkit.dumps(parsed))

    def set_tables(self, key, tables):
        """Gives the document with these [[key]] tables; one whose first value stays is edited in place."""
        if self.fault:
            raise Refused(f"it is no TOML, so nothing in it can be changed: {self.fault[1]}")
        parsed = tomlkit.parse(self.text)
        former = list(parsed.get(key, []))
        if key in parsed:
            del parsed[key]
        text = tomlkit.dumps(parsed)
        if not tables:
            return Document(text)
        array = tomlkit.aot()
        for values in tables:
            array.append(_table(values, former))
        addition = tomlkit.document()
        addition.append(key, array)
        return Document(text.rstrip("\n") + "\n\n" + tomlkit.dumps(addition).lstrip("\n"))

    def _without(self, key):
        if self.get(key) is None:
            return self
        parsed = tomlkit.parse(self.text)
        table = parsed
        *above, last = key.split(".")
        for part in above:
            table = table[part]
        del table[last]
        return Document(tomlkit.dumps(parsed))

    def _with_line(self, key, value):
        """A key that was not there goes behind the line that shows it as a comment, else to its section's beginning."""
        section, _, name = key.rpartition(".")
        lines = self.text.splitlines()
        new = f"{name} = {tomlkit.item(value).as_string()}"
        first, last = self._section(lines, section)
        if first is None:
            end = next((at for at, line in enumerate(lines) if _ARRAY.match(line)), len(lines))
            lines[end:end] = ["", f"[{section}]", new, ""] if end < len(lines) else ["", f"[{section}]", new]
        else:
            shown = re.compile(rf"^\s*#\s?{re.escape(name)}\s*=")
            at = next((at for at in range(first, last) if shown.match(lines[at])), first - 1)
            lines.insert(at + 1, new)
        return "\n".join(lines) + "\n"

    @staticmethod
    def _section(lines, section):
        """(index behind its header, index behind its last line), or (None, None)."""
        first = 0 if not section else None
        for at, line in enumerate(lines):
            header = _HEADER.match(line)
            if first is not None and at >= first and (header or _ARRAY.match(line)):
                return first, at
            if header and re.sub(r"\s|\"", "", header.group(1)) == section:
                first = at + 1
        return (first, len(lines)) if first is not None else (None, None)


def _table(values, former):
    (first, name), *_ = values.items()
    table = next((t for t in former if t.get(first) == name), None)
    if table is None:
        table = tomlkit.table()
    for key in [key for key in table if key not in values]:
        del table[key]
    for key, value in values.items():
        if table.get(key) != value:
            table[key] = value
    return table


def _fault(words, text):
    found = re.search(r"\(at line (\d+), column (\d+)\)", words)
    line = int(found.group(1)) if found else max(1, text.count("\n"))
    return line, re.sub(r" \(at .*\)$", "", words)


def is_toml(text):
    """Whether TOML's writer reads it as its reader does."""
    try:
        tomlkit.parse(text)
    except TOMLKitError:
        return False
    return True
