"""What the panel costs the browser: paints while a cell computes, long tasks, one more turn after many.

    python benchmarks/panel_in_browser.py [seconds of the cell]

A real Chromium shows JupyterLab; a real kernel asks the scripted gateway. Bounds: while a cell computes for 30 seconds
and 3,000 words stream into the panel, the longest gap between two paints is at most three times that of the same answer
without the cell, and the page spends at most a tenth of the time in long tasks; a turn near the 200th costs at most
1.25 times the websocket's bytes, and 1.5 times the time in scripts, of one near the 10th.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from answers import answer
from playwright.sync_api import sync_playwright
from plumbing import Row, report

from comet_magics.testing import Gateway, reply

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browser.notebook import LOAD, NotebookPage
from browser.panel import PanelPage, open_panel
from browser.server import FLAGS, TOKEN, chromium_path, serve, write_notebook

WORDS = 3_000
TURNS = 200
SETUP = f"{LOAD}\n%config CometMagics.check = False\n%config CometMagics.rehearse = False"
COMPUTE = "import time\nend = time.time() + {}\nwhile time.time() < end:\n    sum(i * i for i in range(1000))"
# Notes when the newest answer changed, and every task that kept the page from painting.
WATCH = """() => {
    window.paints = [];
    window.tasks = [];
    new MutationObserver(() => window.paints.push(performance.now()))
        .observe(document.querySelector('.comet-turns'), {childList: true, subtree: true, characterData: true});
    new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(entry => entry.duration)))
        .observe({type: 'longtask'});
}"""


class Costs:
    """What a page sends and receives, and how long its scripts run."""

    def __init__(self, page: Any) -> None:
        self.bytes = 0
        page.on("websocket", self._watch)
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable")

    def _watch(self, socket: Any) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, self._count)

    def _count(self, frame: Any) -> None:
        self.bytes += len(frame)

    def now(self) -> tuple[int, float]:
        """Bytes over the websocket, and seconds in scripts, so far."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return self.bytes, next(one["value"] for one in metrics if one["name"] == "ScriptDuration")


def paints(panel: PanelPage, gateway: Gateway, seconds: float) -> list[Row]:
    """The longest gaps between paints of a streaming answer, without a computing cell and with one."""
    text = answer(WORDS)
    gateway.follow(default=reply(text).delayed(0.0, between=seconds * 0.85 / len(text.split(" "))))
    gaps = []
    for cell in (None, 2):
        if cell is not None:
            panel.nb.run(cell, wait=False)
            panel.page.wait_for_timeout(500)
        panel.page.evaluate("() => { window.paints = []; window.tasks = []; }")
        beside = "alone" if cell is None else "beside a computing cell"
        panel.ask(f"Go on, {beside}.", timeout=seconds * 10)
        times = panel.page.evaluate("window.paints")
        gaps.append(max(later - earlier for earlier, later in pairwise(times)) / 1000)
        tasks = panel.page.evaluate("window.tasks")
        print(
            f"3,000 words {beside}: {len(times)} paints in {(times[-1] - times[0]) / 1000:.1f} s, longest gap"
            f" {gaps[-1] * 1000:.0f} ms, {len(tasks)} long tasks, longest {max(tasks, default=0):.0f} ms"
        )
    return [
        Row("longest gap: beside a cell / alone", gaps[1] / gaps[0], at_most=3.0),
        Row("share of the time in long tasks", sum(tasks) / (times[-1] - times[0]), at_most=0.1),
    ]


def many_turns(panel: PanelPage, costs: Costs, gateway: Gateway) -> list[Row]:
    """Bytes and scripting of twenty turns after the 10th, and of twenty before the 200th."""
    gateway.follow(default=reply(answer(150)))
    at = [costs.now()]
    for turn in range(TURNS):
        panel.ask(f"Question {turn}: what of the numbers is worth a closer look?")
        at.append(costs.now())
    spent = [tuple(after - before for before, after in zip(*pair, strict=True)) for pair in pairwise(at)]
    early, late = ([median(cost[n] for cost in spent[end - 20 : end]) for n in (0, 1)] for end in (30, TURNS))
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
    with tempfile.TemporaryDirectory() as folder, Gateway() as gateway, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        with serve(Path(folder), gateway.base_url) as server:
            page = browser.new_page()
            page.set_default_timeout(300_000)
            costs = Costs(page)
            name = write_notebook(server, "panel.ipynb", SETUP, "%gpt_panel", COMPUTE.format(seconds))
            nb = NotebookPage(page, server, "lab", name, TOKEN, None)
            nb.open()
            panel = open_panel(nb)
            panel.root.get_by_label("Context").select_option("none")
            page.evaluate(WATCH)
            rows = paints(panel, gateway, seconds)
            panel.button("New").click()
            rows += many_turns(panel, costs, gateway)
        browser.close()
    return report(rows)


if __name__ == "__main__":
    sys.exit(main())
