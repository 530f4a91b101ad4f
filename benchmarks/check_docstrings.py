"""False alarms of the check on code that nobody here wrote: the examples in the installed libraries' own docstrings.

Each docstring's examples are one notebook: its lines run one after the other, and before each the check is asked. An
alarm about a line that then runs is false. Prints the share of false alarms, and of the lines that raised, the share
that the check foresaw. Usage: python benchmarks/check_docstrings.py [lines at most, by library]
"""

from __future__ import annotations

import contextlib
import doctest
import inspect
import io
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from comet_magics.code.check import check
from comet_magics.notebook.describe import describe

_AVOID = (
    "read_",
    "to_",
    "open",
    "input",
    "show",
    "plot",
    "Path",
    "os.",
    "exit",
    "while True",
    "memmap",
    "tofile",
    "save",
)

# These run other programs, or wait for somebody.
_SKIPPED = frozenset({"test", "show_versions", "info", "explain"})


def docstrings(module: ModuleType, classes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Docstrings of a module's functions and of some classes' methods."""
    for owner in (module, *(getattr(module, name) for name in classes)):
        for name in sorted(vars(owner)) if isinstance(owner, ModuleType) else sorted(dir(owner)):
            with contextlib.suppress(Exception):
                text = inspect.getdoc(getattr(owner, name))
                if text and not name.startswith("_") and name not in _SKIPPED:
                    yield f"{getattr(owner, '__name__', '')}.{name}", text


def main() -> None:
    import matplotlib as mpl

    mpl.use("agg")
    import numpy as np
    import pandas as pd
    import polars as pl

    warnings.simplefilter("ignore")
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    known = {"np": np, "pd": pd, "pl": pl, "__name__": "__main__"}
    shell, total = InteractiveShell.instance(), Counter()
    for module, classes in (
        (pd, ("DataFrame", "Series", "Index")),
        (pl, ("DataFrame", "LazyFrame", "Series", "Expr")),
        (np, ("ndarray",)),
    ):
        counted: Counter[str] = Counter()
        for where, text in docstrings(module, classes):
            if counted.total() < most:
                counted += _tried(where, text, dict(known), shell)
        _say(module.__name__, counted)
        total += counted
    _say("all", total)


def _tried(where: str, text: str, names: dict[str, Any], shell: InteractiveShell) -> Counter[str]:
    """Check each line of a docstring's examples, then run it: what came of them."""
    counted: Counter[str] = Counter()
    with contextlib.suppress(ValueError):
        for example in doctest.DocTestParser().get_examples(text):
            if any(word in example.source for word in _AVOID):
                continue
            shell.user_ns.clear()
            shell.user_ns.update(names)
            found = check([example.source], describe(shell, [example.source]))[0]
            alarms = [one.message for one in found if one.severity == "error"]
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    exec(compile(example.source, "<docstring>", "single"), names)
            except Exception:
                counted["foreseen" if alarms else "not foreseen"] += 1
            else:
                counted["false alarm" if alarms else "ran"] += 1
                if alarms:
                    print(f"  {where}: {example.source.strip()!r}: {alarms[0]}", flush=True)
    return counted


def _say(name: str, counted: Counter[str]) -> None:
    ran, false = counted["ran"] + counted["false alarm"], counted["false alarm"]
    raised = counted["foreseen"] + counted["not foreseen"]
    print(f"{name}: {ran} lines ran, {false} false alarms ({false / max(1, ran):.2%}); "
          f"{raised} raised, {counted['foreseen']} of them foreseen", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
