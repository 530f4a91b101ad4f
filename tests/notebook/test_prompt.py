"""`{expr}` in a question."""

import pytest

from comet_magics.core.errors import UsageError
from comet_magics.notebook.prompt import insert_values

NAMES = {"x": 42, "words": ["a", "b"], "long": "z" * 300_000}


def evaluate(expression):
    return eval(expression, {}, dict(NAMES))


@pytest.mark.parametrize(
    ("text", "expected", "unknown"),
    [
        ("no braces", "no braces", []),
        ("is {x} prime?", "is 42 prime?", []),
        ("{len(words)} of { x }", "2 of 42", []),
        ("{{x}} is {x}", "{x} is 42", []),
        ('{"a": 1} and {} and {1, 2}', '{"a": 1} and {} and {1, 2}', []),
        (r"$\frac{1}{2}$ of \mathbb{R}", r"$\frac{1}{2}$ of \mathbb{R}", ["{R}"]),
        ("print(f'{total:.2f}') {y}", "print(f'{total:.2f}') {y}", ["{y}"]),
    ],
)
def test_values_are_inserted_and_the_rest_stays(text, expected, unknown):
    assert insert_values(text, evaluate) == (expected, unknown)


def test_a_failing_expression_stops_the_call_before_it_is_paid_for():
    with pytest.raises(UsageError, match=r"\{x\.shap\} can't be inserted: AttributeError"):
        insert_values("{x.shap}", evaluate)


def test_a_huge_value_is_refused():
    with pytest.raises(UsageError, match="300,000 characters"):
        insert_values("{long}", evaluate)
