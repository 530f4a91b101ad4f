"""The shell's last exception as a `Failure`: read once, with the source lines and the locals that its lines mention.

Promise: no method of the exception or of a local value runs, but for the `__str__` of a library's exception, for a
moment at most; IPython has run it already to print the traceback.
"""

from __future__ import annotations

import linecache
import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, TracebackType
from typing import Any

from ..context.failures import Failure, FailureFrame
from ..context.kinds import mro, qualified_name
from ..context.limits import Unfit, within
from ..context.values import brief, is_plain
from ..core.errors import CometError

__all__ = ["failure_of", "last_failure"]

_AROUND = 2
_FRAMES = 60
_NAME = re.compile(r"[^\W\d]\w*")
_NOT_OWN = tuple(
    path for path in {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")} if path
)


def last_failure(shell: Any) -> Failure | None:
    """The last exception that was shown in this session, unless it was one of ours or an interrupt."""
    exc = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    if not isinstance(exc, BaseException) or isinstance(exc, CometError | KeyboardInterrupt | SystemExit):
        return None
    return failure_of(exc, getattr(shell.compile, "_filename_map", {}))


def failure_of(exc: BaseException, cells: dict[str, int]) -> Failure:
    """`exc` taken apart; `cells` maps the file names that IPython gives to cells to their execution counts."""
    trace = BaseException.__dict__["__traceback__"].__get__(exc)
    frames = [_frame(entry, cells) for entry in _entries(trace)]
    counts = [
        cells[entry.tb_frame.f_code.co_filename]
        for entry in _entries(trace)
        if entry.tb_frame.f_code.co_filename in cells
    ]
    if isinstance(exc, SyntaxError):
        frames = _syntax_frame(exc)
    causes = tuple(f"{qualified_name(type(cause))}: {_message(cause)}" for cause in _causes(exc))
    return Failure(qualified_name(type(exc)), _message(exc), tuple(frames), causes, counts[0] if counts else None)


def _entries(trace: TracebackType | None) -> Iterator[TracebackType]:
    entries: list[TracebackType] = []
    while trace is not None and len(entries) < 3000:
        entries.append(trace)
        trace = trace.tb_next
    # A recursion is as clear from its two ends.
    yield from entries if len(entries) <= _FRAMES else entries[: _FRAMES // 2] + entries[-_FRAMES // 2 :]


def _frame(entry: TracebackType, cells: dict[str, int]) -> FailureFrame:
    code = entry.tb_frame.f_code
    name, line = code.co_filename, entry.tb_lineno
    own = _is_own(name, cells)
    place = f"cell [{cells[name]}]" if name in cells else Path(name).name
    if not own:
        return FailureFrame(place, code.co_name, line, own=False)
    text = linecache.getlines(name)
    numbers = range(max(1, line - _AROUND), min(len(text), line + _AROUND) + 1)
    source = tuple((number, text[number - 1].rstrip("\n")) for number in numbers)
    words = _NAME.findall(" ".join(shown for number, shown in source if line - 1 <= number <= line))
    local = entry.tb_frame.f_locals
    values = {word: local[word] for word in dict.fromkeys(words) if word in local and not _is_dull(local[word])}
    return FailureFrame(place, code.co_name, line, own=True, source=source, values=values)


def _is_dull(value: object) -> bool:
    """Modules, functions and classes say nothing about what went wrong."""
    kinds = {kind.__name__ for kind in mro(value)[:1]}
    return bool(kinds & {"module", "function", "builtin_function_or_method", "type", "method"})


def _is_own(name: str, cells: dict[str, int]) -> bool:
    if name in cells or name.startswith("<ipython-input"):
        return True
    return not name.startswith(("<", *_NOT_OWN)) and "site-packages" not in name and Path(name).is_file()


def _syntax_frame(exc: SyntaxError) -> list[FailureFrame]:
    text = exc.text if type(exc.text) is str else ""
    line = exc.lineno or 1
    return [FailureFrame("cell", "<module>", line, own=True, source=((line, text.rstrip("\n")),))] if text else []


def _causes(exc: BaseException) -> Iterator[BaseException]:
    seen = {id(exc)}
    fields = BaseException.__dict__
    while len(seen) < 6:
        hidden = fields["__suppress_context__"].__get__(exc)
        following = fields["__cause__"].__get__(exc) or (None if hidden else fields["__context__"].__get__(exc))
        if following is None or id(following) in seen:
            return
        exc = following
        seen.add(id(exc))
        yield exc


def _message(exc: BaseException) -> str:
    if isinstance(exc, SyntaxError):
        told = SyntaxError.__dict__["msg"].__get__(exc)
        return told if type(told) is str else ""
    arguments = BaseException.__dict__["args"].__get__(exc)
    for kind in mro(exc):
        writer = dict(type.__dict__)["__dict__"].__get__(kind).get("__str__")
        if writer is None:
            continue
        if type(writer) is not FunctionType:
            break
        if writer.__module__ != "__main__":
            try:
                told = within(0.3, lambda: str(exc))
                return told if type(told) is str else ""
            except Unfit:
                break
        return ", ".join(brief(argument, str, 400) for argument in arguments)
    if all(is_plain(argument) for argument in arguments):
        return BaseException.__str__(exc) if not isinstance(exc, OSError | KeyError) else str(exc)
    return ", ".join(brief(argument, str, 400) for argument in arguments)
