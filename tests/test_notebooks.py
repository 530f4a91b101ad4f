"""Each notebook runs from top to bottom with the embedded model, and what is in git is clean."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from comet_magics.transport.local import MODEL

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_kept_without_outputs(path):
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_from_top_to_bottom(path, embedded, tmp_path, monkeypatch):
    monkeypatch.setenv("COMETAPI_BASE_URL", embedded.base_url)
    monkeypatch.setenv("COMETAPI_KEY", embedded.key)
    notebook = read(path)
    NotebookClient(
        notebook, timeout=300, extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    asked = [cell for cell in notebook.cells if cell.source.startswith("%%gpt") and "--dry-run" not in cell.source]
    assert asked
    for cell in asked:
        (output,) = cell.outputs
        assert output.output_type == "display_data"
        assert set(output.data) == {"text/html", "text/markdown", "text/plain"}
        assert output.data["text/markdown"].strip()
        told = output.metadata["comet_magics"]
        assert (told["status"], told["model"]) == ("complete", MODEL)
    assert embedded.key not in nbformat.writes(notebook)
