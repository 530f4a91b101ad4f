"""How large a picture is worth sending, and what it costs.

A picture is fitted into 2,048 × 2,048, then its shorter side to 768, then counted in tiles of 512: so OpenAI's guide on
images says of its larger models. The tokens of a tile are those of gpt-5, and were not measured: an estimate, shown as
one. More pixels are thrown away by the service, and only cost time on the way.
"""

from __future__ import annotations

import struct

__all__ = ["image_tokens", "size_of", "useful_size"]

_LONGEST = 2048
_SHORTER = 768
_TILE = 512
_BASE_TOKENS = 70
_TILE_TOKENS = 140


def useful_size(width: int, height: int) -> tuple[int, int]:
    """The size to which a picture should be scaled down; never larger than it is."""
    scale = min(1.0, _LONGEST / max(width, height, 1))
    scale = min(scale, _SHORTER / max(1, min(width, height)))
    return max(1, round(width * min(1.0, scale))), max(1, round(height * min(1.0, scale)))


def image_tokens(width: int, height: int) -> int:
    """About how many input tokens a picture of that size takes."""
    width, height = useful_size(width, height)
    return _BASE_TOKENS + _TILE_TOKENS * -(-width // _TILE) * -(-height // _TILE)


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP picture, from its head; None if that doesn't tell."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return int(width), int(height)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_size(data)
    return _jpeg_size(data) if data.startswith(b"\xff\xd8\xff") else None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Source: WebP's container specification and RFC 6386 (lossy); each of its three kinds keeps the size elsewhere."""
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        # The frame headers SOF0 to SOF15, without the three that mean something else.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + length
    return None
