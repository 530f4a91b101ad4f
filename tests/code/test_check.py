"""The check of cells against a namespace that is written down here: what it finds, and where it is silent."""

import pytest

from comet_magics.code.check import check
from comet_magics.code.namespace import Kind, Namespace, Value
from comet_magics.code.plain import NOTHING

KINDS = {
    "pandas.DataFrame": Kind("DataFrame", "pandas", frozenset({"head", "sum", "loc", "assign"})),
    "pandas.Series": Kind("Series", "pandas", frozenset({"sum", "mean"})),
    "numpy.ndarray": Kind("ndarray", "numpy", frozenset({"sum", "reshape", "shape", "T"})),
    "builtins.NoneType": Kind("NoneType", "builtins", frozenset()),
    "builtins.list": Kind("list", "builtins", frozenset({"append", "sort"})),
}
LIVE = Namespace(
    values={
        "df": Value("pandas.DataFrame", columns=("a", "b"), shape=(3, 2), types={"a": "number", "b": "text"}),
        "arr": Value("numpy.ndarray", shape=(3, 4)),
        "names": Value(plain=["x", "y"]),
        "config": Value(plain={"alpha": 0.1}),
        "n": Value(plain=2),
        "zero": Value(plain=0),
        "unknown": Value(),
    },
    kinds=KINDS,
    absent=frozenset({"nope.csv"}),
    builtins={},
)


def said(*sources):
    return [[finding.message for finding in found if finding.severity == "error"] for found in check(sources, LIVE)][-1]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("df['c']", "no column `c`"),
        ("df['b'].mean()", "`mean` of a column that holds text"),
        ("names[2]", "IndexError: list index out of range"),
        ("config['beta']", "KeyError: 'beta'"),
        ("a, b, c = names", "not enough values"),
        ("'n' + n", "TypeError: can only concatenate str"),
        ("1 / zero", "ZeroDivisionError"),
        ("arr + arr.T", "do not fit"),
        ("arr[:, 4]", "out of bounds"),
        ("rows, columns, depth = df.shape", "not enough values"),
        ("df['new'] = [1, 2]", "2 values for 3 rows"),
        ("i = 0\nwhile i < n:\n    names", "never ends"),
        ("k = 5\nwhile k != 0:\n    k -= 2", "never ends"),
        ("while True:\n    n", "never ends"),
        ("def f(x):\n    return f(x - 1)\nf(2)", "calls itself"),
        ("async def f(): ...\nf() + 1", "`await` it"),
        ("def f(x): ...\nf(1, 2)", "too many positional"),
        ("x = [3, 1].sort()\nx[0]", "NoneType has no items"),
        ("for i in range(3):\n    names[i]", "IndexError"),
        ("print(later)\nlater = 1", "used before it is defined"),
        ("'%s %s' % (1,)", "2 placeholder(s) but 1"),
    ],
)
def test_what_is_found(source, words):
    if "range" in source:
        source = source.replace("range(3)", "[0, 1, 2]")
    assert any(words in message for message in said(source)), said(source)


@pytest.mark.parametrize(
    "source",
    [
        "names.append('z')\nnames[2]",
        "config['beta'] = 1\nconfig['beta']",
        "unknown(config)\nconfig['beta']",
        "alias = config\nalias['beta'] = 1\nconfig['beta']",
        "def fill():\n    config['beta'] = 1\nfill()\nconfig['beta']",
        "def change():\n    global zero\n    zero = 1\nchange()\n1 / zero",
        "if n > 5:\n    names[5]",
        "names[5] if len(names) > 5 else None",
        "n > 5 and names[5]",
        "1 / zero if zero else 0",
        "try:\n    config['beta']\nexcept KeyError:\n    pass",
        "for name in unknown:\n    zero = 1\n1 / zero",
        "while unknown:\n    zero += 1\nelse:\n    1 / zero",
        "i = 0\nwhile i < n:\n    i += 1",
        "low, high = 0, 9\nwhile low < high:\n    low, high = low + 1, high - 1",
        "while True:\n    if unknown:\n        break",
        "i = 0\nwhile i < n:\n    i = unknown()",
        "later = lambda: 1 / zero\nzero = 1",
        "def later():\n    return config['beta']\nconfig = {'beta': 1}\nlater()",
        "def f(k):\n    return 1 if k < 2 else f(k - 1)\nf(3)",
        "df = df.head()\ndf['new'] = [1, 2]",
        "df.loc[3] = [1, 'x']\ndf['new'] = [1, 2, 3, 4]",
        "arr = arr.reshape(4, 3)\narr + arr",
        "first, *rest = names",
        "[name[5] for name in names if len(name) > 5]",
        "del config['alpha']\nconfig.get('alpha')",
        "'nope.csv'",
    ],
)
def test_where_it_is_silent(source):
    assert said(source) == []


def test_later_blocks_know_what_earlier_ones_did():
    assert said("df['c'] = 1", "df['c']") == []
    assert said("names.append('z')", "names[2]") == []
    assert said("sizes = {'a': 1}", "sizes['b']") == ["KeyError: 'b'"]


def test_the_check_computes_with_copies():
    value = {"alpha": [1]}
    live = Namespace(values={"config": Value(plain=value)})
    check(["config['alpha'] + [2]", "config['alpha'].append(3)"], live)
    assert value == {"alpha": [1]}


def test_nothing_is_a_value_of_its_own():
    assert repr(NOTHING) == "NOTHING"
