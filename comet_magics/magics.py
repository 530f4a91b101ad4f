"""The magics: `%%gpt`, `%gpt`, `%gpt_explain`, `%gpt_fix`, `%gpt_context`, `%gpt_insert`, `%gpt_new`, `%gpt_panel`,
`%gpt_stop`, `%gpt_wait`, `%gpt_models`, `%gpt_login`.

Promise: registering them costs next to nothing: what asks, renders and accounts is loaded with the first question. Each
magic has a docstring and tab completion. What fails is raised as a CometError of a few lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

from . import __version__, config
from .assistant import Assistant
from .core.answer import Answer
from .core.errors import AnswerStopped, UsageError
from .flags import Flag, Parsed, flags_help, parse

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .asking import Question
    from .core.settings import Settings
    from .panel.panel import Panel

__all__ = ["GptMagics"]

_EXPLAIN = (
    "Explain `{}` to somebody who sees it for the first time: what it is, what is in it, what is odd or dangerous "
    "about it. Then name the three questions most worth asking of it."
)
_FIX = (
    "The last error is in the context. Say in one or two sentences what is wrong, then give the whole corrected cell "
    "as one ```python block that can take the place of the cell that failed."
)
_LOGIN_FLAGS = (Flag("--forget", "forget the key, here and in the keyring"),)


@magics_class
class GptMagics(Magics):
    """The magics of one shell; `settings` are what `%config CometMagics` changes."""

    def __init__(self, shell: InteractiveShell, settings: config.CometMagics) -> None:
        super().__init__(shell)
        self.settings = settings
        self.assistant = Assistant(shell, self.settings, __version__, self._all_names)
        self._panel: Panel | None = None

    @property
    def _shell(self) -> InteractiveShell:
        # Magics.shell is typed as optional, and never is None once the magics are registered.
        return cast("InteractiveShell", self.shell)

    def _all_names(self) -> list[str]:
        return [name for kind in self.magics.values() for name in kind]

    @no_var_expand
    @line_cell_magic
    def gpt(self, line: str, cell: str | None = None) -> None:
        """Ask the model; the answer appears below the cell while it comes, and stays in `_gpt`.

        %%gpt [flags] [the question, or its beginning]
        the question

        %gpt [flags] the question

        `{expr}` in a question inserts the expression's value; `{{` and `}}` are braces. `@name` attaches what is
        known of a variable, a part of one (`@df.age`), a cell (`@cell:5`), a file or the last error (`@err`). A
        further question knows what was said before; `-n` begins anew. Settings for all questions:
        `%config CometMagics`.
        """
        flags = parse(line)
        settings = self.settings.settings(flags)
        name = _name(flags)
        typed = "\n\n".join(part for part in (flags.rest, (cell or "").strip()) if part)
        if not typed:
            raise UsageError("There is no question.", remedy="Write it after %gpt, or below %%gpt.")
        if flags.has("new"):
            self.assistant.asking.clear()
        question = self._question(typed, flags, settings)
        self._ask(question, flags, settings, name, owns_cell=cell is not None or self._is_whole_cell("gpt", line))

    def _question(self, typed: str, flags: Parsed, settings: Settings, **more: Any) -> Question:
        return self.assistant.question(typed, settings, sources=flags.get("context"), images=flags.all("image"), **more)

    def _ask(self, question: Question, flags: Parsed, settings: Settings, name: str | None, *, owns_cell: bool) -> None:
        if flags.has("dry_run"):
            self._shell.display_pub.publish(self.assistant.asking.preview(question, settings))
        elif flags.has("background"):
            if not hasattr(self._shell, "kernel"):
                raise UsageError(
                    "Nothing can be shown in the background here.",
                    remedy="Nothing was sent. Ask without --background, or in a notebook.",
                )
            self.assistant.ask_in_background(question, settings, name)
        else:
            self.assistant.ask(question, settings, name, owns_cell=owns_cell)

    def _is_whole_cell(self, magic: str, line: str) -> bool:
        """Whether the running cell is nothing but this line of ours, so that its output is ours alone."""
        history = self._shell.history_manager
        raw = history.input_hist_raw[-1] if history else ""
        return raw.strip().startswith(f"%{magic}") and raw.strip().removeprefix(f"%{magic}").strip() == line.strip()

    @no_var_expand
    @line_magic
    def gpt_explain(self, line: str) -> None:
        """Explain a dataframe, or anything else, in plain words, with the questions worth asking next.

        %gpt_explain [flags] EXPR

        EXPR is evaluated, and its value described to the model; an engine's table may take its time. The flags are
        those of %gpt.
        """
        flags = parse(line)
        expression = flags.rest.removeprefix("@")
        if not expression:
            raise UsageError("There is nothing to explain.", remedy="Write %gpt_explain and a name: %gpt_explain df.")
        settings, name = self.settings.settings(flags), _name(flags)
        from .asking import EXPLAIN_LIMITS, attached

        one = attached(expression, self._shell.ev)
        more = {"extra": (one,), "limits": EXPLAIN_LIMITS, "title": f"%gpt_explain {flags.rest}"}
        question = self._question(_EXPLAIN.format(expression), flags, settings, **more)
        self._ask(question, flags, settings, name, owns_cell=self._is_whole_cell("gpt_explain", line))

    @no_var_expand
    @line_magic
    def gpt_fix(self, line: str) -> None:
        """Propose a corrected cell for the last error.

        %gpt_fix [flags] [what you think of it]

        The error goes along with the user's own frames, their lines and local values. The flags are those of %gpt.
        """
        flags = parse(line)
        from .notebook.failure import last_failure

        failure = last_failure(self._shell)
        if failure is None:
            raise UsageError("There is no error to fix.", remedy="Run the cell that fails, then %gpt_fix.")
        settings, name = self.settings.settings(flags), _name(flags)
        typed = "\n\n".join(filter(None, (_FIX, flags.rest)))
        mends = self.assistant.companion.failed_cell(failure.execution_count)
        title = f"%gpt_fix {flags.rest}".strip()
        question = self._question(typed, flags, settings, error=True, title=title, mends=mends)
        self._ask(question, flags, settings, name, owns_cell=self._is_whole_cell("gpt_fix", line))

    @no_var_expand
    @line_magic
    def gpt_context(self, line: str) -> None:
        """Show what would go along with the next question, part by part, with tokens and cost. Nothing is sent.

        %gpt_context [flags] [the question]     what goes along with it
        %gpt_context hide df.ssn patient_*      keep names or columns out entirely from now on
        %gpt_context show df.ssn                no longer
        """
        flags = parse(line)
        word, _, rest = flags.rest.partition(" ")
        if word in ("hide", "show"):
            self._hide(word, rest.split())
            return
        settings = self.settings.settings(flags)
        question = self._question(flags.rest, flags, settings)
        self._shell.display_pub.publish(self.assistant.asking.look(question, settings))

    def _hide(self, word: str, names: list[str]) -> None:
        kept = [name for name in self.settings.hide if word == "hide" or name not in names]
        added = [name for name in names if word == "hide" and name not in kept]
        self.settings.hide = [*kept, *added]
        listed = ", ".join(self.settings.hide) or "nothing"
        print(f"Hidden from every question: {listed}.")  # noqa: T201

    @line_magic
    def gpt_new(self, line: str) -> None:  # noqa: ARG002 - IPython passes it
        """Begin a new conversation: the next question knows nothing of those before."""
        asking = self.assistant.asking
        count = asking.app.session.questions
        asking.clear()
        print(f"A new conversation. The one before had {count} question{'' if count == 1 else 's'}.")  # noqa: T201

    @line_magic
    def gpt_panel(self, line: str) -> None:  # noqa: ARG002 - IPython passes it
        """Open the panel below this cell: a prompt box and the conversation, which go on while cells run.

        It is the same conversation as the cells'. In JupyterLab it can be docked at the side.
        """
        if not hasattr(self._shell, "kernel"):
            raise UsageError("The panel needs a notebook.", remedy="Here %gpt asks just as well.")
        if self._panel is None:
            from .panel.panel import Panel

            self._panel = Panel(self.assistant)
        self._panel.show()

    def close(self) -> None:
        """End what is on its way, and say goodbye to panel and page."""
        self.assistant.close()
        if self._panel is not None:
            self._panel.close()

    @line_magic
    def gpt_stop(self, line: str) -> None:
        """Stop the answers that come in the background: all of them, or one: `%gpt_stop 3`. What came stays."""
        count = self.assistant.background.stop(_number(line))
        print(f"Stopped {_plural(count, 'answer')}." if count else "Nothing is on its way.")  # noqa: T201

    @line_magic
    def gpt_wait(self, line: str) -> None:
        """Wait for the answers that come in the background: for all of them, or for one: `%gpt_wait 3`."""
        try:
            self.assistant.wait(_number(line))
        except KeyboardInterrupt:
            raise AnswerStopped("Not waiting any more.", remedy="Answers still come; %gpt_stop stops them.") from None

    @line_magic
    def gpt_insert(self, line: str) -> None:
        """Insert the code of the last answer as cells: `%gpt_insert`, or only its second block: `%gpt_insert 2`.

        They come below this cell where the notebook has our extension, else as the next input. Nothing is run.
        """
        answer = self.assistant.names.get("_gpt")
        if not isinstance(answer, Answer):
            raise UsageError("There is no answer yet.", remedy="Ask with %%gpt first.")
        self.assistant.companion.insert(answer, line.strip())

    @line_magic
    def gpt_models(self, line: str) -> None:
        """List the gateway's models, or those whose name has every word of the line: `%gpt_models gpt-5 codex`."""
        from .render.models import models_html, models_text

        words = line.lower().split()
        models = self.assistant.asking.app.models()
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


def _number(line: str) -> int | None:
    """The number of a question, or None for all."""
    if line.strip() and not line.strip().isdigit():
        raise UsageError(
            f"{line.strip()!r} is no question's number.", remedy="It stands below the answer that is coming."
        )
    return int(line) if line.strip() else None


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _nearest_model(line: str, models: list[dict[str, Any]]) -> str:
    from .core.nearest import nearest

    close = nearest(line.strip(), [model["id"] for model in models], 3)
    return f"Did you mean {' or '.join(close)}?" if close else "`%gpt_models` alone lists all."
