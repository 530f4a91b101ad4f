"""The last error in words."""

from __future__ import annotations

import textwrap

import pytest

from comet_magics.context.failures import Failure, FailureFrame, describe_failure
from comet_magics.context.hiding import Hidden
from comet_magics.context.redact import Redactor
from comet_magics.notebook.failure import failure_of


def described(failure, hidden=()):
    return describe_failure(failure, Redactor().redact, Hidden(tuple(hidden)))


def raised(code, tmp_path, name="mine.py"):
    """The exception of `code`, run as a file of the user's own."""
    path = tmp_path / name
    path.write_text(textwrap.dedent(code))
    try:
        exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__"})
    except Exception as exc:
        return failure_of(exc, {str(path): 5})
    raise AssertionError("nothing was raised")


def test_own_frames_have_their_lines_and_the_values_that_those_mention(tmp_path):
    failure = raised(
        """
        def share(part, whole):
            untouched = 99
            return part / whole
        share(3, 0)
        """,
        tmp_path,
    )
    full = described(failure)[0]
    assert full.splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert "cell [5], line 5, in <module>" in full
    assert "->    4     return part / whole" in full
    assert "        part = 3" in full
    assert "        whole = 0" in full


def test_frames_of_libraries_are_folded_but_for_the_last(tmp_path):
    failure = raised("import json\njson.loads('{')", tmp_path)
    full = described(failure)[0]
    assert "other code" in full
    assert "in raw_decode" in full or "in decode" in full
    assert full.count("decoder.py") == 1
    assert "JSONDecodeError" in full


def test_a_recursion_is_shown_from_its_two_ends(tmp_path):
    failure = raised("def again(n):\n    return again(n + 1)\nagain(0)", tmp_path)
    full = described(failure)[0]
    assert "RecursionError" in full
    assert "frames of other code" in full
    assert len(full) < 5000


def test_causes_follow(tmp_path):
    failure = raised("try:\n    {}['a']\nexcept KeyError as exc:\n    raise ValueError('no a') from exc", tmp_path)
    assert described(failure)[0].splitlines()[-2:] == ["ValueError: no a", "caused by KeyError: 'a'"]


def test_a_cause_that_was_suppressed_does_not(tmp_path):
    failure = raised("try:\n    {}['a']\nexcept KeyError:\n    raise ValueError('no a') from None", tmp_path)
    assert "caused by" not in described(failure)[0]


def test_a_syntax_error_shows_its_line():
    try:
        compile("total = 1 +", "<ipython-input-3>", "exec")
    except SyntaxError as exc:
        full = described(failure_of(exc, {}))[0]
    assert "->    1 total = 1 +" in full
    assert "SyntaxError: invalid syntax" in full


def test_nothing_of_the_exception_or_the_values_runs(tmp_path):
    failure = raised(
        """
        ran = []
        class Loud(Exception):
            def __str__(self): ran.append("str"); return "never"
            __repr__ = __str__
        class Thing:
            def __repr__(self): ran.append("repr"); return "never"
        thing = Thing()
        def fails(thing):
            raise Loud(thing, ran)
        fails(thing)
        """,
        tmp_path,
    )
    full = described(failure)[0]
    assert "never" not in full
    assert "thing = <" in full
    assert "[]" in full  # what `ran` holds: nothing ran


@pytest.mark.parametrize("shown", ["values", "source", "message"])
def test_hidden_names_and_secrets_stay_out(shown):
    lines = {"source": "salary = 987654", "values": "x = salary", "message": "x"}
    failure = Failure(
        "ValueError",
        "key sk-canary-abcdef0123456789abcdef0123456789 is wrong",
        (
            FailureFrame(
                "cell [1]",
                "f",
                3,
                own=True,
                source=((2, lines["source"]), (3, "y = 1")),
                values={"salary": 987654, "api_key": "hunter2", "y": 1},
            ),
        ),
    )
    text = "\n".join(described(failure, ["salary"]))
    assert "987654" not in text
    assert "hunter2" not in text
    assert "sk-canary" not in text
    assert "y = 1" in text


def test_forms_grow_shorter(tmp_path):
    failure = raised("def f(rows):\n    return rows[5]\nf(list(range(3)))", tmp_path)
    forms = described(failure)
    assert [len(form) for form in forms] == sorted((len(form) for form in forms), reverse=True)
    assert forms[-1] == "IndexError: list index out of range"
    assert "rows = " in forms[0]
    assert "rows = " not in forms[1]
