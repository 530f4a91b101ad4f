"""What ties the magics to a shell: registered by `%load_ext comet_magics`, taken away by `%unload_ext`.

Promise: a wrong setting in a configuration file is told and left at its default; loading twice does nothing, and after
unloading nothing of ours is left in the shell but the answers.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from traitlets import TraitError

from . import config
from .core.errors import UsageError
from .flags import complete
from .magics import GptMagics
from .notebook.questions import QuestionLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["load", "unload"]

_COMPLETED = ("%gpt", "%%gpt", "%gpt_explain", "%gpt_fix", "%gpt_context")
_MATCHER = "comet_references"


def load(shell: InteractiveShell) -> None:
    """Register the magics with `shell`, once."""
    if "GptMagics" in shell.magics_manager.registry:
        return
    magics = GptMagics(shell, _configured(shell))
    shell.register_magics(magics)
    if hasattr(shell, "kernel"):
        magics.assistant.companion  # noqa: B018 - from now on a page can find us
    configurables = cast("list[Any]", shell.configurables)
    configurables.append(magics.settings)
    set_hook = cast("Callable[..., None]", shell.set_hook)
    for command in _COMPLETED:
        set_hook("complete_command", _complete, str_key=command)
    completer = getattr(shell, "Completer", None)
    if completer is not None:
        completer.custom_matchers.append(_references(shell))
    shell.input_transformer_manager.token_transformers.append(QuestionLine)


def unload(shell: InteractiveShell) -> None:
    """Take the magics of `shell` away again."""
    magics = shell.magics_manager.registry.pop("GptMagics", None)
    if magics is None:
        return
    magics.close()
    cast("list[Any]", shell.configurables).remove(magics.settings)
    completer = getattr(shell, "Completer", None)
    if completer is not None:
        completer.custom_matchers[:] = [one for one in completer.custom_matchers if one.__name__ != _MATCHER]
    shell.input_transformer_manager.token_transformers.remove(QuestionLine)
    for kind, names in magics.magics.items():
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)


def _configured(shell: InteractiveShell) -> config.CometMagics:
    """The settings from `shell`'s configuration; a wrong one is told and left at its default."""
    try:
        return config.CometMagics(parent=shell)
    except (UsageError, TraitError):
        settings = config.CometMagics()
    for name, value in shell.config.CometMagics.items():
        try:
            setattr(settings, name, value)
        except (UsageError, TraitError) as exc:
            print(f"{exc}\nCometMagics.{name} stays as it was.", file=sys.stderr)  # noqa: T201
    return settings


def _references(shell: InteractiveShell) -> Any:
    """IPython's matcher for `@name`; what it needs is loaded when it is first asked."""
    from IPython.core.completer import context_matcher

    found: list[Any] = []

    @context_matcher()  # type: ignore[untyped-decorator]
    def comet_references(context: Any) -> Any:
        if not context.full_text.lstrip().startswith(("%gpt", "%%gpt")):
            return {"completions": []}
        if not found:
            from .notebook.completion import matcher

            found.append(matcher(shell))
        return found[0](context)

    return comet_references


def _complete(shell: InteractiveShell, event: Any) -> list[str]:  # noqa: ARG001 - IPython's hook
    return complete(event.text_until_cursor)
