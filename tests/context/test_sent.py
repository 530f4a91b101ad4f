"""What a conversation was told, and what there is to tell it next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comet_magics.context.parts import Part, choose
from comet_magics.context.sent import Sent, compose


def cells(*names, text="x = 1"):
    return [Part("cells", f"cell:{name}", name, (text,), 50, "cell", (("id", name),)) for name in names]


def told(sent, parts):
    """What the next message says of `parts`, and remember it."""
    news = sent.news(parts, {"cells"})
    choices = choose(news.parts, 10_000)
    sent.record(news, choices, [part.key for part in parts])
    return compose(news, choices)


def test_nothing_new_is_nothing():
    sent = Sent()
    told(sent, cells("a", "b"))
    assert told(sent, cells("a", "b")) == ""


def test_one_cell_that_moved_is_told_in_one_line():
    sent = Sent()
    told(sent, cells(*"abcdef"))
    assert told(sent, cells(*"bcdaef")) == '<nb:context>\n<nb:moved cell="a" after="d"/>\n</nb:context>'
    assert told(sent, cells(*"fbcdae")) == '<nb:context>\n<nb:moved cell="f" after="(the top)"/>\n</nb:context>'


def test_a_deleted_cell_moves_no_other():
    sent = Sent()
    told(sent, cells(*"abcdef"))
    assert told(sent, cells(*"abdef")) == '<nb:context>\n<nb:gone names="cell:c"/>\n</nb:context>'


def test_a_new_cell_says_what_it_follows():
    sent = Sent()
    told(sent, cells(*"ab"))
    assert '<nb:cell id="new" after="a">' in told(sent, [*cells("a"), *cells("new", text="y = 2"), *cells("b")])


@given(st.permutations(range(9)))
def test_the_moves_lead_from_the_old_order_to_the_new(order):
    sent = Sent()
    before = [f"c{number}" for number in range(9)]
    after = [f"c{number}" for number in order]
    told(sent, cells(*before))
    moves = sent.news(cells(*after), {"cells"}).moved
    for name, _ in moves:
        before.remove(name)
    for name, follows in moves:
        before.insert(before.index(follows) + 1 if follows else 0, name)
    assert before == after
