"""The whole way of a question in each theme, with a screenshot of each step and an accessibility check of ours.

The pictures are in ./screenshots, to be looked at by people.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comet_magics.testing import reply

from .notebook import LOAD

ANSWER = """\
The table has **344 rows**; three steps show how weight grows with length:

```python
import pandas as pd
penguins = pd.DataFrame({"length": [181, 186, 195], "mass": [3750, 3800, 3250]})
```

```markdown
## Weight by length
```

```python
penguins.groupby("length").mass.mean()  # one row for each length
```

| column | mean |
|---|---|
| length | 187.3 |
| mass | 3600 |
"""
FIXED = "The column is called `mass`.\n\n```python\npenguins.mass.mean()\n```\n"
LONG = "Penguins are heavier than they look, and lighter than they think. " * 200
OURS = [
    f".comet-{name}" for name in ("answer", "badge", "buttons", "choose", "context", "dialog", "fix", "live", "status")
]
THEMES = [("lab", "Light"), ("lab", "Dark"), ("lab", "Dark High Contrast"), ("notebook", "Light"), ("notebook", "Dark")]


@pytest.mark.parametrize(("front_end", "theme"), THEMES, indirect=True)
def test_the_way_of_a_question(open_notebook, answers, server, front_end, theme):
    answers(reply(ANSWER).delayed(between=0.02), FIXED, reply(LONG).delayed(between=0.05))
    question = "%%gpt -i below\nHow does **weight** grow with length? See @penguins."
    nb = open_notebook(LOAD, question, "penguins.weight.mean()", "%%gpt\nTell me all about penguins.")
    assert nb.evaluate("return document.body.dataset.jpThemeName") == f"JupyterLab {theme}"
    picture = Pictures(nb, f"{front_end}-{theme.replace(' ', '-').lower()}")
    nb.load()
    picture.take("load")

    nb.run(1, wait=False)
    expect(nb.cell(1)).to_contain_text("three steps")
    picture.take("text grows")
    nb.wait("notebook.widgets.length === 7")
    expect(nb.page.locator(".comet-badge")).to_have_count(3)
    expect(nb.cell(1)).to_contain_text("tokens in")
    picture.take("statistics and three cells", at=1)
    check(nb)
    nb.select(4)
    nb.page.keyboard.press("z")
    nb.wait("notebook.widgets.length === 4")
    picture.take("undo", at=1)

    nb.page.get_by_role("group", name="Code block 1").get_by_role("button", name="Insert and run").click()
    nb.wait("notebook.widgets[2].model.executionCount === 3")
    nb.run(3)
    fix = nb.page.get_by_role("button", name="Fix this error")
    expect(fix).to_be_visible()
    picture.take("an error", at=3)
    check(nb)
    fix.click()
    nb.wait("notebook.widgets.length === 6 && notebook.widgets[4].model.executionState === 'idle'")
    replace = nb.cell(4).get_by_role("button", name="Replace…")
    expect(replace).to_be_visible()
    replace.click()
    expect(nb.page.locator(".comet-diff-line").first).to_be_visible()
    picture.take("both versions")
    check(nb)
    nb.page.get_by_role("button", name="Accept").click()
    expect(nb.cell(3).locator(".comet-badge")).to_be_visible()
    picture.take("diff accepted", at=3)
    nb.run(3)
    expect(fix).to_have_count(0)

    nb.run(5, wait=False)
    expect(nb.cell(5)).to_contain_text("heavier than they look")
    nb.select(5)
    nb.page.keyboard.press("Alt+Shift+S")
    expect(nb.cell(5)).to_contain_text("Stopped.")
    picture.take("stopped", at=5)
    if nb.page.locator(".comet-status button").is_visible():
        nb.page.locator(".comet-status button").click()
        expect(nb.page.locator(".comet-choose")).to_be_visible()
        picture.take("choose")
        check(nb)
        nb.page.keyboard.press("Escape")

    nb.save()
    nb.page.goto("about:blank")
    for kernel in server.api("kernels"):
        server.api(f"kernels/{kernel['id']}", "DELETE")
    nb = open_notebook(name=nb.name, kernel=False)
    expect(nb.cell(1).locator(".comet-buttons").first).to_be_visible()
    Pictures(nb, picture.prefix, picture.count).take("reopened", at=1)


class Pictures:
    """Numbered screenshots of one tour."""

    def __init__(self, nb, prefix, count=0):
        self.nb, self.prefix, self.count = nb, prefix, count

    def take(self, step, *, at=None):
        if at is not None:
            self.nb.select(at)
            self.nb.evaluate("notebook.widgets[arg].node.scrollIntoView({block: 'start'});", at)
        self.count += 1
        self.nb.screenshot(f"{self.prefix}-{self.count:02}-{step.replace(' ', '-')}")


def check(nb):
    """Assistive technology finds nothing wrong with what is ours."""
    found = Axe().run(nb.page, context={"include": [s for s in OURS if nb.page.locator(s).count()]})
    wrong = [(one["id"], node["html"]) for one in found.response["violations"] for node in one["nodes"]]
    assert wrong == []
