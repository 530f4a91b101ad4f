"""The panel's page: the modules of `page/`, joined to the one that anywidget takes.

Each of them is a plain ES module, so that it can be read, checked and tested by itself. Promise: what is joined is what
is written there; only the lines that import from one another and the word `export` go.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..render.style import STYLE

__all__ = ["script", "style"]

_FOLDER = Path(__file__).parent / "page"
# Each stands before those that use it; `panel` is what is exported.
_MODULES = (
    "dom",
    "transport",
    "notices",
    "settings",
    "chips",
    "pictures",
    "prompt",
    "composer",
    "retry",
    "turn",
    "log",
    "transcript",
    "panel",
)
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def script() -> str:
    """The whole page as one ES module."""
    parts = [(_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in _MODULES]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", part)) for part in parts)


def style() -> str:
    """Its style sheet, with that of answers: elsewhere than in JupyterLab nobody else brings it."""
    return STYLE + (_FOLDER / "panel.css").read_text(encoding="utf-8")
