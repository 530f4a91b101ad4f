"""Both ways of showing an answer, in a real kernel, as a notebook document keeps them."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

SETUP = """
import sys, warnings
from comet_magics.core.answer import Answer
from comet_magics.core.events import Started, SummaryDelta, TextDelta
from comet_magics.notebook.display import open_sink

TEXT = "# Title\\n\\n" + "Some **words** of an answer.\\n\\n" * 200

def ask(owns_cell):
    sink = open_sink(get_ipython(), owns_cell=owns_cell)
    sink.receive(Started("r", "m"))
    sink.receive(SummaryDelta("Thought about it."))
    for at in range(0, len(TEXT), 5):
        sink.receive(TextDelta(TEXT[at : at + 5]))
    sink.finish(Answer(TEXT, "", "complete", "m", "low", "chat", 1.0, summary="Thought about it."), ())
"""
AMONG_OTHERS = """
print("before")
ask(owns_cell=False)
print("after", file=sys.stderr)
display("shown")
7
"""


@pytest.fixture(scope="module")
def executed():
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, "ask(owns_cell=True)", AMONG_OTHERS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    nbformat.validate(notebook)
    return notebook


def test_a_cell_of_its_own_ends_with_one_display(executed):
    (output,) = executed.cells[1].outputs
    assert output.output_type == "display_data"
    assert set(output.data) == {"text/html", "text/markdown", "text/plain"}
    assert output.data["text/markdown"].startswith("# Title\n\nSome **words**")
    assert output.metadata["comet_magics"]["status"] == "complete"


def test_among_other_lines_their_output_stays_in_place(executed):
    outputs = executed.cells[2].outputs
    kinds = [output.get("name", output.output_type) for output in outputs]
    assert kinds == ["stdout", "display_data", "stderr", "display_data", "execute_result"]
    assert outputs[1].metadata["comet_magics"]["model"] == "m"
    assert [outputs[0].text, outputs[2].text, outputs[3].data["text/plain"], outputs[4].data["text/plain"]] == [
        "before\n",
        "after\n",
        "'shown'",
        "7",
    ]
