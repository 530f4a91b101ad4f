from __future__ import annotations

import signal
import subprocess
import sys

import httpx
import pytest

from comet_magics.cli import main
from comet_magics.transport.local import MODEL

COMMAND = [sys.executable, "-c", "import sys; from comet_magics.cli import main; sys.exit(main())", "model"]


@pytest.fixture
def here(weights, monkeypatch):
    """A home that has the model."""
    monkeypatch.setenv("COMET_MAGICS_HOME", str(weights.parents[1]))
    return weights


def test_status_and_path_without_it_say_how_to_get_it(capsys):
    for action in ([], ["status"], ["path"]):
        assert main(["model", *action]) == 1
        assert "comet-magics model fetch" in capsys.readouterr().out


def test_status_path_and_fetch_with_it(capsys, here):
    assert main(["model"]) == 0
    assert here.name in capsys.readouterr().out
    for action in ("path", "fetch"):
        assert main(["model", action]) == 0
        assert capsys.readouterr().out == f"{here}\n"


@pytest.mark.usefixtures("here")
def test_serve_prints_what_to_set_and_ends_with_ctrl_c():
    server = subprocess.Popen([*COMMAND, "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    url = server.stdout.readline().strip().removeprefix("export COMETAPI_BASE_URL=")
    key = server.stdout.readline().strip().removeprefix("export COMETAPI_KEY=")
    listed = httpx.get(f"{url}/models", headers={"Authorization": f"Bearer {key}"}).json()
    assert [model["id"] for model in listed["data"]] == [MODEL]
    server.send_signal(signal.SIGINT)
    _, err = server.communicate(timeout=30)
    assert server.returncode == 130
    assert "Traceback" not in err
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/models")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["model", "--help"], ["demo", "--help"], ["ledger", "--help"]])
def test_help_fits_a_terminal(arguments, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    try:
        code = main(arguments)
    except SystemExit as exit_:
        code = exit_.code
    out = capsys.readouterr().out
    assert code in (0, None)
    assert out.startswith("usage: comet-magics")
    assert max(map(len, out.splitlines())) <= 80
