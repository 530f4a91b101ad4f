"""Modules that a cell would import: where they are and what they offer, read from their files.

Promise: nothing is imported and nothing is run; what the source does not say plainly is not known.
"""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import inspect
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ..code.signatures import signature_of, without_first

__all__ = ["exports", "is_installed", "signature_in", "submodules"]


def submodules(paths: Iterable[str]) -> set[str]:
    """The names in a package's folders."""
    found = set()
    for path in paths:
        try:
            found |= {entry.name.partition(".")[0] for entry in Path(path).iterdir()}
        except OSError:
            continue
    return found


def is_installed(name: str) -> bool:
    """Whether importing `name` would find something."""
    return name in sys.modules or _spec(name) is not None


def _spec(name: str) -> importlib.machinery.ModuleSpec | None:
    """Where a module would come from; no parent package is imported for that."""
    parts = name.split(".")
    try:
        spec = importlib.util.find_spec(parts[0]) if parts[0] not in sys.modules else sys.modules[parts[0]].__spec__
    except (ImportError, ValueError):
        return None
    full = parts[0]
    for part in parts[1:]:
        if spec is None or spec.submodule_search_locations is None:
            return None
        full += "." + part
        spec = importlib.machinery.PathFinder.find_spec(full, list(spec.submodule_search_locations))
    return spec


def exports(name: str) -> frozenset[str] | None:
    """The names of a module that is not loaded, read from its source; None where they can't be told."""
    spec, tree = _spec(name), _tree(name)
    if spec is None or tree is None:
        return None
    names: set[str] = set(submodules(spec.submodule_search_locations or ()))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    hidden = {"*", "__getattr__", "globals", "setattr"}
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return None if names & hidden or called & hidden else frozenset(names)


def signature_in(module: str, name: str) -> inspect.Signature | None:
    """What the class `name` of a module takes; None where it can't be told."""
    for _ in range(3):  # a package's face imports from its own modules
        tree = _tree(module)
        for node in tree.body if tree is not None else ():
            if isinstance(node, ast.ClassDef) and node.name == name:
                made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
                return without_first(signature_of(made[0].args)) if made and _plain(made[0]) else None
            if isinstance(node, ast.ImportFrom) and any((one.asname or one.name) == name for one in node.names):
                package = module.split(".") if _is_package(module) else module.split(".")[:-1]
                kept = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*kept, *([node.module] if node.module else [])])
                name = next(one.name for one in node.names if (one.asname or one.name) == name)
                break
        else:
            return None
    return None


def _plain(function: ast.FunctionDef) -> bool:
    return function.args.kwarg is None and not function.decorator_list


def _is_package(module: str) -> bool:
    spec = _spec(module)
    return spec is not None and spec.submodule_search_locations is not None


def _tree(module: str) -> ast.Module | None:
    spec = _spec(module)
    if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader) or spec.origin is None:
        return None
    return _parsed(spec.origin)


@lru_cache(maxsize=64)
def _parsed(path: str) -> ast.Module | None:
    try:
        return ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
