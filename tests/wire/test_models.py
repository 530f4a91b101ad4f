from __future__ import annotations

import pytest

from comet_magics.wire.models import known_efforts, same_model


@pytest.mark.parametrize(
    ("model", "efforts"),
    [
        ("gpt-5.1", "none low medium high"),
        ("gpt-5.1-2025-11-13", "none low medium high"),
        ("gpt-5.2", "none low medium high xhigh"),
        ("gpt-5.10", "none low medium high xhigh"),
        ("gpt-5", "minimal low medium high"),
        ("gpt-5-mini-2025-08-07", "minimal low medium high"),
        ("gpt-5-pro", "high"),
        ("gpt-5.1-codex", "low medium high"),
        ("gpt-5.1-codex-mini", "low medium high"),
        ("gpt-5.1-chat-latest", ""),
        ("gpt-4o", ""),
        ("claude-sonnet-4-5", ""),
        ("gpt-5.1-", ""),
        ("", ""),
    ],
)
def test_known_efforts(model, efforts):
    assert known_efforts(model) == tuple(efforts.split())


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("gpt-5.1", "gpt-5.1", True),
        ("gpt-5.1-2025-11-13", "gpt-5.1", True),
        ("gpt-5.1", "gpt-5.1-20251113", True),
        ("gpt-5.1", "gpt-5.1-codex", False),
        ("gpt-5.1", "gpt-5", False),
        ("", "gpt-5.1", False),
    ],
)
def test_same_model(left, right, same):
    assert same_model(left, right) is same
