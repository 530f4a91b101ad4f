"""`%load_ext` and `%unload_ext`, in a shell without a kernel."""

from __future__ import annotations

import logging

import pytest

import comet_magics
from comet_magics.magics import GptMagics


def traces(shell):
    """What of ours is in a shell."""
    magics = [name for kind in shell.magics_manager.magics.values() for name in kind if name.startswith("gpt")]
    matchers = [one for one in shell.Completer.custom_matchers if "comet" in getattr(one, "__name__", "")]
    settings = [one for one in shell.configurables if type(one).__name__ == "CometMagics"]
    transformers = [one for one in shell.input_transformer_manager.token_transformers if "comet" in one.__module__]
    hooks = [hook for event in shell.events.callbacks.values() for hook in event if "comet" in str(hook.__module__)]
    return [*magics, *matchers, *settings, *transformers, *hooks]


def test_loading_twice_is_loading_once_and_unloading_leaves_nothing(shell):
    assert traces(shell) == []
    comet_magics.load_ipython_extension(shell)
    once = traces(shell)
    comet_magics.load_ipython_extension(shell)
    assert len(traces(shell)) == len(once) > 0
    comet_magics.unload_ipython_extension(shell)
    assert traces(shell) == []
    comet_magics.unload_ipython_extension(shell)


def test_a_wrong_setting_is_told_and_left_at_its_default(shell, capsys):
    shell.config.CometMagics.effort = "extreme"
    shell.config.CometMagics.model = "gpt-5.1-mini"
    comet_magics.load_ipython_extension(shell)
    settings = shell.magics_manager.registry["GptMagics"].settings
    assert (settings.effort, settings.model) == ("none", "gpt-5.1-mini")
    assert "CometMagics.effort stays as it was." in capsys.readouterr().err
    comet_magics.unload_ipython_extension(shell)


def test_every_magic_has_a_docstring(shell):
    comet_magics.load_ipython_extension(shell)
    magics = shell.magics_manager.registry["GptMagics"]
    assert isinstance(magics, GptMagics)
    for kind, names in magics.magics.items():
        for name in names:
            assert len(shell.find_magic(name, kind).__doc__ or "") > 40, name
    comet_magics.unload_ipython_extension(shell)


def test_what_needs_a_notebook_says_so_in_a_terminal(shell):
    comet_magics.load_ipython_extension(shell)
    for line in ("gpt_panel", "gpt --background Why?"):
        name, _, rest = line.partition(" ")
        with pytest.raises(comet_magics.core.errors.UsageError) as refused:
            shell.run_line_magic(name, rest)
        assert refused.value.remedy
    comet_magics.unload_ipython_extension(shell)


def test_our_warnings_are_not_printed_into_somebodys_cell(capsys):
    logging.getLogger("comet_magics.background").warning("a fault of ours")
    assert capsys.readouterr().err == ""
