"""How large a picture is, is worth sending at, and what it costs."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from comet_magics.context.images import image_tokens, size_of, useful_size


def drawn(kind, size, **options):
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (640, 480), (1500, 3)])
def test_the_size_is_read_from_the_head(kind, options, size):
    assert size_of(drawn(kind, size, **options)) == size


def test_an_extended_webp():
    buffer = io.BytesIO()
    frames = [Image.new("RGBA", (300, 200), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    assert size_of(buffer.getvalue()) == (300, 200)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "WEBP"])
def test_a_picture_that_is_cut_off_has_no_size_or_the_right_one(kind):
    data = drawn(kind, (40, 30))
    assert {size_of(data[:length]) for length in range(len(data))} <= {None, (40, 30)}


@pytest.mark.parametrize(
    ("size", "useful"),
    [((640, 480), (640, 480)), ((1024, 1024), (768, 768)), ((4096, 1024), (2048, 512)), ((1, 100_000), (1, 2048))],
)
def test_larger_than_the_model_can_use_is_scaled_down(size, useful):
    assert useful_size(*size) == useful


def test_tokens_grow_with_the_tiles():
    assert image_tokens(512, 512) < image_tokens(513, 512) == image_tokens(1024, 512)
    assert image_tokens(4000, 4000) == image_tokens(768, 768)
