"""Pictures of pages made small: a page has few colours, so 256 of them are enough for its picture.

Source: the PNG specification, 9 (filtering), 11.2.3 (PLTE).
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache

SIGNATURE = b"\x89PNG\r\n\x1a\n"
DEPTH, RGB, PALETTE, RGBA = 8, 2, 3, 6
MOST_COLOURS = 256

Colour = tuple[int, ...]


def compact(png: bytes) -> bytes:
    """The same picture with a palette; its rarest colours become the nearest that are in it.

    Takes what browsers write: 8 bits a channel, no interlacing.
    """
    chunks = list(_chunks(png))
    width, height, depth, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    assert depth == DEPTH
    assert kind in (RGB, RGBA)
    channels = 3 if kind == RGB else 4
    packed = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    lines = [_colours(line, channels) for line in _unfiltered(packed, width * channels, channels)]
    counted = Counter(colour for line in lines for colour in line)
    palette = [colour for colour, _ in counted.most_common(MOST_COLOURS)]

    @cache
    def place(colour: Colour) -> int:
        return min(range(len(palette)), key=lambda at: _distance(palette[at], colour))

    places = {colour: at for at, colour in enumerate(palette)}
    known = {colour: places.get(colour, -1) for colour in counted}
    known |= {colour: place(colour) for colour, at in known.items() if at < 0}
    drawn = b"".join(b"\0" + bytes(map(known.__getitem__, line)) for line in lines)
    head = struct.pack(">IIBBBBB", width, height, DEPTH, PALETTE, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", bytes(value for colour in palette for value in colour)),
        (b"IDAT", zlib.compress(drawn, 9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _colours(line: bytes, channels: int) -> list[Colour]:
    return list(zip(line[0::channels], line[1::channels], line[2::channels], strict=True))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        yield name, png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _unfiltered(packed: bytes, length: int, step: int) -> Iterator[bytes]:
    """Each line as it was before its filter; `step` is how many bytes a pixel takes."""
    above = bytes(length)
    for start in range(0, len(packed), length + 1):
        line = bytearray(packed[start + 1 : start + 1 + length])
        _undo(packed[start], line, above, step)
        above = bytes(line)
        yield above


def _undo(kind: int, line: bytearray, above: bytes, step: int) -> None:
    for at in range(len(line) if kind else 0):
        left = line[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        up = above[at]
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        line[at] = (line[at] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    straight = left + up - corner
    by = abs(straight - left), abs(straight - up), abs(straight - corner)
    if by[0] <= by[1] and by[0] <= by[2]:
        return left
    return up if by[1] <= by[2] else corner
