"""What goes along with a question, as a person looks at it: `%gpt_context`, `--dry-run` and the line under an answer.

The pictures are in ./screenshots, to be looked at by people.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from .notebook import LOAD
from .test_looks import Pictures, check

MADE = """\
import numpy as np, pandas as pd
rng = np.random.default_rng(3)
penguins = pd.DataFrame({"species": ["Adelie", "Gentoo"] * 100, "mass": rng.normal(4200, 600, 200).round()})
rate, api_token = 0.25, "marble-tundra-77-saffron"
penguins.head()"""
CELLS = (LOAD, MADE, "print('loaded', rate)", "penguins.weight.mean()")


@pytest.mark.parametrize("theme", ["Light", "Dark"], indirect=True)
def test_looking_at_what_would_be_sent(open_notebook, answers, gateway, theme):
    answers("The column is called `mass`.")
    asks = ("%gpt_context Why does @penguins have no weight?", "%%gpt --dry-run\nWhy has @penguins no weight?")
    nb = open_notebook(*CELLS, *asks, "%%gpt\nWhy has @penguins no weight?")
    picture = Pictures(nb, f"context-{theme.lower()}")
    nb.load()
    for cell in (1, 2, 3, 4):
        nb.run(cell)
    look = nb.cell(4)
    expect(look.get_by_role("table")).to_be_visible()
    picture.take("look", at=4)
    check(nb)
    look.locator("summary", has_text="penguins").click()
    expect(look).to_contain_text("'Adelie' ×100")
    picture.take("a part unfolded", at=4)
    nb.run(5)
    assert gateway.requests == []
    nb.cell(5).get_by_text("The request itself").click()
    picture.take("dry run", at=5)
    shown = json.loads(nb.cell(5).locator("pre").last.inner_text())
    nb.run(6)
    assert shown == gateway.requests[0].body
    nb.cell(6).locator(".comet-along summary").first.click()
    picture.take("under the answer", at=6)
    check(nb)
