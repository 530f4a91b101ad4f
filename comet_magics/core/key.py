"""The API key, wrapped so that it can't be printed by accident.

Promise: no repr, str, format, pickle or copy of a Key shows its value. `reveal` does; only the live transport and the
login call it.
"""

from __future__ import annotations

from typing import NoReturn

__all__ = ["Key"]


class Key:
    """A key and where it was found, in words for the user (`COMETAPI_KEY`, `this kernel's %gpt_login`, `keyring`)."""

    __slots__ = ("__value", "source")

    def __init__(self, value: str, source: str) -> None:
        self.__value = value
        self.source = source

    def reveal(self) -> str:
        """The key itself. Never keep it, never print it."""
        return self.__value

    def __repr__(self) -> str:
        return f"<Key from {self.source}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not to be written anywhere")
