"""Where a notebook's cells come from when no page tells of them."""

from __future__ import annotations

import base64
import json
import struct
import sys
import types

import nbformat
import pytest

from comet_magics.notebook.capture import capture
from comet_magics.notebook.document import find_document

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x02\0\0\0"


@pytest.fixture(autouse=True)
def _no_server(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


def saved(tmp_path, *cells):
    path = tmp_path / "Sales 2025.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)
    return path


def code(source, count=None, *outputs):
    return nbformat.v4.new_code_cell(source, execution_count=count, outputs=list(outputs))


def picture_output():
    return nbformat.v4.new_output(
        "display_data", {"image/png": base64.b64encode(PNG).decode(), "text/plain": "<Figure>"}
    )


def ran(shell, *sources):
    for source in sources:
        shell.run_cell(source, store_history=True)


class TestVsCode:
    def test_its_variable_names_the_file(self, shell, tmp_path):
        path = saved(tmp_path, nbformat.v4.new_markdown_cell("# Sales"), code("a = 1", 7))
        shell.user_ns["__vsc_ipynb_file__"] = str(path)
        notebook = capture(shell).notebook
        assert (notebook.source, notebook.path) == ("file", "Sales 2025.ipynb")
        assert [(cell.kind, cell.source) for cell in notebook.cells] == [("markdown", "# Sales"), ("code", "a = 1")]

    @pytest.mark.parametrize("told", ["/nowhere/at all.ipynb", "", 5, None])
    def test_a_file_that_is_not_there_leaves_the_history(self, shell, told):
        shell.user_ns["__vsc_ipynb_file__"] = told
        ran(shell, "a = 1")
        notebook = capture(shell).notebook
        assert (notebook.source, [cell.source for cell in notebook.cells]) == ("history", ["a = 1"])


class TestTheFileWithWhatRanSince:
    def test_numbers_are_of_this_session_only(self, shell, tmp_path):
        shell.user_ns["__vsc_ipynb_file__"] = str(saved(tmp_path, code("a = 1", 12), code("b = 2", 13)))
        ran(shell, "b = 2")
        first, second = capture(shell).notebook.cells
        assert (first.execution_count, first.edited) == (None, None)
        assert (second.execution_count, second.edited) == (1, False)

    def test_what_was_never_saved_stands_before_the_cell_that_asks(self, shell, tmp_path):
        shell.user_ns["__vsc_ipynb_file__"] = str(saved(tmp_path, code("a = 1")))
        ran(shell, "a = 1", "unsaved = 3")
        assert [cell.source for cell in capture(shell).notebook.cells] == ["a = 1", "unsaved = 3"]

    def test_outputs_are_those_of_the_latest_run(self, shell, tmp_path):
        old = nbformat.v4.new_output("stream", text="old\n")
        shell.user_ns["__vsc_ipynb_file__"] = str(saved(tmp_path, code("6 * 7", 9, old)))
        ran(shell, "6 * 7")
        (cell,) = capture(shell).notebook.cells
        assert [output.text for output in cell.outputs] == ["42"]

    def test_all_kinds_of_outputs_are_read(self, shell, tmp_path):
        outputs = (
            nbformat.v4.new_output("stream", text="x" * 50_000),
            nbformat.v4.new_output("error", ename="KeyError", evalue="'a'", traceback=[]),
            picture_output(),
            nbformat.v4.new_output("display_data", {"text/markdown": "Yes."}, metadata={"comet_magics": {}}),
            nbformat.v4.new_output("display_data", {"text/plain": "> Why?"}, metadata={"comet_magics": {"panel": "p"}}),
        )
        shell.user_ns["__vsc_ipynb_file__"] = str(saved(tmp_path, code("a", 1, *outputs)))
        stream, error, picture, answer, panel = capture(shell).notebook.cells[0].outputs
        assert (stream.length, len(stream.text) < 21_000) == (50_000, True)
        assert (error.text, error.name) == ("KeyError: 'a'", "KeyError")
        assert picture.image_size == (640, 480)
        assert (answer.text, answer.answer) == ("Yes.", True)
        assert (panel.text, panel.answer) == ("", False)

    @pytest.mark.parametrize(
        "content", ["", "{", "[]", '{"cells": 5}', '{"cells": [5]}', '{"cells": [{"outputs": 5}]}']
    )
    def test_a_broken_file_leaves_the_history(self, shell, tmp_path, content):
        path = tmp_path / "broken.ipynb"
        path.write_text(content)
        shell.user_ns["__vsc_ipynb_file__"] = str(path)
        ran(shell, "a = 1")
        assert capture(shell).notebook.source == "history"

    def test_strange_parts_of_a_cell_are_empty(self, shell, tmp_path):
        path = tmp_path / "strange.ipynb"
        path.write_text(
            json.dumps({"cells": [{"cell_type": "video", "source": 5, "execution_count": "x", "id": None}]})
        )
        shell.user_ns["__vsc_ipynb_file__"] = str(path)
        (cell,) = capture(shell).notebook.cells
        assert (cell.kind, cell.source, cell.execution_count) == ("raw", "", None)

    def test_a_picture_of_this_session_is_found_by_its_cell(self, shell, tmp_path):
        shell.user_ns["__vsc_ipynb_file__"] = str(
            saved(tmp_path, code("plot()", 3, picture_output()), code("old()", 4))
        )
        shell.user_ns["plot"] = lambda: None
        ran(shell, "a = 1", "plot()")
        assert capture(shell).pictures == {2: PNG}


class TestColab:
    """With a stand-in for `google.colab._message`: it was not tried in Colab."""

    @pytest.fixture
    def page(self, monkeypatch):
        asked = []

        def serve(answer):
            def blocking_request(request_type, request="", timeout_sec=5, parent=None):
                asked.append((request_type, timeout_sec))
                return answer() if callable(answer) else answer

            message = types.SimpleNamespace(blocking_request=blocking_request)
            package = types.ModuleType("google.colab")
            package._message = message
            monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
            monkeypatch.setitem(sys.modules, "google.colab", package)
            return asked

        return serve

    def test_its_page_tells_what_is_there_now(self, shell, page):
        cell = {"cell_type": "code", "source": ["a = 1\n", "a"], "metadata": {"id": "Xy7"}, "outputs": []}
        asked = page({"ipynb": {"cells": [cell], "metadata": {"colab": {"name": "Rain.ipynb"}}}})
        notebook = capture(shell).notebook
        assert (notebook.source, notebook.path) == ("colab", "Rain.ipynb")
        assert [(cell.id, cell.source) for cell in notebook.cells] == [("Xy7", "a = 1\na")]
        assert asked[0][0] == "get_ipynb"
        assert asked[0][1] <= 5

    def test_a_page_that_does_not_answer_leaves_the_history(self, shell, page):
        def gone():
            raise TimeoutError

        for answer in (None, {}, {"ipynb": None}, {"ipynb": {"cells": None}}, gone):
            page(answer)
            assert capture(shell).notebook.source == "history"


def test_nothing_is_looked_for_where_the_page_tells(shell, tmp_path):
    live = capture(shell).notebook
    shell.user_ns["__vsc_ipynb_file__"] = str(saved(tmp_path, code("a = 1")))
    assert capture(shell, live).notebook is live
    assert find_document(shell).cells[0].source == "a = 1"
