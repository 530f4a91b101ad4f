"""Where a file on the user's package index is: asked of the user's own pip, read by the standard simple API.

Promise: no index is named here. pip says which one it uses, its extra ones, its `find-links`, its certificate, its
proxy and the hosts it trusts; credentials in an index's address go to that host only and into no message.
Sources: `pip config`, PEP 503 (HTML pages), PEP 691 (JSON pages).
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import httpx

from ..core.errors import UsageError

__all__ = ["PipSettings", "Remote", "candidates", "open_client", "pip_settings"]

JSON_PAGE = "application/vnd.pypi.simple.v1+json"
ACCEPT = f"{JSON_PAGE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


@dataclass(frozen=True, slots=True)
class PipSettings:
    """What pip would use. `pages` are find-links, `indexes` the roots of the simple API, both folders or addresses."""

    indexes: tuple[str, ...]
    pages: tuple[str, ...] = ()
    cert: str | None = None
    proxy: str | None = None
    trusted_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remote:
    """A file to be downloaded, and the name and password for its host, if any."""

    url: httpx.URL
    auth: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"<Remote {self.url.host}>"


def pip_settings() -> PipSettings:
    """Ask pip. Raises UsageError where there is none."""
    configured = dict(_configured(_pip("config", "list")))
    index = configured.get("index-url") or _default_index(_pip("download", "--help"))
    without = configured.get("no-index", "").lower() in ("1", "true", "yes", "on")
    return PipSettings(
        indexes=() if without else (*index.split(), *configured.get("extra-index-url", "").split()),
        pages=tuple(configured.get("find-links", "").split()),
        cert=configured.get("cert"),
        proxy=configured.get("proxy"),
        trusted_hosts=tuple(configured.get("trusted-host", "").split()),
    )


def _pip(*arguments: str) -> str:
    pip = [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else [shutil.which("pip") or ""]
    if not pip[0]:
        raise UsageError("There is no pip to say where packages come from.", remedy="Install it: python -m ensurepip")
    # Wide, so that no address is broken over two lines.
    environment = {**os.environ, "COLUMNS": "400", "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(  # noqa: S603 - our own words only
            [*pip, *arguments], capture_output=True, text=True, check=False, timeout=60, env=environment
        )
    except (OSError, subprocess.SubprocessError) as exc:
        raise UsageError("pip does not say where packages come from.", remedy="Try: python -m pip config list") from exc
    return done.stdout


def _configured(listing: str) -> Iterator[tuple[str, str]]:
    """The options of `pip config list`, the weakest place first: a file's [global], its [download], the environment."""
    found = re.findall(r"^(global|download|:env:)\.([\w-]+)=(.+)$", listing, re.MULTILINE)
    for place in ("global", "download", ":env:"):
        yield from ((name, str(ast.literal_eval(value))) for where, name, value in found if where == place)


def _default_index(help_text: str) -> str:
    found = re.search(r"--index-url.*?\(default\s+(\S+)\)", help_text, re.DOTALL)
    return found[1] if found else ""


def open_client(settings: PipSettings) -> httpx.Client:
    """An HTTP client that reaches what pip reaches."""
    verify: ssl.SSLContext | bool = True
    if settings.cert:
        place = {"capath": settings.cert} if Path(settings.cert).is_dir() else {"cafile": settings.cert}
        verify = ssl.create_default_context(**place)  # type: ignore[arg-type]  # str for either
    return httpx.Client(
        verify=verify,
        proxy=settings.proxy,
        # What comes from them is checked by its checksum all the same.
        mounts={f"https://{host}": httpx.HTTPTransport(verify=False) for host in settings.trusted_hosts},
        follow_redirects=True,
        timeout=httpx.Timeout(30, connect=10),
    )


def candidates(
    settings: PipSettings, client: httpx.Client, project: str, filename: str, reasons: list[str]
) -> Iterator[Path | Remote]:
    """Every place that has `filename`, local ones first; `reasons` gets a line for each place that does not."""
    places = [*settings.pages, *(f"{index.rstrip('/')}/{project}/" for index in settings.indexes)]
    for place in places:
        folder = _local(place)
        if folder is not None and (folder / filename).is_file():
            yield folder / filename
    for place in places:
        if _local(place) is not None:
            continue
        try:
            found = _look(client, httpx.URL(place), filename)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
            reasons.append(f"{_host(place)}: {str(exc) or type(exc).__name__}")
            continue
        if found is None:
            reasons.append(f"{_host(place)}: no {filename}")
        else:
            yield found


def _look(client: httpx.Client, page: httpx.URL, filename: str) -> Remote | None:
    auth = (unquote(page.username), unquote(page.password)) if page.username else None
    page = page.copy_with(username=None, password=None)
    if page.path.endswith("/" + filename):
        return Remote(page, auth)
    answer = client.get(page, auth=auth or httpx.USE_CLIENT_DEFAULT, headers={"Accept": ACCEPT})
    if answer.status_code != 200:
        raise ValueError(f"HTTP status {answer.status_code}")
    address = _links(answer).get(filename)
    if address is None:
        return None
    url = answer.url.join(address).copy_with(fragment=None)
    return Remote(url, auth if url.host == page.host else None)


def _links(page: httpx.Response) -> Mapping[str, str]:
    """File names and their addresses, of a page in either form."""
    if page.headers.get("content-type", "").startswith(JSON_PAGE):
        return {file["filename"]: file["url"] for file in page.json()["files"]}
    parser = _Anchors()
    parser.feed(page.text)
    return parser.links


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.links[unquote(urlsplit(address).path).rsplit("/", 1)[-1]] = address


def _local(place: str) -> Path | None:
    """The folder that `place` is, or None for an address."""
    if place.startswith("file:"):
        return Path(url2pathname(urlsplit(place).path))
    return None if "://" in place else Path(place).expanduser()


def _host(place: str) -> str:
    return urlsplit(place).hostname or "an index"
