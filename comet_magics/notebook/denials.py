"""Whether an error is a wall's: something that a block may do in the notebook, and may not in a rehearsal.

Promise: what the user's own data and names can raise is not taken for a wall.
"""

from __future__ import annotations

import errno
import re
import traceback

__all__ = ["met_a_wall"]

_DENIED = (1, 13, 18, 30, 88, 101, 111, 113)  # EPERM, EACCES, EXDEV, EROFS, ENOTSOCK, ENETUNREACH, …
_DENIED_WORDS = (
    "permission denied",
    "operation not permitted",
    "read-only file system",
    "readonly database",
    "read-only mode",
    "network is unreachable",
    "name resolution",
    "name or service not known",
    "failed to establish a new connection",
    "unable to open database file",
    "bad file descriptor",
    "disk i/o error",
    "read-only database",
    "non-socket",
    "no space left on device",
    "cannot connect",
    "could not connect",
)


def met_a_wall(error: BaseException, code: str = "") -> bool:
    """Whether `error`, or one that it stems from, is a wall's; `code` is the line that raised."""
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        if isinstance(now, OSError) and (now.errno in _DENIED or _hidden(now, code)):
            return True
        if type(now).__name__ == "CalledProcessError":
            return True  # a program may fail for the walls, and says so in its own words
        # Libraries wrap the reason in their own words; a KeyError's text is the user's own.
        if not isinstance(now, (KeyError, NameError, SyntaxError, AttributeError)):
            words = str(now).lower()
            if any(word in words for word in _DENIED_WORDS):
                return True
        now = now.__cause__ or now.__context__
    return False


def _hidden(error: OSError, code: str) -> bool:
    """What a copy does not see: other processes, their shared memory; and what a file that only reads answers."""
    if isinstance(error, ProcessLookupError):
        return True
    if error.errno == errno.EINVAL:
        return "truncate" in code
    if not isinstance(error, FileNotFoundError):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    process = re.match(r"/proc/\d+/", str(error.filename)) is not None
    return process or any(frame.filename.endswith("multiprocessing/shared_memory.py") for frame in frames)
