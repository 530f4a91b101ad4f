"""Correct cells are not blamed, broken ones are found: in a real kernel, on real frames."""

import pytest
from cells import cells

CORRECT, BROKEN = cells("correct"), cells("broken")


@pytest.fixture(scope="module")
def correct(rehearsals):
    """What is said of each cell; ten at a time are rehearsed as one answer's blocks."""
    found = {}
    # Cells on one DuckDB connection end each other's results: those are tried one by one.
    apart = [[cell] for cell in CORRECT if cell[0].startswith("duckdb")]
    together = [cell for cell in CORRECT if not cell[0].startswith("duckdb")]
    for some in [*apart, *(together[first : first + 10] for first in range(0, len(together), 10))]:
        runs = rehearsals.try_out(*[source for _, source in some], stages="rehearse", seconds=60)["runs"]
        for (title, source), run in zip(some, runs, strict=True):
            found[title] = {**rehearsals.try_out(source, stages="check"), "runs": [run]}
    return found


@pytest.fixture(scope="module")
def broken(rehearsals):
    """What is said of each cell; those that the check finds need no rehearsal."""
    found = {}
    for title, source in BROKEN:
        # An endless loop is endless at any limit; only these wait for it.
        seconds = 1 if title.startswith("infinite") else 60
        found[title] = rehearsals.try_out(source, stages="check")
        if not found[title]["errors"][0]:
            found[title] |= rehearsals.try_out(source, stages="rehearse", seconds=seconds, memory=1 << 30)
    return found


def test_there_are_as_many_cells_as_are_claimed():
    kinds = {title.partition(":")[0] for title, _ in BROKEN}
    assert (len(CORRECT) >= 350, len(BROKEN) >= 430, len(kinds) >= 20) == (True, True, True)


def test_the_check_blames_at_most_one_correct_cell_in_a_hundred(correct):
    blamed = {title: one["errors"][0] for title, one in correct.items() if one["errors"][0]}
    assert len(blamed) <= 0.01 * len(CORRECT), blamed


def test_the_rehearsal_blames_no_correct_cell(correct):
    blamed = {title: one["runs"][0][:3] for title, one in correct.items() if one["runs"][0][0] != "ran"}
    # What writes a file where it stands can't be rehearsed, and says so.
    assert list(blamed) == ["python: written, then read"]
    assert blamed.popitem()[1][0] == "inconclusive"


def test_the_check_alone_finds_three_broken_cells_in_four(broken):
    missed = [title for title, one in broken.items() if not one["errors"][0]]
    assert len(missed) <= 0.25 * len(BROKEN), missed


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
