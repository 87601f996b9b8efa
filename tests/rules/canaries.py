"""Words that are nowhere but where a test puts them, addresses that nobody else has, and secrets.

Each has a name, so that a leak can be told by what leaked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address

TRICKY = 'é"\\&<+/ '
"""Characters that every way of writing a text down writes in its own way."""
MARK = "xqv"
"""How every canary begins."""
CODE = 8
"""Letters that tell one from another; all of them are in a piece that was cut off after these."""
NO_DIGITS = str.maketrans("234567", "bcdfgh")
BEHIND = "127.77"
"""The loopback network that our visitors' devices are in."""
CLAIMED = "198.18"
"""The network that forwarding headers claim; kept for benchmarks by RFC 2544."""
CLAIMED_SIX = "2001:db8:7e57"
"""The same for IPv6; kept for documentation by RFC 3849."""

Address = IPv4Address | IPv6Address


@dataclass
class Canaries:
    """All that was put somewhere so far, by what it is looked for as."""

    words: dict[str, str] = field(default_factory=dict)
    """Name by code."""
    addresses: dict[Address, str] = field(default_factory=dict)
    """Name by address."""
    secrets: dict[str, str] = field(default_factory=dict)
    """Name by secret: tokens and cookies, whole."""
    receipts: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Name by the six words."""

    def core(self, name: str) -> str:
        """Letters and digits alone, for where nothing else can stand."""
        return self._noted(name, _code(name))

    def lettered(self, name: str) -> str:
        """The same without a digit, which screening could take for an account's name."""
        return self._noted(name, _code(name).translate(NO_DIGITS))

    def _noted(self, name: str, code: str) -> str:
        assert self.words.setdefault(code, name) == name, "two canaries have one code"
        return f"{MARK}{code}vqx"

    def word(self, name: str) -> str:
        """With characters that every way of writing a text down writes in its own way."""
        core = self.core(name)
        return f"{core}{TRICKY}{core}"

    def address(self, name: str, text: str) -> str:
        """An address that is somebody's."""
        assert self.addresses.setdefault(ip_address(text), name) == name
        return text

    def secret(self, name: str, text: str) -> str:
        """Something that opens or proves something."""
        self.secrets[text] = name
        return text

    def receipt(self, name: str, words: str) -> str:
        """Six words, whose they were first."""
        self.receipts.setdefault(tuple(words.split()), name)
        return words


def _code(name: str) -> str:
    digest = hashlib.sha256(name.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:CODE]


def pieces(secret: str) -> Iterator[bytes]:
    """Stretches of eight bytes of a secret, and of what it encodes, that no other has.

    What secrets of a kind share stands at their beginning, a version and a time, or is a time too,
    whose first bytes are zero.
    """
    for whole, shared in ((secret.encode(), 24), (_encoded(secret), 18)):
        least = shared if len(whole) > 64 else 8
        stretches = (whole[at : at + 8] for at in range(least, len(whole) - 7, 8))
        yield from (one for one in stretches if b"\0\0\0" not in one and b"AAAA" not in one)


def _encoded(secret: str) -> bytes:
    """What stands behind the base64 of its longest part."""
    longest = max(secret.split("."), key=len)
    try:
        return base64.urlsafe_b64decode(longest + "=" * (-len(longest) % 4))
    except (binascii.Error, ValueError):
        return b""


def hashed(word: str) -> Iterator[bytes]:
    """The digests that are made of a word without thinking."""
    for kind in ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "sha3_256"):
        yield hashlib.new(kind, word.encode()).digest()
