"""Pictures for a question: a file, a variable that holds a figure or an image, or a cell's output (`cell:5`).

Promise: what is sent is a PNG, JPEG, WebP or GIF; anything else is a UsageError before anything is sent. A picture
larger than the model can use is scaled down, where Pillow is installed; else the service does it.
"""

from __future__ import annotations

import base64
import contextlib
import io
from collections.abc import Mapping
from pathlib import Path

from ..context.images import size_of, useful_size
from ..core.errors import UsageError
from ..core.messages import Image

__all__ = ["decoded", "picture", "picture_size"]

# The kinds that the API takes, by how they begin.
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_LARGEST = 20 * 1024 * 1024


def picture(name: str, namespace: Mapping[str, object], outputs: Mapping[int, bytes] | None = None) -> Image:
    """The picture that `name` means: a variable of that name, a cell's output, else a file. Raises UsageError.

    `outputs` has the last picture that each cell showed, by execution count.
    """
    if name in namespace:
        data = _of_value(name, namespace[name])
    elif name.startswith("cell:"):
        data = _of_cell(name, outputs or {})
    else:
        data = _of_file(name)
    kind = _kind(data)
    if kind is None:
        raise UsageError(f"{name} is not a PNG, JPEG, WebP or GIF picture.", remedy="Nothing was sent.")
    if len(data) > _LARGEST:
        raise UsageError(
            f"{name} has {len(data) / 1024**2:.0f} MB; 20 MB is the most that can be sent.", remedy="Make it smaller."
        )
    data, kind = _fitted(data, kind)
    return Image(f"data:image/{kind};base64,{base64.b64encode(data).decode()}")


def picture_size(image: Image) -> tuple[int, int] | None:
    """Width and height of a picture, None if its head doesn't tell."""
    return size_of(base64.b64decode(image.data_url.partition(",")[2][:400_000]))


def decoded(data: object) -> bytes:
    """A picture as an output holds it: bytes, or base64 in one string or several. Empty if it is neither."""
    if isinstance(data, bytes):
        return data
    text = "".join(part for part in data if isinstance(part, str)) if isinstance(data, list) else data
    with contextlib.suppress(ValueError):
        return base64.b64decode(text) if isinstance(text, str) else b""
    return b""


def _of_cell(name: str, outputs: Mapping[int, bytes]) -> bytes:
    number = name.removeprefix("cell:")
    if number.isdigit() and int(number) in outputs:
        return outputs[int(number)]
    having = ", ".join(f"cell:{count}" for count in sorted(outputs)[-5:])
    raise UsageError(
        f"{name} showed no picture in this session.",
        remedy=f"These did: {having}." if having else "Run the cell again, or give the figure's variable.",
    )


def _fitted(data: bytes, kind: str) -> tuple[bytes, str]:
    size = size_of(data)
    if size is None or kind == "gif" or size == useful_size(*size):
        return data, kind
    try:
        from PIL import Image as Pillow  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return data, kind
    try:
        with Pillow.open(io.BytesIO(data)) as opened:
            scaled = opened.resize(useful_size(*size), Pillow.Resampling.LANCZOS)
    except Exception:  # noqa: BLE001 - a picture that Pillow can't read, or won't for its size, is the service's to judge
        return data, kind
    buffer = io.BytesIO()
    scaled.save(buffer, format="JPEG" if kind == "jpeg" else "PNG")
    return buffer.getvalue(), kind


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
