"""The stop switch runs what is registered, once, whichever comes first."""

import threading

from comet_magics.core.cancel import Cancel


def test_a_callback_runs_when_the_flag_is_set():
    cancel, calls = Cancel(), []
    with cancel.calling(lambda: calls.append(1)):
        cancel.set()
        cancel.set()
    assert calls == [1]


def test_a_callback_registered_too_late_runs_at_once():
    cancel, calls = Cancel(), []
    cancel.set()
    with cancel.calling(lambda: calls.append(1)):
        assert calls == [1]


def test_a_callback_is_forgotten_after_its_block():
    cancel, calls = Cancel(), []
    with cancel.calling(lambda: calls.append(1)):
        pass
    cancel.set()
    assert calls == []


def test_one_failing_callback_does_not_keep_the_others_from_running():
    cancel, calls = Cancel(), []
    with cancel.calling(lambda: 1 / 0), cancel.calling(lambda: calls.append(1)):
        cancel.set()
    assert calls == [1]


def test_waiting_ends_when_another_thread_sets_the_flag():
    cancel = Cancel()
    threading.Timer(0.05, cancel.set).start()
    assert cancel.wait(30)


def test_asking_takes_effect_at_the_next_look():
    cancel, calls = Cancel(), []
    with cancel.calling(lambda: calls.append(1)):
        cancel.ask()
        assert cancel.is_set
    assert calls == []
