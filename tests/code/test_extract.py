"""The blocks of an answer: which there are, in which order, and which of them can be cells."""

import pytest

from comet_magics.code.extract import extract, python_of


def blocks(text):
    return [(block.language, block.source, block.role) for block in extract(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no code", []),
        ("```python\nx = 1\n```", [("python", "x = 1", "cell")]),
        ("~~~py title=a.py\nx\n\ny\n~~~", [("python", "x\n\ny", "cell")]),
        ('```python title="a b.py" {1,3}\nx\n```', [("python", "x", "cell")]),
        ("```{.python .numberLines}\nx\n```", [("python", "x", "cell")]),
        ("```Python3\nx\n```", [("python", "x", "cell")]),
        ("```python3.11\nx\n```", [("python", "x", "cell")]),
        ("```{code-cell} ipython3\nx\n```", [("python", "x", "cell")]),
        ("```{python}\nx\n```", [("python", "x", "cell")]),
        ("```python=12\nx\n```", [("python", "x", "cell")]),
        ("```py:lib/a.py\nx\n```", [("python", "x", "cell")]),
        ("```python\n$ pip install x\n```", [("python", "$ pip install x", "read")]),
        ("```pycon\n>>> 1\n```", [("pycon", ">>> 1", "read")]),
        ("```console\n$ ls\n```", [("console", "$ ls", "read")]),
        ("```output\n3\n```", [("output", "3", "read")]),
        ("```json\n{}\n```", [("json", "{}", "read")]),
        ('```\n{"a": [1, 2]}\n```', [("", '{"a": [1, 2]}', "read")]),
        ("```\n(3, 4)\n```", [("", "(3, 4)", "read")]),
        ("```\n$ python a.py\n```", [("", "$ python a.py", "read")]),
        ("```\n%timeit f()\n```", [("", "%timeit f()", "cell")]),
        ("- item\n\n  ```Python\n  if x:\n      y\n  ```", [("python", "if x:\n    y", "cell")]),
        ("1. a\n   - b\n\n     ```python\n     x\n     ```\n2. c", [("python", "x", "cell")]),
        ("> ```python\n> x\n> ```", [("python", "x", "cell")]),
        ("text\n\n    ```python\n    x = 1\n    ```\n", [("python", "x = 1", "cell")]),
        ("```python\n  x = 1\n  y = 2\n```", [("python", "x = 1\ny = 2", "cell")]),
        ("```python\nnever_closed", [("python", "never_closed", "cell")]),
        ("```python\n%matplotlib inline\n!ls\n```", [("python", "%matplotlib inline\n!ls", "cell")]),
        ("```python\n%%bash\nls\n```", [("python", "%%bash\nls", "cell")]),
        ("````md\n```python\nx\n```\n````", [("md", "```python\nx\n```", "read")]),
        ("```bash\npip install x\n```", [("bash", "pip install x", "read")]),
        ("```sql\nselect 1\n```", [("sql", "select 1", "read")]),
        ("```diff\n-a\n+b\n```", [("diff", "-a\n+b", "read")]),
        ("```python\n@@ -1 +1 @@\n-x = 1\n+x = 2\n```", [("python", "@@ -1 +1 @@\n-x = 1\n+x = 2", "read")]),
        ("```python\n>>> 1 + 1\n2\n```", [("python", ">>> 1 + 1\n2", "read")]),
        ("```python\nOut[3]: 5\n```", [("python", "Out[3]: 5", "read")]),
        ("```\nspecies  mean\nAdelie   3.7\n```", [("", "species  mean\nAdelie   3.7", "read")]),
        ("```\ndtype: float64\n```", [("", "dtype: float64", "read")]),
        ("```\nR2 = 0.93\n```", [("", "R2 = 0.93", "read")]),
        ("```\nimport os\nos.getcwd()\n```", [("", "import os\nos.getcwd()", "cell")]),
        ("```python\n```", [("python", "", "read")]),
    ],
)
def test_blocks(text, expected):
    assert blocks(text) == expected


def test_order_and_lines():
    text = "a\n\n```python\nx = 1\n```\n\n```text\n1\n```\n\n- b\n\n  ~~~python\n  y = x\n  ~~~\n"
    assert [(block.line, block.height, block.closed) for block in extract(text)] == [
        (3, 1, True),
        (7, 1, True),
        (13, 1, True),
    ]
    assert python_of(text) == "x = 1\n\ny = x"


def test_a_fence_that_never_closes_is_known():
    (block,) = extract("```python\nx = (1,")
    assert not block.closed


def test_code_is_what_can_be_a_cell():
    assert python_of("```python\na\n```\n\n```sql\nb\n```\n\n```py\nc\n```") == "a\n\nc"
