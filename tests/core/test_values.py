"""Keys that can't be printed, money that is not guessed, errors of a few lines."""

import copy
import pickle

import pytest

from comet_magics.core.errors import BackendError, CometError
from comet_magics.core.key import Key
from comet_magics.core.nearest import did_you_mean, nearest
from comet_magics.core.prices import Cost, cost_of, price_of
from comet_magics.core.usage import Usage

CANARY = "sk-canary-0001"


def test_a_key_is_in_none_of_its_texts():
    key = Key(CANARY, "COMETAPI_KEY")
    assert key.reveal() == CANARY
    assert CANARY not in f"{key} {key!r} {vars(type(key))}"
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.deepcopy(key)


def test_cost_counts_reasoning_as_output_and_cached_input_in_full():
    usage = Usage(input_tokens=1_000_000, output_tokens=500_000, cached_tokens=400_000, reasoning_tokens=400_000)
    assert cost_of("gpt-5.1", usage) == Cost(5.0, at_most=True)


@pytest.mark.parametrize("cached", [0, None])
def test_cost_is_exact_where_nothing_was_cached(cached):
    assert cost_of("gpt-5.1", Usage(1000, 100, cached)) == Cost(0.0018)


def test_no_usage_and_no_price_are_no_cost_rather_than_zero():
    assert cost_of("gpt-5.1", None) is None
    assert cost_of("some-model", Usage(1, 1)) is None


@pytest.mark.parametrize(
    ("model", "known"),
    [("gpt-5.1", True), ("gpt-5.1-2025-11-13", True), ("gpt-5.1-codex", False), ("gpt-5.1-", False), ("gpt-5", False)],
)
def test_a_dated_snapshot_costs_what_its_model_costs(model, known):
    assert (price_of(model) is not None) == known


def test_usage_adds_up_and_not_reported_is_not_zero():
    assert Usage(1, 2, None, 3) + Usage(10, 20, None, None) == Usage(11, 22, None, 3)


def test_an_error_prints_as_its_lines_and_no_traceback():
    error = BackendError("No credit.", kept="Nothing came.", remedy="Top up.", status=402)
    assert error._render_traceback_() == ["BackendError: No credit.", "Nothing came.", "Top up."]
    assert CometError("")._render_traceback_() == ["CometError: "]


def test_the_nearest_name_or_all_of_them():
    assert nearest("hihg", ["low", "high"]) == ["high"]
    assert nearest("GPT-5.1", ["gpt-5.1", "other"]) == ["gpt-5.1"]
    assert did_you_mean("hihg", ["low", "high"]) == "Did you mean high?"
    assert did_you_mean("zzz", ["low", "high"]) == "Known: low, high."
