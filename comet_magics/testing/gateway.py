"""The server: takes requests on 127.0.0.1, answers them by its script, and remembers what happened.

Promise: each connection has a thread of its own; leaving the `with` block ends every stream, also a stalled one, and
raises what a script raised, so that a fault in a test does not look like a fault of the gateway.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Collection, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from ..core.request import Endpoint
from .received import Received
from .replies import Pause, Reply, Response, Script, Step, reply, status

__all__ = ["Gateway"]


class Gateway:
    """A gateway that answers each POST by the next of `script`, and by `default` when the script is used up.

    An entry is a `Reply`, or a function of the request that returns one. `models` is what GET /models lists;
    `missing` are endpoints that answer 404; `key`, if given, is the only one that is accepted.
    """

    def __init__(
        self,
        *script: Script,
        default: Script | None = None,
        models: Sequence[str] = ("gpt-5.1",),
        missing: Collection[Endpoint] = (),
        key: str | None = None,
    ) -> None:
        self.requests: list[Received] = []
        self.lookups: list[Received] = []
        self.disconnects: list[Received] = []
        self._script = deque(script)
        self._default = default or _answer
        self._models = tuple(models)
        self._missing = frozenset(missing)
        self._key = key
        self._changed = threading.Condition()
        self._connections: set[socket.socket] = set()
        self._closing = False
        self._fault: BaseException | None = None
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """What COMETAPI_BASE_URL has to be."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Gateway:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        with self._changed:
            self._closing = True
            for connection in self._connections:
                _shut(connection)
        self._server.server_close()
        if self._fault is not None and error is None:
            raise self._fault

    def follow(self, *script: Script, default: Script | None = None) -> None:
        """Answer the next POSTs by `script`, and then by `default` or as before."""
        with self._changed:
            self._script = deque(script)
            self._default = default or self._default

    def wait_for_requests(self, count: int = 1, timeout: float = 10.0) -> bool:
        """Wait until that many POSTs have come; False if they did not."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.requests) >= count, timeout)

    def wait_for_disconnects(self, count: int = 1, timeout: float = 10.0) -> bool:
        """Wait until that many clients went away before their answer ended; False if they did not."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.disconnects) >= count, timeout)

    def _response(self, request: Received) -> Response:
        if self._key is not None and request.headers.get("authorization") != f"Bearer {self._key}":
            return status(401, {"error": {"message": "Invalid token", "code": "invalid_api_key"}})(request)
        if request.method == "GET":
            self._note(self.lookups, request)
            return self._listing(request)
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            if request.endpoint is None or request.endpoint in self._missing:
                return status(404, f"Invalid URL (POST {request.path})")(request)
            script = self._script.popleft() if self._script else self._default
        try:
            made = script(request)
            return made(request) if isinstance(made, Reply) else made
        except Exception as exc:  # noqa: BLE001 - raised in the test when the gateway is closed
            self._fault = exc
            return status(500, "the script of this gateway failed")(request)

    def _listing(self, request: Received) -> Response:
        if not request.path.partition("?")[0].endswith("/models"):
            return status(404, f"Invalid URL (GET {request.path})")(request)
        models = [{"id": model, "object": "model", "created": 0, "owned_by": "test"} for model in self._models]
        return status(200, {"object": "list", "data": models})(request)

    def _note(self, where: list[Received], request: Received) -> None:
        with self._changed:
            where.append(request)
            self._changed.notify_all()


def _answer(request: Received) -> Reply:
    """The answer of a gateway without a script."""
    return reply(f"You asked: {request.prompt[-500:]}")


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side may have been faster
        connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.gateway._changed:
            self.gateway._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.gateway._changed:
            self.gateway._connections.discard(request)
        super().shutdown_request(request)


class _Gone(Exception):
    """The client closed the connection."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # between two requests a client may go as it likes
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the request is in `Gateway.requests`."""

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        self._serve(body)

    def _serve(self, body: object) -> None:
        gateway = self.server.gateway
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Received(self.command, self.path, headers, body if isinstance(body, dict) else {})
        response = gateway._response(request)
        try:
            self._send(response)
        except (_Gone, ConnectionError):
            self.close_connection = True
            if not gateway._closing:
                gateway._note(gateway.disconnects, request)

    def _send(self, response: Response) -> None:
        self._pause(response.before)
        if response.closed:
            self._cut()
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.streamed:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header(
                "Content-Length", str(sum(len(step) for step in response.steps if isinstance(step, bytes)))
            )
        self.end_headers()
        for step in _joined(response.steps):
            if isinstance(step, bytes):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(step), step) if response.streamed else step)
            elif isinstance(step, Pause):
                self._pause(step.seconds)
            else:
                self._cut()
                return
        if response.streamed:
            self.wfile.write(b"0\r\n\r\n")

    def _cut(self) -> None:
        self.close_connection = True
        _shut(self.connection)

    def _pause(self, seconds: float) -> None:
        """Wait, but not for a client that is gone."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], min(left, 60.0))
            if readable:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    raise _Gone
                time.sleep(min(left, 0.05))  # the client's next request is waiting already


def _joined(steps: Sequence[Step]) -> list[Step]:
    """`steps` with the bytes between two pauses in one piece: thousands of events cost one write."""
    joined: list[Step] = []
    pieces: list[bytes] = []
    for step in steps:
        if isinstance(step, bytes):
            pieces.append(step)
        else:
            joined += [b"".join(pieces), step] if pieces else [step]
            pieces = []
    joined += [b"".join(pieces)] if pieces else []
    return [step for step in joined if step != b""]
