"""Answers in the background: their buttons, and what a kernel that ended leaves of them."""

from playwright.sync_api import expect

from comet_magics.testing import reply

from .notebook import LOAD

SLOW = reply("Word after word. " * 400).delayed(between=0.05)


def test_each_is_stopped_by_its_button_or_all_by_the_command_and_a_dead_kernel_leaves_them_marked(
    open_notebook, answers, server, gateway
):
    answers(SLOW)
    ask = "%%gpt --background -c none\nTell me a story."
    nb = open_notebook(LOAD, ask, ask, ask, "later = 1")
    nb.load()
    for cell in (1, 2, 3):
        nb.run(cell)
    for cell in (1, 2, 3):
        expect(nb.cell(cell)).to_contain_text("Word after word.")
    nb.screenshot("background")
    nb.cell(1).get_by_role("button", name="Stop", exact=True).click()
    expect(nb.cell(1)).to_contain_text("Stopped.")
    expect(nb.cell(1).get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    expect(nb.page.locator(".comet-live")).to_have_text("The background answer was stopped.")
    expect(nb.cell(2).get_by_role("button", name="Stop", exact=True)).to_be_visible()
    nb.select(4)
    nb.page.keyboard.press("Alt+Shift+S")
    for cell in (2, 3):
        expect(nb.cell(cell)).to_contain_text("Stopped.")
    assert gateway.wait_for_disconnects(3)
    nb.run(1)
    expect(nb.cell(1)).to_contain_text("Word after word.")
    nb.evaluate("return panel.sessionContext.restartKernel().then(() => null)")
    expect(nb.cell(1)).to_contain_text("Not complete: the kernel ended.")
    expect(nb.cell(1)).to_contain_text("Word after word.")
    expect(nb.cell(1).get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    (output,) = nb.outputs(1)
    assert output["metadata"]["comet_magics"]["status"] == "partial"
