"""Figures in words: what is drawn on which axes. Their type was told by identity before anything here runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .values import brief

__all__ = ["altair_text", "matplotlib_text", "plotly_text"]

_AXES = 9


def matplotlib_text(value: Any, redact: Callable[[str], str]) -> str:
    """Size, and for each of the axes its title, labels, limits and what is on it."""
    figure = value.figure if hasattr(type(value), "get_xlim") else value
    axes = [value] if figure is not value else list(figure.axes)
    width, height = figure.get_size_inches()
    lines = [f"matplotlib Figure, {width:g} × {height:g} inches, {len(axes)} axes"]
    for at, one in enumerate(axes[:_AXES]):
        drawn = [
            f"{len(found)} {name}"
            for name, found in (
                ("lines", one.lines),
                ("collections", one.collections),
                ("bars", one.patches),
                ("images", one.images),
            )
            if len(found)
        ]
        legend = one.get_legend()
        labels = [text.get_text() for text in legend.get_texts()][:12] if legend is not None else []
        low, high = one.get_xlim()
        bottom, top = one.get_ylim()
        lines.append(
            f"axes {at}: title {one.get_title()!r}, "
            f"x {one.get_xlabel()!r} {low:.6g} … {high:.6g} ({one.get_xscale()}), "
            f"y {one.get_ylabel()!r} {bottom:.6g} … {top:.6g} ({one.get_yscale()}); {', '.join(drawn) or 'empty'}"
            + (f"; legend {', '.join(labels)}" if labels else "")
        )
    return redact("\n".join(lines))


def plotly_text(value: Any, redact: Callable[[str], str]) -> str:
    """The traces with their names and sizes, the titles of figure and axes."""
    lines = [f"plotly Figure, {len(value.data)} traces"]
    layout = value.layout
    titles = (("title", layout.title.text), ("x", layout.xaxis.title.text), ("y", layout.yaxis.title.text))
    told = [f"{name} {brief(text, redact, 80)}" for name, text in titles if text]
    lines += [", ".join(told)] if told else []
    for trace in value.data[:20]:
        points = next(
            (len(trace[key]) for key in ("x", "y", "values", "z") if key in trace and trace[key] is not None), 0
        )
        lines.append(f"trace {trace.type}, name {brief(trace.name, redact, 60)}, {points:,} points")
    return redact("\n".join(lines))


def altair_text(value: Any, redact: Callable[[str], str]) -> str:
    """The mark and the encodings, without the data."""
    parts = [f"altair {type(value).__name__}"]
    stored = value._kwds if hasattr(value, "_kwds") else {}  # its schema keeps all settings there, undefined ones too
    for key in ("mark", "encoding", "title"):
        entry = stored.get(key)
        if entry is None or type(entry).__name__ == "UndefinedType":
            continue
        plain = entry.to_dict(validate=False, context={"data": None}) if key == "encoding" else entry
        parts.append(f"{key} {brief(plain, redact, 400, 3)}")
    return redact(", ".join(parts))
