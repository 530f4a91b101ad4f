from .notebook import LOAD


def test_smoke(open_notebook, answers, gateway):
    answers("Here:\n\n```python\na = 1\nprint(a)\n```\n\nand\n\n```python\nb = 2\n```\n")
    nb = open_notebook(LOAD, "x = 5  # unsaved", "%%gpt\nwhat is x?")
    nb.run(0)
    nb.run(2)
    nb.page.wait_for_selector(".comet-buttons")
    nb.screenshot("smoke")
    print(nb.outputs(2)[0]["metadata"])
    print(gateway.requests[0].prompt)
    nb.page.get_by_role("button", name="Insert below").first.click()
    nb.page.wait_for_timeout(500)
    print(nb.sources())
    nb.screenshot("smoke2")
