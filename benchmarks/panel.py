"""What the panel costs the kernel: a cell that computes meanwhile, one more turn after many, memory over many turns.

    python benchmarks/panel.py [seconds of the cell]

A real kernel asks the scripted gateway; a view is played that reads every message, as a browser does. Bounds: a cell of
30 seconds is slowed by at most 5 % while 3,000 words stream into the panel; the last 50 of 200 turns cost at most 1.25
times the bytes and the CPU of those from 10 to 60; over 500 turns memory grows by at most 20 MB. The request itself
carries the conversation, as it must; making it is part of the CPU.
"""

from __future__ import annotations

import os
import queue
import statistics
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from answers import answer
from jupyter_client.manager import start_new_kernel
from plumbing import Row, report

from comet_magics.testing import Gateway, reply

WORDS = 3_000
TURNS = 500
MANY = 200
CHOICES = {"model": "gpt-5.1", "effort": "none", "verbosity": "", "context": "none"}
SETUP = """
%load_ext comet_magics
%config CometMagics.check = False
%config CometMagics.rehearse = False
import resource, time
"""
# A fixed amount of work: Python, and NumPy's loops, which let go of the interpreter's lock.
WORK = """
def work(rounds):
    import numpy
    began, total, values = time.perf_counter(), 0, numpy.arange(50_000, dtype=float)
    for n in range(rounds):
        total += sum(i * i % 7 for i in range(20_000))
        total += float(numpy.sqrt(values * n).sum())
    return time.perf_counter() - began
"""


class View:
    """A view of the panel in a kernel's front end; reads everything in a thread of its own."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.size = 0
        self.heard: deque[dict[str, Any]] = deque()
        self.printed: deque[str] = deque()
        self.comm = ""
        threading.Thread(target=self._read, daemon=True).start()

    def run(self, code: str) -> str:
        self.printed.clear()
        client = self.client
        sent = client.execute(code)
        while client.get_shell_msg(timeout=600)["parent_header"]["msg_id"] != sent:
            pass
        time.sleep(0.05)
        return "".join(self.printed)

    def ask(self, text: str, request: int) -> None:
        content = {"text": text, "images": [], "choices": CHOICES, "replaces": None}
        data = {"method": "custom", "content": {"type": "ask", "request": request, **content}}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", {"comm_id": self.comm, "data": data}))

    def wait(self, state: str = "complete") -> None:
        while True:
            while not self.heard:
                time.sleep(0.002)
            message = self.heard.popleft()
            if message["type"] == "turn" and message["turn"]["state"] == state:
                return

    def _read(self) -> None:
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=1.0)
            except queue.Empty:
                continue
            except Exception:  # the kernel is gone
                return
            content = message["content"]
            kind = message["msg_type"]
            if kind == "stream":
                self.printed.append(content["text"])
            elif kind == "comm_open" and "panel" in content["data"]["state"]:
                self.comm = content["comm_id"]
            elif kind == "comm_msg" and content["data"].get("method") == "custom":
                self.heard.append(content["data"]["content"])
            if kind in ("comm_msg", "display_data", "update_display_data"):
                self.size += len(str(content))


def slowdown(view: View, gateway: Gateway, seconds: float) -> list[Row]:
    """The same work alone, with the panel streaming, alone, …: pairs, of which the median is told."""
    view.run(WORK)
    rounds = max(1, round(seconds / float(view.run("print(work(20))")) * 20))
    text = answer(WORDS)
    words = len(text.split(" "))
    gateway.follow(default=reply(text).delayed(0.0, between=seconds * 0.9 / words))
    ratios = []
    for request in range(3):
        alone = float(view.run(f"print(work({rounds}))"))
        view.ask("Go on.", 1000 + request)
        view.wait("running")
        beside = float(view.run(f"print(work({rounds}))"))
        view.wait()
        ratios.append(beside / alone)
        print(f"a cell of {alone:.1f} s alone took {beside:.1f} s while {words:,} words came")
    return [Row("a computing cell, while 3,000 words come", statistics.median(ratios), at_most=1.05)]


def many_turns(view: View, gateway: Gateway, kernel: Path) -> list[Row]:
    """Bytes to the front end, CPU and memory of the kernel, turn by turn."""
    gateway.follow(default=reply(answer(150)))
    at = []
    for turn in range(TURNS):
        at.append((view.size, cpu_of(kernel), memory_of(kernel)))
        view.ask(f"Question {turn}: what of the numbers is worth a closer look?", turn)
        view.wait()
    at.append((view.size, cpu_of(kernel), memory_of(kernel)))
    # Fifty at a time: the conversation's static text comes now and then.
    early, late = ([(at[end][n] - at[end - 50][n]) / 50 for n in (0, 1)] for end in (60, MANY))
    for words, (size, cpu) in (("10", early), ("150", late)):
        print(f"one of 50 turns after {words}: {size:,.0f} bytes, {cpu * 1000:.1f} ms")
    return [
        Row("bytes of a turn: after 150 / after 10", late[0] / early[0], at_most=1.25),
        Row("CPU of a turn: after 150 / after 10", late[1] / early[1], at_most=1.25),
        Row("MB of memory, from 50 to 500 turns", (at[TURNS][2] - at[50][2]) / 1e6, at_most=20.0),
    ]


def cpu_of(kernel: Path) -> float:
    """CPU seconds of the whole process, also of threads that have ended."""
    fields = (kernel / "stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(kernel: Path) -> int:
    """Bytes that the process holds in memory."""
    return int((kernel / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with Gateway() as gateway, tempfile.TemporaryDirectory() as home:
        given = {"COMETAPI_BASE_URL": gateway.base_url, "COMETAPI_KEY": "sk-canary-bench", "COMET_MAGICS_HOME": home}
        manager, client = start_new_kernel(env={**os.environ, **given})
        try:
            view = View(client)
            view.run(SETUP)
            view.run("%gpt_panel")
            rows = many_turns(view, gateway, Path("/proc", view.run("import os; print(os.getpid())").strip()))
            view.run("%gpt_new")
            return report([*rows, *slowdown(view, gateway, seconds)])
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    sys.exit(main())
