"""Cells as parts of a question's context."""

from __future__ import annotations

from comet_magics.context.cells import cell_keys, cell_parts, find_cell
from comet_magics.context.hiding import Hidden
from comet_magics.core.snapshot import Cell, NotebookSnapshot, Output


def cell(cell_id, source="x", count=None, kind="code", outputs=(), edited=None):
    return Cell(cell_id, kind, source, count, tuple(outputs), edited)


def stream(text, length=None):
    return Output("stream", text, length or len(text))


def parts(*cells, asking="asking", hidden=(), **options):
    notebook = NotebookSnapshot(tuple(cells), asking, "work.ipynb", "extension")
    return cell_parts(notebook, lambda text: text, Hidden(tuple(hidden)), **options)


class TestWhatTheModelCallsACell:
    def test_the_beginning_of_its_id_and_all_of_it_where_two_begin_alike(self):
        keys = cell_keys([cell("a1b2c3d4-e5f6"), cell("12345678-one"), cell("12345678-two")])
        assert keys == ["a1b2c3d4", "12345678-one", "12345678-two"]

    def test_its_number_or_its_place_where_it_has_no_id(self):
        assert cell_keys([cell("", count=7), cell("")]) == ["In7", "at1"]


class TestFinding:
    notebook = NotebookSnapshot(
        (cell("a", count=4), cell("b"), cell("asking", count=9), cell("c", count=5)), "asking", "", "extension"
    )

    def test_by_execution_count(self):
        assert [find_cell(self.notebook, number) for number in (4, 5, 6)] == [0, 3, None]

    def test_upwards_from_the_cell_that_asks(self):
        assert [find_cell(self.notebook, number) for number in (-1, -2, -3)] == [1, 0, None]


class TestOrderAndState:
    def test_in_notebook_order_with_what_ran_and_what_was_changed_since(self):
        found = parts(
            cell("one", "a = 1", 2, edited=False),
            cell("two", "b = 2", 1, edited=True),
            cell("three", "c = 3"),
            cell("four", "# Sales", kind="markdown"),
        )
        assert [(part.title, dict(part.attributes)["ran"], dict(part.attributes)["state"]) for part in found] == [
            ("cell [2]", "2", ""),
            ("cell [1]", "1", "changed since it ran"),
            ("cell 3", "", "not run"),
            ("cell 4, markdown", "", ""),
        ]

    def test_the_asking_cell_our_own_and_what_the_conversation_holds_are_left_out(self):
        found = parts(
            cell("told", "old question"),
            cell("ours", "%%gpt\nWhy?"),
            cell("load", "%load_ext comet_magics\n"),
            cell("mixed", "%load_ext comet_magics\nimport pandas"),
            cell("empty", "  "),
            cell("asking", "%%gpt\nNow?"),
            asked=frozenset({"told"}),
        )
        assert [part.key for part in found] == ["cell:mixed"]

    def test_a_cell_named_in_the_question_goes_along_whatever_it_is(self):
        (found,) = parts(cell("ours", "%%gpt\nWhy?"), mentioned=frozenset({0}))
        assert found.importance > 90

    def test_near_cells_matter_more_and_those_above_more_than_those_below(self):
        cells = [cell(str(number)) for number in range(9)]
        cells[4] = cell("asking")
        importance = {part.key: part.importance for part in parts(*cells)}
        assert importance["cell:3"] > importance["cell:2"] > importance["cell:0"] > 0
        assert importance["cell:3"] > importance["cell:5"]


class TestForms:
    def test_each_form_is_shorter_and_the_last_is_one_line(self):
        source = "\n".join(f"value_{number} = compute({number})" for number in range(400))
        (found,) = parts(cell("a", source, 1, outputs=[stream("y" * 5000)]))
        lengths = [len(form) for form in found.forms]
        assert lengths == sorted(lengths, reverse=True)
        assert found.forms[-1] == "value_0 = compute(0)"
        assert found.forms[0].startswith("value_0 = ")
        assert "value_399" in found.forms[0]  # shortened in the middle, not at the end

    def test_a_picture_is_its_size_and_no_text_of_its_own(self):
        image = Output("display_data", "<Figure size 640x480 with 1 Axes>", 33, ("image/png",), (640, 480))
        (found,) = parts(cell("a", "plot()", 1, outputs=[image]))
        assert found.forms[0] == "plot()\n--- output\n(image, 640×480)"

    def test_how_long_a_cut_output_was(self):
        (found,) = parts(cell("a", "run()", 1, outputs=[stream("beginning … end", 90_000)]))
        assert "(90,000 characters in all)" in found.forms[0]

    def test_terminal_colours_and_unseen_characters_are_taken_out(self):
        (found,) = parts(cell("a", "run()", 1, outputs=[stream("\x1b[31mred\x1b[0m \u202eback")]))
        assert found.forms[0].endswith("red back")


class TestHidden:
    def test_statements_that_mention_a_hidden_name_are_cut_out_whole(self):
        source = "rate = 2\ntotal = sum(\n    salary\n    for salary in rows\n)\nprint(rate)"
        (found,) = parts(cell("a", source, 1), hidden=["salary"])
        assert found.forms[0] == "rate = 2\n# [hidden]\nprint(rate)"

    def test_so_are_lines_of_what_is_no_python(self):
        (found,) = parts(cell("a", "# Pay\nThe salary is 5\nEnd", kind="markdown"), hidden=["salary"])
        assert "5" not in found.forms[0]
        assert "End" in found.forms[0]

    def test_outputs_of_such_a_cell_and_outputs_that_mention_it_are_kept_out(self):
        first, second = parts(
            cell("a", "salary", 1, outputs=[stream("987654")]),
            cell("b", "show()", 2, outputs=[stream("salary  987654")]),
            hidden=["salary"],
        )
        assert "987654" not in "".join(first.forms + second.forms)
        assert "kept out" in second.forms[0]
