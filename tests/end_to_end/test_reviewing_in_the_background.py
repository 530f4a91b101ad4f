"""Code that comes in the background: tried while no cell runs, and checked only while one does."""

import pytest

from comet_magics.testing import reply

from .conftest import Document

CODE = "```python\nx = df.income.sum()\n```\n"


@pytest.fixture
def document(kernel):
    kernel.run("import threading\nimport pandas as pd\ndf = pd.DataFrame({'income': [1.0, 3.0]})")
    yield Document(kernel)
    kernel.run("%gpt_stop")
    kernel.run("%gpt_wait")


def told(document, cell):
    (answer,) = document.outputs(cell)
    return answer["data"]["text/plain"]


def test_it_is_tried_while_no_cell_runs(document, gateway):
    gateway.follow(reply(CODE).delayed(0.5))
    asking = document.run("%%gpt --background -c none\nSum the income.")
    document.finished(asking)
    assert "✓ ran in" in told(document, asking)


@pytest.mark.parametrize("waiting", ["time.sleep(0.02)", "await asyncio.sleep(0.02)"])
def test_it_is_checked_only_while_a_cell_runs(document, gateway, waiting, tmp_path):
    gateway.follow(reply(CODE).delayed(0.3))
    asking = document.run("%%gpt --background -c none\nSum the income.")
    done = tmp_path / "done"
    running = document.kernel.start(f"import asyncio, os, time\nwhile not os.path.exists({str(done)!r}): {waiting}")
    document.finished(asking)
    done.touch()
    document.kernel.answer_to(running)
    assert "⚠ checked, not rehearsed: another cell is running" in told(document, asking)
