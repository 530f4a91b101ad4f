"""Code that runs, as a person sees it: tried, repaired, with its figure, and a badge that leads back to all that."""

import pytest
from playwright.sync_api import expect

from comet_magics.testing import reply

from .notebook import LOAD

SETUP = """\
import pandas as pd
import matplotlib.pyplot as plt
df = pd.DataFrame({'income': [1.0, 3.0], 'age': [30, 40]})"""
CODE = "```python\nmean = df['{}'].mean()\nplt.plot(df['age'], df['income'])\nmean\n```\n"
WRONG = f"The mean:\n\n{CODE.format('incme')}\nThat is it.\n"
RIGHT = CODE.format("income")


@pytest.mark.parametrize("front_end", ["lab", "notebook"], indirect=True)
def test_a_wrong_column_is_repaired_before_it_is_inserted(open_notebook, answers, gateway, front_end):
    answers(WRONG, reply(RIGHT).delayed(between=0.05))
    nb = open_notebook(LOAD, SETUP, "%%gpt\nPlot income by age.", "last = 1")
    nb.load()
    nb.run(1)
    nb.run(2, wait=False)
    answer = nb.cell(2).locator(".jp-OutputArea")
    expect(answer).to_contain_text("asking for a repair…")
    verdict = nb.cell(2).locator(".comet-verdict")
    expect(verdict).to_contain_text("✓ ran in", timeout=30_000)
    assert "did you mean `income`?" in gateway.requests[1].prompt

    expect(verdict).to_contain_text("-mean = df['incme'].mean()")
    expect(verdict).to_contain_text("+mean = df['income'].mean()")
    figure = verdict.get_by_role("img", name="Figure 1 that code block 1 drew in the rehearsal")
    expect(figure).to_be_visible()
    assert figure.evaluate("image => image.naturalWidth") > 100
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        nb.execute("apputils:change-theme", theme=theme)
        nb.page.wait_for_selector("#jupyterlab-splash", state="detached")
        nb.screenshot(f"repaired-{front_end}-{theme.split()[1].lower()}")
    nb.execute("apputils:change-theme", theme="JupyterLab Light")
    nb.page.wait_for_selector("#jupyterlab-splash", state="detached")

    nb.page.get_by_role("group", name="Code block 1").get_by_role("button", name="Insert below").click()
    assert nb.sources()[3] == RIGHT.split("```")[1].removeprefix("python\n").rstrip("\n")
    badge = nb.cell(3).locator(".comet-badge")
    expect(badge).to_contain_text("✓ ran in")
    expect(verdict.get_by_text("Walls that stood")).to_be_hidden()
    badge.click()
    expect(verdict.get_by_text("Walls that stood")).to_be_visible()
    expect(verdict).to_be_in_viewport()
    nb.screenshot(f"badge-{front_end}")
    nb.run(3)
    expect(nb.cell(3).locator(".jp-OutputArea").first).to_contain_text("2.0")


def test_what_stays_wrong_arrives_with_its_reason(open_notebook, answers):
    answers(WRONG, "I can not.")
    nb = open_notebook(LOAD, SETUP, "%%gpt\nPlot income by age.")
    nb.load()
    nb.run(1)
    nb.run(2)
    verdict = nb.cell(2).locator(".comet-verdict")
    expect(verdict).to_contain_text("✗ KeyError: 'incme' (line 1)")
    expect(verdict).to_contain_text("line 1: no column `incme`; did you mean `income`?")
    nb.page.get_by_role("button", name="Insert below").click()
    badge = nb.cell(3).locator(".comet-badge")
    expect(badge).to_contain_text("✗ KeyError: 'incme' (line 1)")
    nb.screenshot("failed-badge")
