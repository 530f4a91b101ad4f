"""Records behave as frozen dataclasses do."""

import copy
import pickle
from dataclasses import FrozenInstanceError

import pytest

from comet_magics.core.pattern import pattern
from comet_magics.core.record import record, replace


@record
class Point:
    """A place."""

    x: int
    y: int = 2
    tags: tuple[str, ...] = ()

    @property
    def sum(self):
        return self.x + self.y


@record
class Place:
    x: int
    y: int = 2
    tags: tuple[str, ...] = ()


@record
class Nothing:
    pass


def test_it_is_made_by_position_name_and_default():
    assert (Point(1).y, Point(1, y=5).sum, Point(x=3).tags) == (2, 6, ())
    with pytest.raises(TypeError):
        Point()


def test_it_compares_by_class_and_content():
    assert Point(1) == Point(1, 2)
    assert Point(1) != Point(2)
    assert Point(1) != Place(1)
    assert Nothing() == Nothing()
    assert len({Point(1), Point(1), Point(2), Place(1)}) == 3


def test_it_is_frozen_and_has_no_room_for_more():
    point = Point(1)
    with pytest.raises(FrozenInstanceError, match="cannot change field 'x' of Point"):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    with pytest.raises((FrozenInstanceError, AttributeError)):
        point.z = 2
    assert not hasattr(point, "__dict__")


def test_it_says_what_it_is():
    assert repr(Point(1)) == "Point(x=1, y=2, tags=())"
    assert (Point.__name__, Point.__doc__, Point.__module__) == ("Point", "A place.", __name__)


def test_it_matches_by_position():
    match Point(1, 7):
        case Place():
            pytest.fail("another class")
        case Point(x, y):
            assert (x, y) == (1, 7)


def test_it_copies_and_is_replaced():
    point = Point(1, tags=("a",))
    assert copy.copy(point) == copy.deepcopy(point) == point
    assert replace(point, y=9) == Point(1, 9, ("a",))


def test_a_record_of_the_package_pickles():
    from comet_magics.core.usage import Usage

    assert pickle.loads(pickle.dumps(Usage(1, 2))) == Usage(1, 2)


def test_a_pattern_is_compiled_when_it_is_used():
    words = pattern(r"(\w+)")
    assert words.findall("a b") == ["a", "b"]
    assert words.sub("x", "a b") == "x x"
    assert pattern("(").__dict__ == {"_source": "(", "_flags": 0}
