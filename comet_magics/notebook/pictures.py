"""Pictures for a question: a file, or a variable that holds a figure or an image.

Promise: what is sent is a PNG, JPEG, WebP or GIF as it is; anything else is a UsageError before anything is sent.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from pathlib import Path

from ..core.errors import UsageError
from ..core.messages import Image

__all__ = ["picture"]

# The kinds that the API takes, by how they begin.
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_LARGEST = 20 * 1024 * 1024


def picture(name: str, namespace: Mapping[str, object]) -> Image:
    """The picture that `name` means: a variable of that name, else a file. Raises UsageError."""
    data = _of_value(name, namespace[name]) if name in namespace else _of_file(name)
    kind = _kind(data)
    if kind is None:
        raise UsageError(f"{name} is not a PNG, JPEG, WebP or GIF picture.", remedy="Nothing was sent.")
    if len(data) > _LARGEST:
        raise UsageError(
            f"{name} has {len(data) / 1024**2:.0f} MB; 20 MB is the most that can be sent.", remedy="Make it smaller."
        )
    return Image(f"data:image/{kind};base64,{base64.b64encode(data).decode()}")


def _of_file(name: str) -> bytes:
    try:
        return Path(name).expanduser().read_bytes()
    except OSError as exc:
        raise UsageError(
            f"--image {name}: there is no such variable, and the file can't be read ({exc.strerror or exc}).",
            remedy="Nothing was sent.",
        ) from exc


def _of_value(name: str, value: object) -> bytes:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if isinstance(value, Path):
        return _of_file(str(value))
    figure = getattr(value, "figure", None) or value  # an Axes, or a list's owner, knows its figure
    if callable(save := getattr(figure, "savefig", None)):
        buffer = io.BytesIO()
        save(buffer, format="png", bbox_inches="tight")
        return buffer.getvalue()
    if callable(draw := getattr(value, "_repr_png_", None)):
        drawn = draw()
        if isinstance(drawn, bytes):
            return drawn
        if isinstance(drawn, str):
            return base64.b64decode(drawn)
    raise UsageError(
        f"--image {name}: a {type(value).__name__} is not a picture.",
        remedy="Give a matplotlib figure, a PIL image, the bytes of a PNG, or a file.",
    )


def _kind(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for head, kind in _KINDS if data.startswith(head)), None)
