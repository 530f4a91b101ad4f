"""The panel: asking, looking, choosing; with the mouse, by keyboard alone, while a cell computes, and afterwards."""

import base64
import struct

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comet_magics.testing import reply

from .attacks import ATTACKS
from .notebook import LOAD
from .panel import PanelPage

BOTH = pytest.mark.parametrize("front_end", ["lab", "notebook"], indirect=True)
DATA = "import pandas as pd\npenguins = pd.DataFrame({'species': ['Adelie'] * 344})\nlimit = 3"
CODE = (
    "There is **one** species, with $n = 344$.\n\n```python\nspecies = penguins.species.unique()\nlen(species)\n```\n"
)
SLOW = reply("Word after word. " * 400).delayed(between=0.05)


def open_panel(nb, *, cell=1):
    nb.load()
    nb.run(cell)
    return PanelPage(nb).ready()


def paste(panel, kind, content):
    """Paste a file into the prompt: `content` is base64."""
    drop(panel, kind, content, event="paste")


def drop(panel, kind, content, *, name="picture", event="drop"):
    panel.field.evaluate(
        """(field, [event, kind, name, content]) => {
            const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], name, {type: kind}));
            const init = {bubbles: true, cancelable: true};
            field.dispatchEvent(event === 'paste'
                ? new ClipboardEvent('paste', {...init, clipboardData: data})
                : new DragEvent('drop', {...init, dataTransfer: data}));
        }""",
        [event, kind, name, content],
    )


def png(panel, width, height):
    """A picture of this size, as base64."""
    return panel.page.evaluate(
        """([width, height]) => {
            const canvas = Object.assign(document.createElement('canvas'), {width, height});
            canvas.getContext('2d').fillRect(0, 0, width / 2, height);
            return canvas.toDataURL('image/png').split(',')[1];
        }""",
        [width, height],
    )


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


@BOTH
def test_the_conversation_stays_readable_when_the_kernel_and_the_page_are_gone(
    open_notebook, answers, server, front_end
):
    answers(CODE)
    nb = open_notebook(f"{LOAD}\n{DATA}\n%gpt_panel", "later = 1")
    nb.run(0)
    panel = PanelPage(nb).ready()
    panel.ask("How many species?")
    panel.field.fill("not yet asked")
    panel.button("Dock").click()
    docked = PanelPage(nb, docked=True).ready()
    expect(docked.field).to_be_focused()
    expect(docked.field).to_have_value("not yet asked")
    docked.ask("Again?")
    expect(panel.turns).to_have_count(2)
    nb.screenshot(f"panel-docked-{front_end}")
    docked.button("Close").click()
    expect(docked.root).to_have_count(0)
    panel.button("Dock").click()
    docked.ready()

    nb.save()
    assert not nb.evaluate("return panel.context.model.dirty")
    (output,) = nbformat.read(server.root / nb.name, 4).cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" not in output.data
    assert output.data["text/html"].count("<section data-turn=") == 2
    nb.evaluate("return panel.sessionContext.restartKernel().then(() => null)")
    for place in (nb.page.locator(".comet-docked"), nb.cell(0)):
        expect(place).to_contain_text("There is one species")
        expect(place).to_contain_text("The kernel was restarted or ended. %gpt_panel opens a new panel.")
        expect(place.locator("textarea.comet-field")).to_have_count(0)
    nb.page.locator(".comet-docked").get_by_role("button", name="Open a new panel").click()
    docked.ready()
    expect(docked.turns).to_have_count(0)

    nb.page.goto("about:blank")
    for kernel in server.api("kernels"):
        server.api(f"kernels/{kernel['id']}", "DELETE")
    saved = nbformat.read(server.root / nb.name, 4)
    del saved.metadata["language_info"]
    saved.metadata.kernelspec = {"name": "gone", "display_name": "Gone", "language": "gone"}
    nbformat.write(saved, server.root / f"elsewhere-{front_end}.ipynb")
    nb = open_notebook(name=f"elsewhere-{front_end}.ipynb", kernel=False)
    nb.page.locator(".jp-Dialog button.jp-mod-reject").click()
    transcript = nb.cell(0).locator(".comet-transcript")
    expect(transcript).to_contain_text("How many species?")
    expect(transcript).to_contain_text("There is one species")
    assert "Loading widget" not in nb.cell(0).inner_text()
    nb.screenshot(f"panel-without-kernel-{front_end}")


@pytest.mark.parametrize("theme", ["Light", "Dark", "Dark High Contrast"])
def test_it_fits_everywhere_and_assistive_technology_finds_nothing_wrong(open_notebook, answers, theme):
    answers(CODE, "| a | b |\n|---|---|\n| 1 | 2 |\n\n" + "long" * 60, "Done.")
    nb = open_notebook(f"{LOAD}\n{DATA}", "%gpt_panel")
    nb.execute("apputils:change-theme", theme=f"JupyterLab {theme}")
    panel = open_panel(nb)
    check(panel)
    for question in ("How many species?", "Is there a table?", "And?"):
        panel.ask(question)
    panel.button("Leave out", 1).click()
    panel.button("Retry…", 2).click()
    panel.field.fill("Is it @pe")
    expect(panel.chips.get_by_role("button")).to_have_count(1)
    paste(panel, "image/png", png(panel, 40, 30))
    paste(panel, "text/plain", "")
    expect(panel.notices).to_contain_text("not a picture")
    nb.screenshot(f"panel-{theme.lower().replace(' ', '-')}")
    check(panel)
    panel.root.evaluate("root => root.style.width = '320px'")
    nb.screenshot(f"panel-320-{theme.lower().replace(' ', '-')}")
    check(panel)
    panel.root.evaluate("root => root.style.width = ''")
    nb.execute("apputils:change-theme", theme="JupyterLab Light")


def check(panel):
    """Nothing sticks out, and axe-core is content."""
    wide = panel.root.evaluate(
        "root => [root, ...root.querySelectorAll('.comet-log, .comet-turn, .comet-composer, .comet-pickers')]"
        ".filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.className)"
    )
    assert wide == []
    found = Axe().run(panel.page, context={"include": [".comet-panel"]})
    wrong = [(one["id"], node["html"]) for one in found.response["violations"] for node in one["nodes"]]
    assert wrong == []


def test_no_text_becomes_more_than_text_in_the_panel(open_notebook, answers, server):
    text = "\n\n".join(ATTACKS)
    answers(text, "Done.")
    nb = open_notebook(LOAD, "%gpt_panel")
    panel = open_panel(nb)
    panel.page.evaluate("() => { window.struck = 0; window.alert = () => { window.struck += 1; }; }")
    panel.root.get_by_label("Context").select_option("none")
    attack = "\n".join(ATTACKS).replace("{", "{{").replace("}", "}}")
    panel.field.fill(attack)
    panel.button("Ask").click()
    expect(panel.root.locator(".comet-stats")).to_have_count(1)
    panel.button("Show all of the question").click()
    panel.button("Dock").click()
    docked = PanelPage(nb, docked=True).ready()
    expect(docked.root.locator(".comet-stats")).to_have_count(1)
    nb.save()
    nb.evaluate("return panel.sessionContext.restartKernel().then(() => null)")
    expect(nb.cell(1)).to_contain_text("The kernel was restarted or ended.")
    nb.page.wait_for_timeout(300)
    assert panel.page.evaluate("window.struck") == 0
    found = panel.page.evaluate(
        "[...document.querySelectorAll('.comet-answer, .comet-question, .comet-transcript')].flatMap(node =>"
        " [...node.querySelectorAll('script, img, iframe, form, object, video, link, math, style')])"
        ".map(node => node.outerHTML.slice(0, 99))"
    )
    assert [one for one in found if not one.startswith("<style>")] == []
    assert [url for url in nb.requests if not url.startswith((server.url, "data:", "blob:", "about:"))] == []


def test_where_no_extension_listens_it_asks_over_its_own_comm_and_offers_copies(open_notebook, answers, gateway):
    """A view that is shown by itself, as other front ends show it."""
    answers(CODE)
    bare = (
        "from ipywidgets.widgets.widget import _instances\n"
        "next(one for one in _instances.values() if type(one).__name__ == 'PanelWidget')"
    )
    nb = open_notebook(f"{LOAD}\n{DATA}", "%gpt_panel", bare)
    nb.load()
    nb.run(1)
    nb.run(2)
    panel = PanelPage(nb)
    panel.root = nb.cell(2).locator(".comet-panel")
    panel.field = panel.root.get_by_role("textbox", name="Question")
    panel.turns = panel.root.locator(".comet-turn")
    panel.ready()
    panel.ask("How many species?")
    assert gateway.requests[0].prompt.endswith("How many species?")
    expect(panel.button("Copy code")).to_have_count(1)
    expect(panel.button("Dock")).to_be_hidden()
    panel.button("Save as a markdown cell").click()
    expect(panel.root.get_by_role("alert")).to_contain_text("%gpt_insert")
    panel.button("Dismiss").click()
    expect(panel.root.get_by_role("alert")).not_to_contain_text("%gpt_insert")


def test_old_turns_fold_away_and_open_when_one_wants_to_see_them(open_notebook, answers):
    answers(*(f"Answer number {number}." for number in range(1, 24)))
    nb = open_notebook(LOAD, "%gpt_panel")
    panel = open_panel(nb)
    panel.root.get_by_label("Context").select_option("none")
    for number in range(1, 23):
        panel.ask(f"Question {number}")
    expect(panel.root.locator(".comet-body")).to_have_count(20)
    expect(panel.turns.nth(1)).not_to_contain_text("Answer number 2.")
    panel.button("Open: Question 2").click()
    expect(panel.turns.nth(1)).to_contain_text("Answer number 2.")
    nb.save()
    nb.page.reload()
    nb.page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.content?.model != null")
    panel.ready()
    expect(panel.turns).to_have_count(22)
    expect(panel.turns.nth(21)).to_contain_text("Answer number 22.")
    panel.button("Open: Question 1").click()
    expect(panel.turns.nth(0)).to_contain_text("Answer number 1.")
