"""The magics: `%%gpt`, `%gpt`, `%gpt_insert`, `%gpt_new`, `%gpt_models`, `%gpt_login`.

Promise: registering them costs next to nothing: what asks, renders and accounts is loaded with the first question. Each
magic has a docstring and tab completion. What fails is raised as a CometError of a few lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

from . import __version__, config
from .core.answer import Answer
from .core.errors import AnswerStopped, UsageError
from .flags import Flag, Parsed, complete, flags_help, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from .app import App
    from .core.messages import UserMessage
    from .core.settings import Settings
    from .notebook.companion import Companion

__all__ = ["GptMagics", "load", "unload"]

_LOGIN_FLAGS = (Flag("--forget", "forget the key, here and in the keyring"),)


@magics_class
class GptMagics(Magics):
    """The magics of one shell; `settings` are what `%config CometMagics` changes."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self.settings = config.CometMagics(parent=shell)
        self._app: App | None = None
        self._companion: Companion | None = None

    @property
    def _shell(self) -> InteractiveShell:
        # Magics.shell is typed as optional, and never is None once the magics are registered.
        return cast("InteractiveShell", self.shell)

    @property
    def _names(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self._shell.user_ns)

    @property
    def app(self) -> App:
        """What asks; made at the first question."""
        if self._app is None:
            from .app import App
            from .conversation.session import Session
            from .notebook.identity import cache_key

            self._app = App(Session(cache_key(self._names)))
        return self._app

    @property
    def companion(self) -> Companion:
        """The notebook's page; made when the magics are registered in a kernel, else at the first question."""
        if self._companion is None:
            from .notebook.companion import Companion

            names = [name for kind in self.magics.values() for name in kind]
            self._companion = Companion(self._shell, self.settings, __version__, names)
        return self._companion

    def close(self) -> None:
        """Say goodbye to the page."""
        if self._companion is not None:
            self._companion.close()

    @no_var_expand
    @line_cell_magic
    def gpt(self, line: str, cell: str | None = None) -> None:
        """Ask the model; the answer appears below the cell while it comes, and stays in `_gpt`.

        %%gpt [flags] [the question, or its beginning]
        the question

        %gpt [flags] the question

        `{expr}` in a question inserts the expression's value; `{{` and `}}` are braces. A further question knows
        what was said before; `-n` begins anew. Settings for all questions: `%config CometMagics`.
        """
        flags = parse(line)
        settings = self.settings.settings(flags)
        name = _name(flags)
        message, notices = self._message(flags, cell)
        if flags.has("new"):
            self._forget()
        message = self._with_note(message)
        if flags.has("dry_run"):
            self._preview(message, settings)
        else:
            self._ask(message, settings, notices, name, owns_cell=cell is not None or self._is_whole_cell(line))

    def _ask(
        self, message: UserMessage, settings: Settings, notices: tuple[str, ...], name: str | None, *, owns_cell: bool
    ) -> None:
        from .notebook.display import open_sink
        from .notebook.identity import notebook_name

        outcome = self.app.ask(
            message,
            settings,
            lambda: open_sink(self._shell, owns_cell=owns_cell, stats=settings.stats),
            notebook=notebook_name(self._names),
            notices=notices,
        )
        answer = outcome.answer
        self._names.update({"_gpt": answer, **({name: answer} if name else {})})
        self.companion.answered(answer)
        if outcome.error is not None:
            raise outcome.error from None
        if answer.status == "stopped":
            kept = f"The {len(answer.text):,} characters that came are in `_gpt.text`." if answer.text else ""
            raise AnswerStopped("Stopped.", kept=kept)

    def _message(self, flags: Parsed, cell: str | None) -> tuple[UserMessage, tuple[str, ...]]:
        """The question as it will be sent, and what the user should know of it."""
        from .core.messages import Text, UserMessage
        from .notebook.pictures import picture
        from .notebook.prompt import insert_values

        typed = "\n\n".join(part for part in (flags.rest, (cell or "").strip()) if part)
        if not typed:
            raise UsageError("There is no question.", remedy="Write it after %gpt, or below %%gpt.")
        text, unknown = insert_values(typed, self._shell.ev)
        images = [picture(name, self._names) for name in flags.all("image")]
        notices = (f"Sent as written, since nothing has that name: {', '.join(unknown)}.",) if unknown else ()
        return UserMessage((Text(text), *images)), notices

    def _with_note(self, message: UserMessage) -> UserMessage:
        """The question, and before it what became of the code of earlier answers."""
        from .core.messages import Text, UserMessage

        note = self.companion.note()
        return UserMessage((Text(note + "\n\n"), *message.parts)) if note else message

    def _forget(self) -> None:
        self.app.session.clear()
        self.companion.forget()

    def _preview(self, message: UserMessage, settings: Settings) -> None:
        from .render.preview import request_markdown

        text = request_markdown(self.app.preview(message, settings))
        self._shell.display_pub.publish({"text/markdown": text, "text/plain": text})

    def _is_whole_cell(self, line: str) -> bool:
        """Whether the running cell is nothing but this `%gpt` line, so that its output is ours alone."""
        history = self._shell.history_manager
        raw = history.input_hist_raw[-1] if history else ""
        return bool(line.strip()) and raw.strip().removeprefix("%gpt").strip() == line.strip()

    @line_magic
    def gpt_new(self, line: str) -> None:  # noqa: ARG002 - IPython passes it
        """Begin a new conversation: the next question knows nothing of those before."""
        count = self.app.session.questions
        self._forget()
        print(f"A new conversation. The one before had {count} question{'' if count == 1 else 's'}.")  # noqa: T201

    @line_magic
    def gpt_insert(self, line: str) -> None:
        """Insert the code of the last answer as cells: `%gpt_insert`, or only its second block: `%gpt_insert 2`.

        They come below this cell where the notebook has our extension, else as the next input. Nothing is run.
        """
        answer = self._names.get("_gpt")
        if not isinstance(answer, Answer):
            raise UsageError("There is no answer yet.", remedy="Ask with %%gpt first.")
        self.companion.insert(answer, line.strip())

    @line_magic
    def gpt_models(self, line: str) -> None:
        """List the gateway's models, or those whose name has every word of the line: `%gpt_models gpt-5 codex`."""
        from .render.models import models_html, models_text

        words = line.lower().split()
        models = self.app.models()
        found = [model for model in models if all(word in model["id"].lower() for word in words)]
        if models and not found:
            raise UsageError(f"No model has {line.strip()!r} in its name.", remedy=_nearest_model(line, models))
        self._shell.display_pub.publish(
            {"text/html": models_html(found, len(models)), "text/plain": models_text(found, len(models))}
        )

    @line_magic
    def gpt_login(self, line: str) -> None:
        """Type the CometAPI key, hidden; it is used from now on in this kernel.

        Where `keyring` is installed it keeps the key for good. `%gpt_login --forget` forgets it again.
        """
        from getpass import getpass

        if parse(line, _LOGIN_FLAGS).has("forget"):
            config.forget_key()
            print("Forgotten. COMETAPI_KEY, if set, is used again.")  # noqa: T201
            return
        kept = config.keep_key(getpass("CometAPI key: "))
        where = "and in the keyring, for good" if kept else "for this kernel; install `keyring` to keep it for good"
        print(f"The key is kept {where}.")  # noqa: T201


GptMagics.gpt.__doc__ = f"{GptMagics.gpt.__doc__}\n{flags_help()}\n"


def _name(flags: Parsed) -> str | None:
    name = flags.get("as")
    if name is not None and not name.isidentifier():
        raise UsageError(f"--as {name}: that can't be a variable's name.", remedy="Nothing was sent.")
    return name


def _nearest_model(line: str, models: list[dict[str, Any]]) -> str:
    from .core.nearest import nearest

    close = nearest(line.strip(), [model["id"] for model in models], 3)
    return f"Did you mean {' or '.join(close)}?" if close else "`%gpt_models` alone lists all."


_COMPLETED = ("%gpt", "%%gpt")


def load(shell: InteractiveShell) -> None:
    """Register the magics with `shell`, once."""
    if "GptMagics" in shell.magics_manager.registry:
        return
    magics = GptMagics(shell)
    shell.register_magics(magics)
    if hasattr(shell, "kernel"):
        magics.companion  # noqa: B018 - from now on a page can find us
    configurables = cast("list[Any]", shell.configurables)
    configurables.append(magics.settings)
    set_hook = cast("Callable[..., None]", shell.set_hook)
    for command in _COMPLETED:
        set_hook("complete_command", _complete, str_key=command)


def unload(shell: InteractiveShell) -> None:
    """Take the magics of `shell` away again."""
    magics = shell.magics_manager.registry.pop("GptMagics", None)
    if magics is None:
        return
    magics.close()
    cast("list[Any]", shell.configurables).remove(magics.settings)
    for kind, names in magics.magics.items():
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)


def _complete(shell: InteractiveShell, event: Any) -> list[str]:  # noqa: ARG001 - IPython's hook
    return complete(event.text_until_cursor)
