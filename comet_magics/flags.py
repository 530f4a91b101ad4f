"""The flags of `%gpt` and `%%gpt`: one table, from which parsing, help and tab completion follow.

Promise: what is not a flag at the beginning of the line is the question, to the letter: its quotes, dashes and spaces
stay. An unknown flag or value is a UsageError that names the nearest right one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .core.errors import UsageError
from .core.nearest import did_you_mean
from .core.record import record
from .core.settings import APIS, EFFORTS, INSERTS, SUMMARIES, VERBOSITIES

__all__ = ["FLAGS", "Flag", "Parsed", "complete", "flags_help", "parse"]


@record
class Flag:
    """A flag: `--long`, perhaps `-s`; `value` names what it takes, empty for a switch; `choices` if those are few."""

    long: str
    help: str
    short: str = ""
    value: str = ""
    choices: Sequence[str] = ()
    repeats: bool = False

    @property
    def name(self) -> str:
        """The key it is parsed to."""
        return self.long.lstrip("-").replace("-", "_")


FLAGS = (
    Flag("--effort", "how hard the model thinks", "-e", "EFFORT", EFFORTS),
    Flag("--model", "which model answers; `%gpt_models` lists them", "-m", "MODEL"),
    Flag("--api", "which endpoint is asked; auto: Responses, or Chat Completions where it is missing", "", "API", APIS),
    Flag("--verbosity", "how long the answer may be", "", "LEVEL", VERBOSITIES),
    Flag("--summary", "show what the model thinks, in short", "", "KIND", SUMMARIES),
    Flag(
        "--insert", "what becomes of the answer's code: buttons, cells below at once, or nothing", "-i", "HOW", INSERTS
    ),
    Flag("--context", "what goes along: auto, none, or some of cells,variables,frames,error,images", "-c", "SOURCES"),
    Flag(
        "--image",
        "send a picture: a file, a variable that holds a figure or image, or cell:5",
        "",
        "IMAGE",
        repeats=True,
    ),
    Flag("--as", "keep the answer under this name too (it is always in `_gpt`)", "", "NAME"),
    Flag("--new", "begin a new conversation", "-n"),
    Flag("--background", "return at once; the answer comes while other cells run"),
    Flag("--dry-run", "show what would be sent, and send nothing"),
    Flag("--no-check", "neither check nor rehearse the answer's code"),
    Flag("--no-stats", "leave the line of statistics out"),
)

# A word at the beginning of what is left: quoted, or up to a space.
_WORD = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S+)""")
# "-5 + 3?" and "- a list" are questions.
_FLAG = re.compile(r"\s*(--?[A-Za-z][\w-]*)(=)?(?=\s|$|(?<==))")


@record
class Parsed:
    """A line taken apart; `values` holds only the flags that were given."""

    values: dict[str, list[str]]
    rest: str

    def get(self, name: str) -> str | None:
        """The last value given for a flag, or None."""
        return self.values[name][-1] if name in self.values else None

    def all(self, name: str) -> list[str]:
        """Every value given for a flag that repeats."""
        return self.values.get(name, [])

    def has(self, name: str) -> bool:
        """Whether a switch was given."""
        return name in self.values


def parse(line: str, flags: Sequence[Flag] = FLAGS) -> Parsed:
    """Take the flags off the front of `line`; `--` ends them."""
    known = {name: flag for flag in flags for name in (flag.long, flag.short) if name}
    values: dict[str, list[str]] = {}
    rest = line
    while match := _FLAG.match(rest):
        name, equals = match.groups()
        flag = known.get(name)
        if flag is None:
            raise UsageError(f"There is no flag {name}.", remedy=did_you_mean(name, [f.long for f in flags]))
        rest = rest[match.end() :]
        value = ""
        if flag.value:
            value, rest = _take_value(flag, rest)
        elif equals:
            raise UsageError(f"{flag.long} takes no value.")
        values.setdefault(flag.name, []).append(value)
        if not flag.repeats:
            values[flag.name] = values[flag.name][-1:]
    if re.match(r"\s*--(\s|$)", rest):
        rest = rest.lstrip()[2:]
    return Parsed(values, rest.strip())


def _take_value(flag: Flag, rest: str) -> tuple[str, str]:
    match = _WORD.match(rest)
    if match is None:
        raise UsageError(f"{flag.long} needs a value.", remedy=_values(flag))
    word = match[1]
    if word[0] in "\"'" and word[-1] == word[0] and len(word) > 1:
        word = re.sub(r"\\(.)", r"\1", word[1:-1])
    if flag.choices and word not in flag.choices:
        raise UsageError(
            f"{flag.long} can't be {word!r}.", remedy=f"{did_you_mean(word, flag.choices)} {_values(flag)}"
        )
    return word, rest[match.end() :]


def _values(flag: Flag) -> str:
    return f"{flag.long} takes {', '.join(flag.choices)}." if flag.choices else f"Write {flag.long} {flag.value}."


def complete(line: str, flags: Sequence[Flag] = FLAGS) -> list[str]:
    """What may stand at the end of `line`, which is cut at the cursor: flags, or the words of the flag before it."""
    words = line.split(" ")
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    for flag in flags:
        if before in (flag.long, flag.short) and flag.choices:
            return [choice for choice in flag.choices if choice.startswith(last)]
    if not last.startswith("-"):
        return []
    return [flag.long for flag in flags if flag.long.startswith(last)]


def flags_help(flags: Sequence[Flag] = FLAGS) -> str:
    """The flags as lines of help."""
    rows = []
    for flag in flags:
        value = "|".join(flag.choices) if flag.choices else flag.value
        names = ", ".join(filter(None, (flag.short, flag.long)))
        rows.append((f"{names} {value}".strip(), flag.help))
    return "\n".join(f"  {left}\n      {right}" for left, right in rows)
