"""What is wrong with a setting, and what keeps an order from being carried out."""

from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong. `document`: "site", "appliance" or "secrets"; `line`: from 1, or 0 if it has none."""

    document: str
    key: str
    line: int
    what: str

    def words(self):
        place = f"{DOCUMENT_NAMES[self.document]}:{self.line}" if self.line else DOCUMENT_NAMES[self.document]
        return f"{place}: {self.key}: {self.what}" if self.key else f"{place}: {self.what}"


DOCUMENT_NAMES = {"site": "linebridge.toml", "appliance": "appliance.toml", "secrets": "secrets"}


class Refused(Exception):
    """An order that is not carried out, with words for people; what was in force stays in force."""


class Finding(NamedTuple):
    """What a look at the running machine showed."""

    what: str
    ok: bool
    words: str
