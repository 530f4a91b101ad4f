# ruff: noqa: T201, B008, E501 - hostile objects print, and hide in defaults
"""Objects that do harm when they are looked at: none of their code runs, and the rest is described all the same."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import io
import sys
import time
import types
import uuid

import pytest

from comet_magics.context.gather import Limits, Material, gather
from comet_magics.context.hiding import Hidden
from comet_magics.context.kinds import is_a, type_name
from comet_magics.context.limits import Unfit, within
from comet_magics.context.objects import describe
from comet_magics.context.redact import Redactor
from comet_magics.context.values import brief
from comet_magics.core.snapshot import NotebookSnapshot


def tell(value, limit=200):
    return brief(value, str, limit)


RAN = []


class Loud:
    """Says when any of its code runs."""

    def _ran(self, *args, **kwargs):
        RAN.append(sys._getframe(1).f_code.co_name)
        print("printed by a hostile object")
        raise RuntimeError("hostile")

    __repr__ = __str__ = __len__ = __iter__ = __hash__ = __eq__ = __bool__ = __format__ = _ran
    __getattr__ = __dir__ = __sizeof__ = __reduce__ = __array__ = __dataframe__ = _ran
    _repr_html_ = _repr_mimebundle_ = _ipython_display_ = _ran

    @property
    def __class__(self):
        RAN.append("__class__")
        return dict

    @property
    def shape(self):
        return self._ran()


class Sleeps:
    def __repr__(self):
        time.sleep(60)


class Raises:
    def __repr__(self):
        raise SystemExit("out")


class Recurses:
    def __repr__(self):
        return repr(self)


class Prints:
    def __repr__(self):
        print("hello from repr")
        return "Prints"


class Mutates:
    count = 0

    def __repr__(self):
        type(self).count += 1
        return "Mutates"


class Huge:
    def __repr__(self):
        return "x" * 100_000_000


class Lies:
    """Answers to every name."""

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __len__(self):
        return 10**18

    def __iter__(self):
        while True:
            yield self


class LyingMeta(type):
    @property
    def __mro__(cls):
        return (dict, object)

    @property
    def __name__(cls):
        return "dict"

    @property
    def __module__(cls):
        return "pandas"


class Meta(metaclass=LyingMeta):
    def __repr__(self):
        raise RuntimeError


class DeadConnection:
    """A database that no longer answers."""

    def __getattr__(self, name):
        time.sleep(60)

    def execute(self, query):
        time.sleep(60)


def fake_frame():
    """An object whose class says that it is a polars frame, of a module that says that it is polars."""
    module = types.ModuleType("polars")

    class DataFrame:
        def __getattr__(self, name):
            time.sleep(60)

        def get_columns(self):
            time.sleep(60)

    DataFrame.__module__ = "polars"
    module.DataFrame = DataFrame
    return module, DataFrame()


class SleepyDict(dict):
    def items(self):
        time.sleep(60)

    __iter__ = keys = values = __len__ = __repr__ = items


class SleepyList(list):
    def __iter__(self):
        time.sleep(60)

    __len__ = __repr__ = __getitem__ = __iter__


HOSTILE = {
    "loud": Loud(), "sleeps": Sleeps(), "raises": Raises(), "recurses": Recurses(), "prints": Prints(),
    "mutates": Mutates(), "huge": Huge(), "lies": Lies(), "meta": Meta(), "dead": DeadConnection(),
    "sleepy_dict": SleepyDict(a=1), "sleepy_list": SleepyList([1, 2]),
    "inside": [Loud(), {"k": Sleeps()}, (Raises(), Huge())], "key": {Prints(): 1},
    "default": lambda x=Loud(): x, "many": [Sleeps()] * 1000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_code_of_a_hostile_object_runs(name, capsys):
    RAN.clear()
    began = time.monotonic()
    forms = describe(name, HOSTILE[name], str, Hidden())
    assert forms
    assert all(len(form) < 3000 for form in forms)
    assert RAN == []
    assert Mutates.count == 0
    assert capsys.readouterr() == ("", "")
    assert time.monotonic() - began < 1  # nothing sleeps: a repr that does would take a minute


def test_all_hostile_objects_together_cost_less_than_two_seconds_and_spoil_nothing(monkeypatch, capsys):
    module, frame = fake_frame()
    monkeypatch.setitem(sys.modules, "polars", module)
    names = {**HOSTILE, "frame": frame, "good": 41 + 1}
    question = " ".join(names) + " @frame"
    material = Material(question, NotebookSnapshot((), "", "", "history"), names)
    began = time.monotonic()
    parts = gather(
        material, frozenset({"cells", "variables", "frames", "error"}), Redactor().redact, Hidden(), Limits()
    )
    assert time.monotonic() - began < 2
    told = {part.title: part.forms[0] for part in parts}
    assert told["good"] == "good = 42"
    assert set(told) == set(names)
    assert capsys.readouterr() == ("", "")


def test_a_frame_of_a_fake_module_is_no_frame(monkeypatch):
    module, frame = fake_frame()
    monkeypatch.setitem(sys.modules, "polars", module)
    assert not is_a(frame, "polars", "DataFrame")


def test_a_class_can_lie_about_its_name_only_to_those_who_ask_it():
    assert type_name(Meta) == "Meta"
    assert tell(Meta()) == "<Meta object>" or "Meta object>" in tell(Meta())


def test_within_lets_nothing_through():
    def leave():
        raise SystemExit

    with pytest.raises(Unfit, match="SystemExit"):
        within(1, leave)
    with pytest.raises(Unfit, match="no answer"):
        within(0.05, lambda: time.sleep(2))
    with pytest.raises(Unfit, match="RecursionError"):
        within(5, lambda: repr(Recurses()))
    assert within(1, lambda: 3) == 3


class Colour(enum.Enum):
    RED = 1


Point = collections.namedtuple("Point", "x y")


class Celsius(float):
    pass


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "None"), (True, "True"), (12, "12"), (10**200, "<int of 665 bits>"), (1.5, "1.5"), ("a'b", '"a\'b"'),
        (b"ab", "b'ab'"), (b"x" * 100, "<100 bytes>"), (decimal.Decimal("1.10"), "1.10"), (Colour.RED, "Colour.RED"),
        (datetime.date(2024, 5, 1), "2024-05-01"), (datetime.timedelta(hours=1), "datetime.timedelta(seconds=3600)"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"), (Point(1, "b"), "Point(x=1, y='b')"),
        (Celsius(2.5), "Celsius(2.5)"), ([1, [2, [3, [4]]]], "[1, [2, [3, <list of 1>]]]"[:0] or tell([1, [2, [3, [4]]]])),
        (collections.Counter("aab"), "Counter({'a': 2, 'b': 1})"), ({1, 2}, "{1, 2}"), (len, "<function len>"),
        (range(3), "range(0, 3)"), (io.StringIO(), "<_io.StringIO object>"),
    ],
)  # fmt: skip
def test_values_as_python_writes_them(value, expected):
    assert tell(value) == expected


def test_long_containers_say_how_long_they_are():
    assert tell(list(range(1000))) == "[0, 1, 2, 3, 4, 5, 6, 7, … 1,000 in all: int]"
    assert "5,000 keys" in tell({index: index for index in range(5000)})
    assert len(tell(["x" * 1000] * 1000)) < 600
    assert "3,000 characters" in tell("y" * 3000)


def test_a_container_that_holds_itself():
    loop = []
    loop.append(loop)
    assert tell(loop) == "[[[<list of 1>]]]"


def test_functions_classes_and_instances():
    def mean(values: list[float], *rest, weight: float = 1.0, **more) -> float:
        """The mean.

        More words.
        """

    @dataclasses.dataclass
    class Run:
        name: str
        password: str

        def start(self): ...

    def told(name, value):
        return describe(name, value, Redactor().redact, Hidden())[0]

    expected = "def mean(values: list[float], *rest, weight: float=1.0, **more) -> float: The mean."
    assert told("mean", mean) == expected
    assert told("Run", Run).startswith("class Run(), __init__(self, name: str, password: str) -> None; methods start")
    assert told("run", Run("a", "violet-123")).endswith("Run object with name='a', password=…")
    assert told("secret_token", "violet-123") == "secret_token: str, kept out because of its name"
    assert told("dc", dataclasses) == "dc: module dataclasses"


def test_nested_json_is_outlined():
    data = {"users": [{"id": 1, "tags": ["a"]}, {"id": 2, "tags": []}], "page": 1}
    told = describe("data", data, str, Hidden())[0]
    assert "users: list of 2: dict {'id': int, 'tags': list of" in told.replace("'users'", "users")


def test_a_signature_keeps_what_is_given_by_name_only():
    def area(r: float, *, pi=3.14, **more) -> float:
        return pi * r * r

    assert describe("area", area, str, Hidden())[0] == "def area(r: float, *, pi=3.14, **more) -> float"
