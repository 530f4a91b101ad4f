"""Errors, stopping, commands, keyboard, accessibility, and text that wants to be more than text."""

import json

import nbformat
import pytest
from playwright.sync_api import expect

from comet_magics.testing import reply

from .attacks import ATTACKS
from .notebook import LOAD

BOTH = pytest.mark.parametrize("front_end", ["lab", "notebook"], indirect=True)
FIXED = "The name is wrong.\n\n```python\nprices = [3, 4]\nsum(prices)\n```\n"


@BOTH
def test_a_failed_cell_offers_its_fix(open_notebook, answers, gateway, front_end):
    answers(FIXED)
    nb = open_notebook(LOAD, "prices = [3, 4]\nsum(price)", "last = 1")
    nb.load()
    nb.run(1)
    nb.page.get_by_role("button", name="Fix this error").click()
    expect(nb.page.get_by_role("button", name="Replace…")).to_be_visible()
    assert nb.sources()[2] == "%gpt_fix"
    assert "NameError" in gateway.requests[0].context
    nb.screenshot(f"fix-{front_end}")
    nb.page.get_by_role("button", name="Replace…").click()
    dialog = nb.page.locator(".comet-dialog")
    expect(dialog.get_by_label("Replace the cell").locator("option:checked")).to_have_text("2: prices = [3, 4]")
    dialog.get_by_role("button", name="Accept").click()
    nb.wait("notebook.widgets[1].model.sharedModel.getSource() === 'prices = [3, 4]\\nsum(prices)'")
    expect(nb.cell(1).locator(".comet-badge")).to_contain_text("✓ ran in")
    nb.run(1)
    assert nb.outputs(1)[0]["data"]["text/plain"] == "7"
    expect(nb.page.get_by_role("button", name="Fix this error")).to_have_count(0)


def test_stop_keeps_what_came_and_says_so(open_notebook, answers, gateway):
    answers(reply("Word after word. " * 400).delayed(between=0.05), "Again.")
    nb = open_notebook(LOAD, "%%gpt\nTell me a long story.")
    nb.load()
    nb.run(1, wait=False)
    expect(nb.cell(1)).to_contain_text("Word after word.")
    nb.select(1)
    nb.page.keyboard.press("Alt+Shift+S")
    expect(nb.cell(1)).to_contain_text("Stopped.")
    assert gateway.wait_for_disconnects(1)
    expect(nb.page.locator(".comet-live")).to_contain_text("Stopped")
    nb.run(1)
    expect(nb.cell(1)).to_contain_text("Again.")


def test_a_question_about_a_cell_is_asked_from_the_keyboard_alone(open_notebook, answers, gateway):
    answers("A sum.\n\n```python\nsum([1, 2, 3])\n```")
    nb = open_notebook(LOAD, "total = sum({1: 2})")
    nb.load()
    nb.select(1)
    nb.page.keyboard.press("Alt+Shift+A")
    expect(nb.page.locator(".jp-Dialog input")).to_be_focused()
    nb.page.keyboard.type("What is this?")
    nb.page.keyboard.press("Enter")
    group = nb.page.get_by_role("group", name="Code block 1")
    expect(group).to_be_visible()
    assert "total = sum({1: 2})" in gateway.requests[0].prompt
    expect(nb.page.locator(".comet-live")).to_have_text("The answer is complete.")
    nb.select(2)
    nb.page.keyboard.press("Alt+Shift+I")
    nb.wait("notebook.widgets.length === 4")
    assert nb.sources()[3] == "sum([1, 2, 3])"

    group.get_by_role("button", name="Copy").focus()
    for name in ("Insert below", "Insert and run", "Replace…"):
        nb.page.keyboard.press("Tab")
        button = group.get_by_role("button", name=name)
        expect(button).to_be_focused()
        assert button.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    nb.page.keyboard.press("Enter")
    expect(nb.page.locator(".comet-dialog")).to_be_visible()
    nb.page.keyboard.press("Escape")
    expect(nb.page.locator(".comet-dialog")).to_have_count(0)


def test_the_status_item_shows_and_changes_effort_and_model(open_notebook, answers, gateway):
    answers("Yes.")
    nb = open_notebook(LOAD, "%%gpt\nIs it so?")
    nb.load()
    item = nb.page.locator(".comet-status button")
    expect(item).to_have_text("gpt-5.1 · effort none · $0")
    item.click()
    expect(nb.page.locator(".comet-choose").get_by_label("Effort")).to_be_focused()
    nb.screenshot("choose")
    nb.page.keyboard.type("high")
    nb.page.keyboard.press("Enter")
    expect(item).to_have_text("gpt-5.1 · effort high · $0")
    nb.run(1)
    assert gateway.requests[0].body["reasoning"]["effort"] == "high"
    expect(item).to_contain_text("effort high · $0.00")
    nb.select(1)
    nb.page.keyboard.press("Alt+Shift+R")
    nb.page.locator(".comet-choose").get_by_label("Model").fill("gpt-5.1-codex")
    nb.page.keyboard.press("Enter")
    expect(item).to_contain_text("gpt-5.1-codex · effort high")
    nb.run(1)
    assert gateway.requests[1].model == "gpt-5.1-codex"


def test_names_are_completed_in_a_question(open_notebook):
    nb = open_notebook(LOAD, "comet_tail = 1", "%%gpt\nWhat is @comet_t")
    nb.load()
    nb.run(1)
    nb.select(2, edit=True)
    nb.page.keyboard.press("Control+End")
    expect(nb.complete()).to_contain_text("comet_tail")
    nb.page.keyboard.press("Enter")
    nb.wait("notebook.widgets[2].model.sharedModel.getSource() === '%%gpt\\nWhat is @comet_tail'")


def test_a_kernel_without_the_magics_is_left_alone(open_notebook):
    nb = open_notebook("1 / 0", "%%gpt\nIs it so?")
    nb.run(0)
    nb.run(1)
    assert nb.page.get_by_role("button", name="Fix this error").count() == 0
    assert not any('"comm_open"' in text and "comet_magics" in text for text in nb.sent)


def test_no_text_becomes_more_than_text(open_notebook, answers, server):
    """In an answer, in a fence's language, in a cell's source, in a mark; on the page and in the comparison."""
    text = "\n\n".join(f"{attack}\n\n```{one_line(attack)}\n{attack}\n```" for attack in ATTACKS)
    answers(f"{text}\n\n```python\n# the end\n```\n")
    attack = "\n".join(ATTACKS)
    mark = {"block": one_line(attack), "model": attack, "verdict": attack, "hash": attack, "checked": None}
    marked = nbformat.v4.new_code_cell(attack, metadata={"comet_magics": mark})
    nb = open_notebook(LOAD, "%%gpt -i ask --no-check\nAttack.", marked)
    nb.page.evaluate("() => { window.struck = 0; window.alert = () => { window.struck += 1; }; }")
    nb.load()
    nb.run(1)
    expect(nb.page.get_by_role("button", name="Replace…").last).to_be_visible()
    nb.page.get_by_role("button", name="Replace…").last.click()
    dialog = nb.page.locator(".comet-dialog")
    dialog.get_by_label("Replace the cell").select_option(index=2)
    expect(dialog.locator(".comet-diff-line").first).to_be_visible()
    dialog.get_by_role("button", name="Reject").click()
    nb.page.wait_for_timeout(500)
    assert nb.page.evaluate("window.struck") == 0
    found = nb.evaluate(
        "return [...notebook.node.querySelectorAll('.comet-answer script, .comet-answer img, .comet-answer iframe,"
        " .comet-answer svg, .comet-answer form, .comet-answer object, .comet-badge *, .comet-language *')]"
        ".map(node => node.outerHTML)"
    )
    assert found == []
    assert nb.sources()[2] == attack
    assert [url for url in nb.requests if not url.startswith((server.url, "data:", "blob:", "about:"))] == []


NASTY = """
import pandas as pd
from pathlib import Path
attacks = {attacks!r}
nasty = pd.DataFrame([range(len(attacks))], columns=attacks)
for number, attack in enumerate(attacks):
    Path(f"{{number}} {{attack.replace('/', '∕')[:200]}}.csv").write_text(attack)
"""
# Each answer makes the check and the rehearsal speak of names that attack.
RAISES = (
    "Look.\n\n```python\nraise KeyError(nasty.columns[{}])\n```\n\n```python\nnasty[nasty.columns[{}] + 'x']\n```\n"
)


def test_names_of_columns_and_files_stay_text(open_notebook, answers, server):
    """In what goes along, in the verdicts, on badges, in a failed cell's fix, in the completer and the dialog."""
    answers(*(RAISES.format(number, number + 1) for number in range(4)))
    name = "<img src=x onerror=alert(1)>.ipynb"
    cells = ["%gpt_context @nasty", "%%gpt\nSee @nasty and @nasty.x.", "raise KeyError(nasty.columns[1])"]
    nb = open_notebook(LOAD, NASTY.format(attacks=ATTACKS), *cells, "%%gpt\nRead @", name=name)
    nb.page.evaluate("() => { window.struck = 0; window.alert = () => { window.struck += 1; }; }")
    nb.load()
    for cell in (1, 2, 3, 4):
        nb.run(cell)
    for summary in nb.page.locator(".comet-answer summary, .jp-RenderedHTML summary").all():
        summary.evaluate("node => { node.parentElement.open = true; }")
    nb.cell(3).get_by_role("button", name="Insert below").first.click()
    expect(nb.page.locator(".comet-badge").first).to_contain_text("KeyError")
    nb.page.get_by_role("button", name="Fix this error").click()
    expect(nb.page.get_by_role("button", name="Replace…").last).to_be_visible()
    nb.page.get_by_role("button", name="Replace…").last.click()
    nb.page.locator(".comet-dialog").get_by_role("button", name="Reject").click()
    nb.select(len(nb.sources()) - 1, edit=True)
    nb.page.keyboard.press("Control+End")
    nb.wait_idle()
    expect(nb.complete().first).to_be_visible()
    assert nb.page.evaluate("window.struck") == 0
    found = nb.evaluate(
        "const places = document.querySelectorAll('.comet-answer, .jp-RenderedHTML, .comet-badge, .jp-Completer');"
        "const wrong = 'script, img, iframe, svg, form, object, video, link, [onerror], [onload], [onclick]';"
        "return [...places].flatMap(node => [...node.querySelectorAll(wrong)]).map(node => node.outerHTML);"
    )
    assert found == []
    buttons = nb.page.locator(".comet-answer button, .comet-fix button").all_inner_texts()
    assert set(buttons) == {"Copy", "Insert below", "Insert and run", "Replace…", "Fix this error"}
    assert [url for url in nb.requests if not url.startswith((server.url, "data:", "blob:", "about:"))] == []


def one_line(text):
    return json.dumps(text)[1:-1].replace("`", "'")
