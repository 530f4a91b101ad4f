"""Each command from the keyboard alone, in the palette and the menus, with shortcuts that can be changed."""

import json

import pytest
from playwright.sync_api import expect

from .notebook import LOAD

BOTH = pytest.mark.parametrize("front_end", ["lab", "notebook"], indirect=True)
LABELS = [
    "Ask About This Cell…",
    "Explain the Selection",
    "Explain the Dataframe Under the Cursor",
    "Fix the Last Error",
    "Insert the Last Answer’s Code",
    "Stop the Answer",
    "Change Effort and Model…",
]


@BOTH
def test_what_is_selected_or_under_the_cursor_is_explained(open_notebook, gateway):
    nb = open_notebook(LOAD, "prices = {'bread': 3}", "first = 1\nprint(prices.keys())")
    nb.load()
    nb.run(1)
    nb.select(2, edit=True)
    for key in ("Control+Home", "Shift+End", "Alt+Shift+E"):
        nb.page.keyboard.press(key)
    assert gateway.wait_for_requests(1)
    assert gateway.requests[0].prompt == "Explain this:\n\n```python\nfirst = 1\n```"
    nb.select(2, edit=True)
    for key in ("Control+End", "Home", *["ArrowRight"] * 8, "Alt+Shift+D"):
        nb.page.keyboard.press(key)
    assert gateway.wait_for_requests(2)
    assert nb.sources()[3] == "%gpt_explain prices.keys"


def test_a_failed_cell_is_fixed_and_the_code_inserted_without_a_mouse(open_notebook, answers, gateway):
    answers("So:\n\n```python\ntotal = 1\n```\n")
    nb = open_notebook(LOAD, "total = one")
    nb.load()
    nb.run(1)
    nb.page.keyboard.press("Alt+Shift+X")
    expect(nb.page.get_by_role("button", name="Replace…")).to_be_visible()
    nb.page.keyboard.press("Alt+Shift+I")
    nb.wait("notebook.widgets.length === 4")
    assert nb.sources()[2:] == ["%gpt_fix", "total = 1"]


def test_commands_are_in_the_palette_and_the_menus(open_notebook):
    nb = open_notebook(LOAD, "x = 1")
    nb.load()
    nb.select(1)
    nb.page.keyboard.press("Control+Shift+C")
    nb.page.keyboard.type("Ask gpt")
    for label in (*LABELS[:4], LABELS[-1]):  # the palette hides what can't be done now
        expect(nb.page.locator(".lm-CommandPalette-itemLabel", has_text=label).first).to_be_visible()
    nb.page.keyboard.press("Escape")
    nb.page.get_by_role("menuitem", name="Run", exact=True).click()
    nb.page.locator(".lm-Menu-itemLabel", has_text="Ask gpt").hover()
    for label in LABELS:
        expect(nb.page.locator(".lm-Menu-itemLabel", has_text=label)).to_be_visible()
    for _ in range(3):
        nb.page.keyboard.press("Escape")
    nb.cell(1).click(button="right")
    nb.page.locator(".lm-Menu-itemLabel", has_text="Ask gpt").hover()
    for label in LABELS:
        expect(nb.page.locator(".lm-Menu-itemLabel", has_text=label)).to_be_visible()


def test_a_shortcut_can_be_changed(open_notebook, server):
    folder = server.settings / "@jupyterlab" / "shortcuts-extension"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "shortcuts.jupyterlab-settings"
    mine = {"command": "comet-magics:ask-about-cell", "keys": ["Ctrl Alt Q"], "selector": ".jp-Notebook"}
    file.write_text(json.dumps({"shortcuts": [mine]}))
    try:
        nb = open_notebook(LOAD, "x = 1")
        nb.load()
        nb.select(1)
        nb.page.keyboard.press("Control+Alt+q")
        expect(nb.page.get_by_role("dialog")).to_contain_text("Ask about this cell")
        nb.page.keyboard.press("Escape")
    finally:
        file.unlink()


def test_a_kernel_of_another_version_is_told_of_in_one_line(open_notebook, answers, gateway):
    answers("Yes.")
    nb = open_notebook("import comet_magics.notebook.comm as c; c.PROTOCOL = 2", LOAD, "%%gpt\nIs it so?", "1 / 0")
    nb.run(0)
    nb.load(1)
    expect(nb.page.locator(".Toastify__toast")).to_contain_text("do not understand each other: update the extension")
    nb.run(2)
    expect(nb.cell(2)).to_contain_text("Yes.")
    nb.run(3)
    assert nb.page.get_by_role("button", name="Fix this error").count() == 0


def test_what_a_kernel_says_wrongly_is_ignored_and_logged_once(open_notebook, gateway):
    warnings = []
    wrong = (
        "pages = get_ipython().magics_manager.registry['GptMagics'].assistant.companion._pages\n"
        "for comm in pages._comms.values():\n"
        "    for data in ({}, {'type': 'insert', 'cells': '<img>'}, {'type': 'status', 'model': 3}):\n"
        "        comm.send(data)"
    )
    nb = open_notebook(LOAD, wrong, "%%gpt\nIs it so?")
    nb.page.on("console", lambda message: warnings.append(message.text))
    nb.load()
    nb.run(1)
    nb.run(2)
    assert len(nb.sources()) == 3
    assert len([text for text in warnings if "was not understood and is ignored" in text]) == 1
