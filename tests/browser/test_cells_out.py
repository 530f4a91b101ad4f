"""What the kernel knows of the notebook when a cell asks."""

import json

import pytest
from playwright.sync_api import expect

from .notebook import LOAD, SNAPSHOT

# The question holds what the kernel saw, so that the gateway receives it.
SEEN = f"{{[(c.kind, c.source, c.execution_count, c.edited) for c in {SNAPSHOT}.cells]}}"
BOTH = pytest.mark.parametrize("front_end", ["lab", "notebook"], indirect=True)


@BOTH
def test_unsaved_and_unexecuted_neighbours_are_in_what_the_server_receives(open_notebook, gateway):
    nb = open_notebook(LOAD, "x = 1", f"%%gpt\n{SEEN}\n{{{SNAPSHOT}.asking_id}}", "later = 2")
    nb.load()
    nb.run(1)
    nb.select(1, edit=True)
    nb.page.keyboard.press("Control+End")
    nb.page.keyboard.type("0  # typed, not run")
    nb.run(2)
    prompt = gateway.requests[0].prompt
    assert repr(("code", "x = 10  # typed, not run", 2, True)) in prompt
    assert repr(("code", "later = 2", None, None)) in prompt
    assert prompt.index("typed, not run") < prompt.index("later = 2")
    assert nb.evaluate("return notebook.widgets[2].model.id") in prompt


def test_each_question_of_run_all_knows_what_it_should_after_a_restart(open_notebook, gateway):
    """The channel can't be open yet when the cells are sent: they are queued behind `%load_ext`."""
    ask = f"%%gpt\n{{len({SNAPSHOT}.cells)}} cells, asking {{{SNAPSHOT}.asking_id}}"
    nb = open_notebook(LOAD, ask, ask, "done = 1")
    for expected in (2, 4):
        nb.evaluate(
            "return panel.sessionContext.restartKernel()"
            ".then(() => app.commands.execute('notebook:run-all-cells')).then(() => null)"
        )
        assert gateway.wait_for_requests(expected, 30)
        ids = nb.evaluate("return notebook.widgets.map(cell => cell.model.id)")
        for request, asking in zip(gateway.requests[-2:], ids[1:3], strict=True):
            assert f"4 cells, asking {asking}" in request.prompt
        nb.wait("notebook.widgets[3].model.executionCount === 4")


def test_only_what_changed_is_sent_and_only_when_a_cell_asks(open_notebook, gateway):
    cells = ["# %gpt is only spoken of\nprint('%%gpt')", *(f"value_{i} = {i}" for i in range(1, 40))]
    nb = open_notebook(LOAD, f"%%gpt\n{{len({SNAPSHOT}.cells)}}", *cells)
    nb.load()
    nb.run(2)
    assert cells_messages(nb) == []
    nb.run(1)
    (first,) = cells_messages(nb)
    assert len(first["changed"]) == 42
    assert first["base"] == 0
    nb.evaluate("notebook.widgets[5].model.sharedModel.setSource('value_3 = 33')")
    nb.run(1)
    second = cells_messages(nb)[1]
    # The asking cell has an answer now.
    assert [cell["source"] for cell in second["changed"]][1:] == ["value_3 = 33"]
    assert second["order"] is None
    nb.select(9)
    nb.page.keyboard.press("d")
    nb.page.keyboard.press("d")
    nb.run(1)
    third = cells_messages(nb)[2]
    assert len(third["order"]) == 41
    assert gateway.requests[-1].prompt.endswith("41")


def test_a_notebook_with_fifty_megabytes_of_outputs_asks_without_delay(open_notebook, gateway):
    nb = open_notebook(LOAD, f"%%gpt\n{{len({SNAPSHOT}.cells)}}")
    nb.load()
    nb.evaluate(
        """
        const outputs = () => [{output_type: 'stream', name: 'stdout', text: 'x'.repeat(25000)}];
        const cells = Array.from({length: 2000}, (_, i) => (
            {cell_type: 'code', source: `value_${i} = ${'1 + '.repeat(100)}1`, metadata: {}, outputs: outputs()}));
        notebook.model.sharedModel.insertCells(2, cells);
        """
    )
    nb.sent.clear()
    nb.run(1, wait=False)
    assert gateway.wait_for_requests(1, 60)
    assert gateway.requests[0].prompt.endswith("2002")
    assert all(len(message) < 10_000_000 for message in nb.sent)
    expect(nb.cell(1)).to_contain_text("tokens in")
    full = sum(map(len, nb.sent))
    assert 2_000 * 400 < full < 5_000_000
    nb.sent.clear()
    nb.run(1, wait=False)
    assert gateway.wait_for_requests(2, 60)
    nb.wait("notebook.widgets[1].model.executionCount === 3")
    assert sum(map(len, nb.sent)) < full / 20


def cells_messages(nb):
    """The cells that were sent, on the comm or in an execute request."""
    found = []
    for text in nb.sent:
        start = text.find('{"type":"cells"')
        if start >= 0:
            found.append(json.JSONDecoder().raw_decode(text[start:])[0])
        elif "m.deliver(" in text:
            literal = json.loads('"' + text.split("m.deliver(", 1)[1].split(")(__import__", 1)[0].strip('"') + '"')
            found.append(json.loads(json.loads(literal)))
    return found
