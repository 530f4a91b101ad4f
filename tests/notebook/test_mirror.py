import pytest

from comet_magics.core.snapshot import Fate
from comet_magics.notebook.mirror import Mirror


def cell(name, source="", **fields):
    outputs = fields.pop("outputs", [])
    return {
        "id": name,
        "kind": "code",
        "source": source,
        "count": None,
        "edited": None,
        "generated": "",
        "outputs": outputs,
        **fields,
    }


def message(base, seq, changed=(), order=None, **fields):
    return {
        "type": "cells",
        "protocol": 1,
        "client": "c",
        "page": "p",
        "base": base,
        "seq": seq,
        "last": True,
        "path": "n.ipynb",
        "asking": "a",
        "order": order,
        "changed": list(changed),
        "fates": [],
        **fields,
    }


@pytest.fixture
def mirror():
    mirror = Mirror()
    assert mirror.apply(message(0, 1, [cell("a", "1"), cell("b", "2")], ["a", "b"]))
    return mirror


def sources(mirror):
    return [cell.source for cell in mirror.snapshot().cells]


def test_nothing_is_known_before_the_first_message():
    assert Mirror().snapshot() is None


def test_the_first_message_is_everything(mirror):
    snapshot = mirror.snapshot()
    assert (snapshot.asking_id, snapshot.path, snapshot.source) == ("a", "n.ipynb", "extension")
    assert sources(mirror) == ["1", "2"]


def test_a_difference_changes_moves_adds_and_removes(mirror):
    assert mirror.apply(message(1, 2, [cell("a", "one")]))
    assert sources(mirror) == ["one", "2"]
    assert mirror.apply(message(2, 3, [cell("c", "3")], ["b", "c", "a"], asking="c"))
    assert sources(mirror) == ["2", "3", "one"]
    assert mirror.asking_id == "c"
    assert mirror.apply(message(3, 4, [], ["c"]))
    assert sources(mirror) == ["3"]


def test_a_difference_to_a_lost_message_makes_no_snapshot(mirror):
    assert not mirror.apply(message(2, 3, [cell("a", "one")]))
    assert mirror.snapshot() is None
    assert not mirror.apply(message(3, 4, []))
    assert mirror.snapshot() is None
    assert mirror.apply(message(0, 5, [cell("z", "new")], ["z"]))
    assert sources(mirror) == ["new"]


def test_a_large_notebook_comes_in_parts():
    mirror = Mirror()
    assert mirror.apply(message(0, 1, [cell("a", "1")], ["a", "b"], last=False))
    assert mirror.snapshot() is None
    assert mirror.apply(message(0, 1, [cell("b", "2")], ["a", "b"]))
    assert sources(mirror) == ["1", "2"]
    assert mirror.apply(message(1, 2, [cell("a", "one")], last=False))
    assert mirror.apply(message(1, 2, [cell("b", "two")]))
    assert sources(mirror) == ["one", "two"]


def test_an_order_that_names_an_unknown_cell_makes_no_snapshot(mirror):
    assert mirror.apply(message(1, 2, [], ["a", "x"]))
    assert mirror.snapshot() is None


def test_outputs_and_fates_come_as_values(mirror):
    output = {
        "kind": "display_data",
        "text": "figure",
        "length": 6,
        "mimes": ["image/png"],
        "size": [640, 480],
        "name": "",
        "answer": False,
    }
    fate = {"block": "x:0", "kind": "raised", "cell": "a", "detail": "KeyError: 1"}
    mirror.apply(message(1, 2, [cell("a", "1", outputs=[output], generated="x:0")], fates=[fate]))
    snapshot = mirror.snapshot()
    assert snapshot.cells[0].outputs[0].image_size == (640, 480)
    assert snapshot.cells[0].generated == "x:0"
    assert snapshot.fates == (Fate("x:0", "raised", "a", "KeyError: 1"),)
