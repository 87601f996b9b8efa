"""What bytes say when they are read in every way that they could have been written in.

A word may lie in a file plain, packed, escaped, encoded, or in several of these at once; so every
reading is read again in every way, three deep.
"""

from __future__ import annotations

import binascii
import bz2
import hashlib
import html
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote_to_bytes

DEPTH = 3
ESCAPES = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3})|([\s\S]))")
QUOTED = re.compile(rb"=([0-9A-F]{2})")
BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}")
BASE32 = re.compile(rb"[A-Za-z2-7]{16,}")
HEX = re.compile(rb"[0-9A-Fa-f]{16,}")
DIGITS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHIJKLMNOPQRSTUV")
URLSAFE = bytes.maketrans(b"-_", b"+/")
GZIP = b"\x1f\x8b\x08"
UNREADABLE = (".br", ".zst", ".zip", ".7z", ".lz4")
"""Packed files that nothing here can open: one of them is a fault by itself."""

Reading = tuple[str, bytes]


def inflated(raw: bytes) -> bytes:
    """Whatever is packed in it, wherever gzip begins, or from its start."""
    starts = [match.start() for match in re.finditer(re.escape(GZIP), raw)]
    found = [_unpacked(zlib.decompressobj(31), raw[start:]) for start in starts]
    if raw[:1] == b"\x78":
        found.append(_unpacked(zlib.decompressobj(), raw))
    if raw[:3] == b"BZh":
        found.append(_unpacked(bz2.BZ2Decompressor(), raw))
    if raw[:6] == b"\xfd7zXZ\0":
        found.append(_unpacked(lzma.LZMADecompressor(), raw))
    return b"\n".join(found)


def _unpacked(packed: object, raw: bytes) -> bytes:
    try:
        opened: bytes = packed.decompress(raw)  # type: ignore[attr-defined]
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return b""
    return opened


def from_url(raw: bytes) -> bytes:
    """As in an address or a form."""
    return unquote_to_bytes(raw.replace(b"+", b" ")) if b"%" in raw else b""


def from_html(raw: bytes) -> bytes:
    """As in a page."""
    if b"&" not in raw:
        return b""
    return html.unescape(raw.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def from_escapes(raw: bytes) -> bytes:
    """As in JSON, Python, CSS or C."""

    def meant(match: re.Match[bytes]) -> bytes:
        four, two, octal, itself = match.groups()
        if four or two:
            return chr(int(four or two, 16)).encode("utf-8", "surrogatepass")
        return chr(int(octal, 8)).encode() if octal else itself

    return ESCAPES.sub(meant, raw) if b"\\" in raw else b""


def from_quoted(raw: bytes) -> bytes:
    """As in mail."""
    return QUOTED.sub(lambda m: bytes.fromhex(m[1].decode()), raw) if QUOTED.search(raw) else b""


def without_nuls(raw: bytes) -> bytes:
    """As letters two or four bytes wide."""
    return raw.replace(b"\0", b"") if b"\0" in raw else b""


def from_base64(raw: bytes) -> bytes:
    """Each stretch that could be base64, from each of the four places where one could begin."""
    runs = BASE64.findall(raw.translate(URLSAFE))
    return b"\n".join(_base64(run[at:]) for run in runs for at in range(4))


def _base64(run: bytes) -> bytes:
    """The letters up to where one can end, filled up to a whole group."""
    whole = run[:-1] if len(run) % 4 == 1 else run
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def from_base32(raw: bytes) -> bytes:
    """The same for base32, whose letters are read as the digits of one number."""
    runs = BASE32.findall(raw)
    digits = [run.upper().translate(DIGITS) for run in runs]
    return b"\n".join(_base32(run[at:]) for run in digits for at in range(8))


def _base32(digits: bytes) -> bytes:
    bits = 5 * len(digits)
    return (int(digits, 32) >> bits % 8).to_bytes(bits // 8, "big")


def from_hex(raw: bytes) -> bytes:
    """The same for hexadecimal digits."""
    return b"\n".join(
        bytes.fromhex(run[at : at + (len(run) - at) // 2 * 2].decode())
        for run in HEX.findall(raw)
        for at in range(2)
    )


WAYS: Mapping[str, Callable[[bytes], bytes]] = {
    "inflated": inflated,
    "URL-decoded": from_url,
    "HTML-decoded": from_html,
    "unescaped": from_escapes,
    "from mail": from_quoted,
    "without NULs": without_nuls,
    "base64-decoded": from_base64,
    "base32-decoded": from_base32,
    "hex-decoded": from_hex,
}


def readings(raw: bytes) -> Iterator[Reading]:
    """Every reading by the ways that led to it, the plain one first; none comes twice."""
    seen = {hashlib.blake2b(raw).digest()}
    layer: list[Reading] = [("plain", raw)]
    for depth in range(DEPTH + 1):
        yield from layer
        if depth < DEPTH:
            layer = [new for reading in layer for new in _read_again(reading, seen)]


def _read_again(reading: Reading, seen: set[bytes]) -> Iterator[Reading]:
    how, raw = reading
    for name, read in WAYS.items():
        found = read(raw)
        digest = hashlib.blake2b(found).digest()
        if found and digest not in seen:
            seen.add(digest)
            yield (name if how == "plain" else f"{how}, {name}"), found
