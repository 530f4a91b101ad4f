"""Correct cells are not blamed, broken ones are found: in a real kernel, on real frames."""

import pytest
from cells import cells

CORRECT, BROKEN = cells("correct"), cells("broken")


@pytest.fixture(scope="module")
def correct(rehearsals):
    return {title: rehearsals.try_out(source, seconds=60) for title, source in CORRECT}


@pytest.fixture(scope="module")
def broken(rehearsals):
    # An endless loop is endless at any limit; only these wait for it.
    return {
        title: rehearsals.try_out(source, seconds=1 if title.startswith("infinite") else 60, memory=1 << 30)
        for title, source in BROKEN
    }


def test_there_are_as_many_cells_as_are_claimed():
    kinds = {title.partition(":")[0] for title, _ in BROKEN}
    assert (len(CORRECT) >= 200, len(BROKEN) >= 200, len(kinds)) == (True, True, 20)


def test_the_check_blames_at_most_one_correct_cell_in_a_hundred(correct):
    blamed = {title: one["errors"][0] for title, one in correct.items() if one["errors"][0]}
    assert len(blamed) <= 0.01 * len(CORRECT), blamed


def test_the_rehearsal_blames_no_correct_cell(correct):
    blamed = {title: one["runs"][0][:3] for title, one in correct.items() if one["runs"][0][0] != "ran"}
    assert blamed == {}


def test_the_check_alone_finds_three_broken_cells_in_five(broken):
    missed = [title for title, one in broken.items() if not one["errors"][0]]
    assert len(missed) <= 0.4 * len(BROKEN), missed


def test_check_and_rehearsal_find_nearly_all_broken_cells(broken):
    missed = {
        title: one["runs"][0][:2]
        for title, one in broken.items()
        if not one["errors"][0] and one["runs"][0][0] not in ("raised", "timed out")
    }
    assert len(missed) <= 0.02 * len(BROKEN), missed


def test_the_kernel_did_not_change(rehearsals, correct, broken):
    assert rehearsals.run("print(penguins.shape, list(penguins.columns)[-1], config, plt.get_fignums())").strip() == (
        "(120, 7) year {'alpha': 0.1, 'rounds': 3} []"
    )
