"""`comet-magics doctor`: what works here and what does not, one line each, with the remedy.

Promise: it ends within seconds, changes nothing, and shows no key.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, TypeAlias

from .. import config
from ..core.errors import CometError
from ..core.settings import Settings
from ..storage.home import ledger_path
from ..storage.ledger import Ledger
from .model import status

__all__ = ["Check", "checks", "run"]

GATEWAY_SECONDS = 8.0

State: TypeAlias = Literal["ok", "note", "FAIL"]
SYMBOLS: dict[State, str] = {"ok": "✓", "note": "·", "FAIL": "✗"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `FAIL` is what keeps `%%gpt` from asking; `note` what something optional lacks."""

    name: str
    state: State
    words: str


def run() -> int:
    """Print the lines as they are found; 1 if one of them is a FAIL."""
    failed = False
    for check in checks():
        print(f"{SYMBOLS[check.state]} {check.state:<4}  {check.name:<14} {check.words}", flush=True)
        failed = failed or check.state == "FAIL"
    return 1 if failed else 0


def checks() -> Iterator[Check]:
    """Every check, the fast ones first."""
    yield _python()
    yield _jupyter()
    yield _extension()
    yield _panel()
    ready, words = status()
    yield Check("embedded model", "ok" if ready else "note", words)
    yield _ledger()
    yield from _gateway()


def _python() -> Check:
    state: State = "ok" if sys.version_info >= (3, 10) else "FAIL"
    return Check("Python", state, f"{platform.python_version()}, {sys.executable}")


def _jupyter() -> Check:
    found = {name: _version(name) for name in ("ipython", "ipykernel", "jupyterlab")}
    words = ", ".join(f"{name} {number}" for name, number in found.items() if number)
    missing = [name for name, number in found.items() if not number]
    if missing:
        words += f'; without {" and ".join(missing)} here: pip install "comet_magics[lab]"'
    return Check("Jupyter", "note" if missing else "ok", words)


def _extension() -> Check:
    if not _version("jupyterlab"):
        return Check("extension", "note", "not used, since there is no JupyterLab here")
    found = _labextension("comet-magics")
    if found is None:
        return Check("extension", "note", "not found: install comet_magics with pip where JupyterLab runs")
    number = str(json.loads(found.read_text(encoding="utf-8")).get("version", "?"))
    ours = _version("comet_magics")
    if number != ours:
        return Check(
            "extension", "note", f"{number}, but comet_magics is {ours or '?'}: install it again; {found.parent}"
        )
    return Check("extension", "ok", f"{number}, {found.parent}")


def _panel() -> Check:
    """Whether JupyterLab can show widgets, and those of anywidget, of which the panel is one."""
    if not _version("jupyterlab"):
        return Check("panel", "note", "not looked into, since there is no JupyterLab here")
    needed = {"ipywidgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}
    missing = [package for package, name in needed.items() if _labextension(name) is None]
    if missing:
        return Check("panel", "note", f"can't be shown: pip install {' '.join(missing)} where JupyterLab runs")
    return Check("panel", "ok", f"anywidget {_version('anywidget')}")


def _labextension(name: str) -> Path | None:
    """The package.json of a JupyterLab extension, None where there is none."""
    from jupyter_core.paths import jupyter_path

    places = [Path(place) / name / "package.json" for place in jupyter_path("labextensions")]
    return next((place for place in places if place.is_file()), None)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


def _ledger() -> Check:
    path = ledger_path()
    try:
        last = Ledger(path).rows(limit=1)
    except (sqlite3.Error, OSError) as exc:
        return Check("ledger", "FAIL", f"{path} can't be read: {exc}. Move it away and a new one is begun.")
    place = path if path.exists() else _nearest_folder(path)
    if not os.access(place, os.W_OK):
        return Check("ledger", "FAIL", f"{place} can't be written to: set COMET_MAGICS_HOME to a folder that can.")
    return Check("ledger", "ok", f"{path}, last row {last[0].at:%Y-%m-%d %H:%M}" if last else f"{path}, no rows yet")


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in path.parents if folder.exists())


def _gateway() -> Iterator[Check]:
    key = config.find_key()
    if key is None:
        yield Check("key", "FAIL", "none: set COMETAPI_KEY, or type it in a notebook with %gpt_login")
        yield Check("gateway", "note", "not asked, since there is no key; comet-magics demo needs none")
        return
    yield Check("key", "ok", f"from {key.source}")
    from ..transport.http import Http, host_of

    host = host_of(config.base_url())
    try:
        listed = Http(config.base_url(), key).get("/models", timeout=GATEWAY_SECONDS)
    except CometError as exc:
        yield Check("gateway", "FAIL", " ".join(str(exc).split("\n")))
        return
    yield Check("gateway", "ok", f"{host} answers")
    yield _model(listed)


def _model(listed: object) -> Check:
    from ..core.nearest import nearest

    wanted = Settings().model
    rows = listed.get("data") if isinstance(listed, dict) else listed
    names = [str(row.get("id")) for row in rows or [] if isinstance(row, dict)] if isinstance(rows, list) else []
    if wanted in names:
        return Check("model", "ok", f"{wanted} is among the gateway's {len(names):,}")
    close = nearest(wanted, names, 3)
    near = f"; near it: {', '.join(close)}" if close else ""
    return Check("model", "note", f"{wanted} is not among the gateway's {len(names):,}{near}. Choose one with -m.")
