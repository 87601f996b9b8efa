"""Looks for everything that was put somewhere, in every reading of every byte it is given."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Address

from tests.rules.addresses import fingerprints
from tests.rules.canaries import (
    BEHIND,
    CLAIMED,
    CLAIMED_SIX,
    CODE,
    MARK,
    TRICKY,
    Canaries,
    hashed,
    pieces,
)
from tests.rules.readings import inflated, readings

WORD = re.compile(rb"%s([a-z2-7]{%d})" % (MARK.encode(), CODE))
TAGS = re.compile(rb"<[^>]*>")
NO_LETTERS = re.compile(rb"[^a-z]+")
LINES = dict.fromkeys(map(ord, "\n\r\t"))
DENSE = re.compile(rb"[A-Za-z0-9_.=+/:|-]{15,}")
NUMBER = re.compile(rb"\d{9,}")
EIGHT = re.compile(rb"[0-9a-f]{8,}")
PIECE = 8_192
"""Bytes from the beginning of one piece of something long to that of the next."""
OVERLAP = 4_096
"""Bytes that two pieces share: nothing that is looked for is that long, in whatever writing."""


def _networks() -> Iterator[bytes]:
    """Our addresses' networks in every way that is long enough to be no accident."""
    for net in (BEHIND, CLAIMED):
        first, second = net.split(".")
        yield rf"{first}\.(?<![\d.]{first}\.){second}\.\d".encode()
        yield rf"\.{second}\.{first}\b".encode()
    six = CLAIMED_SIX.split(":")
    nibbles = "".join(part.zfill(4) for part in six)
    yield CLAIMED_SIX.encode()
    yield ":".join(part.zfill(4) for part in six).encode()
    yield nibbles.encode()
    yield re.escape(bytes.fromhex(nibbles))
    yield re.escape(".".join(reversed(nibbles))).encode()


NETWORKS = tuple(re.compile(pattern) for pattern in _networks())


@dataclass
class Sieve:
    """What is looked for, made ready once."""

    canaries: Canaries
    days: Sequence[date]
    keys: Sequence[str]
    """The house's own keys, as it keeps them."""
    _stretches: dict[int, str] = field(init=False, default_factory=dict)
    _numbers: dict[bytes, str] = field(init=False, default_factory=dict)
    _runs: dict[tuple[bytes, ...], str] = field(init=False, default_factory=dict)
    """Three words of a receipt in a row: those are no accident."""
    _joined: dict[bytes, str] = field(init=False, default_factory=dict)
    """A receipt without its gaps."""
    _read: dict[tuple[bytes, bool], dict[str, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, needle in self._needles():
            self._stretches[int.from_bytes(needle[:8], "little")] = name
        for address, name in self.canaries.addresses.items():
            if isinstance(address, IPv4Address):
                self._numbers |= dict.fromkeys(_counted(address), f"{name}'s address {address}")

        for words, name in self.canaries.receipts.items():
            each = [word.encode() for word in words]
            runs = zip(each, each[1:], each[2:], strict=False)
            self._runs |= dict.fromkeys(runs, name)
            self._joined[b"".join(each)] = name

    def _needles(self) -> Iterator[tuple[str, bytes]]:
        """Stretches of eight bytes that no accident makes."""
        for address, name in self.canaries.addresses.items():
            for digest in fingerprints(address, self.days, self.keys):
                yield f"a hash of {name}'s address {address}", digest
        for secret, name in self.canaries.secrets.items():
            yield from ((name, piece) for piece in pieces(secret))
            yield from ((f"a hash of {name}", digest) for digest in hashed(secret))
        for words, name in self.canaries.receipts.items():
            yield from ((f"a hash of {name}", digest) for digest in hashed(" ".join(words)))
        for code, name in self.canaries.words.items():
            core = f"{MARK}{code}vqx"
            for word in (core, f"{core}{TRICKY}{core}"):
                yield from ((f"a hash of {name}", digest) for digest in hashed(word))

    def search(self, raw: bytes) -> Mapping[str, str]:
        """Everything that is in it, with the first reading that showed it.

        What is long is read piece by piece: most of it is in other files, too, and what one place
        can be read as need not be sought in all the others. What is packed is unpacked whole.
        """
        gapless = not _is_text(raw)
        found: dict[str, str] = {}
        for piece in in_pieces(raw):
            found = {**self._in_piece(piece, gapless), **found}
        packed = inflated(raw) if len(raw) > PIECE + OVERLAP else b""
        return {**self.search(packed), **found} if packed else found

    def _in_piece(self, piece: bytes, gapless: bool) -> Mapping[str, str]:
        """`gapless` is whether it is of something that is no text."""
        key = hashlib.blake2b(piece).digest(), gapless
        if key not in self._read:
            found: dict[str, str] = {}
            for how, read in readings(piece):
                names = self._names(read, gapless or not _is_text(read))
                found |= {name: how for name in names if name not in found}
            self._read[key] = found
        return self._read[key]

    def _names(self, read: bytes, gapless: bool) -> Iterator[str]:
        small = read.lower()
        for code in WORD.findall(small):
            yield from filter(None, [self.canaries.words.get(code.decode())])
        yield from self._addresses(small)
        yield from self._receipts(small)
        yield from self._eights(read if gapless else b" ".join(DENSE.findall(read)))

    def _addresses(self, small: bytes) -> Iterator[str]:
        for pattern in NETWORKS:
            for found in pattern.finditer(small):
                around = small[found.start() : found.end() + 24].decode("latin-1")
                yield self._whose(around)
        for run in (*NUMBER.findall(small), *EIGHT.findall(small)):
            if len(run) < 12:
                yield from filter(None, [self._numbers.get(run)])

    def _whose(self, text: str) -> str:
        """Whose address a text begins with, as far as it tells."""
        owners = (
            f"{name}'s address {address}"
            for address, name in self.canaries.addresses.items()
            if re.match(rf"{re.escape(str(address))}(?![\d.])", text.lstrip("."))
        )
        return next(owners, "somebody's address or network")

    def _receipts(self, small: bytes) -> Iterator[str]:
        letters = NO_LETTERS.sub(b" ", TAGS.sub(b" ", small)).split()
        for run in self._runs.keys() & set(zip(letters, letters[1:], letters[2:], strict=False)):
            yield self._runs[run]
        yield from (name for joined, name in self._joined.items() if joined in small)

    def _eights(self, dense: bytes) -> Iterator[str]:
        """Digests, in what is no text; secrets, which are text without a gap, in what is."""
        for start in range(min(8, len(dense))):
            whole = memoryview(dense)[start:]
            windows = whole[: len(whole) // 8 * 8].cast("Q")
            if not self._stretches.keys().isdisjoint(windows):
                yield from (self._stretches[hit] for hit in self._stretches.keys() & set(windows))


def in_pieces(raw: bytes) -> Iterator[bytes]:
    """Something whole if it is short; else pieces of it, each of which begins within the last."""
    if len(raw) <= PIECE + OVERLAP:
        yield raw
    else:
        for start in range(0, len(raw) - OVERLAP, PIECE):
            yield raw[start : start + PIECE + OVERLAP]


def _is_text(read: bytes) -> bool:
    try:
        return read.decode("utf-8").translate(LINES).isprintable()
    except UnicodeDecodeError:
        return False


def _counted(address: IPv4Address) -> Iterable[bytes]:
    """An address as one number."""
    number, swapped = int(address), int.from_bytes(address.packed, "little")
    yield from (str(n).encode() for n in (number, swapped, 2**32 - number, 2**32 - swapped))
    yield from (f"{n:08x}".encode() for n in (number, swapped))
