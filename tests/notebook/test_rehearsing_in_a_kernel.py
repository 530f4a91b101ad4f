"""Rehearsals beside other threads: from a worker, while another thread computes, two at a time, stopped."""

import json
import time
from pathlib import Path

import pytest

from comet_magics.notebook.rehearse import holds_gpu

SETUP = """
import threading, time
from comet_magics.notebook.rehearse import Limits, NotRehearsed, rehearse
from comet_magics.notebook.running import running_in
running_in(get_ipython())
def outcome(source="x = penguins.year.sum()", **more):
    try:
        (one,) = rehearse(get_ipython(), [source], Limits(seconds=20), **more)
        return one.outcome
    except NotRehearsed as reason:
        return str(reason)
def worker(go=None):
    # Rehearses once the file `go` is there, and then writes to the file `said`.
    def work():
        while go and not os.path.exists(go):
            time.sleep(0.01)
        word = outcome()
        with open("said", "a") as file:
            file.write(word + "\\n")
    thread = threading.Thread(target=work)
    thread.start()
    return thread
"""


@pytest.fixture(scope="module")
def kernel(rehearsals):
    rehearsals.run(SETUP)
    return rehearsals


@pytest.fixture
def folder(kernel):
    """The kernel's own: through files it is asked and told without a running cell."""
    folder = Path(json.loads(kernel.run("print(json.dumps(os.getcwd()))")))
    yield folder
    for name in ("go", "said"):
        (folder / name).unlink(missing_ok=True)


def said(folder, lines=1):
    """What the workers wrote, once there are so many lines."""
    file = folder / "said"
    for _ in range(600):
        if file.exists() and len(words := file.read_text().splitlines()) >= lines:
            return words
        time.sleep(0.1)
    raise AssertionError("the workers did not come to an end")


def test_workers_rehearse_in_turn_while_no_cell_runs(kernel, folder):
    kernel.run("workers = [worker('go'), worker('go')]")
    (folder / "go").touch()
    assert said(folder, lines=2) == ["ran", "ran"]


@pytest.mark.parametrize("cell", ["thread.join()", "while thread.is_alive(): await asyncio.sleep(0.01)"])
def test_a_worker_does_not_rehearse_while_a_cell_runs(kernel, folder, cell):
    kernel.run(f"thread = worker()\n{cell}")
    assert said(folder) == ["another cell is running"]


def test_a_cell_that_can_not_be_parsed_is_over(kernel, folder):
    with pytest.raises(AssertionError, match="SyntaxError"):
        kernel.run("x = (")
    while kernel.run("print(1)") != "1\n":
        pass  # for a moment after an error, the kernel does not run what is sent to it
    kernel.run("thread = worker('go')")
    (folder / "go").touch()
    assert said(folder) == ["ran"]


def test_a_thread_that_keeps_blas_busy_does_not_hang_the_kernel(kernel):
    kernel.run(
        "stop, a = threading.Event(), np.random.rand(300, 300)\n"
        "def multiply():\n    while not stop.is_set(): a @ a\n"
        "busy = [threading.Thread(target=multiply, daemon=True) for _ in range(2)]\n"
        "for one in busy: one.start()"
    )
    outcomes = json.loads(kernel.run("print(json.dumps([outcome('a @ a') for _ in range(5)]))"))
    assert set(outcomes) <= {"ran", "inconclusive", "another thread of the kernel is computing"}
    assert kernel.run("print([one.is_alive() for one in busy]); stop.set()") == "[True, True]\n"


def test_a_stop_ends_it_soon(kernel):
    taken = kernel.run(
        "began = time.monotonic()\n"
        "word = outcome('time.sleep(15)', stopped=lambda: time.monotonic() - began > 0.5)\n"
        "print(word, time.monotonic() - began < 5)"
    )
    assert taken == "inconclusive True\n"


def test_a_graphics_processor_is_seen_by_its_device(tmp_path):
    assert not holds_gpu(str(tmp_path))
    (tmp_path / "7").symlink_to("/dev/nvidia0")
    assert holds_gpu(str(tmp_path))
