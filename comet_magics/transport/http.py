"""The live way to the gateway, over httpx: the only module that asks models over HTTP, and that sees the key.

Promise: the key joins the request here, in an httpx.Auth, and is in no exception, log or repr. Each request has a
connection of its own: a reused one that died would leave it unclear whether a paid request was taken. `cancel` shuts
the socket down from outside, so that stopping never waits for the network.
"""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Generator, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from ..core.cancel import Cancel
from ..core.errors import BackendError, CometError, StreamBroken, UsageError
from ..core.events import Accepted
from ..wire.failures import failure, request_id_of

if TYPE_CHECKING:
    import ssl

    from ..core.key import Key
    from ..core.ports import Chunks
    from ..core.request import WireRequest

__all__ = ["Http", "host_of"]

_CONNECT_SECONDS = 15.0
# An error's body is read to be shown; more than this can't be.
_ERROR_BYTES = 65_536


class Http:
    """POSTs requests below `base_url` and yields the raw bytes of the answer.

    `idle_timeout` is how many seconds the gateway may be silent, before the first byte or between two.
    """

    def __init__(self, base_url: str, key: Key, *, idle_timeout: float = 300.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._auth = _Bearer(key)
        self._timeout = httpx.Timeout(idle_timeout, connect=min(_CONNECT_SECONDS, idle_timeout))
        self._idle_timeout = idle_timeout
        self._host = host_of(base_url)

    def stream(self, request: WireRequest, cancel: Cancel) -> Chunks:
        """Yield `Accepted`, then the body as it comes. Raises BackendError before it, StreamBroken within it."""
        body = json.dumps(request.body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        begun = False
        try:
            with self._open("POST", request.path, cancel, content=body, headers=headers) as response:
                yield Accepted(request_id_of(response.headers))
                begun = True
                yield from response.iter_bytes()
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as exc:
            if not cancel.is_set:
                raise (self._broken(exc) if begun else self._unreachable(exc)) from exc

    def get(self, path: str, *, timeout: float = 20.0) -> Any:
        """The JSON object at `path`. Raises BackendError."""
        try:
            with self._open("GET", path, Cancel(), timeout=httpx.Timeout(timeout)) as response:
                return json.loads(response.read())
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as exc:
            raise self._unreachable(exc) from exc
        except ValueError as exc:
            raise BackendError(
                f"{self._host} answered GET {path} with something that is not JSON.",
                remedy="Check COMETAPI_BASE_URL: it ends in /v1 as a rule.",
            ) from exc

    @contextlib.contextmanager
    def _open(self, method: str, path: str, cancel: Cancel, **options: Any) -> Iterator[httpx.Response]:
        connection = _Connection(cancel)
        options.setdefault("timeout", self._timeout)
        with cancel.calling(connection.shut), _client(self._base_url) as client:
            if cancel.is_set:
                raise httpx.ReadError("cancelled")
            with client.stream(
                method,
                self._base_url + path,
                auth=self._auth,
                extensions={"trace": connection.trace},
                **options,
            ) as response:
                if not response.is_success:
                    raise failure(response.status_code, response.headers, _head(response))
                yield response

    def _unreachable(self, exc: Exception) -> CometError:
        """What a failure before the body means, and whether the request may be sent again."""
        words = _words(exc)
        if isinstance(exc, (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError)):
            return UsageError(f"The gateway's address can't be used: {words}.", remedy="Check COMETAPI_BASE_URL.")
        if "CERTIFICATE_VERIFY_FAILED" in words:
            return BackendError(
                f"The certificate of {self._host} was not accepted.",
                remedy="Behind a company's proxy, set SSL_CERT_FILE to its certificates.",
            )
        if isinstance(exc, httpx.ProxyError):
            return BackendError(f"The proxy refused: {words}.", remedy="Check HTTPS_PROXY and NO_PROXY.")
        if isinstance(exc, (httpx.ConnectError, httpx.ConnectTimeout)):
            return BackendError(
                f"{self._host} can't be reached: {words}.",
                remedy="Check the network and COMETAPI_BASE_URL; `comet-magics doctor` says more.",
                transient=True,
            )
        if isinstance(exc, httpx.ReadTimeout):
            return BackendError(
                f"{self._host} took the request and said nothing for {self._idle_timeout:g} s.",
                remedy="It may have been billed, so it was not sent again. CometMagics.idle_timeout sets the limit.",
            )
        return BackendError(
            f"The connection to {self._host} was lost before an answer: {words}.",
            remedy="It may have been billed, so it was not sent again. Run the cell again if you want it.",
        )

    def _broken(self, exc: Exception) -> StreamBroken:
        if isinstance(exc, httpx.ReadTimeout):
            return StreamBroken(f"The answer stalled: nothing came for {self._idle_timeout:g} s.")
        return StreamBroken(f"The connection to {self._host} was lost in the middle of the answer: {_words(exc)}.")


class _Bearer(httpx.Auth):
    """Writes the key into the request as it leaves."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._key.reveal()}"
        yield request


class _Connection:
    """Remembers the socket of one request, from the moment it is made, so that another thread can shut it."""

    def __init__(self, cancel: Cancel) -> None:
        self._cancel = cancel
        self._streams: list[Any] = []

    def trace(self, name: str, info: dict[str, Any]) -> None:
        # httpcore's trace extension: `connection.connect_tcp.complete`, `http_proxy.start_tls.complete`, …
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._streams.append(info["return_value"])
            if self._cancel.is_set:
                self.shut()

    def shut(self) -> None:
        for stream in self._streams:
            sock = stream.get_extra_info("socket")
            if sock is not None:
                with contextlib.suppress(OSError):
                    # Not SSLSocket.shutdown: that takes the TLS object away from under the thread that reads.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _client(base_url: str) -> httpx.Client:
    # Without TLS no certificates are loaded: that costs more than everything else here.
    return httpx.Client(verify=_tls() if base_url.startswith("https:") else False, follow_redirects=False)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _head(response: httpx.Response) -> bytes:
    """The beginning of an error's body, as far as it comes."""
    body = b""
    with contextlib.suppress(httpx.HTTPError):
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) >= _ERROR_BYTES:
                break
    return body[:_ERROR_BYTES]


def _words(exc: Exception) -> str:
    """An exception's own words in one line; httpx names the address at most, never a header."""
    text = " ".join(str(exc).split()) or type(exc).__name__
    if isinstance(exc.__cause__ or exc.__context__, socket.gaierror):
        return "the name is not known here"
    return text[:200].rstrip(".")


def host_of(base_url: str) -> str:
    """The host of an address, for the user and the ledger: no user name, no password, no path."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        return "the gateway"
    return f"{url.host}:{url.port}" if url.port else url.host
