"""A forked copy of the kernel in which blocks run: cut off from the front end, told apart, reported as JSON.

Promise: what is shown, asked for or logged in the copy goes to a short text instead of the kernel's sockets; each block
gives one report, and the process ends without running anybody's exit handlers.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import gc
import inspect
import io
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..code.cells import open_up
from .attempts import Attempts
from .denials import met_a_wall
from .descriptors import fingerprints
from .shapes import Names
from .thumbnails import Thumbnails, open_figures, quiet_matplotlib

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Stage"]

_PRINTED, _MESSAGE = 1000, 400
_TIMEIT = re.compile(r"(run_(?:line|cell)_magic\((['\"])timeit\2, ['\"])(?:-[nr] ?\d+ ?)*")


class _Asked(EOFError):
    """The cell wants to read what a user types."""


class Stage:
    """One copy's stage: `perform` each block in order.

    `output` is the descriptor that collects what is printed, also by subprocesses and native code; `shared` where
    memory is that was shared with other processes.
    """

    def __init__(
        self, shell: InteractiveShell, scratch: str, output: int, shared: Sequence[tuple[int, int]] = ()
    ) -> None:
        self.shared = shared
        self.shell: Any = shell
        self.output = output
        self.attempts = Attempts(scratch)
        self.pictures = Thumbnails()
        self.caught: BaseException | None = None
        self.stream = io.TextIOWrapper(
            io.FileIO(os.dup(output), "w"), "utf-8", errors="replace", write_through=True, line_buffering=False
        )

    def set(self, scratch: str) -> None:
        """Cut the copy off from the front end and from what would outlive it."""
        gc.freeze()  # a collection would write to every page, and so copy it
        sys.dont_write_bytecode = True
        tempfile.tempdir = scratch
        os.environ["TMPDIR"] = scratch
        for name in ("stdout", "stderr"):
            old = getattr(sys, name)
            with contextlib.suppress(AttributeError):  # a logger may hold the old stream
                old.write, old.flush = self.stream.write, self.stream.flush
            setattr(sys, name, self.stream)
        sys.__stdout__ = sys.__stderr__ = self.stream  # type: ignore[misc]
        sys.stdin = io.StringIO()
        self._mute()
        quiet_matplotlib()
        asyncio._set_running_loop(None)
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.attempts.listen()

    def _mute(self) -> None:
        import getpass

        shell = self.shell
        shell.display_pub.publish = self._publish
        shell.display_pub.clear_output = lambda *_, **__: None
        shell.showtraceback = shell.showsyntaxerror = self._keep_error
        shell.system = shell.system_raw = shell.system_piped = self._system
        shell.history_manager.enabled = False
        builtins.input = shell.raw_input = _ask
        getpass.getpass = _ask
        session = getattr(getattr(shell, "kernel", None), "session", None)
        if session is not None:
            session.send = lambda *_, **__: {}
            shell.kernel.raw_input = shell.kernel.getpass = _ask
        scripts = shell.magics_manager.registry.get("ScriptMagics")
        if scripts is not None:
            scripts.event_loop = None  # its thread stayed behind in the kernel

    def perform(self, source: str) -> dict[str, Any]:
        """Run one block as a cell, and report it as what JSON can hold."""
        self.pictures, self.caught, self.attempts.seen = Thumbnails(), None, {}
        names, drawn = Names(self.shell.user_ns), {id(figure) for figure in open_figures()}
        memory_before = fingerprints(self.shared)
        start_memory, offset = _memory("VmRSS"), os.lseek(self.output, 0, os.SEEK_END)
        error, line = None, None
        started = time.perf_counter()
        self.attempts.paused = False
        try:
            self._run(source)
            error = self.caught
        except BaseException as raised:  # noqa: BLE001  a cell may raise anything
            error = raised
        seconds = time.perf_counter() - started
        try:
            self.pictures.draw(figure for figure in open_figures() if id(figure) not in drawn)
        except Exception as raised:  # noqa: BLE001  what the notebook would show in place of the figure
            error = error or raised
        self.attempts.paused = True
        self.stream.flush()
        if fingerprints(self.shared) != memory_before:
            self.attempts.note("write to memory that other processes share")
        report: dict[str, Any] = {"outcome": "ran", "seconds": seconds}
        if error is not None:
            line = _line_of(error, self.code_name)
            report |= self._failure(error, line)
        return report | {
            "memory": max(0, _memory("VmHWM") - start_memory),
            "printed": self._printed(offset),
            "changes": [[c.name, c.type, c.shape, c.new] for c in names.changes()],
            "attempts": list(self.attempts.seen),
            "figures": self.pictures.kept,
        }

    code_name = "<block>"
    source = ""

    def _run(self, source: str) -> None:
        self.source = source
        magic, body = open_up(source)
        if magic.startswith("timeit"):
            body = source
        # `%timeit` repeats for seconds: one round shows whether it runs.
        python = _TIMEIT.sub(r"\1-n 1 -r 1 ", self.shell.transform_cell(body))
        self.code_name = self.shell.compile.cache(python)
        tree = self.shell.transform_ast(ast.parse(python, self.code_name))
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not body.rstrip().endswith(";"):
            last = tree.body.pop().value
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self.shell.compile.flags
        steps = [compile(tree, self.code_name, "exec", flags, dont_inherit=True)]
        if last is not None:
            steps.append(compile(ast.Expression(last), self.code_name, "eval", flags, dont_inherit=True))
        if magic.startswith("capture ") and magic.split()[1].isidentifier():
            from IPython.utils.capture import CapturedIO

            self.shell.user_ns[magic.split()[1]] = CapturedIO(io.StringIO(), io.StringIO())
        awaits = any(step.co_flags & inspect.CO_COROUTINE for step in steps)
        if awaits or hasattr(self.shell, "kernel"):
            self.loop.run_until_complete(self._steps_in_loop(steps))
            return
        for step in steps:
            self._show(eval(step, self.shell.user_global_ns, self.shell.user_ns))  # noqa: S307  behind the walls

    async def _steps_in_loop(self, steps: Iterable[Any]) -> None:
        """A kernel's cells run inside its loop: `asyncio.run` fails there, and here."""
        for step in steps:
            value = eval(step, self.shell.user_global_ns, self.shell.user_ns)  # noqa: S307  behind the walls
            self._show(await value if step.co_flags & inspect.CO_COROUTINE else value)

    def _show(self, value: object) -> None:
        """Make what a notebook would display: a table that fails to be drawn is a failure."""
        if value is None:
            return
        from IPython.lib import pretty

        words: Any = pretty.pretty
        print(words(value)[:_PRINTED], file=self.stream)
        if not isinstance(value, type) and callable(getattr(type(value), "_repr_html_", None)):
            value._repr_html_()  # type: ignore[attr-defined]

    def _publish(self, data: dict[str, Any] | None = None, *_: object, **__: object) -> None:
        data = data or {}
        if "image/png" in data:
            self.pictures.keep(data["image/png"])
        print(str(data.get("text/plain", ""))[:_PRINTED], file=self.stream)

    def _keep_error(self, *_: object, **__: object) -> None:
        self.caught = sys.exc_info()[1]

    def _system(self, command: str) -> None:
        import subprocess

        expanded = self.shell.var_expand(command, depth=1)
        nothing = subprocess.DEVNULL
        status = subprocess.call(expanded, shell=True, stdin=nothing)  # noqa: S602 - the cell asks for a shell
        self.shell.user_ns["_exit_code"] = status

    def _failure(self, error: BaseException, line: int | None) -> dict[str, Any]:
        kind = type(error).__name__
        message = " ".join(str(error).split())[:_MESSAGE]
        reason = f"{kind}: {message}" if message else kind
        found = {"outcome": "raised", "error": kind, "reason": reason, "line": line}
        if isinstance(error, _Asked):
            return found | {"outcome": "inconclusive", "error": "", "reason": "it asks for input"}
        code = self._code(line)
        if met_a_wall(error, code):
            self.attempts.note(f"run `{code}`: {message}")
            return found | {"outcome": "inconclusive", "reason": f"it reaches out of the rehearsal: {reason}"}
        return found

    def _code(self, line: int | None) -> str:
        lines = self.source.splitlines()
        return lines[line - 1].strip() if line and line <= len(lines) else lines[-1].strip() if lines else ""

    def _printed(self, offset: int) -> str:
        raw = os.pread(self.output, _PRINTED + 1, offset)
        text = raw[:_PRINTED].decode("utf-8", "replace")
        return text + "…" if len(raw) > _PRINTED else text


def _ask(*_: object, **__: object) -> str:
    raise _Asked("a rehearsal has nobody to ask")


def _line_of(error: BaseException, code_name: str) -> int | None:
    """The block's line that raised: the innermost frame of its own."""
    if isinstance(error, SyntaxError) and error.filename == code_name:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == code_name]
    return lines[0] if lines else None


def _memory(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return 0
