"""Pictures for a question, from files and variables."""

import base64
import io
import struct

import pytest
from PIL import Image as Pillow

from comet_magics.core.errors import UsageError
from comet_magics.notebook.pictures import decoded, picture, picture_size

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


def test_what_a_cell_showed():
    assert picture("cell:5", {}, {5: PNG}) == picture("fig", {"fig": PNG})
    with pytest.raises(UsageError, match="showed no picture"):
        picture("cell:6", {}, {5: PNG})


def drawn(size, kind="PNG"):
    buffer = io.BytesIO()
    Pillow.new("RGB", size, "white").save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_more_than_the_model_can_use_is_scaled_down(kind):
    assert picture_size(picture("big", {"big": drawn((3000, 1500), kind)})) == (1536, 768)


def test_what_is_too_large_to_be_opened_goes_as_it_is():
    """Pillow refuses such a picture; the service may not."""
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 60_000, 60_000) + b"\x08\x02\0\0\0"
    assert picture_size(picture("huge", {"huge": head})) == (60_000, 60_000)


def test_more_than_20_mb_is_refused():
    with pytest.raises(UsageError, match="20 MB"):
        picture("large", {"large": PNG + bytes(21 * 1024**2)})


def test_an_image_of_pillow_and_one_of_matplotlib():
    figure = pytest.importorskip("matplotlib.figure").Figure(figsize=(2, 1), dpi=100)
    figure.subplots().set_title("Rain")
    assert picture("fig", {"fig": figure}).data_url.startswith("data:image/png;base64,")
    assert picture_size(picture("img", {"img": Pillow.new("RGB", (30, 20))})) == (30, 20)


@pytest.mark.parametrize("data", ["iVBO!!", None, 5, [1, 2], ["iVBO", "Rw0K"]])
def test_an_output_that_is_no_picture_is_empty_or_its_bytes(data):
    assert isinstance(decoded(data), bytes)
