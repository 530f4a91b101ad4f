"""The live shell as data: nothing of the user's is called."""

import subprocess
import sys

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from comet_magics.code.check import check
from comet_magics.notebook.describe import describe

CALLED = []


class Meta(type):
    def __getattribute__(cls, name):
        if not name.startswith("__"):
            CALLED.append(name)
        return super().__getattribute__(name)


class Hostile:
    """Tells of everything that is asked of it."""

    def __getattr__(self, name):
        CALLED.append(name)
        raise AttributeError(name)

    @property
    def size(self):
        CALLED.append("size")
        return 1

    shape = columns = dtype = size

    def _tell(self, *_):
        CALLED.append("a method")
        return 0

    __len__ = __iter__ = __eq__ = __hash__ = __bool__ = __repr__ = __getitem__ = __contains__ = _tell


class HostileList(list):
    def __iter__(self):
        CALLED.append("iter")
        return iter(())

    __len__ = __getitem__ = Hostile._tell


class HostileFrame(pd.DataFrame):
    @property
    def columns(self):
        CALLED.append("columns")
        return []


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_nothing_of_the_users_is_called(shell):
    made = {"thing": Hostile(), "items": HostileList([1]), "frame": HostileFrame(), "Made": Meta("Made", (), {"x": 1})}
    shell.user_ns.update(made, many=[Hostile(), Hostile()], table={"a": Hostile()})
    CALLED.clear()
    cells = [
        "thing.size\nthing[0]\nlen(thing)\nitems[5]\nframe['a']\nMade.x\nmany[0].size\nmany[7]\ntable['b']\nthing == 1"
    ]
    check(cells, describe(shell, cells))
    assert CALLED == []


def test_only_small_values_of_built_in_types_are_looked_into(shell):
    shell.user_ns.update(short=[1, 2], long=list(range(10_000)), deep=[[[[[[[[[1]]]]]]]]], text="x" * 50_000)
    cells = ["short[5]", "long[50_000]", "deep[0][9]", "text[90_000]"]
    assert [len(found) for found in check(cells, describe(shell, cells))] == [1, 0, 0, 0]


def test_a_system_that_can_not_fork_says_so():
    code = (
        "import shutil, subprocess, sys, tempfile\n"  # these are other ones there
        "sys.modules.update(resource=None, fcntl=None); sys.platform = 'win32'\n"
        "from comet_magics.notebook.rehearse import NotRehearsed, rehearse\n"
        "try:\n    rehearse(None, ['1'])\n"
        "except NotRehearsed as reason:\n    print(reason)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "this system can't run code behind walls\n"
