"""The pictures of the docs: each is shown where it should be, and made small without a change."""

import re
import struct
import zlib

import pytest

from tests.journeys.compact_png import SIGNATURE, compact
from tests.journeys.pictures import AT_NIGHT, DESK, FRAMES, IMAGES, ON_A_PHONE, ROOT, SITE

WIDTH = 3
LINES = [
    bytes([250, 1, 2, 30, 40, 50, 7, 8, 9]),
    bytes([251, 3, 2, 30, 41, 5, 200, 8, 90]),
    bytes([0, 0, 0, 255, 255, 255, 1, 1, 1]),
]
"""The pixels of a picture, three to a line."""


def filtered(kind: int, line: bytes, above: bytes) -> bytes:
    """A line as an encoder writes it, straight from the specification (PNG, 9.2)."""
    written = bytearray([kind])
    for at, value in enumerate(line):
        a = line[at - 3] if at >= 3 else 0
        b = above[at]
        c = above[at - 3] if at >= 3 else 0
        nearest = min((a, b, c), key=lambda one: abs(a + b - c - one))  # the first of equals
        written.append((value - (0, a, b, (a + b) // 2, nearest)[kind]) % 256)
    return bytes(written)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def drawn(kind: int) -> bytes:
    """A PNG of these pixels, every line under this filter."""
    above = [bytes(len(LINES[0])), *LINES]
    lines = b"".join(filtered(kind, line, above[at]) for at, line in enumerate(LINES))
    head = struct.pack(">IIBBBBB", WIDTH, len(LINES), 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return SIGNATURE + b"".join(chunk(name, data) for name, data in parts)


def pixels(png: bytes) -> list[bytes]:
    """The pixels of a PNG that has a palette and no filters."""
    parts, at = {}, len(SIGNATURE)
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        parts[name] = png[at + 8 : at + 8 + length]
        at += length + 12
    palette, packed = parts[b"PLTE"], zlib.decompress(parts[b"IDAT"])
    rows = [packed[start + 1 : start + 1 + WIDTH] for start in range(0, len(packed), WIDTH + 1)]
    return [b"".join(palette[3 * at : 3 * at + 3] for at in row) for row in rows]


@pytest.mark.parametrize("kind", range(5))
def test_a_picture_made_small_has_the_same_pixels_whatever_its_filters(kind: int) -> None:
    assert pixels(compact(drawn(kind))) == LINES


def test_every_picture_of_the_desk_is_there_and_shown_on_one_page() -> None:
    page = (ROOT / "docs" / "desk-pictures.md").read_text("utf-8")
    made = {*DESK.values(), *AT_NIGHT.values(), *ON_A_PHONE.values()}
    assert {image.stem for image in IMAGES.glob("desk-*.png")} == made
    assert sorted(re.findall(r"\(images/([a-z-]+)\.png\)", page)) == sorted(made)


def test_every_picture_of_the_site_is_there_and_shown_on_one_page() -> None:
    page = (ROOT / "docs" / "site-pictures.md").read_text("utf-8")
    made = {f"site-{name}{ending}" for name in SITE for ending in FRAMES}
    assert {image.stem for image in IMAGES.glob("site-*.png")} == made
    assert sorted(re.findall(r"\(images/([a-z-]+)\.png\)", page)) == sorted(made)
