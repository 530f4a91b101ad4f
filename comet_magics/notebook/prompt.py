"""From what was typed to what is asked: `{expr}` becomes the expression's value.

Promise: `{{` and `}}` are braces. What is in braces but is no expression (a piece of JSON, a set of LaTeX) stays as it
was written, and so does a name that is not defined; the caller is told of the latter.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from ..core.errors import UsageError

__all__ = ["insert_values"]

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
# A value this long is a mistake more often than a wish, and it is paid for.
_LONGEST = 200_000


def insert_values(text: str, evaluate: Callable[[str], object]) -> tuple[str, list[str]]:
    """Return `text` with its `{expr}` replaced by `str(evaluate(expr))`, and the names that were not known.

    Raises UsageError where an expression fails otherwise than by an unknown name, or its value is too long.
    """
    unknown: list[str] = []

    def replace(match: re.Match[str]) -> str:
        whole, expression = match[0], match[1]
        if expression is None:
            return whole[0]
        if not _is_expression(expression):
            return whole
        try:
            value = str(evaluate(expression.strip()))
        except NameError:
            unknown.append(whole)
            return whole
        except Exception as exc:
            raise UsageError(
                f"{whole} can't be inserted: {type(exc).__name__}: {exc}",
                remedy=f"Nothing was sent. Write {{{whole}}} if the braces are meant as they stand.",
            ) from exc
        if len(value) > _LONGEST:
            raise UsageError(
                f"{whole} is {len(value):,} characters long.",
                remedy=f"Nothing was sent. Insert a part of it: at most {_LONGEST:,} characters.",
            )
        return value

    return _BRACES.sub(replace, text), unknown


def _is_expression(source: str) -> bool:
    """Whether `source` is Python that refers to something; a bare constant or tuple of them is no reference."""
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, ast.Name) for node in ast.walk(tree))
