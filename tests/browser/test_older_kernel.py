"""ipykernel 6, which has no subshells: a page and a kernel talk over the main shell alone."""

import json
import sys

import pytest
from playwright.sync_api import expect

from .notebook import LOAD, SNAPSHOT
from .server import write_notebook


@pytest.fixture(scope="module")
def kernel(server, beside):
    """The name of a kernel of this environment, but with ipykernel 6."""
    folder = server.data / "kernels" / "older"
    folder.mkdir(parents=True)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Older",
        "language": "python",
        "env": {"PYTHONPATH": str(beside("ipykernel-6"))},
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
    return {"name": "older", "display_name": "Older", "language": "python"}


def test_cells_go_out_and_come_in_and_the_effort_is_changed(open_notebook, server, kernel, answers, gateway):
    answers("```python\nfirst = 1\n```\n\n```python\nsecond = 2\n```\n")
    ask = f"%%gpt -i below\n{{len({SNAPSHOT}.cells)}} cells: {{[c.source for c in {SNAPSHOT}.cells][-1]}}"
    name = write_notebook(server, "older.ipynb", LOAD, "import ipykernel", ask, "later = 1", kernel=kernel)
    nb = open_notebook(name=name)
    nb.load()
    nb.evaluate("notebook.model.cells.get(1).sharedModel.setSource('import ipykernel; ipykernel.version_info[0]')")
    nb.run(1)
    assert nb.outputs(1)[0]["data"]["text/plain"] == "6"
    nb.select(3, edit=True)
    nb.page.keyboard.press("Control+End")
    nb.page.keyboard.type("2  # not run")
    nb.run(2)
    assert gateway.requests[-1].prompt == "4 cells: later = 12  # not run"
    nb.wait("notebook.widgets.length === 6")
    assert nb.sources()[3:5] == ["first = 1", "second = 2"]

    nb.page.locator(".comet-status button").click()
    nb.page.keyboard.type("high")
    nb.page.keyboard.press("Enter")
    expect(nb.page.locator(".comet-status")).to_contain_text("effort high")
    nb.evaluate(
        "return panel.sessionContext.restartKernel()"
        ".then(() => app.commands.execute('notebook:run-all-cells')).then(() => null)"
    )
    assert gateway.wait_for_requests(2, 30)
    assert gateway.requests[-1].prompt == "6 cells: later = 12  # not run"
    nb.wait("notebook.widgets.length === 8")
