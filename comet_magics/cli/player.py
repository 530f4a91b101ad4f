"""Runs a notebook in a real kernel and shows it in the terminal, cell by cell, answers as they come.

The answers are followed as any front end follows them: by the kernel's display messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from ..core.errors import CometError
from ..render.cells import clean
from ..render.scroll import Scroll
from ..render.terminal import to_terminal

__all__ = ["Player"]

CELL_SECONDS = 600


class Player:
    """Plays one notebook; what was played is kept in `target`, also when it was stopped."""

    def __init__(self, target: Path, environment: dict[str, str]) -> None:
        self._target = target
        # Jupyter Server names the notebook in the same way, so the ledger can.
        self._environment = {**os.environ, **environment, "JPY_SESSION_NAME": str(target)}
        self._notebook: NotebookNode | None = None

    def play(self, source: str) -> bool:
        """Run the notebook `source` (JSON); True if a cell failed. Raises KeyboardInterrupt on Ctrl-C."""
        self._notebook = nbformat.reads(source, as_version=4)  # type: ignore[no-untyped-call]
        screen = _Screen()
        # Only the kernel of this very Python: one that the user registered elsewhere may lack us.
        manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        client = _Client(self._notebook, screen, manager)
        # What the kernel's process mutters, above all while it shuts down, would stand between the answers.
        with tempfile.TemporaryFile() as muttered:
            try:
                client.execute(env=self._environment, cleanup_kc=True, stderr=muttered)
            except CellExecutionError:
                return True  # shown already
            except (asyncio.CancelledError, DeadKernelError) as exc:
                if client.interrupted:
                    raise KeyboardInterrupt from None
                raise CometError(
                    "The kernel died.", kept=_last_line(muttered), remedy="comet-magics doctor says what works here."
                ) from exc
            finally:
                screen.end_cell()
        return False

    def save(self) -> None:
        """Write what was played so far."""
        if self._notebook is not None:
            nbformat.write(self._notebook, self._target)  # type: ignore[no-untyped-call]


def _last_line(muttered: IO[bytes]) -> str:
    muttered.seek(0)
    lines = muttered.read().decode("utf-8", "replace").split("\n")
    return next((f"It said: {line.strip()[:300]}" for line in reversed(lines) if line.strip()), "")


class _Client(NotebookClient):
    def __init__(self, notebook: NotebookNode, screen: _Screen, manager: AsyncKernelManager) -> None:
        super().__init__(
            notebook,
            km=manager,
            timeout=CELL_SECONDS,
            extra_arguments=["--log-level=ERROR"],  # its warnings would stand between the answers
            on_notebook_start=self._take_interrupts,
            on_cell_start=lambda cell, cell_index: screen.begin_cell(cell),  # noqa: ARG005 - nbclient's names
        )
        self.interrupted = False
        self._screen = screen

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Every message of the running cell."""
        self._screen.receive(msg["msg_type"], msg["content"])
        return super().process_message(msg, cell, cell_index)

    def _take_interrupts(self, **_notebook: Any) -> None:
        """End on Ctrl-C as asyncio means it, with the kernel shut down on the way; nbclient's own way is to kill it."""
        task = asyncio.current_task()

        def stop() -> None:
            self.interrupted = True
            if task is not None:
                task.cancel()

        with contextlib.suppress(NotImplementedError, RuntimeError):  # as on Windows
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop)


class _Screen:
    """Prints cells and their outputs."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._colour = self._live and not os.environ.get("NO_COLOR")
        self._width = shutil.get_terminal_size((80, 24)).columns if self._live else 80
        self._answer: _Answer | None = None
        self._fresh = True  # nothing of the cell's output has been written

    def begin_cell(self, cell: NotebookNode) -> None:
        """Show a cell's source."""
        self.end_cell()
        self._fresh = True
        source = cell["source"].strip()
        if cell["cell_type"] == "markdown":
            self._print(to_terminal(source, width=self._width, colour=self._colour) + "\n")
        elif source:
            language = "" if source.startswith("%%") else "python"
            code = to_terminal(f"~~~~{language}\n{source}\n~~~~", width=self._width, colour=self._colour)
            bar = "\x1b[2m│\x1b[22m" if self._colour else "│"
            self._print("".join(f"{bar}{line[1:]}\n" for line in code.split("\n")))

    def end_cell(self) -> None:
        """Nothing more comes of this cell."""
        if self._answer is not None:
            self._write(self._answer.scroll.finish([]))
            self._answer = None

    def receive(self, kind: str, content: dict[str, Any]) -> None:
        """Show one message of the kernel, if there is something to show."""
        if kind == "stream":
            self._write("\n" * self._fresh + content["text"])
            self._fresh = False
        elif kind == "error":
            self.end_cell()
            lines = "\n".join(content["traceback"])
            self._print((lines if self._colour else clean(lines)) + "\n")
        elif kind in ("display_data", "update_display_data", "execute_result"):
            data, metadata = content["data"], content.get("metadata") or {}
            display_id = (content.get("transient") or {}).get("display_id", "")
            if "comet_magics" in metadata:
                self._finish(data)
            elif display_id.startswith("comet-"):
                self._grow(display_id, data)
            else:
                self._print(data.get("text/plain", "").rstrip("\n") + "\n")

    def _grow(self, display_id: str, data: dict[str, str]) -> None:
        if self._answer is None:
            self._answer = _Answer(Scroll(width=self._width, colour=self._colour, live=self._live))
            self._write("\n")
        self._write(self._answer.grow(display_id, data))

    def _finish(self, data: dict[str, str]) -> None:
        answer = self._answer or _Answer(Scroll(width=self._width, colour=self._colour, live=self._live))
        self._answer = None
        self._write(answer.finish(data))

    def _print(self, text: str) -> None:
        """Something of its own, after an empty line."""
        self._write("\n" + text)

    def _write(self, text: str) -> None:
        if text:
            sys.stdout.write(text)
            sys.stdout.flush()


class _Answer:
    """One answer, followed through its displays."""

    def __init__(self, scroll: Scroll) -> None:
        self.scroll = scroll
        self._parts: dict[str, str] = {}
        self._fed = ""

    def grow(self, display_id: str, data: dict[str, str]) -> str:
        """What to print after one live display came or changed."""
        plain = data.get("text/plain", "")
        if 'class="comet-wait"' in data.get("text/html", ""):
            return self.scroll.paint(plain.rsplit("\n", 1)[-1])
        self._parts[display_id] = plain
        self._feed("".join(self._parts.values()))
        return self.scroll.paint()

    def finish(self, data: dict[str, str]) -> str:
        """What to print when the finished output has come: the rest, and the lines under the answer."""
        text, plain = data.get("text/markdown", ""), data.get("text/plain", "")
        self._feed(text)
        return self.scroll.finish(plain.removeprefix(text.rstrip()).strip().splitlines())

    def _feed(self, text: str) -> None:
        if text.startswith(self._fed):
            self.scroll.feed(text[len(self._fed) :])
            self._fed = text
