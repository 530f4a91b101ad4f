"""What functions of modules give: readers of files, joins, arrays, figures."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .arrays import Shape
from .frames import ARRAY, PANDAS
from .numpy_rules import numpy_call
from .pandas_rules import merge
from .plain import NOTHING, library_call
from .signatures import check_call
from .things import UNKNOWN, Thing, kind_called

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["module_called"]


def module_called(walk: Walk, owner: Thing, name: str, node: ast.Call, things: list[Thing]) -> Thing:
    """What a function of the module `owner` gives."""
    module = walk.namespace.modules.get(owner.module)
    if module is not None:
        check_call(walk, f"{owner.module}.{name}", module.signatures.get(name), node)
    _check_file(walk, owner.module, name, node)
    library = owner.module.partition(".")[0]
    kinds = walk.namespace.kinds
    if library == "polars" and name == "col":
        return Thing("polars.Expr") if "polars.Expr" in kinds else UNKNOWN
    if (
        library == "pandas"
        and name.startswith("read_")
        and name not in ("read_html", "read_hdf", "read_excel", "read_sas")
    ):
        chunks = any(keyword.arg in ("chunksize", "iterator", None) for keyword in node.keywords)
        return UNKNOWN if chunks or PANDAS not in kinds or name == "read_json" else Thing(PANDAS, levels=None)
    if library == "pandas" and name == "merge" and len(things) > 1:
        return merge(walk, things[0], node, node.args[1] if len(node.args) > 1 else None)
    if owner.module in ("numpy", "numpy.random"):
        return numpy_call(walk, name, node, things)
    if owner.module == "matplotlib.pyplot" and name == "subplots":
        return _subplots(walk, node)
    if library == "sklearn" and name[:1].isupper():
        return Thing(f"sklearn.{name}", view="instance")
    if library in ("math", "json", "datetime") and all(thing.plain is not NOTHING for thing in things):
        given = [thing.plain for thing in things[: len(node.args)]]
        return walk.computed(node, lambda: library_call(owner.module, name, given, {})) or UNKNOWN
    if module is None:
        return UNKNOWN
    said = module.returns.get(name, "")
    return Thing(kind_called(said, f"{library}.", walk.namespace), levels=None) if said != "Self" else UNKNOWN


def _check_file(walk: Walk, module: str, name: str, node: ast.Call) -> None:
    """Readers of files that are not there."""
    reads = name.startswith("read_") or (module == "numpy" and name in ("load", "loadtxt", "genfromtxt"))
    reads = reads or (module == "matplotlib.pyplot" and name == "imread")
    first = node.args[0] if node.args else None
    if reads and name not in ("read_html", "read_sql", "read_sql_query", "read_sql_table", "read_clipboard"):
        walk.need_file(first)


def _subplots(walk: Walk, node: ast.Call) -> Thing:
    sizes = [walk.value(one).plain for one in node.args[:2]]
    named = {keyword.arg: walk.value(keyword.value).plain for keyword in node.keywords}
    rows, columns = (*sizes, *(named.get(name, 1) for name in ("nrows", "ncols")[len(sizes) :]))
    figure = Thing("matplotlib.Figure") if "matplotlib.Figure" in walk.namespace.kinds else UNKNOWN
    axes = UNKNOWN
    if "squeeze" not in named and None not in named and NOTHING not in (rows, columns):
        if rows == columns == 1:
            axes = Thing("matplotlib.Axes") if "matplotlib.Axes" in walk.namespace.kinds else UNKNOWN
        elif type(rows) is int and type(columns) is int:
            shape: Shape = tuple(one for one in (rows, columns) if one > 1)
            axes = Thing(ARRAY, shape=shape)
    return Thing("builtins.tuple", items=(figure, axes))
