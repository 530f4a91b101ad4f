"""The fenced code of an answer."""

import pytest

from comet_magics.code.extract import CodeBlock, extract, python_of


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("no code", ()),
        ("```python\nx = 1\n```", (CodeBlock("python", "x = 1"),)),
        ("~~~py title=a.py\nx\n\ny\n~~~", (CodeBlock("py", "x\n\ny"),)),
        ("- item\n\n  ```Python\n  x\n  ```", (CodeBlock("python", "x"),)),
        ("```\nplain\n```\n```{python}\nx\n```", (CodeBlock("", "plain"), CodeBlock("python", "x"))),
        ("```python\nnever closed", (CodeBlock("python", "never closed"),)),
        ("````md\n```python\nx\n```\n````", (CodeBlock("md", "```python\nx\n```"),)),
    ],
)
def test_extract(markdown, blocks):
    assert extract(markdown) == blocks


def test_only_python_is_joined():
    assert python_of("```python\na\n```\n\n```sql\nb\n```\n\n```py\nc\n```") == "a\n\nc"
