"""Sizes: 600 lines a file, 60 a function."""

import ast
import re

FILE_LINES = 600
FUNCTION_LINES = 60
SOURCES = (".cpp", ".hpp", ".py", ".sh", ".ts", ".tsx", ".js")
BASH = re.compile(r"^(\w+)\(\) [{(][^\n]*$.*?^[})]$", re.M | re.S)

_GROUP = re.compile(r"\([^(){}]*\)|\{[^(){}]*\}")
# Before the brace of a body stands a parameter list (@), with qualifiers and a return type behind it, or a bare [].
_BODY = re.compile(r"(?:@|=\s*\[[^\]]*\])\s*(?:(?:const|noexcept|override|final|mutable|try|&&?|@)\s*)*"
                   r"(?:requires\b[^;=]*|->[^;=]*)?$")
_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b|^\s*$")


def check(tree, table):
    found = []
    for f in tree.files:
        if f.suffix not in SOURCES and not f.is_script:
            continue
        lines = f.text.count("\n")
        if lines > FILE_LINES:
            found.append((f.path, 1, f"{lines} lines, {FILE_LINES} is the most"))
        for line, name, length in functions(f):
            if length > FUNCTION_LINES:
                found.append((f.path, line, f"function '{name}' has {length} lines, {FUNCTION_LINES} is the most"))
    return found


def functions(f):
    """(first line, name, lines) of each outermost function."""
    if f.is_cpp:
        return cpp_functions(f.code)
    if f.suffix == ".py" or f.text.startswith("#!/usr/bin/env python3"):
        return _python_functions(f.text)
    if f.suffix == ".sh" or re.match(r"#!.*\bbash\b", f.text):
        return [(_line(f.text, m.start()), m.group(1), m.group().count("\n") + 1) for m in BASH.finditer(f.text)]
    return []


def _python_functions(text):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds))
    return [(node.lineno, node.name, node.end_lineno - node.lineno + 1) for node in nodes]


def cpp_functions(code):
    """Finds bodies by their braces: one that follows a parameter list, outside of any other body."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group()), code, flags=re.M)
    found = []
    depth = 0  # of braces inside a body or an initialiser
    start = 0  # where the present declaration began
    in_body = False
    for match in re.finditer(r"[{};]|\b(?:public|private|protected)\s*:", code):
        symbol = match.group()[0]
        if depth:
            depth += {"{": 1, "}": -1}.get(symbol, 0)
            if depth == 0 and in_body:
                found.append(_measure(code, start, match.start()))
                start, in_body = match.end(), False
        elif symbol == "{":
            head = _collapse(code[start:match.start()])
            in_body = bool(_BODY.search(head))
            if in_body or not _SCOPE.search(head):
                depth = 1
            else:
                start = match.end()
        else:
            start = match.end()
    return found


def _collapse(head):
    """Writes each (...) and {...} as one @."""
    while True:
        shorter = _GROUP.sub("@", head)
        if shorter == head:
            return head.rstrip()
        head = shorter


def _measure(code, start, end):
    while code[start].isspace():
        start += 1
    name = re.search(r"([~\w:]+)\s*\(", code[start:end])
    return _line(code, start), name.group(1) if name else "lambda", code.count("\n", start, end) + 1


def _line(text, offset):
    return text.count("\n", 0, offset) + 1
