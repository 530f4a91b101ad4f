"""The panel's kernel side: takes what views say, asks in the background, and tells views what became of it.

Promise: a message that makes no sense changes nothing, and one that fails is answered in words; what was typed is
acknowledged only once it has become a question. It is the conversation of the cells, not another one.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
import uuid
from typing import Any

from ..assistant import Assistant
from ..context.images import image_tokens
from ..context.tokens import estimate
from ..conversation.exchange import Exchange
from ..core.along import Along
from ..core.errors import CometError, UsageError
from ..core.messages import Image
from ..core.ports import Sink
from ..core.settings import Settings
from ..flags import Parsed
from ..notebook.capture import own_names
from ..notebook.display import NotebookSink
from ..notebook.iopub import CellOutput
from .chips import chips
from .messages import (
    Ask,
    Choices,
    Choose,
    Estimate,
    FromView,
    Hello,
    Leave,
    ListModels,
    New,
    Open,
    Retry,
    Stop,
    parse_from_view,
    turn_message,
)
from .told import SETTINGS, estimate_text, settings_of, status_of
from .transcript import Rarely, body, transcript
from .view import PanelView
from .widget import PanelWidget

__all__ = ["PANEL_TYPE", "Panel"]

_log = logging.getLogger(__name__)
PANEL_TYPE = "application/vnd.comet-magics.panel+json"
WIDGET_TYPE = "application/vnd.jupyter.widget-view+json"
_NEWEST = 20
_MOST_OUTPUTS = 4
# The static text is written when the turns have grown by this share of their number.
_OFTEN, _RARELY = 0.125, 1.0


class Panel:
    """The panel of one kernel, with any number of views."""

    def __init__(self, assistant: Assistant) -> None:
        self.id = uuid.uuid4().hex[:12]
        self.widget = PanelWidget(panel=self.id)
        self._assistant = assistant
        self._session = assistant.asking.app.session
        self._outputs: list[tuple[CellOutput, str]] = []
        self._rarely = Rarely()
        self._pasted: dict[int, tuple[Image, ...]] = {}
        self._models: list[str] = []
        self._chips: list[dict[str, str]] = []
        self._views: dict[int, PanelView] = {}
        self._busy = False
        assistant.panels[self.id] = self.receive
        self.widget.listen(self.receive)
        self._session.observers.append(self._turn_changed)
        assistant.spending.observers.append(self._tell_status)
        assistant.settings.observe(self._setting_changed, [*SETTINGS, "budget"])
        self._events = (("pre_run_cell", self._cell_begins), ("post_run_cell", self._cell_ended))
        for event, hook in self._events:
            assistant.shell.events.register(event, hook)
        atexit.register(self._farewell)

    def close(self) -> None:
        """Hear and say nothing more; what is shown stays."""
        atexit.unregister(self._farewell)
        self._assistant.panels.pop(self.id, None)
        self._session.observers.remove(self._turn_changed)
        self._assistant.spending.observers.remove(self._tell_status)
        self._assistant.settings.unobserve(self._setting_changed, [*SETTINGS, "budget"])
        for event, hook in self._events:
            self._assistant.shell.events.unregister(event, hook)
        self._write()
        self.widget.close()

    def show(self) -> None:
        """A view in the running cell's output, with the conversation as static text beside it."""
        output, display_id = CellOutput(self._assistant.shell), f"comet-{uuid.uuid4().hex}"
        output.publish(self._data(), self._metadata, transient={"display_id": display_id})
        self._outputs = [*self._outputs, (output, display_id)][-_MOST_OUTPUTS:]

    def receive(self, content: object) -> None:
        """What a view says, in whichever thread it comes."""
        message = parse_from_view(content)
        if message is None:
            _log.warning("A message from the panel was not understood and is ignored.")
            return
        try:
            self._obey(message)
        except CometError as problem:
            self._notice(str(problem), message)
        except Exception as problem:  # noqa: BLE001 - no traceback of ours in a notebook
            _log.warning("the panel failed", exc_info=True)
            self._notice(f"comet_magics failed: {type(problem).__name__}: {problem}", message)

    def _obey(self, message: FromView) -> None:
        match message:
            case Hello(view):
                self._tell_all(view)
            case Ask(request, text, images, choices, replaces):
                pasted = tuple(map(Image, images))
                if replaces is not None:
                    pasted = (*self._pasted.get(replaces, ()), *pasted)
                self._ask(request, text, pasted, choices, replaces)
            case Retry(request, turn, choices):
                self._ask(request, self._find(turn).typed.text, self._pasted.get(turn, ()), choices, turn)
            case Stop(turn):
                self._assistant.background.stop(turn)
            case New():
                self._assistant.asking.clear()
                self._pasted.clear()
                self.widget.say({"type": "cleared"})
            case Leave(turn, out):
                self._assistant.asking.leave_out([self._find(turn)], out=out)
            case Choose(name, value):
                setattr(self._assistant.settings, name, value)
            case Estimate(request, text, images, choices):
                self.widget.say({"type": "estimate", "request": request, "text": self._estimate(text, images, choices)})
            case Open(turn, _):
                self._tell_body(self._find(turn))
            case ListModels():
                threading.Thread(target=self._list_models, name="comet_magics-models", daemon=True).start()

    def _ask(self, request: int, text: str, pasted: tuple[Image, ...], choices: Choices, replaces: int | None) -> None:
        """Ask; the turn `replaces` and all after it are no longer sent, unless the question can't be asked."""
        asking, settings = self._assistant.asking, self._settings(choices)
        if not text.strip():
            raise UsageError("There is no question.", remedy="Type it, then press Ask.")
        left = [] if replaces is None else self._from(replaces)
        if left:
            asking.leave_out(left)
        try:
            question = asking.question(
                text,
                settings,
                self._assistant.settings,
                sources=choices.context,
                live=self._assistant.companion.panel_snapshot(self.id),
                pasted=pasted,
                origin="panel",
            )
            number = self._assistant.start(
                question,
                settings,
                lambda number: self._open_sink(number, settings, question.along),
            )
        except CometError:
            if left:
                asking.leave_out(left, out=False)
            raise
        if pasted:
            self._pasted[number] = pasted
        self.widget.say({"type": "accepted", "request": request, "turn": number})

    def _open_sink(self, number: int, settings: Settings, along: Along) -> Sink:
        view = self._views[number] = PanelView(self.widget.say, number, time.monotonic)
        return NotebookSink(view, stats=settings.stats, clock=time.monotonic, along=along, style=False)

    def _settings(self, choices: Choices) -> Settings:
        chosen = {"model": choices.model, "effort": choices.effort, "verbosity": choices.verbosity}
        return self._assistant.settings.settings(Parsed({name: [value] for name, value in chosen.items() if value}, ""))

    def _find(self, number: int) -> Exchange:
        for exchange in reversed(self._session.exchanges):
            if exchange.number == number:
                return exchange
        raise UsageError("That question belongs to a conversation that is over.", remedy="Ask it anew.")

    def _from(self, number: int) -> list[Exchange]:
        first = self._find(number)
        later = [exchange for exchange in self._session.exchanges if exchange.number >= first.number]
        return [exchange for exchange in later if not exchange.left_out]

    def _estimate(self, text: str, images: int, choices: Choices) -> str:
        """What the question would take, in words. While a cell runs, what goes along is not counted: it takes time."""
        asking, settings = self._assistant.asking, self._settings(choices)
        tokens = asking.tokens(settings) + images * image_tokens(1024, 768)
        if self._busy:
            tokens += estimate(text)
        else:
            live = self._assistant.companion.panel_snapshot(self.id)
            more = {"sources": choices.context, "live": live, "origin": "panel"}
            tokens += asking.question(text, settings, self._assistant.settings, **more).tokens  # type: ignore[arg-type]
        return estimate_text(tokens, settings.model, partly=self._busy and choices.context != "none")

    def _list_models(self) -> None:
        try:
            self._models = [row["id"] for row in self._assistant.asking.app.models()]
        except CometError as problem:
            self._notice(str(problem), None)
        self._tell_settings()

    def _tell_all(self, view: str) -> None:
        exchanges = self._session.exchanges
        bodies = ((exchange.number, self._body(exchange)) for exchange in exchanges[-_NEWEST:])
        self._chips = chips(own_names(self._assistant.shell))
        self.widget.say(
            {
                "type": "state",
                "view": view,
                "settings": settings_of(self._assistant.settings, self._models),
                "status": status_of(self._assistant.spending, self._assistant.settings.budget),
                "chips": self._chips,
                "turns": [turn_message(exchange)["turn"] for exchange in exchanges],
                "bodies": {str(number): found for number, found in bodies if found is not None},
            }
        )

    def _tell_body(self, exchange: Exchange) -> None:
        if found := self._body(exchange):
            self.widget.say({"type": "body", "turn": exchange.number, **found})

    def _body(self, exchange: Exchange) -> dict[str, str] | None:
        """The answer, or what has been painted of it; None where a cell's answer has not ended."""
        view, answer = self._views.get(exchange.number), exchange.answer
        if view is None and answer is None:
            return None
        html = body(exchange)["text/html"] if view is None else view.html
        return {"html": html, "text": "" if answer is None else answer.text}

    def _tell_status(self) -> None:
        self.widget.say(
            {"type": "status", "status": status_of(self._assistant.spending, self._assistant.settings.budget)}
        )

    def _tell_settings(self) -> None:
        self.widget.say({"type": "settings", "settings": settings_of(self._assistant.settings, self._models)})

    def _notice(self, text: str, message: FromView | None) -> None:
        self.widget.say({"type": "notice", "request": getattr(message, "request", None), "text": text})

    def _setting_changed(self, change: object) -> None:  # noqa: ARG002 - traitlets' signature
        self._tell_settings()
        self._tell_status()

    def _turn_changed(self, exchange: Exchange) -> None:
        ended = exchange.answer is not None
        if ended and exchange.number in self._views:
            self._tell_body(exchange)
            del self._views[exchange.number]
        self.widget.say(turn_message(exchange))
        if ended:
            # A page of ours brings the text up to date when it saves.
            share = _RARELY if self._assistant.companion.has_page else _OFTEN
            if self._outputs and self._rarely.due(share):
                self._write()

    def _cell_begins(self, info: object) -> None:  # noqa: ARG002 - IPython's signature
        self._busy = True

    def _cell_ended(self, result: object) -> None:  # noqa: ARG002 - IPython's signature
        self._busy = False
        found = chips(own_names(self._assistant.shell))
        if found != self._chips:
            self._chips = found
            self.widget.say({"type": "chips", "chips": found})

    @property
    def _metadata(self) -> dict[str, Any]:
        return {"comet_magics": {"panel": self.id}}

    def _data(self) -> dict[str, Any]:
        """Our own type, which a page of ours shows as a view while there is one, and else as the text.

        Where none is known, ipywidgets' type, too; a page that is only about to be known takes it out again.
        """
        view = self.widget.view_data
        ours = {PANEL_TYPE: {"model_id": view["model_id"], "panel": self.id}}
        shown = ours if self._assistant.companion.has_page else {**ours, WIDGET_TYPE: view}
        return {**shown, **transcript(self._session.exchanges)}

    def _write(self) -> None:
        """Bring the static text up to date."""
        data = self._data() if self._outputs else {}
        for output, display_id in self._outputs:
            output.publish(data, self._metadata, transient={"display_id": display_id}, update=True)

    def _farewell(self) -> None:
        self._assistant.background.close()
        self._write()
