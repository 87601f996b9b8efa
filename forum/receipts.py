"""Receipts: six words that are minted, never stored, and the keys that only they can open."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forum.keys import Key, Keyring

WORDS = 6
LONGEST = 400
PAD = 512
NONCE = 12
CAPABLE_FOR = timedelta(minutes=15)


class SealBroken(Exception):
    """The row was not sealed under this key, or was changed since."""


@dataclass(frozen=True)
class Receipt:
    """Six words; its repr never shows them."""

    words: tuple[str, ...] = field(repr=False)

    def __str__(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True)
class AuthorRow:
    """The ids of one hand's posts."""

    posts: tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """Where a hand's row is, and what opens it."""

    lookup: bytes = field(repr=False)
    seal_key: bytes = field(repr=False)


def mint(keyring: Keyring, nonce: bytes, body_hash: bytes) -> Receipt:
    """The receipt of this form with this body."""
    number = int.from_bytes(_derived(keyring.current, "mint", nonce + body_hash), "big")
    words = []
    for _ in range(WORDS):
        number, place = divmod(number, len(_words()))
        words.append(_words()[place])
    return Receipt(tuple(words))


def parse(typed: str) -> Receipt | None:
    """The receipt somebody typed."""
    if len(typed) > LONGEST:
        return None
    words = tuple(re.findall("[a-z]+", typed.lower()))
    known = set(_words())
    return Receipt(words) if len(words) == WORDS and all(w in known for w in words) else None


def lookup_keys(keyring: Keyring, receipt: Receipt) -> Iterator[bytes]:
    """One per key version."""
    return (_derived(key, "lookup", str(receipt).encode()) for key in keyring.all)


def seal_keys(keyring: Keyring, receipt: Receipt) -> Iterator[bytes]:
    """One per key version."""
    return (_derived(key, "seal", str(receipt).encode()) for key in keyring.all)


def seal(seal_key: bytes, row: AuthorRow, lookup: bytes, randomness: Callable[[int], bytes]) -> bytes:
    """The sealed row."""
    plain = json.dumps(row.posts).encode()
    plain += b" " * (-len(plain) % PAD)
    nonce = randomness(NONCE)
    return nonce + AESGCM(seal_key).encrypt(nonce, plain, lookup)


def open_sealed(seal_key: bytes, sealed: bytes, lookup: bytes) -> AuthorRow:
    """The row; raise SealBroken."""
    try:
        plain = AESGCM(seal_key).decrypt(sealed[:NONCE], sealed[NONCE:], lookup)
    except InvalidTag:
        raise SealBroken from None
    return AuthorRow(tuple(json.loads(plain)))


def grant(keyring: Keyring, lookup: bytes, seal_key: bytes, now: datetime) -> str:
    """A capability."""
    return _fernet(keyring).encrypt_at_time(lookup + seal_key, int(now.timestamp())).decode()


def redeem(keyring: Keyring, token: str, now: datetime) -> Access | None:
    """What it gives access to."""
    try:
        plain = _fernet(keyring).decrypt_at_time(
            token.encode(), int(CAPABLE_FOR.total_seconds()), int(now.timestamp())
        )
    except InvalidToken:
        return None
    return Access(plain[:32], plain[32:])


def _fernet(keyring: Keyring) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(_derived(k, "capability", b""))) for k in keyring.all]
    )


def _derived(key: Key, purpose: str, message: bytes) -> bytes:
    return hmac.new(key.secret, f"handrail {purpose}\0".encode() + message, hashlib.sha256).digest()


@cache
def _words() -> tuple[str, ...]:
    return tuple(Path(__file__).with_name("receipt_words.txt").read_text("ascii").split())
