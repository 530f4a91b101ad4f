"""What the panel costs the browser: paints while a cell computes, long tasks, one more turn after many.

    python benchmarks/panel_in_browser.py [seconds of the cell]

A real Chromium shows JupyterLab; a real kernel asks the scripted gateway. Bounds: while a cell computes for 30 seconds
and 3,000 words stream into the panel, the longest gap between two paints is at most three times that of the same answer
without the cell, and the page spends at most a tenth of the time in long tasks; a turn near the 200th costs at most
1.25 times the websocket's bytes, and 1.5 times the time in scripts, of one near the 10th.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from answers import answer
from playwright.sync_api import Page, sync_playwright
from plumbing import Row, report

from comet_magics.testing import Gateway, reply

WORDS = 3_000
TURNS = 200
TOKEN = "benchmark"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CELLS = (
    "%load_ext comet_magics\n%config CometMagics.check = False\n%config CometMagics.rehearse = False",
    "%gpt_panel",
    "import time\nend = time.time() + SECONDS\nwhile time.time() < end:\n    sum(i * i for i in range(1000))",
)
# Notes when the newest answer changed, and every task that kept the page from painting.
WATCH = """() => {
    window.paints = [];
    window.tasks = [];
    new MutationObserver(() => window.paints.push(performance.now()))
        .observe(document.querySelector('.comet-turns'), {childList: true, subtree: true, characterData: true});
    new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(entry => entry.duration)))
        .observe({type: 'longtask'});
}"""


@contextmanager
def lab(base_url: str) -> Iterator[tuple[str, Path]]:
    """A Jupyter server: its address, and the folder of its notebooks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("root", "config/labconfig", "runtime"):
            (folder / part).mkdir(parents=True)
        page = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
        (folder / "config/labconfig/page_config.json").write_text(json.dumps(page))
        given = {
            "JUPYTER_CONFIG_DIR": f"{folder}/config",
            "JUPYTER_DATA_DIR": f"{folder}/data",
            "JUPYTER_RUNTIME_DIR": f"{folder}/runtime",
            "COMET_MAGICS_HOME": f"{folder}/home",
            "COMETAPI_BASE_URL": base_url,
            "COMETAPI_KEY": "sk-canary-bench",
        }
        options = ["--no-browser", "--allow-root", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}"]
        options += [f"--ServerApp.root_dir={folder}/root", "--LabApp.expose_app_in_browser=True"]
        quiet: Any = subprocess.DEVNULL
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env={**os.environ, **given}, stdout=quiet, stderr=quiet
        )
        try:
            while not (found := [*(folder / "runtime").glob("jpserver-*.json")]) or not found[0].read_text():
                time.sleep(0.1)
            yield json.loads(found[0].read_text())["url"].rstrip("/"), folder / "root"
        finally:
            process.terminate()
            process.wait(20)


class Panel:
    """The panel in a browser's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bytes = 0
        page.on("websocket", self._watch)
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable")

    def _watch(self, socket: Any) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, self._count)

    def _count(self, frame: Any) -> None:
        self.bytes += len(frame)

    @property
    def scripting(self) -> float:
        """Seconds that the page has spent in scripts."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "ScriptDuration"))

    def run(self, cell: int) -> None:
        self.page.evaluate(
            "cell => { const notebook = window.jupyterapp.shell.currentWidget.content;"
            " notebook.activeCellIndex = cell; notebook.mode = 'command';"
            " window.jupyterapp.commands.execute('notebook:run-cell'); }",
            cell,
        )

    def ask(self, text: str, *, timeout: float = 120.0) -> None:
        """Ask, and wait for the answer."""
        before = self.page.locator(".comet-turn").count()
        self.page.locator(".comet-field").fill(text)
        self.page.locator(".comet-field").press("Shift+Enter")
        self.page.wait_for_function(
            "before => document.querySelectorAll('.comet-turn').length > before"
            " && !document.querySelector('.comet-turn[data-state=running]')",
            arg=before,
            timeout=timeout * 1000,
        )


def open_panel(page: Page, url: str, root: Path, seconds: float) -> Panel:
    cells = [nbformat.v4.new_code_cell(source.replace("SECONDS", str(seconds))) for source in CELLS]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), root / "panel.ipynb")
    panel = Panel(page)
    page.goto(f"{url}/lab/tree/panel.ipynb?token={TOKEN}")
    page.wait_for_function(
        "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
    )
    for cell in (0, 1):
        panel.run(cell)
    page.wait_for_function("document.querySelector('.comet-pickers input')?.value", timeout=60_000)
    page.get_by_label("Context").select_option("none")
    page.evaluate(WATCH)
    return panel


def paints(panel: Panel, gateway: Gateway, seconds: float) -> list[Row]:
    """The longest gaps between paints of a streaming answer, without a computing cell and with one."""
    text = answer(WORDS)
    gateway.follow(default=reply(text).delayed(0.0, between=seconds * 0.85 / len(text.split(" "))))
    gaps = []
    for cell in (None, 2):
        if cell is not None:
            panel.run(cell)
            panel.page.wait_for_timeout(500)
        panel.page.evaluate("() => { window.paints = []; window.tasks = []; }")
        panel.ask("Go on.", timeout=seconds * 10)
        times = panel.page.evaluate("window.paints")
        gaps.append(max(later - earlier for earlier, later in pairwise(times)) / 1000)
        tasks = panel.page.evaluate("window.tasks")
        beside = "alone" if cell is None else "beside a computing cell"
        print(
            f"3,000 words {beside}: {len(times)} paints in {(times[-1] - times[0]) / 1000:.1f} s, longest gap"
            f" {gaps[-1] * 1000:.0f} ms, {len(tasks)} long tasks, longest {max(tasks, default=0):.0f} ms"
        )
    return [
        Row("longest gap: beside a cell / alone", gaps[1] / gaps[0], at_most=3.0),
        Row("share of the time in long tasks", sum(tasks) / (times[-1] - times[0]), at_most=0.1),
    ]


def many_turns(panel: Panel, gateway: Gateway) -> list[Row]:
    """Bytes and scripting of twenty turns after the 10th, and of twenty before the 200th."""
    gateway.follow(default=reply(answer(150)))
    at = []
    for turn in range(TURNS):
        at.append((panel.bytes, panel.scripting))
        panel.ask(f"Question {turn}: what of the numbers is worth a closer look?")
    at.append((panel.bytes, panel.scripting))
    costs = [(bytes_ - at[turn][0], scripting - at[turn][1]) for turn, (bytes_, scripting) in enumerate(at[1:])]
    early, late = ([median(cost[n] for cost in costs[end - 20 : end]) for n in (0, 1)] for end in (30, TURNS))
    for words, (size, scripting) in (("10", early), (str(TURNS - 20), late)):
        print(f"one of 20 turns after {words}: {size:,.0f} bytes, {scripting * 1000:.1f} ms in scripts")
    nodes = panel.page.evaluate("document.querySelectorAll('.comet-body').length")
    print(f"answers in the document: {nodes}")
    return [
        Row(f"bytes of a turn: at {TURNS} / at 10", late[0] / early[0], at_most=1.25),
        Row(f"scripting of a turn: at {TURNS} / at 10", late[1] / early[1], at_most=1.5),
    ]


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        raise SystemExit("No Chromium found.")
    with Gateway() as gateway, lab(gateway.base_url) as (url, root), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        panel = open_panel(browser.new_page(), url, root, seconds)
        rows = paints(panel, gateway, seconds)
        panel.page.get_by_role("button", name="New", exact=True).click()
        rows += many_turns(panel, gateway)
        browser.close()
        return report(rows)


if __name__ == "__main__":
    sys.exit(main())
