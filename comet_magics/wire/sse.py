"""Server-sent events, as far as both endpoints use them: bytes in, the payloads of `data:` out.

Promise: the same payloads however the bytes are cut; cost linear in the bytes, also byte by byte and for one huge
event. Follows the HTML standard, section 9.2.6 (BOM; CR, LF or CRLF; comments; several `data:` lines joined by a line
feed), except that an event cut off by the end of the bytes is given out: gateways forget the last empty line.
"""

from __future__ import annotations

__all__ = ["SseDecoder"]

_BOM = b"\xef\xbb\xbf"


class SseDecoder:
    """Feed it the body; get the payloads. Lines that are no event stream's are kept in `stray`, joined by `rest()`."""

    __slots__ = ("_after_cr", "_at_start", "_data", "_line", "_stray")

    def __init__(self) -> None:
        self._line: list[bytes] = []  # pieces of a line whose end has not come
        self._data: list[bytes] = []  # `data:` lines of an event whose end has not come
        self._stray: list[bytes] = []
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[bytes]:
        """The payloads that `chunk` completes; an empty chunk completes nothing."""
        if self._after_cr and chunk:
            # CRLF cut in the middle: its CR has ended the line already.
            chunk = chunk[1:] if chunk[:1] == b"\n" else chunk
            self._after_cr = False
        if not chunk:
            return []
        lines = chunk.splitlines()  # of bytes: at CR, LF and CRLF, and at nothing else
        last = chunk[-1:]
        if last not in b"\r\n":
            if len(lines) == 1:
                self._line.append(chunk)
                return []
            lines[0], rest = self._joined(lines[0]), [lines.pop()]
        else:
            self._after_cr = last == b"\r"
            lines[0], rest = self._joined(lines[0]), []
        self._line = rest
        return self._take(lines)

    def close(self) -> list[bytes]:
        """The bytes have ended: the payload that was still open, if there is one."""
        lines = [self._joined(b"")] if self._line else []
        self._line = []
        return self._take([*lines, b""])

    def rest(self) -> bytes:
        """All lines that belong to no event stream, joined: a JSON body, a web page."""
        return b"\n".join(self._stray)

    def _joined(self, line: bytes) -> bytes:
        if self._line:
            line = b"".join((*self._line, line))
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(_BOM)
        return line

    def _take(self, lines: list[bytes]) -> list[bytes]:
        payloads: list[bytes] = []
        data = self._data
        for line in lines:
            if line[:5] == b"data:":
                data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif not line:
                if data:
                    payloads.append(data[0] if len(data) == 1 else b"\n".join(data))
                    data.clear()
            elif line[:1] != b":" and line.partition(b":")[0] not in _OTHER_FIELDS:
                self._stray.append(line)
        return payloads


# `data` without a colon says nothing to us; nor does the beginning of a name, where the bytes were cut in it.
_OTHER_FIELDS = frozenset(
    name[:length] for name in (b"event", b"id", b"retry", b"data") for length in range(1, len(name) + 1)
)
