"""The loop of one call: request out, bytes in, events to the turn and to the screen.

Promise: it returns, however the call ends; what came is in the turn. It knows no client, no screen and no clock but
those that it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from ..core.cancel import Cancel
from ..core.errors import BackendError, CometError
from ..core.events import StreamEvent
from ..core.messages import Reasoning
from ..core.ports import Clock, Sink, Transport
from ..core.record import replace
from ..core.request import Endpoint, ModelRequest
from ..core.settings import Settings
from ..wire.endpoint import encode, open_decoder
from .session import Session
from .turn import Send, Turn

__all__ = ["drive"]

# How long a chat stream that has said why it ends may take for its usage and its [DONE].
_ENDING_SECONDS = 3.0


def drive(
    turn: Turn,
    session: Session,
    settings: Settings,
    *,
    transport: Transport,
    sink: Sink,
    cancel: Cancel,
    clock: Clock,
    after: Callable[[Turn], None],
) -> None:
    """Carry `turn` to its end; `after` is called once for each request, when it has ended."""
    while isinstance(step := turn.next_step(), Send):
        endpoint = session.endpoint(settings)
        try:
            _exchange(turn, step.request, endpoint, transport, sink, cancel, clock)
        except KeyboardInterrupt:
            cancel.set()
            turn.stop(clock())
        except CometError as exc:
            turn.fail(exc, clock())
        except Exception as exc:  # noqa: BLE001 - a fault of ours must not cost the user the answer
            turn.fail(CometError(f"comet_magics failed: {type(exc).__name__}: {exc}"), clock())
        after(turn)
        if _try_without_reasoning(turn):
            session.forget_reasoning()
            kept = tuple(item for item in step.request.items if not isinstance(item, Reasoning))
            turn.again(
                "The gateway could not read the reasoning of earlier answers; it was asked without.",
                replace(step.request, items=kept),
            )
        elif _try_chat(turn, settings, endpoint):
            session.remember_chat_only(settings.model)
            turn.again(f"{settings.model} has no Responses endpoint here; Chat Completions is used for it from now on.")


def _exchange(
    turn: Turn,
    request: ModelRequest,
    endpoint: Endpoint,
    transport: Transport,
    sink: Sink,
    cancel: Cancel,
    clock: Clock,
) -> None:
    """One request and everything that comes back."""
    decoder = open_decoder(endpoint, request.model)
    turn.sent(endpoint, clock())
    heard = clock()

    def deliver(events: list[StreamEvent]) -> None:
        now = clock()
        for event in events:
            turn.receive(event, now)
            sink.receive(event)

    with closing(transport.stream(encode(request, endpoint), cancel)) as chunks:
        for chunk in chunks:
            if not isinstance(chunk, bytes):
                deliver([chunk])
            elif chunk:
                heard = clock()
                deliver(decoder.feed(chunk))
            if decoder.done or (decoder.ending and clock() - heard > _ENDING_SECONDS):
                break
            sink.tick()
    if cancel.is_set:
        turn.stop(clock())
    elif not decoder.done:
        deliver(decoder.close())


def _try_without_reasoning(turn: Turn) -> bool:
    """Whether nothing but the reasoning that went back was wrong with the request."""
    if not isinstance(turn.error, BackendError) or turn.has_text:
        return False
    if not any(isinstance(item, Reasoning) for item in turn.request.items):
        return False
    from ..wire.failures import rejects_reasoning

    return rejects_reasoning(turn.error)


def _try_chat(turn: Turn, settings: Settings, endpoint: Endpoint) -> bool:
    """Whether `auto` asked for Responses where there is none."""
    error = turn.error
    if settings.api != "auto" or endpoint != "responses" or not isinstance(error, BackendError) or turn.has_text:
        return False
    from ..wire.failures import lacks_endpoint

    return lacks_endpoint(error, endpoint)
