"""A receipt is six words, the only link between an author and a post, and it is never stored.

What is stored is found under a keyed hash of the words and sealed under a key derived from them:
without the receipt nobody, not even with the whole database, can tell which posts share a hand.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path

# Importing these late was measured and is not worth it: they add 7 to 15 ms to the door's cold
# start, which takes some 400.
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forum.keys import Key, Keyring

WORDS = 6
"""Words in a receipt. From 6,000 words that is 75.3 bits."""

LONGEST_TYPED = 400
"""Characters of a typed receipt. Six words take 53 at most; the rest is room for notes and dots."""

CAPABILITY_LIFE = timedelta(minutes=15)
"""How long a look-up's page may act in place of the receipt."""

LONGEST_CAPABILITY = 256
"""Characters of a capability or of words put away. Real ones take 184 and at most 164."""

BLOCK = 512
"""Bytes that a row is padded to a multiple of: up to 25 posts all look like one."""

NONCE = 12
"""Bytes of an AES-GCM nonce (NIST SP 800-38D, 8.2)."""

HASH = 32
"""Bytes of a look-up hash and of a seal key."""

LENGTH = 4
"""Bytes that tell how much of a padded row is not padding."""


class SealBroken(Exception):
    """A sealed row does not open: the wrong key, the wrong row, or altered bytes."""


@dataclass(frozen=True, repr=False)
class Receipt:
    """Six words. `str()` gives them, to be shown once; `repr()` never does, so no log can."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)

    def __repr__(self) -> str:
        return "Receipt(…)"


@dataclass(frozen=True, repr=False)
class Access:
    """What a receipt opens: where its author's row is, and the key it is sealed under."""

    lookup: bytes
    seal_key: bytes

    def __repr__(self) -> str:
        return "Access(…)"


@cache
def word_list() -> tuple[str, ...]:
    """Every receipt word, in order. Words may be added, never taken out: old receipts hold them."""
    text = Path(__file__).with_name("receipt_words.txt").read_text(encoding="ascii")
    return tuple(text.split())


@cache
def _known() -> frozenset[str]:
    return frozenset(word_list())


def mint(keyring: Keyring, nonce: bytes, body_hash: bytes) -> Receipt:
    """The receipt for one submission of one form.

    Derived from the receipt key, the form's nonce and the body's hash, so that a retry within the
    token's life gets the same words without their being stored. Taking a 256-bit number modulo
    the list's length six times favours some receipts over others by less than 2**-170.
    """
    lengths = len(nonce).to_bytes(LENGTH, "big")
    number = int.from_bytes(_derive(keyring.current, "words", lengths + nonce + body_hash), "big")
    every, words = word_list(), []
    for _ in range(WORDS):
        number, place = divmod(number, len(every))
        words.append(every[place])
    return Receipt(tuple(words))


def parse(typed: str) -> Receipt | None:
    """Read a receipt as somebody typed it: capitals, commas, dots, numbers and lines all pass.

    None unless it is exactly six known words. A text over `LONGEST_TYPED` characters is not read.
    """
    if len(typed) > LONGEST_TYPED:
        return None
    words = words_in(typed)
    known = len(words) == WORDS and all(map(is_word, words))
    return Receipt(words) if known else None


def words_in(typed: str) -> tuple[str, ...]:
    """The words somebody typed, in small letters, whatever stands between them."""
    return tuple(re.findall(r"[^\W\d_]+", typed.lower()))


def is_word(word: str) -> bool:
    """Whether a receipt can hold this word."""
    return word in _known()


def accesses(keyring: Keyring, receipt: Receipt) -> Iterator[Access]:
    """What the receipt opens under each version of the receipt key, current first.

    That key is never changed in place: a row stays where the version that minted it put it.
    """
    words = str(receipt).encode("ascii")
    for key in keyring.all:
        yield Access(_derive(key, "lookup", words), _derive(key, "seal", words))


def seal(access: Access, posts: Sequence[str], randomness: Callable[[int], bytes]) -> bytes:
    """Encrypt an author's row (AES-256-GCM) for the place it is found under.

    The row is the ids of the posts that share a hand, oldest first; there is no time in it.
    `randomness(n)` gives n fresh random bytes.
    """
    nonce = randomness(NONCE)
    aead = AESGCM(access.seal_key)
    return nonce + aead.encrypt(nonce, _padded(posts), _bound_to(access.lookup))


def open_sealed(access: Access, sealed: bytes) -> tuple[str, ...]:
    """The posts in a row; raise `SealBroken` for the wrong key or place, or any altered bit."""
    nonce, body = sealed[:NONCE], sealed[NONCE:]
    try:
        padded = AESGCM(access.seal_key).decrypt(nonce, body, _bound_to(access.lookup))
    except (InvalidTag, ValueError):
        raise SealBroken from None
    end = LENGTH + int.from_bytes(padded[:LENGTH], "big")
    return tuple(json.loads(padded[LENGTH:end]))


def grant(keyring: Keyring, access: Access, now: datetime) -> str:
    """A capability for `CAPABILITY_LIFE` from `now` (aware), to stand in a page for the receipt."""
    both = access.lookup + access.seal_key
    return _fernet(keyring).encrypt_at_time(both, _seconds(now)).decode("ascii")


def redeem(keyring: Keyring, token: str, now: datetime) -> Access | None:
    """What a capability opens, or None when it is forged, expired or no capability at all."""
    both = _taken_out(_fernet(keyring), token, now, CAPABILITY_LIFE)
    return Access(both[:HASH], both[HASH:]) if both else None


class Pocket(Enum):
    """Why a page carries words that it must not show. Each opens with a key of its own, so that
    no page can be made to show words that were put away for another."""

    SHOWN = "shown words"
    """To compare them with words that are typed back."""
    MENDED = "mended words"
    """To look up what a misspelt word must have meant."""
    FORM = "words of a form"
    """To send a form on that came with a receipt."""


def put_away(
    keyring: Keyring, receipt: Receipt, now: datetime, pocket: Pocket = Pocket.SHOWN
) -> str:
    """The words, readable to nobody else, for a page that soon needs them again."""
    words = str(receipt).encode("ascii")
    return _fernet(keyring, pocket.value).encrypt_at_time(words, _seconds(now)).decode("ascii")


def taken_out(
    keyring: Keyring,
    token: str,
    now: datetime,
    pocket: Pocket = Pocket.SHOWN,
    life: timedelta = CAPABILITY_LIFE,
) -> Receipt | None:
    """The words that were put away there; None when that was forged or longer ago than `life`."""
    words = _taken_out(_fernet(keyring, pocket.value), token, now, life)
    return parse(words.decode("ascii")) if words else None


def _derive(key: Key, purpose: str, message: bytes) -> bytes:
    """HMAC-SHA256, in a domain of its own for each purpose: no zero byte is in a purpose."""
    label = f"handrail receipts {purpose} 1\0".encode("ascii")
    return hmac.digest(key.secret, label + message, hashlib.sha256)


def _padded(posts: Sequence[str]) -> bytes:
    row = json.dumps(posts, separators=(",", ":")).encode("ascii")
    told = len(row).to_bytes(LENGTH, "big") + row
    return told + bytes(-len(told) % BLOCK)


def _bound_to(lookup: bytes) -> bytes:
    return b"handrail author row 1\0" + lookup


def _taken_out(fernet: MultiFernet, token: str, now: datetime, life: timedelta) -> bytes | None:
    if len(token) > LONGEST_CAPABILITY or not token.isascii():
        return None
    seconds = int(life.total_seconds())
    try:
        return fernet.decrypt_at_time(token.encode("ascii"), seconds, _seconds(now))
    except InvalidToken:
        return None


def _fernet(keyring: Keyring, purpose: str = "capability") -> MultiFernet:
    keys = (_derive(key, purpose, b"") for key in keyring.all)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
