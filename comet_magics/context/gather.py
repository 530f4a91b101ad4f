"""From what was read of the notebook to the parts that may go along with a question.

The providers are one table; each turns a `Material` into parts, and what describes frames, objects and errors is
loaded when there are some. Promise: a provider that meets a bad object tells of it in a line and goes on; all of them
together take at most `Limits.seconds` for things that were not asked for by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.pattern import pattern
from ..core.record import record
from ..core.snapshot import NotebookSnapshot
from .cells import cell_parts, find_cell
from .hiding import Hidden
from .kinds import qualified_name
from .limits import FRAME_TOKENS, Deadline, Unfit, within
from .parts import Part
from .values import is_plain

if TYPE_CHECKING:
    from .failures import Failure

__all__ = ["PROVIDERS", "SOURCES", "Attached", "Limits", "Material", "gather", "mentioned_names"]

_WORD = pattern(r"[^\W\d]\w*")
_ABOUT_FAILURE = pattern(
    r"(?i)\b(?:error|exception|traceback|fail(?:s|ed|ing|ure)?|fix|wrong|broken|raises?|bug|crash\w*)\b"
)
_NEAR = 3
_OTHERS = 60


@record
class Attached:
    """What `@reference` in the question stands for: an object, or `text` (a file's beginning)."""

    reference: str
    value: object = None
    text: str | None = None


@record
class Limits:
    """Seconds for everything that is not named with `@`, for each frame in memory and for each engine's answer."""

    seconds: float = 1.5
    frame: float = 6.0
    engine: float = 1.5
    frame_tokens: int = FRAME_TOKENS


@record
class Material:
    """All that was read once, before anything is described.

    `names` are the session's own variables, latest last; `asked` the ids of cells whose question and answer the
    conversation holds; `cells_named` the numbers after `@cell:`; `error_named` says that `@err` was written.
    """

    question: str
    notebook: NotebookSnapshot
    names: Mapping[str, object]
    failure: Failure | None = None
    attached: tuple[Attached, ...] = ()
    cells_named: tuple[int, ...] = ()
    error_named: bool = False
    asked: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Tools:
    redact: Callable[[str], str]
    hidden: Hidden
    limits: Limits
    deadline: Deadline
    question: frozenset[str] = field(default_factory=frozenset)
    near: frozenset[str] = field(default_factory=frozenset)


def gather(
    material: Material, sources: frozenset[str], redact: Callable[[str], str], hidden: Hidden, limits: Limits
) -> list[Part]:
    """The parts of the chosen `sources` in the order of telling; what `@` named comes whatever is chosen."""
    tools = _Tools(redact, hidden, limits, Deadline(limits.seconds))
    tools.question = frozenset(_WORD.findall(material.question))
    tools.near = mentioned_names(material.notebook, _NEAR)
    return [part for name, provider in PROVIDERS for part in provider(material, tools, name in sources)]


def mentioned_names(notebook: NotebookSnapshot, cells: int) -> frozenset[str]:
    """The words in the `cells` cells above the asking one."""
    at = next(
        (n for n, cell in enumerate(notebook.cells) if notebook.asking_id and cell.id == notebook.asking_id), None
    )
    end = len(notebook.cells) if at is None else at
    words = (word for cell in notebook.cells[max(0, end - cells) : end] for word in _WORD.findall(cell.source))
    return frozenset(words)


def _cells(material: Material, tools: _Tools, chosen: bool) -> Iterator[Part]:
    named = (find_cell(material.notebook, number) for number in material.cells_named)
    mentioned = frozenset(position for position in named if position is not None)
    parts = cell_parts(material.notebook, tools.redact, tools.hidden, asked=material.asked, mentioned=mentioned)
    yield from (part for part in parts if chosen or part.importance > 90)


def _attached(material: Material, tools: _Tools, chosen: bool) -> Iterator[Part]:  # noqa: ARG001 - always chosen
    if not material.attached:
        return
    from .frames import is_frame

    for one in material.attached:
        if tools.hidden.reference(one.reference) or tools.hidden.mentions(one.reference):
            yield _line(one.reference, (f"{one.reference} is hidden by the user",), 100)
        elif one.text is not None:
            text = tools.redact(one.text)
            forms = tuple(dict.fromkeys((text[:16000], text[:4000], text[:800])))
            yield Part("files", f"file:{one.reference}", one.reference, forms, 100, "file", (("name", one.reference),))
        elif is_frame(one.value):
            yield _frame(one.reference, one.value, material, tools, 100)
        else:
            seconds = max(0.5, tools.deadline.left)
            yield _described(one.reference, one.value, tools, 100, seconds)


def _frames(material: Material, tools: _Tools, chosen: bool) -> Iterator[Part]:
    named = {one.reference for one in material.attached}
    if not (chosen and material.names):
        return
    from .engines import is_lazy
    from .frames import is_frame

    for name, value in material.names.items():
        if name in named or tools.hidden.name(name) or not is_frame(value):
            continue
        if name in tools.question:
            # An engine's query runs only for a table that is named with `@`: it may be long, and can't be called back.
            yield _frame(name, value, material, tools, 90, measure=not is_lazy(value))
        else:
            yield _frame(name, value, material, tools, 55 if name in tools.near else 40, measure=False)


def _variables(material: Material, tools: _Tools, chosen: bool) -> Iterator[Part]:
    named = {one.reference for one in material.attached}
    if not (chosen and material.names):
        return
    from .frames import is_frame

    wanted = [
        (name, value)
        for name, value in material.names.items()
        if name not in named and not tools.hidden.name(name) and not is_frame(value)
    ]
    wanted.sort(key=lambda item: item[0] not in tools.question)
    others = [name for name, _ in wanted if name not in tools.question and name not in tools.near]
    passed_over = set(others[:-_OTHERS])
    for name, value in wanted:
        if name not in passed_over:
            importance = 85.0 if name in tools.question else 60.0 if name in tools.near else 30.0
            yield _described(name, value, tools, importance, min(0.4, tools.deadline.left))


def _error(material: Material, tools: _Tools, chosen: bool) -> Iterator[Part]:
    failure = material.failure
    if failure is None or not (chosen or material.error_named):
        return
    latest = max((cell.execution_count or 0 for cell in material.notebook.cells), default=0)
    fresh = failure.execution_count is not None and latest - failure.execution_count <= _NEAR
    if material.error_named or fresh or _ABOUT_FAILURE.search(material.question):
        from .failures import describe_failure

        forms = describe_failure(failure, tools.redact, tools.hidden)
        ran = "" if failure.execution_count is None else str(failure.execution_count)
        yield Part(
            "error", "error", "the last error", forms, 100 if material.error_named else 80, "error", (("cell", ran),)
        )


PROVIDERS: tuple[tuple[str, Callable[[Material, _Tools, bool], Iterator[Part]]], ...] = (
    ("cells", _cells),
    ("variables", _variables),
    ("frames", _frames),
    ("attached", _attached),
    ("error", _error),
)
SOURCES = ("cells", "variables", "frames", "error", "images")


def _frame(
    name: str, value: object, material: Material, tools: _Tools, importance: float, *, measure: bool = True
) -> Part:
    from .engines import is_lazy
    from .frames import describe_frame

    seconds = tools.limits.engine if is_lazy(value) else tools.limits.frame
    if not measure:
        seconds = min(seconds, tools.deadline.left)
    try:
        forms = describe_frame(
            name,
            value,
            redact=tools.redact,
            hidden=tools.hidden,
            seconds=seconds,
            measure=measure,
            wanted=frozenset(_WORD.findall(material.question)) | _quoted(material.question),
            tokens=tools.limits.frame_tokens,
        )
    except Unfit as exc:
        forms = (f"{name}: {qualified_name(type(value))}, could not be described: {exc}",)
    return Part("frames", f"frame:{name}", name, forms, importance, "frame", (("name", name),))


def _quoted(text: str) -> frozenset[str]:
    """What stands in quotes or backticks: column names may have blanks."""
    return frozenset(re.findall(r"[`'\"]([^`'\"\n]{1,80})[`'\"]", text))


def _described(name: str, value: object, tools: _Tools, importance: float, seconds: float) -> Part:
    from .objects import callable_kind, describe

    try:
        if is_plain(value) or callable_kind(value):
            forms = describe(name, value, tools.redact, tools.hidden)
        else:
            forms = within(seconds, lambda: describe(name, value, tools.redact, tools.hidden))
    except Exception as exc:  # noqa: BLE001 - a bad object never spoils the rest
        reason = exc if isinstance(exc, Unfit) else f"raised {qualified_name(type(exc))}"
        forms = (f"{name}: {qualified_name(type(value))}, could not be described: {reason}",)
    return _line(name, forms, importance)


def _line(name: str, forms: tuple[str, ...], importance: float) -> Part:
    return Part("variables", f"variable:{name}", name, forms, importance)
