"""IPython in a terminal, without a notebook: the same question, as rich text."""

import os
import subprocess
import sys

import pexpect
import pytest

from comet_magics.testing import reply, status

ANSWER = "# Title\n\nSome **bold** text.\n\n```python\nx = 1\n```\n\n| a | b |\n|--|--|\n| 1 | 2 |\n"


@pytest.fixture
def terminal(gateway, monkeypatch):
    monkeypatch.setenv("COMETAPI_BASE_URL", gateway.base_url)
    monkeypatch.setenv("COMETAPI_KEY", "sk-canary-term")
    gateway._default = reply(ANSWER)
    return gateway


def ipython(*lines):
    return subprocess.run(
        [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", "--no-confirm-exit"],
        input="\n".join(("%load_ext comet_magics", *lines, "exit\n")),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_into_a_pipe_it_is_plain_text(terminal):
    ran = ipython("%gpt q", "print('code', _gpt.code)")
    assert "Title" in ran.stdout
    assert "Some bold text." in ran.stdout
    assert "code x = 1" in ran.stdout
    assert "tokens in" in ran.stdout
    assert "\x1b" not in ran.stdout
    assert "sk-canary-term" not in ran.stdout + ran.stderr


def test_an_error_is_a_few_lines(terminal):
    terminal._default = status(401, "wrong")
    ran = ipython("%gpt q")
    said = ran.stdout + ran.stderr
    assert "did not accept the key" in said
    assert "Traceback" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal is a thing of Unix")
def test_on_a_screen_it_has_colours(terminal):
    env = {**os.environ, "TERM": "xterm-256color"}
    env.pop("NO_COLOR", None)
    screen = pexpect.spawn(
        sys.executable,
        ["-m", "IPython", "--simple-prompt", "--no-banner"],
        env=env,
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 100),
    )
    screen.expect(r"In \[1\]")
    screen.sendline("%load_ext comet_magics")
    screen.expect(r"In \[2\]")
    screen.sendline("%gpt q")
    screen.expect("tokens in")
    shown = screen.before
    screen.expect(r"In \[3\]")
    screen.sendline("exit")
    screen.close()
    assert "\x1b[1m" in shown
    assert "bold" in shown
