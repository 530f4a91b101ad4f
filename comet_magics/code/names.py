"""Names that a cell uses and nobody defined, and modules that it imports and nobody installed.

Promise: late binding is respected: what a function's body uses may be defined anywhere; only what the cell's own level
uses before it is bound is an error. Where names can come from elsewhere (`import *`, `%run`, `exec`) it is silent.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Container, Iterator
from difflib import get_close_matches

from ..core.verdicts import Finding
from .namespace import Namespace

__all__ = ["bound_names", "did_you_mean", "find_imports", "find_undefined"]

_GIVEN = frozenset(dir(builtins)) | frozenset(
    [
        "_",
        "__",
        "___",
        "_i",
        "_ii",
        "_iii",
        "_ih",
        "_oh",
        "_dh",
        "In",
        "Out",
        "get_ipython",
        "display",
        "exit",
        "quit",
        "__name__",
        "__doc__",
        "__builtins__",
        "__loader__",
        "__spec__",
        "__package__",
        "__builtin__",
        "_exit_code",
        "__annotations__",
        "__class__",
    ]
)
_MAKERS = frozenset({"run", "pylab", "store", "load_ext", "load", "reload_ext", "sql", "R", "rpull", "gpt", "macro"})
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn", "cv2": "opencv-python", "PIL": "pillow", "bs4": "beautifulsoup4", "yaml": "pyyaml",
    "skimage": "scikit-image", "dateutil": "python-dateutil", "dotenv": "python-dotenv", "Crypto": "pycryptodome",
    "serial": "pyserial", "docx": "python-docx", "pptx": "python-pptx", "fitz": "pymupdf", "umap": "umap-learn",
    "community": "python-louvain", "MySQLdb": "mysqlclient", "psycopg2": "psycopg2-binary", "jwt": "pyjwt",
    "git": "gitpython", "google.cloud": "google-cloud", "attr": "attrs", "wx": "wxpython", "usb": "pyusb",
    "OpenSSL": "pyopenssl", "magic": "python-magic", "slugify": "python-slugify", "igraph": "python-igraph",
    "talib": "ta-lib", "mpl_toolkits": "matplotlib", "pl": "polars", "faiss": "faiss-cpu", "geopandas": "geopandas",
}  # fmt: skip
_ALIASES = {
    "pd": "import pandas as pd", "np": "import numpy as np", "plt": "import matplotlib.pyplot as plt",
    "sns": "import seaborn as sns", "pl": "import polars as pl", "sm": "import statsmodels.api as sm",
    "smf": "import statsmodels.formula.api as smf", "px": "import plotly.express as px", "duckdb": "import duckdb",
    "nw": "import narwhals as nw", "stats": "from scipy import stats", "pa": "import pyarrow as pa",
    "Path": "from pathlib import Path", "datetime": "from datetime import datetime", "json": "import json",
}  # fmt: skip
_FORGIVING = frozenset({"NameError", "ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def did_you_mean(name: str, known: Container[str] | Iterator[str]) -> str:
    """`: did you mean …?`, or nothing."""
    close = get_close_matches(name, [one for one in known if isinstance(one, str)], 1, 0.72)  # type: ignore[union-attr]
    return f"; did you mean `{close[0]}`?" if close else ""


def bound_names(tree: ast.AST) -> set[str]:
    """Every name that is bound anywhere in `tree`, in whatever scope."""
    found: set[str] = set()
    # `x += 1` needs an x that is there already.
    augmented = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AugAssign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in augmented:
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name
        ):
            found.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            found.add(node.rest)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            found.update(node.names)
    return found


def find_undefined(tree: ast.Module, namespace: Namespace, magics: tuple[tuple[str, str], ...]) -> Iterator[Finding]:
    """One finding for each name that nothing defines, at its first use."""
    if _names_may_come_from_elsewhere(tree, magics):
        return
    anywhere = bound_names(tree)
    known = _GIVEN | set(namespace.values)
    told: set[str] = set()
    for node in _uses(tree):
        if node.id in known or node.id in anywhere or node.id in told:
            continue
        told.add(node.id)
        hint = f"; `{_ALIASES[node.id]}` is missing" if node.id in _ALIASES else did_you_mean(node.id, known | anywhere)
        yield Finding("undefined-name", f"the name `{node.id}` is not defined{hint}", node.lineno)
    bound = set(known)
    for statement in tree.body:
        early = set(bound)
        for node in _uses_at_once(statement):
            if node.id in anywhere and node.id not in early and node.id not in told and not _binds(statement, node.id):
                told.add(node.id)
                yield Finding("undefined-name", f"the name `{node.id}` is used before it is defined", node.lineno)
        bound |= bound_names(statement)


def _binds(statement: ast.stmt, name: str) -> bool:
    simple = isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return))
    if not simple:
        return name in bound_names(statement)  # a loop or a branch may bind it first
    if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        return name in bound_names(statement.value)
    return name in bound_names(statement)


def _names_may_come_from_elsewhere(tree: ast.AST, magics: tuple[tuple[str, str], ...]) -> bool:
    if any(name in _MAKERS for _, name in magics):
        return True
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("exec", "globals", "vars")
        ):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("push", "run_cell")
        ):
            return True
    return False


def forgiving(node: ast.Try) -> bool:
    """Whether what fails in the body of this `try` is caught."""
    for handler in node.handlers:
        kinds = [handler.type] if not isinstance(handler.type, ast.Tuple) else handler.type.elts
        if any(kind is None or getattr(kind, "id", getattr(kind, "attr", "")) in _FORGIVING for kind in kinds):
            return True
    return False


def _uses(node: ast.AST) -> Iterator[ast.Name]:
    """Names that are read, but for those in a `try` that catches what would come of it."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Load, ast.Del)):
        yield node
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Try) and forgiving(node) and child in node.body:
            continue
        yield from _uses(child)


def _uses_at_once(node: ast.AST) -> Iterator[ast.Name]:
    """Names that are read when the statement runs, not when a function of it is called."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        own = set().union(*(bound_names(one.target) for one in node.generators))
        for child in ast.iter_child_nodes(node):
            yield from (one for one in _uses_at_once(child) if one.id not in own)
        return
    if isinstance(node, _FUNCTIONS):
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Try) and forgiving(node) and child in node.body:
            continue
        yield from _uses_at_once(child)


def find_imports(tree: ast.Module, namespace: Namespace, installs: bool) -> Iterator[Finding]:
    """Imports of what is not installed, or does not exist there; silent where the cell installs something."""
    if installs:
        return
    for node in _imports(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for name in names:
            parts = name.split(".")
            gone = next(
                (p for p in (".".join(parts[: n + 1]) for n in range(len(parts))) if p in namespace.missing), ""
            )
            if gone:
                yield Finding("missing-module", _not_installed(gone), node.lineno)
            elif isinstance(node, ast.ImportFrom):
                yield from _missing_exports(node, namespace)


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level):
        yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Try) and forgiving(node) and child in node.body):
            yield from _imports(child)


def _not_installed(name: str) -> str:
    root = name.partition(".")[0]
    if root != name:
        return f"`{root}` has no module `{name.partition('.')[2]}`"
    return f"the module `{name}` is not installed; `%pip install {_DISTRIBUTIONS.get(name, name.replace('_', '-'))}`"


def _missing_exports(node: ast.ImportFrom, namespace: Namespace) -> Iterator[Finding]:
    module = namespace.modules.get(node.module or "")
    if module is None or module.names is None:
        return
    for alias in node.names:
        if (
            alias.name != "*"
            and alias.name not in module.names
            and f"{node.module}.{alias.name}" not in namespace.modules
        ):
            hint = did_you_mean(alias.name, iter(module.names))
            yield Finding("missing-import", f"`{node.module}` has no `{alias.name}`{hint}", node.lineno)
