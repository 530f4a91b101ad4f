"""Shapes: what comes of arrays whose lengths are known, and where lengths do not fit each other.

Promise: a shape is a tuple of lengths, None for one that is not known; what is not known is never wrong.
Source: NumPy's user guide on broadcasting, and the references of its functions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from .plain import Wrong

__all__ = ["Shape", "broadcast", "indexed", "joined", "made", "matmul", "nested", "reshaped", "shown"]

Shape: TypeAlias = "tuple[int | None, ...]"
_ANY_MEMORY = 1 << 37


def shown(shape: Shape) -> str:
    """`(3, 4)`, with `?` for a length that is not known."""
    inside = ", ".join("?" if one is None else str(one) for one in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def broadcast(left: Shape, right: Shape) -> Shape:
    """The shape of an operation on two arrays, element by element. Raises Wrong."""
    width = max(len(left), len(right))
    pairs = zip((1,) * (width - len(left)) + left, (1,) * (width - len(right)) + right, strict=True)
    found = []
    for one, other in pairs:
        if None not in (one, other) and one != other and 1 not in (one, other):
            raise Wrong(f"ValueError: shapes {shown(left)} and {shown(right)} do not fit")
        found.append(other if one == 1 else one if other == 1 or other is None else other)
    if None not in found:
        made(tuple(found))  # two small arrays may make one that no memory holds
    return tuple(found)


def matmul(left: Shape, right: Shape) -> Shape | None:
    """The shape of a matrix product. Raises Wrong."""
    if not left or not right:
        raise Wrong("ValueError: a matrix product of a single number")
    inner = right[-2] if len(right) > 1 else right[0]
    if None not in (left[-1], inner) and left[-1] != inner:
        raise Wrong(f"ValueError: shapes {shown(left)} and {shown(right)} do not fit a matrix product")
    if len(left) > 2 or len(right) > 2:
        return None
    return left[:-1] + (right[1:] if len(right) > 1 else ())


def reshaped(shape: Shape, to: Sequence[int]) -> Shape:
    """The shape after `reshape`. Raises Wrong."""
    if None in shape:
        return tuple(None if one == -1 else one for one in to)
    size = math.prod(one for one in shape if one is not None)
    known = math.prod(one for one in to if one != -1)
    if (-1 in to and (known == 0 or size % known)) or (-1 not in to and known != size):
        raise Wrong(f"ValueError: an array of size {size} can't have the shape {shown(tuple(to))}")
    return tuple(size // known if one == -1 else one for one in to)


def joined(shapes: Sequence[Shape], axis: int) -> Shape | None:
    """The shape of arrays joined along an axis. Raises Wrong."""
    first = shapes[0]
    if any(len(one) != len(first) for one in shapes):
        raise Wrong(f"ValueError: {' and '.join(map(shown, shapes))} have different numbers of dimensions")
    if not -len(first) <= axis < len(first):
        raise Wrong(f"ValueError: there is no axis {axis} in {shown(first)}")
    axis %= len(first)
    for place in range(len(first)):
        lengths = {one[place] for one in shapes} - {None}
        if place != axis and len(lengths) > 1:
            raise Wrong(f"ValueError: {' and '.join(map(shown, shapes))} can't be joined along axis {axis}")
    along = [one[axis] for one in shapes]
    length = None if None in along else sum(one for one in along if one is not None)
    return (*first[:axis], length, *first[axis + 1 :])


def indexed(shape: Shape, keys: Sequence[Any]) -> Shape | None:
    """The shape of `array[keys]` for whole numbers and slices; None for any other key. Raises Wrong."""
    if len(keys) - keys.count(None) > len(shape):
        raise Wrong(f"IndexError: {len(keys)} indices for an array of shape {shown(shape)}")
    found: list[int | None] = []
    places = iter(shape)
    for key in keys:
        if key is None:
            found.append(1)
            continue
        length = next(places)
        if type(key) is int:
            if length is not None and not -length <= key < length:
                raise Wrong(f"IndexError: index {key} is out of bounds for a length of {length}")
        elif isinstance(key, slice):
            found.append(None if length is None else len(range(*key.indices(length))))
        else:
            return None
    return (*found, *places)


def nested(value: object) -> Shape:
    """The shape of an array made of nested lists. Raises Wrong where their lengths differ."""
    if not isinstance(value, (list, tuple)):
        return ()
    inner = {nested(one) for one in value}
    if len(inner) > 1:
        raise Wrong("ValueError: the lists have different lengths")
    return (len(value), *(inner.pop() if inner else ()))


def made(size: object) -> Shape | None:
    """The shape that `np.zeros(size)` has; None if `size` is none. Raises Wrong where no memory could hold it."""
    lengths = (size,) if type(size) is int else size
    if not isinstance(lengths, (tuple, list)) or not all(type(one) is int and one >= 0 for one in lengths):
        return None
    if math.prod(lengths) * 8 > _ANY_MEMORY:
        raise Wrong(
            f"MemoryError: an array of shape {shown(tuple(lengths))} has {math.prod(lengths) * 8 / 1e9:,.0f} GB"
        )
    return tuple(lengths)
