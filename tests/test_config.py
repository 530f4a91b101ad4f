"""What is configured, where the key comes from, and that it is read when a call begins."""

import sys
import types

import pytest

from comet_magics import config
from comet_magics.core.errors import UsageError
from comet_magics.core.settings import DEFAULT_BASE_URL
from comet_magics.flags import parse

CANARY = "sk-canary-conf"


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    monkeypatch.setattr(config, "_typed", None)
    monkeypatch.setitem(sys.modules, "keyring", memory_keyring({}))


def memory_keyring(kept):
    """A keyring that keeps its passwords in `kept`, with the interface of the real one."""
    module = types.ModuleType("keyring")
    module.__spec__ = types.SimpleNamespace(name="keyring")
    module.get_password = lambda service, user: kept.get((service, user))
    module.set_password = lambda service, user, value: kept.__setitem__((service, user), value)
    module.delete_password = lambda service, user: kept.pop((service, user))
    return module


def settings(line="", **traits):
    return config.CometMagics(**traits).settings(parse(line))


def test_the_defaults_are_the_models_own():
    chosen = settings()
    assert (chosen.model, chosen.effort, chosen.api, chosen.cache_retention) == ("gpt-5.1", "none", "auto", "24h")
    assert (chosen.verbosity, chosen.summary, chosen.stats) == (None, None, True)


def test_a_flag_overrides_a_setting_for_one_call():
    traits = {"effort": "low", "model": "gpt-5", "verbosity": "low", "summary": "auto", "api": "chat"}
    line = "-e high -m gpt-5.1 --verbosity high --summary none --api responses --no-stats"
    chosen = settings(line, **traits)
    assert (chosen.effort, chosen.model, chosen.verbosity) == ("high", "gpt-5.1", "high")
    assert (chosen.summary, chosen.api, chosen.stats) == (None, "responses", False)
    assert settings("", **traits).effort == "low"


@pytest.mark.parametrize(
    ("line", "effort"),
    [
        ("", "none"),
        ("-m gpt-5", None),
        ("-m some-model", None),
        ("-m some-model -e none", "none"),
        ("-m x -e low", "low"),
    ],
)
def test_the_default_effort_is_not_forced_on_models_that_may_not_know_the_word(line, effort):
    assert settings(line).effort == effort


@pytest.mark.parametrize(
    ("trait", "value", "words"),
    [("effort", "hihg", "Did you mean high?"), ("api", "rest", "auto, responses, chat"), ("effort", None, "It takes")],
)
def test_a_wrong_setting_is_refused_where_it_is_set(trait, value, words):
    magics = config.CometMagics()
    with pytest.raises(UsageError, match=f"CometMagics.{trait} can't be") as caught:
        setattr(magics, trait, value)
    assert words in str(caught.value)
    assert getattr(magics, trait) == getattr(config.CometMagics(), trait)


def test_an_empty_model_is_refused():
    with pytest.raises(UsageError, match="No model"):
        settings(model=" ")


def test_instructions_are_a_text_or_a_file(tmp_path):
    wishes = tmp_path / "wishes.md"
    wishes.write_text("Be kind.", encoding="utf-8")
    assert settings(instructions="Be brief.").instructions == "Be brief."
    assert settings(instructions=str(wishes)).instructions == "Be kind."
    assert settings(instructions=f"{wishes}\nas text").instructions.endswith("as text")
    with pytest.raises(UsageError, match=r"missing\.md, which can't be read"):
        settings(instructions=str(tmp_path / "missing.md"))


def test_the_key_is_found_where_it_was_put_last(monkeypatch):
    assert config.find_key() is None
    config.keep_key(CANARY + "-typed")
    assert (config.find_key().reveal(), config.find_key().source) == (CANARY + "-typed", "%gpt_login")
    monkeypatch.setattr(config, "_typed", None)
    assert (config.find_key().reveal(), config.find_key().source) == (CANARY + "-typed", "the keyring")
    monkeypatch.setenv("COMETAPI_KEY", f" {CANARY} ")
    assert (config.find_key().reveal(), config.find_key().source) == (CANARY, "COMETAPI_KEY")
    config.forget_key()
    monkeypatch.delenv("COMETAPI_KEY")
    assert config.find_key() is None


def test_no_other_variable_supplies_a_key(monkeypatch):
    for name in ("OPENAI_API_KEY", "COMET_API_KEY", "API_KEY"):
        monkeypatch.setenv(name, CANARY)
    with pytest.raises(UsageError, match="There is no CometAPI key") as caught:
        config.need_key()
    assert CANARY not in str(caught.value)


def test_a_keyring_that_fails_is_no_keyring(monkeypatch):
    broken = memory_keyring({})
    broken.get_password = broken.set_password = lambda *_: 1 / 0
    monkeypatch.setitem(sys.modules, "keyring", broken)
    assert config.keep_key(CANARY) is False
    monkeypatch.setattr(config, "_typed", None)
    assert config.find_key() is None


@pytest.mark.parametrize("typed", ["", "  ", "two words", "sk\x00"])
def test_what_is_no_key_is_refused(typed):
    with pytest.raises(UsageError, match="not a key"):
        config.keep_key(typed)
    assert config.find_key() is None


def test_the_address_is_read_at_each_call(monkeypatch):
    monkeypatch.delenv("COMETAPI_BASE_URL", raising=False)
    assert config.base_url() == DEFAULT_BASE_URL
    monkeypatch.setenv("COMETAPI_BASE_URL", "http://127.0.0.1:9/v1/")
    assert config.base_url() == "http://127.0.0.1:9/v1"
