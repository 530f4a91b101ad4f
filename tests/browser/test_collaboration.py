"""A notebook that two people edit at once (jupyter-collaboration): cells are found by id, wherever they are by now."""

import os

import pytest
from playwright.sync_api import expect

from comet_magics.testing import reply

from .notebook import LOAD
from .server import serve

TWO = "```python\nfirst = 1\n```\n\n```python\nsecond = 2\n```\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory, _shared_gateway, beside):
    folder = beside("collaboration")
    variables = {
        "PYTHONPATH": str(folder),
        "JUPYTER_PATH": str(folder / "share" / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(folder / "etc" / "jupyter"),
    }
    assert not set(variables) & set(os.environ)
    with serve(tmp_path_factory.mktemp("shared"), _shared_gateway[0].base_url, **variables) as server:
        yield server


def test_cells_come_below_the_one_that_asked_wherever_it_is(open_notebook, answers, gateway):
    answers(reply("Word after word. " * 30 + f"\n\n{TWO}").delayed(between=0.02))
    first = open_notebook(LOAD, "%%gpt -i below\nTell me.", "last = 1")
    first.wait("panel.context.isReady && panel.context.model.collaborative")
    first.load()
    second = open_notebook(name=first.name)
    first.run(1, wait=False)
    expect(first.cell(1)).to_contain_text("Word after word.")
    second.evaluate(
        "notebook.model.sharedModel.insertCells(0, [1, 2, 3].map(i => ({cell_type: 'code', source: `theirs = ${i}`})))"
    )
    first.wait("notebook.widgets.length === 8", timeout=60_000)
    expected = ["theirs = 1", "theirs = 2", "theirs = 3", LOAD, "%%gpt -i below\nTell me.", "first = 1", "second = 2"]
    assert first.sources() == [*expected, "last = 1"]
    second.wait("notebook.widgets.length === 8")
    assert second.sources() == first.sources()
    expect(second.cell(5).locator(".comet-badge")).to_contain_text("gpt-5.1")

    # Undo takes back one's own step, not what somebody else did meanwhile.
    first.select(3)
    first.page.keyboard.press("z")
    first.wait("notebook.widgets.length === 6")
    assert first.sources() == [*expected[:5], "last = 1"]

    # The other one uses the buttons of an answer that came here, and replaces the cell that both see.
    second.cell(4).get_by_role("button", name="Replace…").last.click()
    dialog = second.page.locator(".comet-dialog")
    dialog.get_by_label("Replace the cell").select_option(index=5)
    first.evaluate("notebook.model.cells.get(5).sharedModel.setSource('last = 2')")
    expect(dialog.locator(".comet-diff-line").first).to_have_text("last = 2")
    dialog.get_by_role("button", name="Accept").click()
    first.wait("notebook.model.cells.get(5).sharedModel.getSource() === 'second = 2'")
