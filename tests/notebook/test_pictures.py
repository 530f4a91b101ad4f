"""Pictures for a question, from files and variables."""

import base64

import pytest

from comet_magics.core.errors import UsageError
from comet_magics.notebook.pictures import picture

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 16


class Figure:
    def savefig(self, buffer, **_):
        buffer.write(PNG)


class Axes:
    figure = Figure()


class Drawn:
    def _repr_png_(self):
        return base64.b64encode(PNG).decode()


@pytest.mark.parametrize("value", [PNG, bytearray(PNG), Figure(), Axes(), Drawn()], ids=lambda v: type(v).__name__)
def test_a_variable_that_holds_a_picture(value):
    image = picture("fig", {"fig": value})
    assert image.data_url == "data:image/png;base64," + base64.b64encode(PNG).decode()


@pytest.mark.parametrize(
    ("data", "kind"),
    [(PNG, "png"), (b"\xff\xd8\xff\xe0", "jpeg"), (b"GIF89a..", "gif"), (b"RIFF\0\0\0\0WEBPVP8 ", "webp")],
)
def test_a_file_by_what_is_in_it(tmp_path, data, kind):
    path = tmp_path / "picture"
    path.write_bytes(data)
    assert picture(str(path), {}).data_url.startswith(f"data:image/{kind};base64,")
    assert picture("where", {"where": path}) == picture(str(path), {})


@pytest.mark.parametrize(
    ("name", "words"), [("nothing.png", "can't be read"), ("number", "a int is not a picture"), ("text", "not a PNG")]
)
def test_anything_else_is_refused_in_words(name, words):
    with pytest.raises(UsageError, match=words):
        picture(name, {"number": 5, "text": b"hello"})
