"""The panel: asking and choosing, with the mouse, by keyboard alone, with pictures, and while a cell computes."""

import base64
import struct

import pytest
from playwright.sync_api import expect

from comet_magics.testing import reply

from .notebook import LOAD
from .panel import CODE, DATA, PanelPage, drop, open_panel, paste, png

BOTH = pytest.mark.parametrize("front_end", ["lab", "notebook"], indirect=True)
SLOW = reply("Word after word. " * 400).delayed(between=0.05)


@BOTH
def test_ask_insert_retry_edit_and_leave_out_with_the_mouse(open_notebook, answers, gateway, front_end):
    answers(CODE)
    nb = open_notebook(f"{LOAD}\n{DATA}", "%gpt_panel", "last = 1")
    panel = open_panel(nb)
    expect(panel.root).to_contain_text("$0 spent")
    chip = panel.chips.get_by_role("button").first
    expect(chip).to_have_text("penguinsDataFrame 344×1")
    panel.field.fill("How many species are in")
    chip.click()
    expect(panel.field).to_have_value("How many species are in @penguins ")
    expect(panel.estimate).to_contain_text("tokens in")
    expect(panel.estimate).to_contain_text("$")
    panel.button("Ask").click()
    expect(panel.turns).to_have_count(1)
    expect(panel.field).to_have_value("")
    expect(panel.root.locator(".comet-stats")).to_contain_text("tokens in")
    assert "species" in gateway.requests[0].context
    expect(panel.root.locator(".comet-body .MathJax, .comet-body mjx-container").first).to_be_visible()
    expect(panel.root).not_to_contain_text("$0 spent")

    block = panel.root.get_by_role("group", name="Code block 1")
    block.get_by_role("button", name="Insert below").click()
    block.get_by_role("button", name="Insert and run").click()
    nb.wait("notebook.widgets.length === 5 && notebook.widgets[3].model.executionCount === 3")
    code = "species = penguins.species.unique()\nlen(species)"
    assert nb.sources()[2:] == [code, code, "last = 1"]
    nb.select(4)
    block.get_by_role("button", name="Replace…").click()
    dialog = nb.page.locator(".comet-dialog")
    expect(dialog.locator(".comet-diff-line", has_text="last = 1")).to_be_visible()
    dialog.get_by_role("button", name="Accept").click()
    nb.wait("notebook.widgets[4].model.sharedModel.getSource().startsWith('species')")
    panel.button("Save as a markdown cell").click()
    nb.wait("notebook.widgets.length === 6 && notebook.widgets[5].model.type === 'markdown'")
    assert nb.sources()[5].startswith("There is **one** species, with $n = 344$.\n\n```python")

    panel.root.get_by_label("Effort", exact=True).select_option("high")
    panel.ask("And without the first?")
    assert gateway.requests[-1].body["reasoning"]["effort"] == "high"
    assert "How many species are in" in str(gateway.requests[-1].body["input"])
    panel.button("Retry…", 1).click()
    form = panel.turns.nth(1).locator("form")
    form.get_by_label("Effort").select_option("low")
    form.get_by_label("Model").fill("gpt-5.1-codex")
    form.get_by_role("button", name="Ask again").click()
    expect(panel.turns).to_have_count(3)
    panel.ended("And without the first?")
    request = gateway.requests[-1]
    assert (request.body["model"], request.body["reasoning"]["effort"]) == ("gpt-5.1-codex", "low")
    expect(panel.turns.nth(1)).to_contain_text("not sent")
    panel.button("Leave out", 0).click()
    expect(panel.turns.nth(0)).to_contain_text("not sent")

    panel.button("Edit question", 2).click()
    expect(panel.field).to_have_value("And without the first?")
    panel.field.fill("And without the last?")
    panel.button("Ask").click()
    panel.ended("And without the last?")
    said = str(gateway.requests[-1].body["input"])
    assert "And without the last?" in said
    assert "And without the first?" not in said
    assert "How many species are in" not in said
    panel.button("Take in again", 0).click()
    expect(panel.turns.nth(0)).not_to_contain_text("not sent")
    nb.screenshot(f"panel-{front_end}")

    panel.button("New").click()
    expect(panel.root.locator(".comet-earlier")).to_contain_text("Earlier conversation (4 turns)")
    panel.ask("What do you know?")
    assert "species are in" not in str(gateway.requests[-1].body["input"])


@BOTH
def test_everything_by_keyboard_alone_from_a_kernel_that_has_never_heard_of_it(open_notebook, answers, gateway):
    answers(CODE)
    nb = open_notebook(DATA, "last = 1")
    nb.run(0)
    nb.select(1)
    press = nb.page.keyboard.press
    press("Alt+Shift+P")
    panel = PanelPage(nb, docked=True).ready()
    expect(panel.field).to_be_focused()
    nb.page.keyboard.type("First of @pe")
    expect(panel.chips.get_by_role("button")).to_have_count(1)
    press("Tab")
    expect(panel.field).to_have_value("First of @penguins ")
    press("Shift+Enter")
    panel.ended("First of @penguins")
    expect(panel.announced).to_have_text("The answer is complete.")
    nb.page.keyboard.type("Second")
    press("Enter")
    nb.page.keyboard.type("line")
    press("Control+Enter")
    panel.ended("Second")
    assert gateway.requests[-1].prompt.endswith("Second\nline")

    nb.page.keyboard.type("a draft")
    press("ArrowUp")
    expect(panel.field).to_have_value("Second\nline")
    press("ArrowUp")
    expect(panel.field).to_have_value("Second\nline")
    press("ArrowUp")
    expect(panel.field).to_have_value("First of @penguins ")
    press("ArrowDown")
    press("ArrowDown")
    expect(panel.field).to_have_value("a draft")

    # Every stop on the way back through the panel is one that is seen, and no key of it reaches the notebook.
    seen = set()
    for _ in range(40):
        press("Shift+Tab")
        name, outline = panel.page.evaluate(
            "[document.activeElement.ariaLabel || document.activeElement.innerText || '',"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        if not panel.root.evaluate("node => node.contains(document.activeElement)"):
            break
        assert outline == "solid", name
        seen.add(name.strip().replace("\n", " "))
        press("d")
        press("d")
    assert {"Retry…", "Edit question", "Leave out", "Insert below", "Replace…", "New", "Conversation"} <= seen
    assert nb.sources() == [DATA, "last = 1"]

    panel.button("Edit question", 0).focus()
    press("Enter")
    expect(panel.field).to_be_focused()
    expect(panel.field).to_have_value("First of @penguins ")
    press("Escape")
    expect(panel.field).to_have_value("a draft")
    panel.root.get_by_label("Effort", exact=True).focus()
    press("h")
    expect(panel.root.get_by_label("Effort", exact=True)).to_have_value("high")
    panel.field.focus()
    answers(SLOW)
    press("Shift+Enter")
    expect(panel.turns.nth(2)).to_contain_text("Word after word.")
    assert gateway.requests[-1].body["reasoning"]["effort"] == "high"
    press("Alt+Shift+S")
    expect(panel.turns.nth(2)).to_contain_text("Stopped.")
    assert gateway.wait_for_disconnects(1)
    panel.button("Insert below", 0).focus()
    press("Enter")
    nb.wait("notebook.widgets.length === 3")


def test_it_answers_while_a_cell_computes_and_shares_the_cells_conversation(open_notebook, answers, gateway, server):
    answers("From a cell.", "From the panel, with **more** to come. " * 20, SLOW, "And again from a cell.")
    wait = "import time\nfrom pathlib import Path\nwhile not Path('go').exists():\n    time.sleep(0.02)\nprint('done')"
    nb = open_notebook(LOAD, "%%gpt -c none\nWho are you?", "%gpt_panel", wait, "%%gpt -c none\nAnd then?")
    nb.load()
    nb.run(1)
    nb.run(2)
    panel = PanelPage(nb).ready()
    told = panel.turns.nth(0)
    expect(told).to_contain_text("In [2]")
    expect(told).not_to_contain_text("From a cell.")
    panel.button("Open: Who are you?").click()
    expect(told).to_contain_text("From a cell.")
    nb.run(3, wait=False)
    panel.ask("What did you say?")
    expect(panel.turns.nth(1)).to_contain_text("From the panel")
    assert "From a cell." in str(gateway.requests[-1].body["input"])
    panel.ask("Go on.", wait=False)
    expect(panel.turns.nth(2)).to_contain_text("Word after word.")
    # Who reads further up is left there, and comes back when one wants to.
    panel.log.evaluate("log => log.scrollTop = 0")
    panel.button("Newest text").click()
    expect(panel.button("Newest text")).to_be_hidden()
    panel.button("Stop", 2).click()
    expect(panel.turns.nth(2)).to_contain_text("Stopped.")
    assert nb.outputs(3) == []
    (server.root / "go").touch()
    expect(nb.cell(3).locator(".jp-OutputArea-output")).to_have_text("done")
    assert len(nb.outputs(3)) == 1
    nb.run(4)
    assert "From the panel" in str(gateway.requests[-1].body["input"])
    expect(panel.turns.nth(3)).to_contain_text("And then?")


def test_pictures_are_pasted_dropped_made_smaller_and_sent(open_notebook, answers, gateway):
    answers("A picture.")
    nb = open_notebook(LOAD, "%gpt_panel")
    panel = open_panel(nb)
    paste(panel, "image/png", png(panel, 4096, 64))
    drop(panel, "image/png", png(panel, 20, 10))
    drop(panel, "image/png", png(panel, 30, 30))
    pictures = panel.root.get_by_role("list", name="Pictures that go along").get_by_role("listitem")
    expect(pictures).to_have_count(3)
    panel.button("Remove picture 3").click()
    drop(panel, "text/plain", base64.b64encode(b"no picture").decode(), name="notes.txt")
    expect(panel.notices).to_contain_text("notes.txt is not a picture that can be sent")
    drop(panel, "image/png", base64.b64encode(b"no picture").decode(), name="broken.png")
    expect(panel.notices).to_contain_text("broken.png can't be read as a picture.")
    expect(pictures).to_have_count(2)
    nb.screenshot("panel-pictures")
    panel.ask("What is it?")
    expect(pictures).to_have_count(0)
    expect(panel.turns.nth(0)).to_contain_text("2 pictures")
    parts = [part for item in gateway.requests[0].body["input"] for part in item.get("content", [])]
    urls = [part["image_url"] for part in parts if isinstance(part, dict) and part["type"] == "input_image"]
    sizes = [struct.unpack(">II", base64.b64decode(url.split(",")[1])[16:24]) for url in urls]
    assert sizes == [(2048, 32), (20, 10)]
