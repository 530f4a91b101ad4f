"""Regular expressions that are compiled when they are first used, because many of them are not, in most sessions."""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["pattern"]


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, later."""
    return cast("re.Pattern[str]", _Later(source, flags))


class _Later:
    """Becomes the compiled pattern's methods, one by one, as they are asked for."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        method = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, method)
        return method
