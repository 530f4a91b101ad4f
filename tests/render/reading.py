"""Input and expected output as text files.

=== what it shows
input
--->
output
"""

from __future__ import annotations

from pathlib import Path

import pytest

_FOLDER = Path(__file__).parent / "pairs"


def pairs(name: str) -> list[pytest.ParameterSet]:
    """The pairs of one file, as parameters `given, expected`."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    cases = []
    for section in ("\n" + text).split("\n=== ")[1:]:
        title, _, rest = section.partition("\n")
        given, _, expected = rest.partition("\n--->\n")
        cases.append(pytest.param(given, expected.strip("\n"), id=title))
    return cases
