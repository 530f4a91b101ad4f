"""What `@name` in a question stands for."""

from __future__ import annotations

import time

import pytest

from comet_magics.notebook.references import find_references


def names(question, **namespace):
    return {one.reference: one.value for one in find_references(question, namespace).attached}


class Model:
    coef_ = (1, 2)

    @property
    def slow(self):
        time.sleep(60)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is @df?", {"df": 1}),
        ("@df.", {"df": 1}),
        ("(@df, @nested.a.b)", {"df": 1, "nested.a.b": 5}),
        ("@model.coef_", {"model.coef_": (1, 2)}),
        ("mail me@df or `@df` or a/@df or @@df", {}),
        ("Straße @größe", {"größe": 7}),
    ],
)
def test_names_and_their_parts(question, expected):
    assert names(question, df=1, nested={"a": {"b": 5}}, model=Model(), größe=7) == expected


def test_cells_and_the_error():
    found = find_references("Compare @cell:5 with @cell:-1; why @err?", {})
    assert (found.cells, found.error, found.unknown) == ((5, -1), True, ())
    assert find_references("@err", {"err": 1}).error is False


@pytest.mark.parametrize("name", ["data.csv", "sub/data-2025.csv", "./data.csv"])
def test_a_file_is_its_beginning(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir(exist_ok=True)
    (tmp_path / name).write_text("a,b\n" + "1,2\n" * 10_000)
    (one,) = find_references(f"Read @{name} please.", {}).attached
    assert one.text.startswith("40,004 bytes; its first 16,384 follow\na,b\n1,2\n")
    assert one.text.endswith("1,2")


def test_a_file_with_blanks_in_its_name_and_a_binary_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my data.csv").write_text("a")
    (tmp_path / "b.bin").write_bytes(b"\0\1")
    first, second = find_references('@"my data.csv" and @b.bin', {}).attached
    assert first.text == "1 bytes\na"
    assert "binary file of 2 bytes" in second.text


def test_what_means_nothing_is_told_and_stays_a_word():
    assert find_references("Ask @nobody and @nobody about @x.y", {"x": 1}).unknown == ("@nobody", "@x.y")


def test_decorators_in_quoted_code_are_nobody():
    assert find_references("Why?\n@cache\ndef f(): ...\n", {}).unknown == ()


def test_a_property_that_hangs_is_given_up():
    began = time.monotonic()
    assert find_references("@model.slow", {"model": Model()}).unknown == ("@model.slow",)
    assert time.monotonic() - began < 30
