"""A request is sent again only where nothing can have been produced."""

import pytest

from comet_magics.core.cancel import Cancel
from comet_magics.core.errors import BackendError, StreamBroken
from comet_magics.core.events import Accepted, Waiting
from comet_magics.core.request import WireRequest
from comet_magics.transport.retry import Retry

REQUEST = WireRequest("responses", "/responses", {})


class Script:
    """A transport that plays one act a request: chunks, then an error if the act ends with one."""

    def __init__(self, *acts):
        self.acts = list(acts)
        self.asked = 0

    def stream(self, request, cancel):
        assert request is REQUEST
        self.asked += 1
        for chunk in self.acts.pop(0):
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk


def busy(retry_after=0.0, **kwargs):
    return BackendError("busy", status=429, retry_after=retry_after, transient=True, **kwargs)


def collect(script, cancel=None):
    return list(Retry(script, jitter=lambda: 0.0).stream(REQUEST, cancel or Cancel()))


def test_a_transient_failure_is_tried_again_and_said():
    script = Script([busy()], [busy()], [Accepted("r"), b"data"])
    assert collect(script) == [Waiting(0.0, "busy"), Waiting(0.0, "busy"), Accepted("r"), b"data"]


def test_it_gives_up_after_four_tries():
    script = Script(*([busy()] for _ in range(9)))
    with pytest.raises(BackendError):
        collect(script)
    assert script.asked == 4


@pytest.mark.parametrize(
    "act",
    [
        [BackendError("no key", status=401)],
        [Accepted(None), busy()],
        [Accepted(None), b"text", StreamBroken("cut")],
        [busy(retry_after=3600)],
    ],
    ids=["not transient", "after the head", "in the middle", "a wait longer than a person's"],
)
def test_no_second_request(act):
    script = Script(act, [b"never"])
    with pytest.raises((BackendError, StreamBroken)):
        collect(script)
    assert script.asked == 1


def test_stopping_ends_the_wait():
    cancel = Cancel()
    script = Script([busy(retry_after=50)], [b"never"])
    stream = Retry(script).stream(REQUEST, cancel)
    assert next(stream) == Waiting(50, "busy")
    cancel.set()
    assert list(stream) == []
    assert script.asked == 1


def test_waits_grow_and_are_spread():
    def waits(jitter):
        retry = Retry(Script([BackendError("x", transient=True)] * 1), jitter=lambda: jitter)
        return [retry._wait(tried, BackendError("x", transient=True)) for tried in (1, 2, 3, 4)]

    assert waits(0.0) == [0.5, 1.0, 2.0, None]
    assert waits(1.0) == [1.0, 2.0, 4.0, None]
