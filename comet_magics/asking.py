"""From what was typed to an answer in the notebook: the question with what goes along, asked or only shown.

Promise: the notebook is read once for each question, in the thread that asks, and not again; what was told is recorded
only when the question has become part of the conversation; `preview` and `look` send nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from . import config
from .app import App, Outcome
from .call import Call
from .context.along import with_pictures
from .context.gather import Attached, Limits
from .context.hiding import Hidden
from .context.quote import inert
from .context.tokens import estimate
from .conversation.exchange import Exchange, Origin, Typed
from .core.along import Along, AlongRow
from .core.cancel import Cancel
from .core.errors import UsageError
from .core.messages import Image, Text, UserMessage
from .core.ports import Reviewer, Sink
from .core.record import record
from .core.settings import Settings
from .notebook.briefing import Briefing, Prepared, Wishes, parse_sources
from .notebook.display import open_sink
from .notebook.fates import FateNotes
from .notebook.identity import notebook_name
from .notebook.pictures import picture, picture_size
from .notebook.prompt import insert_values
from .wire.models import context_window

if TYPE_CHECKING:
    from .core.snapshot import Fate, NotebookSnapshot

__all__ = ["EXPLAIN_LIMITS", "Asked", "Asking", "Question", "attached"]

# Somebody who asks to have one thing explained waits for it: an engine may need to start first.
EXPLAIN_LIMITS = Limits(frame=30.0, engine=60.0, frame_tokens=1500)
# Left for instructions, the answer and what the estimate may be wrong by.
_RESERVE = 24_000


@record
class Question:
    """A question ready to be sent: `along` is what goes with it, None where nothing was to go.

    `fates` are what became of earlier answers' code, as the page told it; `typed` is the question as it was asked.
    """

    message: UserMessage
    notices: tuple[str, ...]
    along: Along
    prepared: Prepared
    fates: tuple[Fate, ...] = ()
    typed: Typed = Typed("")

    @property
    def tokens(self) -> int:
        """About how many tokens it adds to the conversation."""
        return self.along.tokens + estimate(self.prepared.question)


class Asking:
    """Asks for one shell; knows the conversation's memory of what was told."""

    def __init__(self, shell: Any, app: App) -> None:
        self._shell = shell
        self.app = app
        self.briefing = Briefing()
        self._fates = FateNotes()
        self._hidden: frozenset[str] = frozenset()
        # Cells ask in the kernel's thread, the panel perhaps in another.
        self._lock = threading.RLock()

    def clear(self) -> None:
        """A new conversation."""
        with self._lock:
            self.app.session.clear()
            self.briefing.clear()
            self._fates.clear()

    def leave_out(self, exchanges: Collection[Exchange], *, out: bool = True) -> None:
        """Keep `exchanges` from being sent, or take them in again; what was told with them is told again."""
        with self._lock:
            self.app.session.leave_out(exchanges, out=out)
            self.briefing.clear()

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
        pasted: Sequence[Image] = (),
        origin: Origin = "cell",
        title: str = "",
        mends: str = "",
    ) -> Question:
        """`typed` with its `{expr}` filled in, its context, and `pasted` pictures. Raises UsageError.

        `title` is what a person sees of the question, where that is not `typed`.
        """
        fates = () if live is None else live.fates
        with self._lock:
            fresh = self._hide(magics.hide)
            wishes = self._wishes(settings, magics, sources, images, limits)
            self.briefing.guard(self._shell, wishes)
            text, unknown = insert_values(typed, self._value)
            prepared = self.briefing.prepare(self._shell, typed, text, wishes, live=live, extra=extra, error=error)
            note = self.briefing.redactor.redact(self._fates.note(fates))
        named = dict.fromkeys((*images, *prepared.pictures))
        pictures = {name: picture(name, self._shell.user_ns, prepared.shown) for name in named}
        pictures.update((f"pasted picture {number}", image) for number, image in enumerate(pasted, 1))
        sizes = [(name, picture_size(image)) for name, image in pictures.items()]
        where = f"In [{_cell_number(self._shell)}]" if origin == "cell" else ""
        return Question(
            _message(note, prepared, list(pictures.values())),
            (*fresh, *_notices((*unknown, *prepared.unknown), prepared.along)),
            with_pictures(prepared.along, sizes, settings.model),
            prepared,
            fates,
            Typed(title or typed, origin, where, len(pictures), mends),
        )

    def _wishes(
        self,
        settings: Settings,
        magics: config.CometMagics,
        sources: str | None,
        images: Sequence[str],
        limits: Limits | None,
    ) -> Wishes:
        for name in images:
            if Hidden(magics.hide).mentions(name):
                raise UsageError(f"{name} is hidden.", remedy="Nothing was sent. `%gpt_context show` takes names out.")
        self.briefing.redactor.key = config.find_key()
        return Wishes(
            parse_sources(magics.context if sources is None else sources),
            self._room(magics.context_tokens, settings.model),
            tuple(magics.hide),
            magics.redact_emails,
            settings.model,
            limits or Limits(),
            bool(images),
        )

    def ask(
        self, question: Question, settings: Settings, *, owns_cell: bool, reviewer: Reviewer | None = None
    ) -> Outcome:
        """Send it, show the answer as `reviewer` finds its code, and remember what was told."""
        return self.begin(question, settings, reviewer=reviewer).run(
            lambda: open_sink(self._shell, owns_cell=owns_cell, stats=settings.stats, along=question.along)
        )

    def begin(
        self, question: Question, settings: Settings, *, reviewer: Reviewer | None = None, background: bool = False
    ) -> Asked:
        """The question's place in the conversation is taken; it is ready to be sent. Raises UsageError.

        `background` says that other cells run meanwhile.
        """
        with self._lock:
            before = self._estimated(settings) + question.prepared.estimated
            call = self.app.call(
                question.message,
                settings,
                question.typed,
                notebook=notebook_name(self._shell.user_ns),
                notices=question.notices,
                reviewer=reviewer,
                background=background,
            )
        return Asked(call, lambda outcome: self._remember(question, call.exchange, outcome, before))

    def _remember(self, question: Question, exchange: Exchange, outcome: Outcome, estimated: int) -> None:
        with self._lock:
            if not self.app.session.holds(exchange):
                return  # nothing came; or a later question was answered before, and this one's context is told again
            self.briefing.keep(question.prepared)
            self._fates.keep(question.fates, outcome.answer.id)
            if outcome.first is not None and not question.typed.pictures:
                self.briefing.calibration.learn(estimated, outcome.first.input_tokens)

    def tokens(self, settings: Settings) -> int:
        """About how many tokens the conversation so far brings into the next request."""
        return self.briefing.calibration.correct(self._estimated(settings))

    def preview(self, question: Question, settings: Settings) -> dict[str, str]:
        """What `ask` would send, as an output's data."""
        from .render.along import along_html, along_text
        from .render.preview import request_html, request_markdown

        request, rest = self.app.preview(question.message, settings), self._rest(question, settings)
        markdown = request_markdown(request)
        return {
            "text/html": along_html(question.along, rest=rest) + request_html(request),
            "text/markdown": markdown,
            "text/plain": f"{along_text(question.along, rest=rest)}\n\n{markdown}",
        }

    def look(self, question: Question, settings: Settings) -> dict[str, str]:
        """What would go along, as an output's data."""
        from .render.along import along_html, along_text
        from .render.preview import message_html

        title, rest = "What would go along with the next question", self._rest(question, settings)
        return {
            "text/html": along_html(question.along, rest=rest, title=title) + message_html(question.message),
            "text/plain": f"{along_text(question.along, rest=rest)}\n\n{question.message.text}",
        }

    def _rest(self, question: Question, settings: Settings) -> tuple[AlongRow, ...]:
        """What is sent besides what goes along, so that the question's whole cost is told."""
        instructions = self.app.session.request(question.message, settings).instructions
        correct = self.briefing.calibration.correct
        asked = question.prepared.question
        rows = [
            AlongRow("instructions", "the instructions", correct(estimate(instructions)), "whole", instructions),
            AlongRow("conversation", "the conversation so far", correct(self.app.session.tokens), "whole", ""),
            AlongRow("question", "the question", correct(estimate(asked)), "whole", asked),
        ]
        return tuple(row for row in rows if row.tokens)

    def _value(self, expression: str) -> str:
        """A value as it may stand in a question: without secrets, and unable to pass for what stands around it."""
        return inert(self.briefing.redactor.redact(str(self._shell.ev(expression))))

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
        return max(0, min(tokens, context_window(model) - self.app.session.tokens - _RESERVE))

    def _estimated(self, settings: Settings) -> int:
        request = self.app.session.request(UserMessage((Text(""),)), settings)
        return estimate(request.instructions) + self.app.session.tokens


class Asked:
    """A question on its way: `exchange` is what the conversation knows of it, `id` the name of its answer."""

    def __init__(self, call: Call, remember: Callable[[Outcome], None]) -> None:
        self.exchange = call.exchange
        self.id = call.id
        self.abandon = call.abandon
        self._call = call
        self._remember = remember

    def run(self, open_sink: Callable[[], Sink], cancel: Cancel | None = None, **how: Any) -> Outcome:
        """As `Call.run`, and remember what was told; in any thread."""
        outcome = self._call.run(open_sink, cancel, **how)
        self._remember(outcome)
        return outcome


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


def _cell_number(shell: Any) -> int:
    """The number of the running cell. IPython 9 counts on before the cell runs, earlier ones after it."""
    history = shell.history_manager
    return int(shell.execution_count) if history is None else len(history.input_hist_parsed) - 1
