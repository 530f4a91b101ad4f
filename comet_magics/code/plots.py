"""Columns in calls of plot libraries, of `df.plot`, and in statsmodels' formulas.

Sources: the API references of seaborn, plotly express and statsmodels.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .frames import argument, is_frame, literal, need_column, strings_of
from .things import Thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["check_plot"]

_PLOT_NAMES = frozenset(
    ["x", "y", "hue", "col", "row", "style", "size", "color", "symbol", "facet_row", "facet_col", "hover_name", "text"]
)
_PLOTTERS = ("seaborn", "plotly.express")


def check_plot(walk: Walk, function: Thing, node: ast.Call, things: list[Thing]) -> None:
    """Columns in calls of plot libraries, of `df.plot`, and in statsmodels' formulas."""
    frame = function.owner if function.view == "plot" or (function.owner and function.owner.view == "plot") else None
    if frame is not None and frame.view == "plot":
        frame = frame.owner
    module = function.owner.module if function.owner is not None else ""
    data = next(iter(argument(node, "data") or argument(node, "data_frame")), None)
    if frame is None and module in _PLOTTERS:
        frame = walk.value(data) if data is not None else (things[0] if node.args else None)
    if frame is not None and is_frame(frame):
        for keyword in node.keywords:
            if keyword.arg in _PLOT_NAMES and not (function.view and keyword.arg not in ("x", "y")):
                for string in strings_of(walk, keyword.value) or ():
                    is_color = keyword.arg in ("color", "size", "style", "text") and module == "seaborn"
                    if not is_color or keyword.arg in ("size", "style"):
                        need_column(walk, frame, string, keyword.value, levels=True)
    if module == "statsmodels.formula.api" and data is not None:
        text = next((literal(one) for one in [*node.args[:1], *argument(node, "formula")]), None)
        table = walk.value(data)
        if text is not None and is_frame(table) and "Q(" not in text:
            for found in re.finditer(r"(?<![\w.'\"])([A-Za-z_]\w*)(?![\w.(\['\"])", text):
                if found[1] not in walk.env:
                    need_column(walk, table, found[1], node)
