"""Names that a cell uses and nobody defined, and modules that it imports and nobody installed.

Promise: late binding is respected: what a function's body uses may be defined anywhere; only what the cell's own level
uses before it is bound is an error. Where names can come from elsewhere (`import *`, `%run`, `exec`) it is silent.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Container, Iterator
from difflib import get_close_matches

import pyflakes.checker
from pyflakes import messages

from ..core.verdicts import Finding
from .namespace import Namespace

__all__ = ["bound_names", "did_you_mean", "find_imports", "find_undefined"]

_GIVEN = frozenset(dir(builtins)) | frozenset({
    "_", "__", "___", "_i", "_ii", "_iii", "_ih", "_oh", "_dh", "In", "Out", "get_ipython", "display", "exit",
    "quit", "__name__", "__doc__", "__builtins__", "__loader__", "__spec__", "__package__", "__builtin__",
    "_exit_code", "__annotations__", "__class__",
})  # fmt: skip
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
_UNDEFINED = (messages.UndefinedName, messages.UndefinedLocal)
_FORMATS = (
    messages.PercentFormatExpectedMapping,
    messages.PercentFormatExpectedSequence,
    messages.PercentFormatInvalidFormat,
    messages.PercentFormatMissingArgument,
    messages.PercentFormatPositionalCountMismatch,
    messages.PercentFormatUnsupportedFormatCharacter,
    messages.StringDotFormatInvalidFormat,
    messages.StringDotFormatMissingArgument,
)


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
    """One finding for each name that nothing defines, at its first use; and formats that do not fit their values."""
    told: set[str] = set()
    caught = _caught_lines(tree)
    elsewhere = _names_may_come_from_elsewhere(tree, magics)
    anywhere = bound_names(tree)
    known = _GIVEN | set(namespace.values)
    found = pyflakes.checker.Checker(tree, builtins=known)
    for message in sorted(found.messages, key=lambda one: (one.lineno, one.col)):
        if message.lineno in caught:
            continue
        if isinstance(message, _FORMATS):
            yield Finding("format", message.message % message.message_args, message.lineno)
        if not isinstance(message, _UNDEFINED) or elsewhere:
            continue
        name = str(message.message_args[0])
        if name in told or not _is_used(tree, name, message.lineno):
            continue
        told.add(name)
        if name in anywhere or name in known:
            yield Finding("undefined-name", f"the name `{name}` is used before it is defined", message.lineno)
            continue
        hint = f"; `{_ALIASES[name]}` is missing" if name in _ALIASES else did_you_mean(name, known | anywhere)
        yield Finding("undefined-name", f"the name `{name}` is not defined{hint}", message.lineno)


def _is_used(tree: ast.AST, name: str, line: int) -> bool:
    """Whether the name itself stands there: what stands in an annotation's quotes is never looked up."""
    return any(isinstance(one, ast.Name) and one.id == name and one.lineno == line for one in ast.walk(tree))


def _caught_lines(tree: ast.AST) -> set[int]:
    """The lines of `try` bodies that catch what would come of a missing name."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and forgiving(node):
            for statement in node.body:
                found.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return found


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
