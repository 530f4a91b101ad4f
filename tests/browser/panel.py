"""The panel in the browser, as a person has it before them."""

from __future__ import annotations

from playwright.sync_api import expect

__all__ = ["CODE", "DATA", "PanelPage", "drop", "open_panel", "paste", "png"]

DATA = "import pandas as pd\npenguins = pd.DataFrame({'species': ['Adelie'] * 344})\nlimit = 3"
CODE = (
    "There is **one** species, with $n = 344$.\n\n```python\nspecies = penguins.species.unique()\nlen(species)\n```\n"
)


class PanelPage:
    """One view of the panel: the one in the notebook, or the one at the side."""

    def __init__(self, nb, *, docked=False):
        self.nb, self.page = nb, nb.page
        self.root = nb.page.locator(".comet-docked .comet-panel" if docked else ".jp-Notebook:visible .comet-panel")
        self.field = self.root.get_by_role("textbox", name="Question")
        self.log = self.root.get_by_role("region", name="Conversation")
        self.turns = self.root.locator(".comet-turn")
        self.notices = self.root.get_by_role("alert")
        self.chips = self.root.get_by_role("toolbar", name="Mention a variable")
        self.estimate = self.root.locator(".comet-estimate")
        self.announced = self.root.locator("p[role=status].comet-hidden")

    def ready(self):
        """Wait until the kernel has told it all."""
        expect(self.root.get_by_label("Model", exact=True)).to_have_value("gpt-5.1")
        return self

    def button(self, name, turn=None):
        return (self.root if turn is None else self.turns.nth(turn)).get_by_role("button", name=name, exact=True)

    def ask(self, text, *, wait=True, timeout=20):
        """Type a question over whatever is there, and send it; the answer may take `timeout` seconds."""
        self.field.fill(text)
        self.field.press("Shift+Enter")
        if wait:
            self.ended(text, timeout=timeout)

    def ended(self, text, *, timeout=20):
        """Wait for the answer to the newest question with this text."""
        turn = self.root.get_by_role("article", name=f"Question: {text}", exact=True).last
        expect(turn).to_be_visible()
        expect(turn).not_to_have_attribute("data-state", "running", timeout=timeout * 1000)
        return turn


def open_panel(nb, *, cell=1):
    nb.load()
    nb.run(cell)
    return PanelPage(nb).ready()


def paste(panel, kind, content):
    """Paste a file into the prompt: `content` is base64."""
    drop(panel, kind, content, event="paste")


def drop(panel, kind, content, *, name="picture", event="drop"):
    panel.field.evaluate(
        """(field, [event, kind, name, content]) => {
            const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], name, {type: kind}));
            const init = {bubbles: true, cancelable: true};
            field.dispatchEvent(event === 'paste'
                ? new ClipboardEvent('paste', {...init, clipboardData: data})
                : new DragEvent('drop', {...init, dataTransfer: data}));
        }""",
        [event, kind, name, content],
    )


def png(panel, width, height):
    """A picture of this size, as base64."""
    return panel.page.evaluate(
        """([width, height]) => {
            const canvas = Object.assign(document.createElement('canvas'), {width, height});
            canvas.getContext('2d').fillRect(0, 0, width / 2, height);
            return canvas.toDataURL('image/png').split(',')[1];
        }""",
        [width, height],
    )
