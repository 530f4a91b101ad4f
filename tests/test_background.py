"""Background answers without a kernel: what becomes of one that fails in a way that nobody thought of."""

from __future__ import annotations

import pytest

from comet_magics.app import App
from comet_magics.asking import Asking
from comet_magics.background import Background
from comet_magics.config import CometMagics
from comet_magics.conversation.session import Session
from comet_magics.core.settings import Settings
from comet_magics.testing import Gateway, reply


class Sink:
    """Fails at the end, or when it is opened."""

    def __init__(self, at):
        self.at, self.finished = at, []
        if at == "open":
            raise OSError("no screen")

    def receive(self, event):
        pass

    def tick(self):
        pass

    def finish(self, answer, notices):
        self.finished.append(answer)
        if self.at == "finish":
            raise OSError("no screen")


@pytest.fixture
def asking(shell, monkeypatch):
    with Gateway(default=reply("So it is.")) as gateway:
        monkeypatch.setenv("COMETAPI_BASE_URL", gateway.base_url)
        monkeypatch.setenv("COMETAPI_KEY", "sk-canary-background")
        yield Asking(shell, App(Session("key")))


@pytest.mark.parametrize(("at", "status", "text"), [("open", "failed", ""), ("finish", "complete", "So it is.")])
def test_a_fault_of_ours_ends_the_answer_with_what_came(asking, at, status, text):
    background, delivered = Background(), []
    asked = asking.begin(asking.question("Why?", Settings(), CometMagics(), sources="none"), Settings())
    background.start(asked, lambda: Sink(at), delivered.append)
    assert background.wait(seconds=30)
    assert background.running == []
    assert (delivered[-1].status, delivered[-1].text) == (status, text)
    assert asked.exchange.state == status
    assert asked.exchange.notices == ("comet_magics failed: OSError: no screen",)
    background.close()
