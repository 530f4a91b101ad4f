"""The panel: how it looks, what stays when the kernel or the page goes, and text that wants to be more than text."""

import nbformat
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .attacks import ATTACKS
from .notebook import LOAD
from .panel import CODE, DATA, PanelPage, drop, open_panel, paste, png


def test_the_conversation_stays_readable_when_the_kernel_and_the_page_are_gone(open_notebook, answers, server):
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
    nb.screenshot("panel-docked")
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
    nbformat.write(saved, server.root / "conversation.ipynb")
    nb = open_notebook(name="conversation.ipynb", kernel=False)
    nb.page.locator(".jp-Dialog button.jp-mod-reject").click()
    transcript = nb.cell(0).locator(".comet-transcript")
    expect(transcript).to_contain_text("How many species?")
    expect(transcript).to_contain_text("There is one species")
    assert "Loading widget" not in nb.cell(0).inner_text()
    nb.screenshot("panel-without-kernel")


def test_it_fits_everywhere_and_assistive_technology_finds_nothing_wrong(open_notebook, answers):
    answers(CODE, "| a | b |\n|---|---|\n| 1 | 2 |\n\n" + "long" * 60, "Done.")
    nb = open_notebook(f"{LOAD}\n{DATA}", "%gpt_panel")
    panel = open_panel(nb)
    check(panel)
    for question in ("How many species?", "Is there a table?", "And?"):
        panel.ask(question)
    panel.button("Leave out", 1).click()
    panel.button("Retry…", 2).click()
    panel.field.fill("Is it @pe")
    expect(panel.chips.get_by_role("button")).to_have_count(1)
    paste(panel, "image/png", png(panel, 40, 30))
    drop(panel, "text/plain", "", name="notes.txt")
    expect(panel.notices).to_contain_text("not a picture")
    for theme in ("Dark High Contrast", "Dark", "Light"):
        nb.execute("apputils:change-theme", theme=f"JupyterLab {theme}")
        name = theme.lower().replace(" ", "-")
        nb.screenshot(f"panel-{name}")
        check(panel)
        panel.root.evaluate("root => root.style.width = '320px'")
        nb.screenshot(f"panel-320-{name}")
        check(panel)
        panel.root.evaluate("root => root.style.width = ''")


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
