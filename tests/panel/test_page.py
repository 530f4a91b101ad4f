"""The modules of the page become one, and nothing of them is lost."""

import re
from pathlib import Path

from comet_magics.panel import page
from comet_magics.panel.page import script, style
from comet_magics.render.style import STYLE

FOLDER = Path(page.__file__).parent / "page"
DECLARED = re.compile(r"^(?:export )?(?:class|const|function|async function) (\w+)", re.MULTILINE)


def test_each_module_is_there_once_before_those_that_use_it():
    joined = script()
    declared = DECLARED.findall(joined)
    for file in FOLDER.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        for name in DECLARED.findall(text):
            assert declared.count(name) == 1, name
        for names in re.findall(r"^import \{([^}]*)\}", text, re.MULTILINE):
            for name in filter(None, map(str.strip, names.split(","))):
                assert declared.index(name) < declared.index(DECLARED.findall(text)[0])


def test_it_is_one_module_with_one_export():
    joined = script()
    assert not re.search(r"^import ", joined, re.MULTILINE)
    assert re.findall(r"^export .*", joined, re.MULTILINE) == ["export default { render };"]


def test_the_style_sheet_has_the_answers_rules():
    assert STYLE in style()
    assert ".comet-panel" in style()
