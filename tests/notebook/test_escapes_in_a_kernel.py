"""Cells that try to reach out of a rehearsal: nothing outside changes, and every attempt is named.

The victims are this test's own: a folder, processes, sockets, databases and shared memory that the kernel holds.
"""

import json

import pytest
from cells import FOLDER, Rehearsals, cells
from jupyter_client.manager import start_new_kernel

ESCAPES = cells("escapes")


@pytest.fixture(scope="module")
def victims(tmp_path_factory):
    manager, client = start_new_kernel(cwd=str(tmp_path_factory.mktemp("work")))
    rehearsals = Rehearsals(client)
    rehearsals.run((FOLDER / "victims.txt").read_text(encoding="utf-8"))
    try:
        yield rehearsals
        rehearsals.run("pool.shutdown(); victim.kill(); reader.kill(); shm.close(); shm.unlink()")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def outside(victims):
    return victims.run("print(outside())")


def test_there_are_as_many_cells_as_are_claimed():
    assert len(ESCAPES) >= 60


@pytest.mark.parametrize(("title", "source"), ESCAPES, ids=[title for title, _ in ESCAPES])
def test_nothing_outside_changes_and_the_attempt_is_named(victims, title, source):
    before = outside(victims)
    limits = {"processes": 24, "seconds": 20, "stall": 1}
    ((outcome, _, attempts, printed, walls),) = victims.try_out(source, stages="rehearse", **limits)["runs"]
    assert walls
    if title.startswith("fork bomb"):
        assert outcome == "inconclusive", printed
    else:
        assert attempts, printed
    assert outcome in ("ran", "inconclusive")  # a wall is no fault of the cell's
    if title.split(":")[0] in ("shell", "fork bomb"):
        victims.run("time.sleep(1.2)")  # what stayed behind would act now
    assert outside(victims) == before
    assert json.loads(victims.run("import json; print(json.dumps([KERNEL == os.getpid(), handle.closed]))")) == [
        True,
        False,
    ]
