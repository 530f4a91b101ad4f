"""`comet-magics doctor`, against the scripted gateway."""

from __future__ import annotations

import socket

import pytest

from comet_magics.cli import main
from comet_magics.storage.home import ledger_path
from comet_magics.testing import Gateway

CANARY = "sk-canary-doctor"


@pytest.fixture
def gateway(monkeypatch):
    with Gateway() as gateway:
        monkeypatch.setenv("COMETAPI_BASE_URL", gateway.base_url)
        monkeypatch.setenv("COMETAPI_KEY", CANARY)
        yield gateway


def doctor(capsys):
    """The exit code, and the lines by name: (state, words)."""
    code = main(["doctor"])
    out = capsys.readouterr().out
    assert CANARY not in out
    lines = {}
    for line in out.splitlines():
        symbol, state, rest = line.split(maxsplit=2)
        assert symbol == {"ok": "✓", "note": "·", "FAIL": "✗"}[state]
        name = next(name for name in NAMES if rest.startswith(name))
        lines[name] = (state, rest.removeprefix(name).strip())
    return code, lines


NAMES = ("Python", "Jupyter", "extension", "panel", "embedded model", "ledger", "key", "gateway", "model")


@pytest.mark.usefixtures("gateway")
def test_all_is_well(capsys):
    code, lines = doctor(capsys)
    assert set(lines) == set(NAMES)
    assert lines["key"] == ("ok", "from COMETAPI_KEY")
    assert lines["gateway"][0] == "ok"
    assert lines["embedded model"] == ("note", "not fetched yet (93 MB): comet-magics model fetch")
    assert lines["ledger"][0] == "ok"
    assert lines["panel"][0] == "ok"
    assert code == 0


@pytest.mark.usefixtures("gateway")
def test_a_lab_that_cannot_show_the_panel(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *_: [str(tmp_path)])
    _, lines = doctor(capsys)
    assert lines["panel"] == ("note", "can't be shown: pip install ipywidgets anywidget where JupyterLab runs")
    assert lines["extension"][0] == "note"


def test_without_a_key_the_gateway_is_not_asked(capsys):
    code, lines = doctor(capsys)
    assert (code, lines["key"][0], lines["gateway"][0]) == (1, "FAIL", "note")
    assert "%gpt_login" in lines["key"][1]
    assert "model" not in lines


def test_a_gateway_that_does_not_answer(capsys, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        monkeypatch.setenv("COMETAPI_BASE_URL", f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        monkeypatch.setenv("COMETAPI_KEY", CANARY)
        code, lines = doctor(capsys)
    assert (code, lines["gateway"][0]) == (1, "FAIL")
    assert "can't be reached" in lines["gateway"][1]


def test_a_gateway_that_says_nothing_does_not_hang_it(capsys, monkeypatch):
    monkeypatch.setattr("comet_magics.cli.doctor.GATEWAY_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("COMETAPI_BASE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        monkeypatch.setenv("COMETAPI_KEY", CANARY)
        code, lines = doctor(capsys)
    assert (code, lines["gateway"][0]) == (1, "FAIL")


@pytest.mark.usefixtures("gateway")
def test_a_ledger_that_cannot_be_read(capsys):
    ledger_path().write_bytes(b"no database" * 500)
    code, lines = doctor(capsys)
    assert (code, lines["ledger"][0]) == (1, "FAIL")
    assert "Move it away" in lines["ledger"][1]
