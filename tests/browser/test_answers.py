"""Ask, watch, insert, replace, undo, save and come back."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from comet_magics.testing import reply

from .notebook import LOAD

THREE = """\
Three steps.

```python
import math
```

```markdown
## The circle
```

```python
area = math.pi * 2**2
area
```

And a log that is no cell:

```text
done
```
"""
BOTH = pytest.mark.parametrize("front_end", ["lab", "notebook"], indirect=True)


def insert_all(nb, *, order):
    """Press "Insert below" of the blocks in this order."""
    for block in order:
        nb.page.get_by_role("group", name=f"Code block {block}").get_by_role("button", name="Insert below").click()


@BOTH
def test_an_answer_grows_and_its_blocks_become_cells(open_notebook, answers, front_end):
    text = "The beginning of the answer. " + "More of it. " * 40 + "\n\n" + THREE
    answers(reply(text).delayed(between=0.03))
    nb = open_notebook(LOAD, "%%gpt\nHow large is it?", "last = 1")
    nb.load()
    nb.run(1, wait=False)
    output = nb.cell(1).locator(".jp-OutputArea")
    expect(output).to_contain_text("The beginning of the answer.")
    early = len(nb.cell(1).inner_text())
    assert nb.page.locator(".comet-buttons").count() == 0
    expect(nb.cell(1)).to_contain_text("tokens in", timeout=30_000)
    assert len(nb.cell(1).inner_text()) > early

    insert_all(nb, order=[3, 1, 2])
    nb.screenshot(f"inserted-{front_end}")
    assert nb.sources()[2:] == ["import math", "## The circle", "area = math.pi * 2**2\narea", "last = 1"]
    states = nb.evaluate(
        "return notebook.widgets.slice(2, 5).map(c => [c.model.type, c.model.trusted, c.model.executionCount ?? null])"
    )
    assert states == [["code", False, None], ["markdown", False, None], ["code", False, None]]
    badge = nb.cell(4).locator(".comet-badge")
    expect(badge).to_have_text(re.compile(r"^✦ gpt-5\.1 · ✓ ran in \d+ ms, creates area$"))
    nb.evaluate("notebook.widgets[4].model.sharedModel.setSource('area = 1')")
    expect(badge).to_have_text(re.compile(r"creates area · edited$"))


@BOTH
def test_cells_inserted_without_asking_are_one_step_of_undo(open_notebook, answers):
    answers(THREE)
    nb = open_notebook(LOAD, "%%gpt -i below\nHow large is it?", "last = 1")
    before = nb.sources()
    nb.load()
    nb.select(2, edit=True)
    nb.page.keyboard.type("0")
    nb.run(1)
    nb.wait("notebook.widgets.length === 6")
    assert nb.sources()[2:5] == ["import math", "## The circle", "area = math.pi * 2**2\narea"]
    nb.select(0)
    nb.page.keyboard.press("z")
    nb.wait("notebook.widgets.length === 3")
    assert [source.replace("0", "") for source in nb.sources()] == before
    assert "0" in nb.sources()[2]


def test_cells_come_after_run_all_too(open_notebook, answers):
    """When the answer ends, the page and the kernel do not know each other yet."""
    answers(THREE)
    nb = open_notebook(LOAD, "%%gpt -i below\nHow large is it?", "last = 1")
    nb.execute("notebook:run-all-cells")
    nb.wait("notebook.widgets.length === 6")
    assert nb.sources()[2:] == ["import math", "## The circle", "area = math.pi * 2**2\narea", "last = 1"]


def test_a_block_is_run_only_when_that_is_asked_for(open_notebook, answers):
    answers("```python\nseen = 6 * 7\nseen\n```")
    nb = open_notebook(LOAD, "%%gpt\nCompute.")
    nb.load()
    nb.run(1)
    nb.page.get_by_role("button", name="Insert and run").click()
    expect(nb.cell(2).locator(".jp-OutputArea-output")).to_have_text("42")
    assert nb.page.evaluate("document.activeElement.closest('.jp-Notebook') !== null")


def test_a_cell_is_replaced_after_both_versions_were_shown(open_notebook, answers, gateway):
    answers("```python\ntotal = sum(values)\nprint(total)\n```", "Understood.")
    nb = open_notebook(LOAD, "total = 0\nprint(total)", "%%gpt\nMake it right.", "%%gpt\nAnd now?")
    nb.load()
    nb.run(2)
    replace = nb.page.get_by_role("button", name="Replace…")
    replace.click()
    dialog = nb.page.locator(".comet-dialog")
    dialog.get_by_label("Replace the cell").select_option(index=1)
    rows = dialog.locator("tbody tr")
    expect(rows.nth(0)).to_have_text("−total = 0+total = sum(values)")
    expect(rows.nth(1)).to_have_text("print(total)print(total)")
    nb.screenshot("replace")
    dialog.get_by_role("button", name="Reject").click()
    assert nb.sources()[1] == "total = 0\nprint(total)"
    nb.run(3)
    assert "code block 1 of your answer 1 was declined or removed" in told(gateway)

    replace.click()
    dialog.get_by_label("Replace the cell").select_option(index=1)
    dialog.get_by_role("button", name="Accept").click()
    nb.wait("notebook.widgets[1].model.sharedModel.getSource() === 'total = sum(values)\\nprint(total)'")
    nb.run(3)
    assert "code block 1 of your answer 1 stands in the notebook as you wrote it" in told(gateway)
    nb.run(1)
    nb.run(3)
    assert "stands in the notebook and raised NameError" in told(gateway)
    nb.select(1)
    nb.evaluate("notebook.widgets[1].model.sharedModel.setSource('total = 0\\nprint(total)')")
    nb.run(1)
    nb.run(3)
    assert "stands in the notebook, changed by the user" in told(gateway)


@BOTH
def test_a_saved_answer_looks_and_works_the_same_without_a_kernel(open_notebook, answers, server, front_end):
    answers(THREE)
    nb = open_notebook(LOAD, "%%gpt\nHow large is it?")
    nb.load()
    nb.run(1)
    expect(nb.page.locator(".comet-buttons")).to_have_count(4)
    looked = appearance(nb)
    nb.screenshot(f"answer-{front_end}")
    nb.save()
    saved = nbformat.read(server.root / nb.name, 4)
    (output,) = saved.cells[1].outputs
    assert set(output.data) == {"text/html", "text/markdown", "text/plain"}
    nb.page.goto("about:blank")
    for kernel in server.api("kernels"):
        server.api(f"kernels/{kernel['id']}", "DELETE")

    # Someone else's notebook: not signed here, so not trusted, and no kernel of that name to start.
    del saved.metadata["language_info"]
    saved.metadata.kernelspec = {"name": "gone", "display_name": "Gone", "language": "gone"}
    saved.cells[1].outputs[0].metadata.other = "changed, so the signature is void"
    nbformat.write(saved, server.root / "elsewhere.ipynb")
    nb = open_notebook(name="elsewhere.ipynb", kernel=False)
    dismiss(nb)
    expect(nb.page.locator(".comet-buttons")).to_have_count(4)
    assert appearance(nb) == looked
    nb.screenshot(f"answer-without-kernel-{front_end}")
    insert_all(nb, order=[1])
    assert nb.sources()[-1] == "import math"
    expect(nb.cell(2).locator(".comet-badge")).to_be_visible()


def appearance(nb):
    """What the answer looks like: its text, and how its parts are painted."""
    return nb.evaluate(
        """
        const answer = notebook.widgets[1].node.querySelector('.comet-answer');
        return [answer.innerText, ...[...answer.querySelectorAll('p, pre, code, span, button, .comet-stats')].map(n => {
            const s = getComputedStyle(n);
            return [n.localName, s.color, s.backgroundColor, s.fontSize, s.fontFamily, s.borderTopWidth].join();
        })];
        """
    )


def told(gateway):
    """The last question with what went along."""
    return gateway.requests[-1].context + gateway.requests[-1].prompt


def dismiss(nb):
    """Say no to choosing a kernel."""
    nb.page.locator(".jp-Dialog button.jp-mod-reject").click()
