import json
from pathlib import Path
from typing import get_type_hints

import pytest

from comet_magics.notebook import messages
from comet_magics.notebook.comm import Pages
from comet_magics.notebook.messages import parse_from_page

DATA = Path(__file__).parents[1] / "data" / "messages"


def samples(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("sample", samples("from_page.json"), ids=lambda sample: sample["type"])
def test_a_sample_from_the_page_is_understood(sample):
    assert parse_from_page(sample) == sample


@pytest.mark.parametrize("sample", samples("malformed/from_page.json"), ids=repr)
def test_a_malformed_message_is_none(sample):
    assert parse_from_page(sample) is None


def test_of_another_versions_hello_only_the_version_is_believed():
    hello = parse_from_page(samples("other_version.json")["from_page"])
    assert hello == {"type": "hello", "protocol": 99, "page": "", "extension": ""}


TYPES = {
    "hello": messages.HelloFromKernel,
    "status": messages.StatusMessage,
    "insert": messages.InsertMessage,
    "resync": messages.ResyncMessage,
}


@pytest.mark.parametrize("sample", samples("from_kernel.json"), ids=lambda sample: sample["type"])
def test_what_the_kernel_sends_has_the_fields_of_the_samples(sample):
    assert set(get_type_hints(TYPES[sample["type"]])) == set(sample)
    for cell in sample.get("cells", ()):
        assert set(get_type_hints(messages.NewCell)) == set(cell)


def test_what_a_page_says_wrongly_is_ignored_and_logged_once(caplog):
    pages = Pages("0", [], [], status=dict, choose=print, heard=print)
    for sample in samples("malformed/from_page.json"):
        pages.receive(sample)
    assert [record.getMessage() for record in caplog.records] == [
        "A message from the notebook's page was not understood and is ignored."
    ]
