"""Rules of frames: which arguments name columns, and which columns come out. Each rule is a row of a table.

Sources: the API references of pandas, polars, seaborn, plotly express and statsmodels' formulas.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .names import did_you_mean
from .things import UNKNOWN, Thing, kind_called

if TYPE_CHECKING:
    from .infer import Walk

__all__ = ["call", "column_of", "is_frame", "need_column", "store_columns", "strings_of", "subscript"]

_PANDAS, _SERIES, _POLARS, _LAZY = "pandas.DataFrame", "pandas.Series", "polars.DataFrame", "polars.LazyFrame"
_FRAMES = frozenset({_PANDAS, _POLARS, _LAZY})
_GROUPS = frozenset({"pandas.DataFrameGroupBy", "polars.GroupBy", "polars.LazyGroupBy"})

# Methods of pandas frames: the arguments that name columns, by position (a number) and by keyword.
_PANDAS_NAMES: dict[str, tuple[int | str, ...]] = {
    "groupby": (0, "by"), "sort_values": (0, "by"), "set_index": (0, "keys"), "explode": (0, "column"),
    "drop_duplicates": (0, "subset"), "duplicated": (0, "subset"), "dropna": ("subset",), "drop": ("columns",),
    "pivot_table": ("index", "columns", "values"), "pivot": ("index", "columns", "values"),
    "melt": ("id_vars", "value_vars"), "nlargest": (1, "columns"), "nsmallest": (1, "columns"),
    "hist": (0, "column", "by"), "boxplot": (0, "column", "by"), "value_counts": (0, "subset"), "pop": (0,),
    "astype": (), "agg": (), "plot": ("x", "y"), "merge": ("on", "left_on"), "join": ("on",),
}  # fmt: skip
_NUMBERS_ONLY = frozenset({"mean", "std", "var", "median"})
_PANDAS_KEYS = {"astype": 0, "agg": 0, "aggregate": 0}
_SAME_TYPES = frozenset(
    [
        "head",
        "tail",
        "sample",
        "copy",
        "sort_values",
        "sort_index",
        "dropna",
        "drop_duplicates",
        "query",
        "nlargest",
        "nsmallest",
    ]
)
_SAME_PANDAS = frozenset(
    [
        "head",
        "tail",
        "sample",
        "copy",
        "sort_values",
        "sort_index",
        "dropna",
        "fillna",
        "ffill",
        "bfill",
        "drop_duplicates",
        "query",
        "nlargest",
        "nsmallest",
        "round",
        "clip",
        "astype",
        "replace",
        "convert_dtypes",
        "infer_objects",
        "where",
        "mask",
        "interpolate",
        "shift",
        "diff",
        "explode",
    ]
)
_POLARS_NAMES: dict[str, tuple[int | str, ...]] = {
    "select": (-1,), "sort": (-1, "by"), "group_by": (-1, "by"), "drop": (-1,), "unique": (0, "subset"),
    "explode": (-1,), "get_column": (0,), "drop_nulls": (0, "subset"), "partition_by": (-1,), "to_dummies": (0,),
    "pivot": (0, "on", "index", "values"), "unpivot": (0, "on", "index"), "join": ("on", "left_on"), "top_k": ("by",),
    "with_columns": (), "filter": (), "agg": (),
}  # fmt: skip
_SAME_POLARS = frozenset(
    [
        "filter",
        "sort",
        "head",
        "tail",
        "limit",
        "unique",
        "sample",
        "drop_nulls",
        "slice",
        "lazy",
        "collect",
        "clone",
        "rechunk",
        "shift",
        "reverse",
        "fill_null",
        "top_k",
        "fill_nan",
        "bottom_k",
        "cache",
        "gather_every",
    ]
)
_POLARS_KEYS = {"rename": 0, "cast": 0}
_PLOT_NAMES = frozenset(
    ["x", "y", "hue", "col", "row", "style", "size", "color", "symbol", "facet_row", "facet_col", "hover_name", "text"]
)
_PLOTTERS = ("seaborn", "plotly.express")
_WORDS = frozenset({"inf", "nan", "true", "false"})
_NOT_COLUMNS = frozenset({"index", "level_0"})


def is_frame(thing: Thing) -> bool:
    """Whether it is a pandas or polars frame."""
    return thing.kind in _FRAMES


def column_of(thing: Thing, name: str = "") -> Thing:
    """One column of a frame."""
    series = {_PANDAS: _SERIES, _POLARS: "polars.Series"}
    return Thing(series.get(thing.kind, ""), holds=thing.types.get(name, ""))


def need_column(walk: Walk, thing: Thing, name: str, node: ast.AST, levels: bool = False) -> None:
    """Tell it where a frame has no such column."""
    if thing.columns is None or name in thing.columns or name in walk.asked:
        return
    if levels and (thing.levels is None or name in thing.levels or name in _NOT_COLUMNS):
        return
    walk.tell("missing-column", f"no column `{name}`{did_you_mean(name, iter(sorted(thing.columns)))}", node)


def strings_of(walk: Walk, node: ast.expr | None) -> tuple[str, ...] | None:
    """The strings of a literal, of a list of literals, or of a name that holds such; None if not known."""
    if isinstance(node, (ast.Tuple, ast.List)):
        parts = [strings_of(walk, one) for one in node.elts if not isinstance(one, ast.Starred)]
        return tuple(one for part in parts if part for one in part)
    if isinstance(node, (ast.Constant, ast.Name)):
        return walk.value(node).strings
    return None


def subscript(walk: Walk, thing: Thing, node: ast.Subscript) -> Thing:
    """`thing[…]`, read."""
    key = node.slice
    if thing.view in ("loc", "at", "iloc", "iat") and thing.owner is not None:
        return _located(walk, thing.owner, thing.view, key)
    inner = walk.value_Lambda(key, thing) if isinstance(key, ast.Lambda) else walk.value(key)
    if thing.view == "row" or (thing.kind in _GROUPS and thing.kind.startswith("pandas")):
        for name in strings_of(walk, key) or ():
            need_column(walk, thing, name, node)
        single = inner.kind == "builtins.str" and thing.kind in _GROUPS
        return (
            Thing("pandas.SeriesGroupBy" if single else thing.kind, columns=thing.columns, keys=thing.keys)
            if thing.kind
            else UNKNOWN
        )
    if not is_frame(thing) or thing.kind == _LAZY:
        return UNKNOWN
    if inner.strings is not None and inner.kind in ("builtins.str", "builtins.list"):
        for name in inner.strings:
            need_column(walk, thing, name, node)
        return column_of(thing, inner.strings[0]) if inner.kind == "builtins.str" else thing.like(set(inner.strings))
    if inner.kind == "builtins.list":
        return thing.like(None)
    if thing.kind == _PANDAS and (isinstance(key, (ast.Slice, ast.Compare, ast.BoolOp)) or inner.kind == _SERIES):
        return thing.copy()
    return UNKNOWN


def _located(walk: Walk, frame: Thing, view: str, key: ast.expr) -> Thing:
    rows, column = (key.elts[0], key.elts[1]) if isinstance(key, ast.Tuple) and len(key.elts) == 2 else (key, None)
    for part in (rows, column):
        if isinstance(part, ast.Lambda):
            walk.value_Lambda(part, frame)
        elif part is not None:
            walk.value(part)
    if view in ("iloc", "iat"):
        return frame.copy() if view == "iloc" and isinstance(key, ast.Slice) else UNKNOWN
    names = strings_of(walk, column)
    for name in names or ():
        need_column(walk, frame, name, key)
    selects_many = isinstance(rows, (ast.Slice, ast.Compare, ast.BinOp, ast.BoolOp)) or walk.value(rows).kind == _SERIES
    if column is None:
        return frame.copy() if selects_many else UNKNOWN
    if view == "loc" and selects_many and names:
        return frame.like(set(names)) if isinstance(column, ast.List) else column_of(frame)
    return UNKNOWN


def store_columns(walk: Walk, target: ast.Subscript) -> None:
    """`thing[…] = …`: columns come into being."""
    thing, key = walk.value(target.value), target.slice
    if thing.view in ("loc", "at") and thing.owner is not None:
        column = key.elts[1] if isinstance(key, ast.Tuple) and len(key.elts) == 2 else None
        walk.value(key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key)
        _add(thing.owner, strings_of(walk, column) if column is not None else ())
        return
    walk.value(key)
    if is_frame(thing):
        mask = isinstance(key, (ast.Compare, ast.BinOp, ast.UnaryOp))
        _add(thing, () if mask else strings_of(walk, key))


def _add(frame: Thing, names: tuple[str, ...] | None) -> None:
    if names is None:
        frame.columns, frame.types = None, {}
    elif frame.columns is not None:
        frame.columns |= set(names)
    for name in names or ():
        frame.types.pop(name, None)


def call(walk: Walk, function: Thing, node: ast.Call) -> Thing:
    """What a call gives, after a look at its arguments."""
    owner, name = function.owner, function.name
    given = _for_lambdas(owner, name, node)
    things = walk.arguments(node, given)
    _check_plot(walk, function, node, things)
    if function.klass:
        _check_params(walk, function.klass.rpartition(".")[2], _init_params(walk, function.klass), node)
        return _made(function.klass, node)
    if owner is None and function.kind and not walk.may_have(function.kind, "__call__"):
        walk.tell("not-callable", f"a {function.kind.rpartition('.')[2]} can't be called", node)
        return UNKNOWN
    if owner is None:
        # A function that we know nothing of may add columns to a frame that it gets.
        builtin = isinstance(node.func, ast.Name) and node.func.id not in walk.env
        for thing in () if builtin or function.view else things:
            if is_frame(thing):
                thing.columns, thing.types = None, {}
        return UNKNOWN
    if owner.module:
        return _module_call(walk, owner, name, node, things)
    kind = walk.namespace.kinds.get(owner.kind or owner.klass)
    if kind is not None and name in kind.params:
        _check_params(walk, f"{kind.name}.{name}", kind.params[name], node)
    if name in _NUMBERS_ONLY and owner.kind == _SERIES and owner.holds == "text":
        walk.tell("wrong-type", f"`{name}` of a column that holds text", node)
    if owner.strings is not None and owner.kind == "builtins.list":
        owner.strings = None  # append, extend …
    if owner.kind in _FRAMES or owner.kind in _GROUPS:
        return _frame_call(walk, owner, name, node)
    if kind is None or not owner.kind:
        return UNKNOWN
    return Thing(kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace))


def _for_lambdas(owner: Thing | None, name: str, node: ast.Call) -> Thing:
    """What a lambda among the arguments is given: the frame, or one of its rows."""
    if owner is None or owner.kind != _PANDAS or owner.columns is None:
        return UNKNOWN
    if name in ("assign", "pipe"):
        names = [keyword.arg for keyword in node.keywords]
        return owner.like(None if None in names or name == "pipe" else owner.columns | {one for one in names if one})
    axis = next((keyword.value for keyword in node.keywords if keyword.arg == "axis"), None)
    if name == "apply" and isinstance(axis, ast.Constant) and axis.value in (1, "columns"):
        return Thing(view="row", columns=owner.columns)
    return UNKNOWN


def _check_params(walk: Walk, called: str, params: tuple[str, ...] | None, node: ast.Call) -> None:
    for keyword in node.keywords if params is not None else ():
        if keyword.arg is not None and keyword.arg not in params:  # type: ignore[operator]
            hint = did_you_mean(keyword.arg, iter(params or ()))
            walk.tell("unknown-argument", f"`{called}` takes no `{keyword.arg}`{hint}", keyword.value)


def _init_params(walk: Walk, key: str) -> tuple[str, ...] | None:
    kind = walk.namespace.kinds.get(key)
    name = key.rpartition(".")[2]
    for module in walk.namespace.modules.values():
        if module.classes.get(name) == key and name in module.params:
            return module.params[name]
    return kind.params.get("__init__") if kind is not None else None


def _made(key: str, node: ast.Call) -> Thing:
    """What a class gives when it is called."""
    if key in _FRAMES:
        data = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "data"), None)
        only = not any(keyword.arg in ("columns", "schema", None) for keyword in node.keywords)
        if isinstance(data, ast.Dict) and only and all(_literal(one) is not None for one in data.keys):
            return Thing(key, columns={_literal(one) or "" for one in data.keys})
        return Thing(key, levels=None)
    library = key.partition(".")[0]
    return Thing(key) if library in ("pandas", "polars", "builtins") else Thing(key, view="instance")


def _literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _module_call(walk: Walk, owner: Thing, name: str, node: ast.Call, things: list[Thing]) -> Thing:
    module = walk.namespace.modules.get(owner.module)
    if module is not None and name in module.params:
        _check_params(walk, f"{owner.module}.{name}", module.params[name], node)
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
        return UNKNOWN if chunks or _PANDAS not in kinds or name == "read_json" else Thing(_PANDAS, levels=None)
    if library == "pandas" and name == "merge" and len(things) > 1:
        return _merge(walk, things[0], node, node.args[1] if len(node.args) > 1 else None)
    if library == "numpy" and name in ("array", "zeros", "ones", "arange", "linspace", "asarray", "full"):
        return Thing("numpy.ndarray") if "numpy.ndarray" in kinds else UNKNOWN
    if owner.module == "matplotlib.pyplot" and name == "subplots":
        shaped = node.args or any(k.arg in ("nrows", "ncols", "squeeze", None) for k in node.keywords)
        axes = Thing("matplotlib.Axes") if not shaped and "matplotlib.Axes" in kinds else UNKNOWN
        figure = Thing("matplotlib.Figure") if "matplotlib.Figure" in kinds else UNKNOWN
        return Thing(items=(figure, axes))
    if module is None:
        return UNKNOWN
    said = module.returns.get(name, "")
    return Thing(kind_called(said, f"{library}.", walk.namespace), levels=None) if said != "Self" else UNKNOWN


def _argument(node: ast.Call, place: int | str) -> list[ast.expr]:
    if isinstance(place, str):
        return [keyword.value for keyword in node.keywords if keyword.arg == place]
    if place == -1:
        return list(node.args)
    return node.args[place : place + 1]


def _frame_call(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    """A method of a frame or of its groups."""
    pandas = owner.kind.startswith("pandas")
    grouped = owner.kind in _GROUPS
    if not (grouped and name not in ("agg", "aggregate")):
        _check_names(walk, owner, name, node)
    if pandas and name in ("agg", "aggregate") and grouped:
        _check_named_aggregation(walk, owner, node)
    if pandas and name in ("query", "eval"):
        _check_query(walk, owner, node, name)
    if not pandas and name in _POLARS_NAMES:
        _check_expressions(walk, owner, node)
    if name in ("merge", "join") and not grouped:
        other = next(iter(_argument(node, 0) or _argument(node, "right") or _argument(node, "other")), None)
        return _merge(walk, owner, node, other) if name == "merge" or not pandas else owner.like(None)
    return _pandas_result(walk, owner, name, node) if pandas else _polars_result(walk, owner, name, node)


def _check_names(walk: Walk, owner: Thing, name: str, node: ast.Call) -> None:
    """The arguments that name columns, by the tables."""
    pandas = owner.kind.startswith("pandas")
    table, keyed = (_PANDAS_NAMES, _PANDAS_KEYS) if pandas else (_POLARS_NAMES, _POLARS_KEYS)
    for place in table.get(name, ()):
        for argument in _argument(node, place):
            for string in strings_of(walk, argument) or ():
                if pandas or not string.startswith(("^", "*")):
                    need_column(walk, owner, string, argument, levels=pandas and name != "drop")
    for argument in _argument(node, keyed[name]) if name in keyed else ():
        strict = not any(keyword.arg == "strict" for keyword in node.keywords)
        if isinstance(argument, ast.Dict) and strict:
            for key in argument.keys:
                string = _literal(key) or ""
                if key is not None and string:
                    need_column(walk, owner, string, key)


def _merge(walk: Walk, left: Thing, node: ast.Call, right_node: ast.expr | None) -> Thing:
    right = walk.value(right_node)
    for side, places in ((left, ("on", "left_on")), (right, ("on", "right_on"))):
        if is_frame(side):
            for place in places:
                for argument in _argument(node, place):
                    for name in strings_of(walk, argument) or ():
                        need_column(walk, side, name, argument, levels=side.kind == _PANDAS)
    if not is_frame(left):
        return UNKNOWN
    keys = {name for argument in _argument(node, "on") for name in strings_of(walk, argument) or ()}
    known = (
        left.columns is not None
        and right.columns is not None
        and left.kind == _PANDAS
        and not _argument(node, "indicator")
    )
    if known and left.columns is not None and right.columns is not None and left.columns & right.columns <= keys:
        return Thing(left.kind, columns=left.columns | right.columns)
    return left.like(None)


def _check_named_aggregation(walk: Walk, owner: Thing, node: ast.Call) -> None:
    for keyword in node.keywords:
        if keyword.arg and isinstance(keyword.value, ast.Tuple) and len(keyword.value.elts) == 2:
            string = _literal(keyword.value.elts[0])
            if string is not None:
                need_column(walk, owner, string, keyword.value)


def _check_query(walk: Walk, owner: Thing, node: ast.Call, method: str) -> None:
    text = _literal(node.args[0]) if node.args else None
    if text is None or "`" in text or owner.columns is None:
        return
    try:
        tree = ast.parse(re.sub(r"@(?=\w)", "__at_", text).replace("\n", " ").strip(), mode="exec")
    except SyntaxError:
        return
    stored = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    called = {one.func.id for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Name) and not one.id.startswith("__at_") and one.id not in stored | called | _WORDS:
            need_column(walk, owner, one.id, node, levels=True)
    if method == "eval":
        _add(owner, tuple(stored))


def _pandas_result(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    in_place = any(k.arg == "inplace" and isinstance(k.value, ast.Constant) and k.value.value for k in node.keywords)
    if owner.kind in _GROUPS:
        return _grouped_result(walk, owner, name, node)
    result = _new_columns(walk, owner, name, node)
    if in_place:
        owner.columns = result.columns
        owner.levels, owner.types = result.levels, result.types
        return Thing("builtins.NoneType")
    if name == "insert":
        _add(owner, strings_of(walk, node.args[1]) if len(node.args) > 1 else None)
    elif name == "pop":
        for string in (strings_of(walk, node.args[0]) or ()) if node.args else ():
            if owner.columns is not None:
                owner.columns.discard(string)
        return column_of(owner)
    elif name == "update":
        return UNKNOWN
    return result


def _new_columns(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    """The frame that a method of a pandas frame gives."""
    columns, levels = owner.columns, owner.levels
    if name in _SAME_PANDAS:
        same = owner.copy()
        same.types = same.types if name in _SAME_TYPES else {}
        return same
    if name == "groupby":
        keys = strings_of(walk, next(iter(_argument(node, 0) or _argument(node, "by")), None))
        return Thing("pandas.DataFrameGroupBy", columns=columns, keys=keys)
    if columns is not None and name == "assign":
        added = {keyword.arg for keyword in node.keywords}
        return owner.like(None if None in added else columns | {one for one in added if one})
    if columns is not None and name == "drop":
        gone = [strings_of(walk, one) for one in _argument(node, "columns")]
        by_rows = node.args or any(keyword.arg in ("axis", "labels") for keyword in node.keywords)
        return owner.like(None if by_rows or None in gone else columns - {one for part in gone for one in part or ()})
    if columns is not None and name == "rename":
        pairs = next(iter(_argument(node, "columns")), None)
        if isinstance(pairs, ast.Dict) and all(_literal(one) is not None for one in (*pairs.keys, *pairs.values)):
            names = {_literal(old): _literal(new) or "" for old, new in zip(pairs.keys, pairs.values, strict=True)}
            return owner.like({names.get(one) or one for one in columns})
        return owner.like(None)
    if columns is not None and name == "reset_index":
        dropped = any(keyword.arg == "drop" for keyword in node.keywords)
        plain = (
            levels is not None
            and not node.args
            and all(keyword.arg in ("drop", "inplace") for keyword in node.keywords)
        )
        return Thing(
            owner.kind, columns=columns | ({"index"} | (levels or set()) if not dropped else set()) if plain else None
        )
    if columns is not None and name == "set_index":
        keys = strings_of(walk, node.args[0]) if node.args else None
        kept = any(keyword.arg in ("drop", "append") for keyword in node.keywords)
        return Thing(owner.kind, columns=None if keys is None or kept else columns - set(keys), levels=set(keys or ()))
    kind = walk.namespace.kinds.get(owner.kind)
    key = kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace) if kind is not None else ""
    return Thing(key, levels=None)


def _grouped_result(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    named = name in ("agg", "aggregate") and node.keywords and not node.args
    if named and all(keyword.arg and isinstance(keyword.value, ast.Tuple) for keyword in node.keywords):
        names = {keyword.arg for keyword in node.keywords if keyword.arg}
        return Thing(
            _PANDAS, columns=names | set(owner.keys or ()) if owner.keys else None, levels=set(owner.keys or ())
        )
    kind = walk.namespace.kinds.get(owner.kind)
    key = kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace) if kind is not None else ""
    return Thing(key, levels=None)


def _check_expressions(walk: Walk, owner: Thing, node: ast.Call) -> None:
    """`pl.col("x")` in the arguments of a polars frame's method."""
    todo: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
    while todo:
        here = todo.pop()
        if isinstance(here, ast.Lambda):
            continue
        if isinstance(here, ast.Call):
            if (
                isinstance(here.func, ast.Attribute)
                and here.func.attr in _POLARS_NAMES
                and here.func.attr not in ("sort", "explode", "filter", "unique", "drop_nulls", "top_k")
            ):
                continue  # another frame's method, with its own columns
            if _is_col(walk, here.func):
                for one in here.args:
                    for string in strings_of(walk, one) or ():
                        if not string.startswith(("^", "*")):
                            need_column(walk, owner, string, one)
        todo.extend(ast.iter_child_nodes(here))


def _is_col(walk: Walk, node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "col" and walk.value(node.value).module == "polars"
    thing = walk.value(node) if isinstance(node, ast.Name) else UNKNOWN
    return thing.name == "col" and thing.owner is not None and thing.owner.module == "polars"


def _polars_result(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    kind = walk.namespace.kinds.get(owner.kind)
    key = kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace) if kind is not None else ""
    if name == "collect" and owner.kind == _LAZY:
        key = _POLARS
    if name in _SAME_POLARS and owner.kind in _FRAMES:
        return Thing(key or owner.kind, columns=None if owner.columns is None else set(owner.columns))
    if name == "group_by":
        keys = [_expression_name(walk, one) for one in node.args]
        known = tuple(one for one in keys if one) if all(keys) and not node.keywords else None
        return Thing(key, columns=owner.columns, keys=known)
    if name in ("select", "with_columns", "agg"):
        names = [_expression_name(walk, one) for one in node.args] + [keyword.arg for keyword in node.keywords]
        kept = owner.columns if name == "with_columns" else set(owner.keys) if owner.keys is not None else None
        kept = set() if name == "select" else kept
        found = {one for one in names if one}
        target = owner.kind if owner.kind in _FRAMES else key
        return Thing(target, columns=None if kept is None or None in names or "" in names else kept | found)
    return Thing(key)


def _expression_name(walk: Walk, node: ast.expr) -> str | None:
    """The name of the column that a polars expression gives; None where it is not plain."""
    if isinstance(node, ast.Constant):
        return _literal(node)
    if isinstance(node, (ast.BinOp, ast.Compare)):
        return _expression_name(walk, node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "alias":
            return _literal(node.args[0]) if node.args else None
        if _is_col(walk, node.func):
            return _literal(node.args[0]) if len(node.args) == 1 else None
        if node.func.attr == "len" and not node.args and isinstance(node.func.value, ast.Name):
            return "len"
        if node.func.attr in (
            "cast",
            "mean",
            "sum",
            "max",
            "min",
            "std",
            "median",
            "first",
            "last",
            "round",
            "n_unique",
            "count",
        ):
            return _expression_name(walk, node.func.value)
    return None


def _check_plot(walk: Walk, function: Thing, node: ast.Call, things: list[Thing]) -> None:
    """Columns in calls of plot libraries, of `df.plot`, and in statsmodels' formulas."""
    frame = function.owner if function.view == "plot" or (function.owner and function.owner.view == "plot") else None
    if frame is not None and frame.view == "plot":
        frame = frame.owner
    module = function.owner.module if function.owner is not None else ""
    data = next(iter(_argument(node, "data") or _argument(node, "data_frame")), None)
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
        text = next((_literal(one) for one in [*node.args[:1], *_argument(node, "formula")]), None)
        table = walk.value(data)
        if text is not None and is_frame(table) and "Q(" not in text:
            for found in re.finditer(r"(?<![\w.'\"])([A-Za-z_]\w*)(?![\w.(\['\"])", text):
                if found[1] not in walk.env:
                    need_column(walk, table, found[1], node)
