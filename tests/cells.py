"""The cells in tests/data/cells: read as data, and given to a real kernel to be checked and rehearsed there.

`fixture.txt` sets up the live names; the others hold cells, each below a line `# %% kind: what it shows`. All are
written for these tests. They stand for the idioms that the user guides of pandas, polars, numpy, matplotlib, seaborn,
scikit-learn, statsmodels, scipy and DuckDB teach, for IPython's magics and top-level await, and, the broken ones, for
what goes wrong in generated notebooks: names that a model remembers from an older release, that it misspells or never
defined, and values that only the data can prove wrong.

The last files are there to measure by: what the check found of them at first sight. Of `broken_3`, written when it
knew little but names and columns, 36 in 100; of `broken_4`, written after the rules that followed, 93; of `broken_5`,
written after all, 80. One false alarm in `correct_3`, none in `correct_4`. Since then each had its say in the rules.
Code that nobody here wrote is in benchmarks/check_docstrings.py.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "cells"

_DRIVER = """
import json, sys
from comet_magics.code.check import check
from comet_magics.notebook.describe import describe
from comet_magics.notebook.rehearse import Limits, rehearse
def _try(job):
    sources, limits, stages = job
    report = {}
    if "check" in stages:
        found = check(sources, describe(get_ipython(), sources))
        report["errors"] = [[f.message for f in one if f.severity == "error"] for one in found]
    if "rehearse" in stages:
        runs = rehearse(get_ipython(), sources, Limits(**limits))
        report["runs"] = [[r.outcome, r.reason, list(r.attempts), r.printed, list(r.walls)] for r in runs]
    return report
"""


def cells(prefix):
    """The cells of the files whose names begin with `prefix`, as (title, source)."""
    found = []
    for path in sorted(FOLDER.glob(f"{prefix}*.txt")):
        for part in re.split(r"(?m)^# %% ", path.read_text(encoding="utf-8"))[1:]:
            title, source = part.split("\n", 1)
            found.append((title, source.rstrip("\n")))
    return found


class Rehearsals:
    """A kernel with the fixture's names, in which cells are checked and rehearsed."""

    def __init__(self, client):
        self.client = client
        self.run((FOLDER / "fixture.txt").read_text(encoding="utf-8"))
        self.run(_DRIVER)

    def run(self, code, timeout=120):
        """Run `code` as a cell; return what it printed."""
        reply = self.client.execute(code, reply=False)
        printed = []
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != reply:
                continue
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                printed.append(content["text"])
            elif message["msg_type"] == "error":
                raise AssertionError("\n".join(content["traceback"]))
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return "".join(printed)

    def try_out(self, *sources, stages="check rehearse", **limits):
        """What check and rehearsal say of `sources`, as one answer's blocks."""
        job = json.dumps([sources, limits, stages])
        return json.loads(self.run(f"print(json.dumps(_try(json.loads({job!r}))))"))
