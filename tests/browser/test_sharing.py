"""One kernel for several notebooks, one notebook in several places, and connections that break."""

from playwright.sync_api import expect

from comet_magics.testing import reply

from .notebook import LOAD, SNAPSHOT
from .server import write_notebook

SEEN = f"{{{SNAPSHOT}.path}} {{[c.source for c in {SNAPSHOT}.cells if not c.source.startswith('%')]}}"
ASK = f"%%gpt -i below\n{SEEN}"
TWO = "```python\nfirst = 1\n```\n\n```python\nsecond = 2\n```\n"


def test_two_notebooks_on_one_kernel_keep_their_cells_apart(open_notebook, server, answers, gateway):
    answers(TWO)
    nb = open_notebook(LOAD, "in_one = 1", ASK, name="one.ipynb")
    other = write_notebook(server, "other.ipynb", "in_other = 1", ASK, "last = 1")
    nb.load()
    nb.open_beside(other, kernel=nb.kernel_id)
    nb.run(1)
    assert gateway.requests[-1].prompt.startswith("other.ipynb ['in_other = 1', 'last = 1']")
    nb.wait("notebook.widgets.length === 5")
    assert nb.sources()[2:] == ["first = 1", "second = 2", "last = 1"]
    expect(nb.page.locator(".comet-status button:visible")).to_contain_text("gpt-5.1 · effort none · $0.0")
    nb.show("one.ipynb")
    nb.run(2)
    assert gateway.requests[-1].prompt.startswith("one.ipynb ['in_one = 1']")
    nb.wait("notebook.widgets.length === 5")
    assert nb.sources()[3:] == ["first = 1", "second = 2"]

    # The comms go with the notebook that opened them; the other one does without.
    nb.save()
    nb.execute("application:close")
    nb.show(other)
    nb.run(1)
    assert "other.ipynb" in gateway.requests[-1].prompt
    assert "'last = 1']" in gateway.requests[-1].prompt
    nb.wait("notebook.widgets.length === 6")
    assert nb.sources()[2] == "first = 1\n\nsecond = 2"


def test_a_restart_from_one_notebook_is_noticed_in_the_other(open_notebook, server, gateway):
    nb = open_notebook(LOAD, ASK, name="one.ipynb")
    other = write_notebook(server, "other.ipynb", "in_other = 1", ASK)
    nb.load()
    nb.open_beside(other, kernel=nb.kernel_id)
    nb.run(1)
    nb.show("one.ipynb")
    nb.execute("notebook:clear-all-cell-outputs")
    nb.evaluate("return panel.sessionContext.restartKernel().then(() => null)")
    nb.load()
    nb.show(other)
    nb.run(1)
    assert gateway.requests[-1].prompt.startswith("other.ipynb ['in_other = 1']")
    nb.run(1)
    assert gateway.requests[-1].prompt.startswith("other.ipynb ['in_other = 1']")


def test_two_views_of_a_notebook_are_one_notebook(open_notebook, answers, gateway):
    answers(TWO)
    nb = open_notebook(LOAD, ASK)
    nb.load()
    nb.execute("docmanager:clone")
    nb.page.wait_for_function("document.querySelectorAll('.jp-NotebookPanel').length === 2")
    nb.wait("notebook.widgets.length === 2")
    nb.run(1)
    nb.wait("notebook.widgets.length === 4")
    assert nb.sources()[2:] == ["first = 1", "second = 2"]
    assert len(gateway.requests) == 1


def test_a_notebook_open_in_two_tabs_gets_its_cells_where_it_asked(open_notebook, answers, gateway):
    answers(TWO)
    first = open_notebook(LOAD, ASK)
    first.load()
    second = open_notebook(name=first.name)
    second.evaluate("notebook.model.sharedModel.cells[0].setSource('only_here = 2')")
    second.run(1)
    assert "['only_here = 2']" in gateway.requests[-1].prompt
    second.wait("notebook.widgets.length === 4")
    first.run(1)
    assert gateway.requests[-1].prompt.startswith(f"{first.name} []")
    first.wait("notebook.widgets.length === 4")
    assert len(second.sources()) == 4


def test_a_renamed_notebook_goes_on(open_notebook, gateway):
    nb = open_notebook(LOAD, "kept = 1", ASK)
    nb.load()
    nb.run(2)
    nb.evaluate("return panel.context.rename('renamed.ipynb').then(() => null)")
    nb.wait("panel.sessionContext.path === 'renamed.ipynb'")
    nb.run(2)
    assert gateway.requests[-1].prompt.startswith("renamed.ipynb ['kept = 1']")


def test_a_new_connection_while_text_comes_loses_nothing(open_notebook, answers, gateway):
    answers(reply("Word after word. " * 60 + "The end.").delayed(between=0.02), "Again.")
    nb = open_notebook(LOAD, "kept = 1", ASK)
    nb.load()
    nb.run(2, wait=False)
    expect(nb.cell(2)).to_contain_text("Word after word.")
    nb.evaluate("return panel.sessionContext.session.kernel.reconnect()")
    expect(nb.cell(2)).to_contain_text("The end.")
    expect(nb.cell(2)).to_contain_text("tokens in")
    nb.run(2)
    assert gateway.requests[-1].prompt.endswith("['kept = 1']")
    expect(nb.cell(2)).to_contain_text("Again.")


def test_closing_a_notebook_while_text_comes_costs_only_the_view(open_notebook, answers, gateway):
    answers(reply("Word after word. " * 60 + "The end.").delayed(between=0.01), "Again.")
    nb = open_notebook(LOAD, ASK, "_gpt.text[-8:]")
    nb.load()
    kernel = nb.kernel_id
    nb.save()
    nb.run(1, wait=False)
    expect(nb.cell(1)).to_contain_text("Word after word.")
    nb.evaluate("return panel.context.save().then(() => panel.dispose())")
    nb.open_beside(nb.name, kernel=kernel)
    nb.run(2)
    assert nb.outputs(2)[0]["data"]["text/plain"] == "'The end.'"
    nb.run(1)
    expect(nb.cell(1)).to_contain_text("Again.")
    assert gateway.disconnects == []
