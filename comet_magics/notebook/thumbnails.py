"""The figures that a block draws in a rehearsal, as small PNG pictures.

Promise: no window opens; what fails to be drawn is told as the notebook would tell it.
"""

from __future__ import annotations

import base64
import io
import os
import sys
import warnings
from collections.abc import Iterable
from typing import Any

__all__ = ["Thumbnails", "open_figures", "quiet_matplotlib"]

_FIGURES, _FIGURE_BYTES = 3, 60_000
_PIXELS = 320


class Thumbnails:
    """The first few pictures of a block, each in base64."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def keep(self, png: bytes | str) -> None:
        """Keep a picture, made small; base64 where it is a text."""
        raw = base64.b64decode(png) if isinstance(png, str) else png
        small = _thumbnail(raw)
        if len(self.kept) < _FIGURES and len(small) <= _FIGURE_BYTES:
            self.kept.append(base64.b64encode(small).decode())

    def draw(self, figures: Iterable[Any]) -> None:
        """Draw matplotlib's figures, as a notebook would at the cell's end. Raises what drawing raises."""
        for figure in figures:
            if not figure.axes:
                continue
            drawn = io.BytesIO()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                figure.savefig(drawn, format="png", dpi=max(10, _PIXELS / figure.get_size_inches()[0]))
            self.keep(drawn.getvalue())


def quiet_matplotlib() -> None:
    """No windows: Agg, unless the notebook's inline backend is in use, which displays through the muted publisher."""
    if "inline" not in os.environ.get("MPLBACKEND", ""):
        os.environ["MPLBACKEND"] = "agg"
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    matplotlib: Any = sys.modules.get("matplotlib")
    if pyplot is not None and matplotlib is not None and "inline" not in matplotlib.get_backend().lower():
        pyplot.switch_backend("agg")
        pyplot.show = lambda *_, **__: None


def open_figures() -> list[Any]:
    """The figures that pyplot holds."""
    helpers: Any = sys.modules.get("matplotlib._pylab_helpers")
    return [] if helpers is None else [manager.canvas.figure for manager in helpers.Gcf.get_all_fig_managers()]


def _thumbnail(png: bytes) -> bytes:
    try:
        from PIL import Image

        with Image.open(io.BytesIO(png)) as picture:
            if picture.width <= _PIXELS:
                return png
            picture.thumbnail((_PIXELS, _PIXELS))
            small = io.BytesIO()
            picture.save(small, "PNG")
            return small.getvalue()
    except Exception:  # noqa: BLE001  without Pillow, or not a picture: as it is, if it is small
        return png
