"""Answers of any length that look like a model's: prose, lists, tables, formulas and code, the same at each call."""

from __future__ import annotations

import random

__all__ = ["answer"]

_WORDS = [
    "the",
    "model",
    "rows",
    "of",
    "each",
    "column",
    "we",
    "see",
    "that",
    "a",
    "mean",
    "value",
    "grows",
    "with",
    "bill",
    "length",
    "while",
    "body",
    "mass",
    "stays",
    "almost",
    "flat",
    "for",
    "small",
    "samples",
    "so",
    "compare",
    "medians",
    "instead",
    "and",
    "look",
    "at",
    "outliers",
    "before",
    "you",
    "fit",
    "anything",
    "because",
    "variance",
    "differs",
    "between",
    "species",
    "which",
    "matters",
    "here",
]
_CODE = """\
```python
import pandas as pd

by_species = (
    df.groupby("species", observed=True)["body_mass_g"]
    .agg(["mean", "std", "count"])
    .round(1)
)
for name, row in by_species.iterrows():
    print(f"{name}: {row['mean']:.1f} g of {row['count']:d} birds")
```
"""
_TABLE = """\
| species | mean | std | count |
|---|--:|--:|--:|
| Adelie | 3700.7 | 458.6 | 151 |
| Chinstrap | 3733.1 | 384.3 | 68 |
| Gentoo | 5076.0 | 504.1 | 123 |
"""


def answer(words: int) -> str:
    """Markdown of about that many words."""
    dice = random.Random(words)
    blocks: list[str] = []
    count = 0
    while count < words:
        block = _block(len(blocks), dice)
        blocks.append(block)
        count += len(block.split())
    return "\n\n".join(blocks) + "\n"


def _block(number: int, dice: random.Random) -> str:
    match number % 9:
        case 0:
            return f"## Part {number // 9 + 1}: {_prose(dice, 4)}"
        case 3:
            return "\n".join(f"- **{_prose(dice, 2)}**: {_prose(dice, 14)}" for _ in range(4))
        case 5:
            return _CODE.rstrip()
        case 7:
            return _TABLE.rstrip()
        case 8:
            return f"So $\\bar{{x}} = \\frac{{1}}{{n}} \\sum_i x_i$ and {_prose(dice, 30)} `df.describe()`."
        case _:
            return ". ".join(_prose(dice, 17).capitalize() for _ in range(5)) + "."


def _prose(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(_WORDS, k=count))
