"""`comet-magics demo` as a user runs it, with a scripted gateway in gpt-5.1's place.

With the embedded model it runs from the built wheel, in nox's session of that name.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import nbformat
import pexpect
import pytest

from comet_magics.cli import main
from comet_magics.testing import Gateway, reply, status

CANARY = "sk-canary-demo"
COMMAND = [sys.executable, "-c", "import sys; from comet_magics.cli import main; sys.exit(main())"]
NAME = "comet-magics-quickstart.ipynb"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to run it in."""
    monkeypatch.chdir(tmp_path)
    # A relative path to the source tree would lead nowhere from here.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    return tmp_path


@pytest.fixture
def point_to(monkeypatch):
    def point(gateway):
        monkeypatch.setenv("COMETAPI_BASE_URL", gateway.base_url)
        monkeypatch.setenv("COMETAPI_KEY", CANARY)

    return point


def test_shows_every_answer_and_writes_the_notebook_beside_an_older_one(here, point_to):
    (here / NAME).write_text("mine")
    answers = ["A *bird*.", "In the south.", "Gentoo.", "```python\npenguins.island.value_counts()\n```"]
    with Gateway(*map(reply, answers)) as gateway:
        point_to(gateway)
        done = subprocess.run([*COMMAND, "demo"], capture_output=True, text=True, timeout=120, check=False)
        asked = [request.body["input"][-1]["content"][0]["text"] for request in gateway.requests]
    assert (done.returncode, done.stderr) == (0, "")
    places = [
        done.stdout.index(text) for text in ("gpt-5.1 at", "A bird.", "In the south.", "Gentoo.", "value_counts()")
    ]
    assert places == sorted(places)
    assert re.search(r"gpt-5\.1 · effort low · .* tokens in", done.stdout)
    assert re.search(r"Gentoo +5076", asked[2])  # {expr} took the value from the kernel
    assert "comet-magics-quickstart-2.ipynb. Open it: jupyter lab comet-magics-quickstart-2.ipynb." in done.stdout
    assert (here / NAME).read_text() == "mine"
    written = (here / "comet-magics-quickstart-2.ipynb").read_text()
    kept = [cell for cell in nbformat.reads(written, as_version=4).cells if cell.source.startswith("%%gpt")]
    assert [cell.outputs[0].data["text/markdown"] for cell in kept] == answers
    assert CANARY not in done.stdout + written


def test_an_answer_is_shown_while_it_comes_and_interrupting_keeps_what_was_played(here, point_to):
    words = [f"word{number} " for number in range(20)]
    with Gateway(reply(words).stalled(after=20)) as gateway:
        point_to(gateway)
        terminal = pexpect.spawn(COMMAND[0], [*COMMAND[1:], "demo", "--output", "kept.ipynb"], encoding="utf-8")
        terminal.expect("word5", timeout=60)
        terminal.sendintr()
        terminal.expect("Stopped", timeout=30)
        terminal.expect(pexpect.EOF, timeout=30)
        terminal.close()
        assert terminal.exitstatus == 130
        assert gateway.wait_for_disconnects()
    assert nbformat.read(here / "kept.ipynb", as_version=4).cells[1].execution_count == 1


def test_a_failed_answer_ends_it_with_the_reason(here, point_to):
    with Gateway(status(401, {"error": {"message": "Invalid token", "code": "invalid_api_key"}})) as gateway:
        point_to(gateway)
        done = subprocess.run([*COMMAND, "demo"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "Invalid token" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert (here / NAME).exists()


def test_it_opens_in_jupyterlab_and_two_interrupts_end_that(here, point_to, monkeypatch):
    quiet = {"ServerApp": {"open_browser": False, "allow_root": True}}
    (here / "config").mkdir()
    (here / "config" / "jupyter_server_config.json").write_text(json.dumps(quiet))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(here / "config"))
    with Gateway() as gateway:
        point_to(gateway)
        terminal = pexpect.spawn(COMMAND[0], [*COMMAND[1:], "demo", "--lab"], encoding="utf-8", timeout=60)
        terminal.expect("Written: .*Opening JupyterLab")
        terminal.expect(r"http://127\.0\.0\.1:\d+/lab")
        terminal.sendintr()
        terminal.expect(r"Shut down .* server")
        terminal.sendintr()
        terminal.expect(pexpect.EOF)
        terminal.close()
    assert terminal.exitstatus == 0


@pytest.mark.usefixtures("here")
def test_nothing_is_overwritten(here, capsys):
    (here / "mine.ipynb").write_text("mine")
    assert main(["demo", "--output", "mine.ipynb"]) == 1
    assert capsys.readouterr().err == "mine.ipynb exists already.\nChoose another name for --output.\n"
    assert main(["demo", "--output", "none/mine.ipynb"]) == 1
    assert "There is no folder none" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_missing_extras_are_one_clear_line(capsys, monkeypatch):
    monkeypatch.setattr("comet_magics.cli.demo.NEEDED", ("json", "palmerpenguins_of_nowhere"))
    assert main(["demo"]) == 1
    assert capsys.readouterr().err == (
        'The demo needs palmerpenguins_of_nowhere.\nInstall it: pip install "comet_magics[lab,local]"\n'
    )
