"""A cell as Python: magics, `!` lines and help marks written out as calls, by IPython's own transformer.

Promise: nothing of the cell is run. A magic whose body is Python (`%%time`, `%%capture` …) is opened up, so that its
body can be checked; the body of any other cell magic (`%%bash`) is left as a text.
"""

from __future__ import annotations

import ast
import re
from typing import Any

__all__ = ["PYTHON_BODIES", "extensions_of", "magics_of", "open_lines", "open_up", "to_python"]

PYTHON_BODIES = frozenset({"time", "timeit", "capture", "prun", "debug"})
_CELL_MAGIC = re.compile(r"\A(?P<blank>\s*)%%(?P<name>\w+)(?P<rest>[^\n]*)\n(?P<body>.*)\Z", re.DOTALL)
_OPTIONS = re.compile(r"^(\s*-[a-zA-Z]+(\s*\d+)?(?=\s|$))*\s*")
_EXTENSION = re.compile(r"(?m)^\s*%load_ext\s+([A-Za-z_][\w.]*)\s*$")
_LINE = re.compile(
    r"(?m)^(?P<indent>\s*)get_ipython\(\)\.run_line_magic\('(?P<name>time|timeit|prun)', "
    r"(?P<argument>'(?:[^'\\\n]|\\.)+')\)$"
)
_CALLED = re.compile(r"run_(?P<where>line|cell)_magic\('(?P<name>[^']+)'")


def to_python(cell: str) -> str:
    """The Python that IPython would run, with as many lines before each statement as in `cell`.

    Source that the transformer can't read comes back as it was, for the parser to say where it is wrong.
    """
    from IPython.core import inputtransformer2

    manager: Any = inputtransformer2.TransformerManager
    body = open_up(cell)[1]
    try:
        return str(manager().transform_cell(body))
    except SyntaxError:
        return body


def open_lines(python: str) -> str:
    """What `to_python` gave, with the line magics whose argument is Python (`%time`) as that Python."""

    def opened(found: re.Match[str]) -> str:
        inner = str(ast.literal_eval(found["argument"]))
        return found["indent"] + (_OPTIONS.sub("", inner) if found["name"] == "timeit" else inner)

    return _LINE.sub(opened, python)


def open_up(cell: str) -> tuple[str, str]:
    """A magic whose body is Python, as its line without the marks, and the body; `("", cell)` for any other cell.

    Something stands in place of the magic's line, so that line numbers stay.
    """
    opened = _CELL_MAGIC.match(cell)
    if opened is None or opened["name"] not in PYTHON_BODIES:
        return "", cell
    # What follows `%%timeit` and its options is code that runs first.
    first = _OPTIONS.sub("", opened["rest"]) if opened["name"] == "timeit" else ""
    return f"{opened['name']}{opened['rest']}", f"{opened['blank']}{first or '#'}\n{opened['body']}"


def magics_of(cell: str) -> tuple[tuple[str, str], ...]:
    """The magics that a cell calls, as (`line` or `cell`, name)."""
    opened = _CELL_MAGIC.match(cell)
    if opened:
        inner = magics_of(opened["body"]) if opened["name"] in PYTHON_BODIES else ()
        return (("cell", opened["name"]), *inner)
    return tuple((found["where"], found["name"]) for found in _CALLED.finditer(to_python(cell)))


def extensions_of(cell: str) -> tuple[str, ...]:
    """The modules that `%load_ext` lines of a cell name."""
    return tuple(_EXTENSION.findall(cell))
