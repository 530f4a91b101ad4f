"""The assistant of one shell: what magics and panel ask of it.

Promise: making one costs next to nothing; what asks, renders and accounts is loaded with the first question. `_gpt` is
the latest question's answer, whichever comes first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from .core.errors import AnswerStopped
from .notebook.running import running_in

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .asking import Asking, Question
    from .background import Background, Job
    from .config import CometMagics
    from .core.answer import Answer
    from .core.ports import Reviewer, Sink
    from .core.settings import Settings
    from .core.spending import Spending
    from .core.verdicts import Verdict
    from .notebook.companion import Companion
    from .notebook.iopub import CellOutput
    from .notebook.messages import PanelMessage, StopMessage

__all__ = ["Assistant"]

_MOST_OUTPUTS = 64


class Assistant:
    """`settings` are what `%config CometMagics` changes; `package` is our version, `magics` our magics' names.

    `panels` are called, by a panel's id, with what a page says to it, perhaps in another thread.
    """

    def __init__(
        self, shell: InteractiveShell, settings: CometMagics, package: str, magics: Callable[[], Iterable[str]]
    ) -> None:
        self.shell = shell
        self.settings = settings
        self.panels: dict[str, Callable[[dict[str, Any]], None]] = {}
        self._package = package
        self._magics = magics
        self._asking: Asking | None = None
        self._background: Background | None = None
        self._companion: Companion | None = None
        self._spending: Spending | None = None
        self._delivered = 0
        self._outputs: deque[CellOutput] = deque(maxlen=_MOST_OUTPUTS)

    @property
    def names(self) -> dict[str, Any]:
        """The session's variables."""
        return cast("dict[str, Any]", self.shell.user_ns)

    @property
    def spending(self) -> Spending:
        """What the session has spent."""
        if self._spending is None:
            from .core.spending import Spending

            self._spending = Spending()
        return self._spending

    @property
    def asking(self) -> Asking:
        """What asks; made at the first question."""
        if self._asking is None:
            from .app import App
            from .asking import Asking
            from .conversation.session import Session
            from .notebook.identity import cache_key

            self._asking = Asking(self.shell, App(Session(cache_key(self.names)), spending=self.spending))
        return self._asking

    @property
    def background(self) -> Background:
        """The answers that come while other cells run."""
        if self._background is None:
            from .background import Background

            self._background = Background()
        return self._background

    @property
    def companion(self) -> Companion:
        """The notebook's page; made when the magics are registered in a kernel, else at the first question."""
        if self._companion is None:
            from .notebook.companion import Companion

            self._companion = Companion(
                self.shell, self.settings, self._package, self._magics(), self.spending, self._heard
            )
        return self._companion

    def close(self) -> None:
        """End what is on its way, and say goodbye to the page."""
        if self._background is not None:
            self._background.close()
        if self._companion is not None:
            self._companion.close()

    def question(self, typed: str, settings: Settings, **more: Any) -> Question:
        """A question of the running cell; `more` as `Asking.question` takes it. Raises UsageError."""
        return self.asking.question(typed, settings, self.settings, live=self.companion.snapshot(), **more)

    def ask(self, question: Question, settings: Settings, name: str | None, *, owns_cell: bool) -> None:
        """Ask and show the answer in the running cell, which waits. Raises CometError if it fails or is stopped."""
        begun = self.asking.begin(question, settings, reviewer=self.reviewer(settings))
        from .notebook.display import open_sink

        number = begun.exchange.number
        outcome = begun.run(
            lambda: open_sink(self.shell, owns_cell=owns_cell, stats=settings.stats, along=question.along),
            deliver=lambda answer: self._deliver(number, answer, name),
        )
        self.companion.answered(outcome.answer)
        if outcome.error is not None:
            raise outcome.error from None
        if outcome.answer.status == "stopped":
            text = outcome.answer.text
            raise AnswerStopped(
                "Stopped.", kept=f"The {len(text):,} characters that came are in `_gpt.text`." * bool(text)
            )

    def ask_in_background(self, question: Question, settings: Settings, name: str | None) -> Job:
        """Ask and return at once; the answer comes in the running cell's output. Raises UsageError."""
        from .notebook.display import background_sink
        from .notebook.iopub import CellOutput

        begun = self.asking.begin(question, settings, reviewer=self.reviewer(settings), background=True)
        output = CellOutput(self.shell)
        self._outputs.append(output)
        sink = background_sink(output, begun.exchange.number, begun.id, stats=settings.stats, along=question.along)
        place = self.companion.place()
        return self.background.start(
            begun, lambda: sink, lambda answer: self._deliver(begun.exchange.number, answer, name, place)
        )

    def wait(self, number: int | None) -> None:
        """Wait for the answer to question `number`, or for all; then every client has seen their outputs."""
        self.background.wait(number)
        for output in self._outputs:
            output.confirm()
        if number is None:
            self._outputs.clear()

    def start(self, question: Question, settings: Settings, open_sink: Callable[[int], Sink]) -> int:
        """Ask in the background and show the answer in the sink for the question's number, which is returned."""
        begun = self.asking.begin(question, settings, reviewer=self.reviewer(settings), background=True)
        number = begun.exchange.number
        self.background.start(begun, lambda: open_sink(number), lambda answer: self._deliver(number, answer, None))
        return number

    def reviewer(self, settings: Settings) -> Reviewer | None:
        """What reviews an answer's code, as far as that is wished."""
        if not (settings.check or settings.rehearse):
            return None
        running_in(self.shell)  # a review in another thread asks whether a cell runs

        def review(text: str, stopped: Callable[[], bool]) -> tuple[Verdict, ...]:
            from .notebook.review import Review

            return Review(self.shell, check=settings.check, rehearse=settings.rehearse)(text, stopped)

        return review

    def _deliver(self, number: int, answer: Answer, name: str | None, place: tuple[str, str] | None = None) -> None:
        """Give the answer its names; insert its cells at `place`, if one is given and that is wished."""
        if name:
            self.names[name] = answer
        if number >= self._delivered:
            self._delivered = number
            self.names["_gpt"] = answer
        if place is not None:
            self.companion.answered(answer, place)

    def _heard(self, message: PanelMessage | StopMessage) -> None:
        """A page said something to a panel, or wants an answer stopped."""
        if message["type"] == "stop":
            self.background.stop(answer=message["answer"])
        elif message["panel"] in self.panels:
            self.panels[message["panel"]](message["content"])
