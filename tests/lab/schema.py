"""The schema of CSTA XML as a referee of what nodes send: libxml2 through its C interface, so that no Python package is
needed."""

import ctypes
import ctypes.util
import re
from pathlib import Path

SCHEMA = Path(__file__).resolve().parents[1] / "data" / "csta" / "csta-rcc.xsd"
SPACE = "http://www.ecma-international.org/standards/ecma-323/csta/"
_QUIET = 32 | 64 | 2048  # no errors, no warnings on standard error, no network


class CannotJudge(Exception):
    """There is no libxml2 on this machine."""


class InvalidBody(AssertionError):
    """A node sent CSTA XML that the schema does not accept."""


class _Error(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_int), ("code", ctypes.c_int), ("message", ctypes.c_char_p)]


_Report = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_Error))


class Schema:
    def __init__(self, path=SCHEMA):
        name = ctypes.util.find_library("xml2") or "libxml2.so.2"
        try:
            self._xml = ctypes.CDLL(name)
        except OSError as problem:
            raise CannotJudge(f"libxml2 is not installed: {problem}") from None
        for function in ("xmlReadMemory", "xmlSchemaNewParserCtxt", "xmlSchemaParse", "xmlSchemaNewValidCtxt"):
            getattr(self._xml, function).restype = ctypes.c_void_p
        self._schema = self._xml.xmlSchemaParse(ctypes.c_void_p(self._xml.xmlSchemaNewParserCtxt(bytes(path))))
        if not self._schema:
            raise CannotJudge(f"{path} is no schema")

    def problems(self, body):
        """What speaks against a body: empty if nothing does. Bodies of other editions have the shape of edition 3."""
        body = re.sub(rf"({re.escape(SPACE)})[^\"']*", r"\1ed3", body, count=1).encode()
        document = self._xml.xmlReadMemory(body, len(body), b"body.xml", None, _QUIET)
        if not document:
            return "not well-formed"
        said = []
        report = _Report(lambda _, error: said.append(error.contents.message.decode(errors="replace").strip()))
        judge = ctypes.c_void_p(self._xml.xmlSchemaNewValidCtxt(ctypes.c_void_p(self._schema)))
        self._xml.xmlSchemaSetValidStructuredErrors(judge, report, None)
        code = self._xml.xmlSchemaValidateDoc(judge, ctypes.c_void_p(document))
        self._xml.xmlSchemaFreeValidCtxt(judge)
        self._xml.xmlFreeDoc(ctypes.c_void_p(document))
        return "; ".join(said) or (f"invalid, code {code}" if code else "")


_schema = None


def problems(body):
    """The same with one schema for all."""
    global _schema
    _schema = _schema or Schema()
    return _schema.problems(body)


def check(body):
    """Raises InvalidBody with the problem and the body."""
    said = problems(body)
    if said:
        raise InvalidBody(f"{said}\nin the body:\n{body}")


_BODY = re.compile(r"<\?xml[^>]*>\s*<([\w.:-]+)[^<>]*" + re.escape(SPACE) + r"[^<>]*?(?:/>|>.*?</\1>)", re.S)


def bodies_of_nodes(text):
    """The CSTA bodies in a log of SIP messages that only a node says: responses, errors and events. In order."""
    found = ((body.group(1).rpartition(":")[2], body.group(0)) for body in _BODY.finditer(text))
    return [body for root, body in found if root == "CSTAErrorCode" or root.endswith(("Response", "Event"))]
