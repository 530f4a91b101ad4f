"""From what was typed to an answer in the notebook: the question with what goes along, asked or only shown.

Promise: the notebook is read once for each question; what was told is recorded only when the question has become part
of the conversation; `preview` and `look` send nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from . import config
from .app import App, Outcome
from .context.gather import Attached, Limits
from .context.tokens import estimate
from .core.along import Along
from .core.errors import UsageError
from .core.messages import AssistantText, Image, Text, UserMessage
from .core.ports import Reviewer
from .core.record import record
from .core.settings import Settings
from .notebook.briefing import Briefing, Prepared, Wishes, parse_sources, with_pictures
from .notebook.display import open_sink
from .notebook.fates import FateNotes
from .notebook.identity import notebook_name
from .notebook.pictures import picture, picture_size
from .notebook.prompt import insert_values
from .wire.models import context_window

if TYPE_CHECKING:
    from .core.snapshot import Fate, NotebookSnapshot

__all__ = ["EXPLAIN_LIMITS", "Asking", "Question", "attached"]

# Somebody who asks to have one thing explained waits for it: an engine may need to start first.
EXPLAIN_LIMITS = Limits(frame=30.0, engine=60.0, frame_tokens=1500)
# Left for instructions, the answer and what the estimate may be wrong by.
_RESERVE = 24_000


@record
class Question:
    """A question ready to be sent: `along` is what goes with it, None where nothing was to go.

    `fates` are what became of earlier answers' code, as the page told it.
    """

    message: UserMessage
    notices: tuple[str, ...]
    along: Along
    prepared: Prepared
    fates: tuple[Fate, ...] = ()


class Asking:
    """Asks for one shell; knows the conversation's memory of what was told."""

    def __init__(self, shell: Any, app: App) -> None:
        self._shell = shell
        self.app = app
        self.briefing = Briefing()
        self._fates = FateNotes()
        self._hidden: frozenset[str] = frozenset()

    def clear(self) -> None:
        """A new conversation."""
        self.app.session.clear()
        self.briefing.clear()
        self._fates.clear()

    def question(
        self,
        typed: str,
        settings: Settings,
        magics: config.CometMagics,
        *,
        sources: str | None = None,
        images: Sequence[str] = (),
        extra: Sequence[Attached] = (),
        error: bool = False,
        limits: Limits | None = None,
        live: NotebookSnapshot | None = None,
    ) -> Question:
        """`typed` with its `{expr}` filled in and its context gathered. Raises UsageError."""
        text, unknown = insert_values(typed, self._shell.ev)
        fresh = self._hide(magics.hide)
        self.briefing.redactor.key = config.find_key()
        wishes = Wishes(
            parse_sources(magics.context if sources is None else sources),
            self._room(magics.context_tokens, settings.model),
            tuple(magics.hide),
            magics.redact_emails,
            settings.model,
            limits or Limits(),
            bool(images),
        )
        prepared = self.briefing.prepare(self._shell, text, wishes, live=live, extra=extra, error=error)
        names = dict.fromkeys((*images, *prepared.pictures))
        pictures = {name: picture(name, self._shell.user_ns, prepared.shown) for name in names}
        notices = (*fresh, *_notices((*unknown, *prepared.unknown), prepared.along))
        along = with_pictures(prepared.along, [(name, picture_size(image)) for name, image in pictures.items()])
        fates = () if live is None else live.fates
        note = self.briefing.redactor.redact(self._fates.note(fates))
        return Question(_message(note, prepared, list(pictures.values())), notices, along, prepared, fates)

    def ask(
        self, question: Question, settings: Settings, *, owns_cell: bool, reviewer: Reviewer | None = None
    ) -> Outcome:
        """Send it, show the answer as `reviewer` finds its code, and remember what was told."""
        session = self.app.session
        before = self._estimated(settings) + question.prepared.estimated
        outcome = self.app.ask(
            question.message,
            settings,
            lambda: open_sink(self._shell, owns_cell=owns_cell, stats=settings.stats, along=question.along),
            notebook=notebook_name(self._shell.user_ns),
            notices=question.notices,
            reviewer=reviewer,
        )
        if any(item is question.message for item in session.items):
            self.briefing.keep(question.prepared)
            self._fates.keep(question.fates, outcome.answer.id)
            usage = outcome.answer.usage
            if usage is not None and not any(isinstance(part, Image) for part in question.message.parts):
                self.briefing.calibration.learn(before, usage.input_tokens)
        return outcome

    def preview(self, question: Question, settings: Settings) -> dict[str, str]:
        """What `ask` would send, as an output's data."""
        from .render.along import along_html, along_text
        from .render.preview import request_html, request_markdown

        request = self.app.preview(question.message, settings)
        markdown = request_markdown(request)
        return {
            "text/html": along_html(question.along) + request_html(request),
            "text/markdown": markdown,
            "text/plain": f"{along_text(question.along)}\n\n{markdown}",
        }

    def look(self, question: Question) -> dict[str, str]:
        """What would go along, as an output's data."""
        from .render.along import along_html, along_text

        title = "What would go along with the next question"
        return {"text/html": along_html(question.along, title=title), "text/plain": along_text(question.along)}

    def _hide(self, patterns: Sequence[str]) -> tuple[str, ...]:
        """Names hidden only now may stand in what was said before: then the conversation can't go on."""
        added = frozenset(patterns) - self._hidden
        self._hidden = frozenset(patterns)
        if not added or not self.app.session.questions:
            return ()
        self.clear()
        return ("A new conversation: the one before may hold what is hidden now.",)

    def _room(self, tokens: int, model: str) -> int:
        """The allowance: as set, and never past the model's window with the conversation so far."""
        used = sum(
            estimate(item.text) for item in self.app.session.items if isinstance(item, UserMessage | AssistantText)
        )
        return max(0, min(tokens, context_window(model) - used - _RESERVE))

    def _estimated(self, settings: Settings) -> int:
        request = self.app.session.begin(UserMessage((Text(""),)), settings).request
        texts = [item.text for item in request.items if isinstance(item, UserMessage | AssistantText)]
        return estimate(request.instructions) + sum(estimate(text) for text in texts)


def attached(expression: str, evaluate: Callable[[str], object]) -> Attached:
    """The value of `expression`, to be described. Raises UsageError where it can't be evaluated."""
    try:
        return Attached(expression, evaluate(expression))
    except Exception as exc:
        raise UsageError(
            f"{expression} can't be evaluated: {type(exc).__name__}: {exc}", remedy="Nothing was sent."
        ) from exc


def _message(note: str, prepared: Prepared, images: list[Image]) -> UserMessage:
    before = (Text(f"{part}\n\n") for part in (note, prepared.context) if part)
    return UserMessage((*before, Text(prepared.question), *images))


def _notices(unknown: tuple[str, ...], along: Along) -> tuple[str, ...]:
    told = (f"Sent as written, since nothing has that name: {', '.join(unknown)}.",) if unknown else ()
    return (*told, *(note for note in along.notes if "replaced" in note))
