"""Arguments whose lengths must be the same: what is drawn against each other, features and their targets.

Sources: the API references of matplotlib and scikit-learn.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .arrays import shown
from .frames import ARRAY, SERIES
from .things import Thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["check_lengths"]

_DRAWN = frozenset({"plot", "scatter", "bar", "step", "errorbar", "fill_between"})
_SPLIT = frozenset({"train_test_split", "accuracy_score", "mean_squared_error", "r2_score", "cross_val_score"})
# Encoders of labels, what works on documents, and what may hold such.
_ONE_DIMENSION = (
    "Label",
    "Vectorizer",
    "Isotonic",
    "Dict",
    "Dummy",
    "Pipeline",
    "Search",
    "Function",
    "Tfidf",
    "Voting",
)
_FITTED = frozenset({"fit", "fit_predict", "fit_transform", "score", "partial_fit"})


def check_lengths(walk: Walk, name: str, owner: Thing | None, node: ast.Call, things: list[Thing]) -> None:
    """Tell it where two arguments that belong together have different lengths."""
    given = things[: len(node.args)]
    module = owner.module if owner is not None else ""
    drawn = name in _DRAWN and (
        module == "matplotlib.pyplot" or (owner is not None and owner.kind == "matplotlib.Axes")
    )
    learned = (name in _SPLIT and module.startswith("sklearn")) or (name in _FITTED and _is_estimator(owner))
    if len(given) > 1 and (drawn or learned):
        one, other = (_length(thing) for thing in given[:2])
        if one is not None and other is not None and one != other and (learned or 1 not in (one, other)):
            walk.tell("wrong-shape", f"ValueError: lengths {one} and {other} do not fit", node)
    shape = given[0].shape if given and given[0].kind == ARRAY else None
    if name in _FITTED and _is_estimator(owner) and shape and len(shape) == 1 and not _takes_one_dimension(owner):
        walk.tell("wrong-shape", f"ValueError: features of shape {shown(shape)} are not 2-D", node)


def _is_estimator(owner: Thing | None) -> bool:
    return owner is not None and (owner.kind or owner.klass).startswith("sklearn.")


def _takes_one_dimension(owner: Thing | None) -> bool:
    kind = "" if owner is None else owner.kind
    return any(word in kind for word in _ONE_DIMENSION)


def _length(thing: Thing) -> int | None:
    if thing.kind in (ARRAY, SERIES) and thing.shape:
        return thing.shape[0]
    return len(thing.plain) if isinstance(thing.plain, (list, tuple)) else None
