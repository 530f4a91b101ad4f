"""Arrays in words: numpy, scipy.sparse, torch, xarray. Their type was told by identity before anything here runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .kinds import library, qualified_name, type_name
from .values import brief, shorten

__all__ = ["array_text", "sparse_text", "tensor_text", "xarray_text"]

_MEASURED = 20_000_000
_SLICE = 1_000_000


def array_text(value: Any, redact: Callable[[str], str]) -> str:
    """Shape, type, range, what is not a number, and the first values."""
    numpy = library("numpy") or {}
    array = numpy["asarray"](value)
    text = f"numpy {type(value).__name__ if type(value) is numpy['ndarray'] else qualified_name(type(value))}"
    text += f", {_shape(array.shape)}, {array.dtype}"
    if array.dtype.kind == "O":
        kinds = sorted({type_name(type(item)) for item in array.ravel()[:1000].tolist()})
        return f"{text}, objects: {', '.join(kinds[:5])}"
    if array.dtype.names:
        return text
    if array.dtype.kind in "fiub" and 0 < array.size <= _MEASURED:
        text += _range(array, numpy)
    first = brief(array.ravel()[:6].tolist(), redact, 90)
    return f"{text}; first values {first}" if array.size else text


def _range(array: Any, numpy: Any) -> str:
    flat = array.reshape(-1) if array.flags.c_contiguous else array.ravel()
    nans, lows, highs, total, count = 0, [], [], 0.0, 0
    for start in range(0, flat.size, _SLICE):
        piece = flat[start : start + _SLICE]
        if array.dtype.kind == "f":
            bad = numpy["isnan"](piece)
            nans += int(bad.sum())
            piece = piece[~bad]
        if piece.size:
            lows.append(piece.min())
            highs.append(piece.max())
            total += float(piece.sum(dtype="float64"))
            count += piece.size
    if not lows:
        return ", all NaN"
    text = f", {min(lows):.6g} … {max(highs):.6g}, mean {total / count:.6g}"
    return f"{text}, {nans:,} NaN" if nans else text


def _shape(shape: Any) -> str:
    return " × ".join(f"{size:,}" for size in shape) or "no dimensions"


def sparse_text(value: Any, redact: Callable[[str], str]) -> str:  # noqa: ARG001 - one signature for all kinds
    """Shape, format and how full it is."""
    cells = 1
    for size in value.shape:
        cells *= int(size)
    filled = int(value.nnz)
    return (
        f"{qualified_name(type(value))}, {_shape(value.shape)}, {value.dtype}, {value.format} format, "
        f"{filled:,} stored values ({filled / cells if cells else 0:.2%})"
    )


def tensor_text(value: Any, redact: Callable[[str], str]) -> str:
    """Shape, type, device, gradient, and the range if it is in memory."""
    text = f"torch Tensor, {_shape(value.shape)}, {value.dtype}, on {value.device}"
    if value.requires_grad:
        text += ", requires grad"
    if value.device.type == "cpu" and 0 < value.numel() <= _MEASURED and not value.is_sparse:
        plain = value.detach()
        if plain.is_floating_point():
            good = plain[~plain.isnan()]
            nans = plain.numel() - good.numel()
            if good.numel():
                text += f", {good.min().item():.6g} … {good.max().item():.6g}, mean {good.double().mean().item():.6g}"
            text += f", {nans:,} NaN" if nans else ""
        elif not plain.is_complex():
            text += f", {plain.min().item()} … {plain.max().item()}"
        text += f"; first values {brief(plain.flatten()[:6].tolist(), redact, 90)}"
    return text


def xarray_text(value: Any, redact: Callable[[str], str]) -> str:
    """Dimensions, coordinates with their range, variables and attributes; nothing is loaded."""
    sizes = ", ".join(f"{name}: {size:,}" for name, size in dict(value.sizes).items())
    lines = [f"{qualified_name(type(value))} ({sizes})"]
    lines += [f"coordinate {_variable(name, entry, redact)}" for name, entry in list(value.coords.items())[:12]]
    variables = value.data_vars.items() if hasattr(type(value), "data_vars") else [(value.name, value)]
    lines += [f"variable {_variable(name, entry, redact)}" for name, entry in list(variables)[:30]]
    notes = [f"{key}={brief(entry, redact, 60, 1)}" for key, entry in list(value.attrs.items())[:8]]
    return redact("\n".join([*lines, *([f"attributes: {', '.join(notes)}"] if notes else [])]))


def _variable(name: object, value: Any, redact: Callable[[str], str]) -> str:
    text = f"{brief(name, redact, 60)} ({', '.join(map(str, value.dims))}) {value.dtype}"
    units = value.attrs.get("units")
    if type(units) is str:
        text += f", in {shorten(units, 30)}"
    numpy = library("numpy") or {}
    # `_data` is where xarray keeps what it holds; a file's or Dask's array stays unread.
    loaded = type(getattr(value.variable, "_data", None)) is numpy.get("ndarray") or name in value.indexes
    if loaded and 0 < value.size <= _SLICE and value.dtype.kind in "fiuM":
        values = numpy["asarray"](value.values)
        text += f", {values.min()} … {values.max()}"
    return text
