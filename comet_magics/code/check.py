"""The static check of an answer's cells against the live notebook: instant, and it runs nothing.

Promise: an error is said only where a chain of known facts leads to it; where something is not known, the check is
silent. Blocks are checked in order, and later ones know what earlier ones define.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..core.verdicts import Finding
from .cells import extensions_of, magics_of, open_lines, to_python
from .loops import find_endless
from .names import bound_names, did_you_mean, find_imports, find_undefined
from .namespace import Namespace, Value
from .notices import find_dangers, find_overwritten, writes_files
from .walk import Walk

__all__ = ["check"]

_INSTALLS = re.compile(r"(?m)^\s*[!%]\s*(pip|conda|mamba|uv)\b.*\binstall\b|pip['\"]?,\s*['\"]install")


def check(sources: Sequence[str], namespace: Namespace) -> tuple[tuple[Finding, ...], ...]:
    """The findings of each cell of `sources`, errors first, then by line."""
    walk = Walk(namespace)
    installs = False
    found = []
    for source in sources:
        installs = installs or bool(_INSTALLS.search(source))
        findings, bound = _check(source, namespace, walk, installs)
        found.append(tuple(sorted(findings, key=lambda one: (one.severity != "error", one.line))))
        values = {name: namespace.values.get(name, Value()) for name in bound}
        namespace = replace(namespace, values={**values, **namespace.values})
    return tuple(found)


def _check(source: str, namespace: Namespace, walk: Walk, installs: bool) -> tuple[list[Finding], set[str]]:
    python = open_lines(to_python(source))
    magics = magics_of(source)
    try:
        tree = _parsed(python)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 1) or 1
        return [Finding("syntax", f"SyntaxError: {getattr(error, 'msg', error)}", line)], set()
    walk.findings = []
    walk.writes = walk.writes or writes_files(tree, python)
    walk.run(tree)
    findings = [
        *_unknown_magics(magics, namespace, python),
        *_missing_extensions(source, namespace, installs),
        *find_imports(tree, namespace, installs),
        *find_undefined(tree, namespace, magics),
        *walk.findings,
        *_loop_in_loop(tree, namespace),
        *find_endless(tree),
        *find_overwritten(tree, namespace, walk.env),
        *find_dangers(tree),
    ]
    return findings, bound_names(tree)


def _parsed(python: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape in somebody's code is theirs to see when it runs
        tree = ast.parse(python)
        compile(tree, "<block>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return tree


def _unknown_magics(magics: tuple[tuple[str, str], ...], namespace: Namespace, python: str) -> Iterator[Finding]:
    loads = any(name in ("load_ext", "reload_ext", "run") for _, name in magics)
    for kind, name in magics if namespace.magics is not None and not loads else ():
        assert namespace.magics is not None
        if (kind, name) not in namespace.magics:
            mark = "%%" if kind == "cell" else "%"
            hint = did_you_mean(name, iter(one for where, one in namespace.magics if where == kind))
            at = next((n for n, line in enumerate(python.splitlines(), 1) if f"'{name}'" in line), 1)
            yield Finding("unknown-magic", f"there is no magic `{mark}{name}`{hint}", at)


def _missing_extensions(source: str, namespace: Namespace, installs: bool) -> Iterator[Finding]:
    for name in extensions_of(source) if not installs else ():
        if name.partition(".")[0] in namespace.missing:
            line = next(
                n for n, text in enumerate(source.splitlines(), 1) if f"load_ext {name}" in " ".join(text.split())
            )
            yield Finding("missing-module", f"the extension `{name}` is not installed", line)


def _loop_in_loop(tree: ast.Module, namespace: Namespace) -> Iterator[Finding]:
    """`asyncio.run` at a cell's own level: a kernel's cells run in a loop already."""
    if not namespace.in_loop:
        return
    patched = any("nest_asyncio" in ast.dump(node) for node in tree.body) or "nest_asyncio" in namespace.values
    for statement in tree.body if not patched else ():
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try)):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("asyncio.run", "loop.run_until_complete"):
                yield Finding(
                    "loop-in-loop", f"`{ast.unparse(node.func)}` fails in a notebook; `await` it", node.lineno
                )
