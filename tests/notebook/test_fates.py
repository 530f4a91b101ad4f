from comet_magics.core.snapshot import Fate
from comet_magics.notebook.fates import FateNotes


def test_the_model_is_told_once_and_again_when_it_changes():
    notes = FateNotes()
    notes.keep((), "x")
    notes.keep((), "y")
    fates = [Fate("x:0", "accepted", "c1"), Fate("y:1", "raised", "c2", "KeyError: 'incme'")]
    assert notes.note(fates) == (
        "What became of the code that you proposed:\n"
        "- code block 1 of your answer 1 stands in the notebook as you wrote it\n"
        "- code block 2 of your answer 2 stands in the notebook and raised KeyError: 'incme'"
    )
    notes.keep(fates, "z")
    assert notes.note(fates) == ""
    assert notes.note([Fate("x:0", "edited", "c1")]).endswith("stands in the notebook, changed by the user")
    assert "declined or removed" in notes.note([Fate("x:0", "rejected")])


def test_what_was_only_looked_at_was_not_told():
    notes = FateNotes()
    notes.keep((), "x")
    fates = [Fate("x:0", "rejected")]
    assert notes.note(fates)
    assert notes.note(fates)


def test_an_answer_of_another_conversation_is_not_spoken_of():
    notes = FateNotes()
    notes.keep((), "x")
    notes.clear()
    assert notes.note([Fate("x:0", "accepted"), Fate("hand-made", "accepted")]) == ""
