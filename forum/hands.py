"""Which posts share a hand: known only to whoever holds the receipt, and for that moment.

A hand is an author's row, found by a keyed hash of the receipt and sealed under a key derived
from it. Without the receipt nobody can open it, not even with the whole database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forum.keys import Keyring
from forum.ports import Clock, Randomness, SealedRow, VisitorStore
from forum.receipts import (
    Access,
    AuthorRow,
    Receipt,
    SealBroken,
    grant,
    lookup_keys,
    open_sealed,
    parse,
    redeem,
    seal,
    seal_keys,
)


class Unknown(Exception):
    """Nothing for these words: unknown, mistyped and erased receipts are one answer."""


@dataclass(frozen=True)
class Hand:
    """An author's row, opened; `sealed` is how it is stored, or None if it is not stored yet."""

    access: Access
    sealed: bytes | None
    posts: tuple[str, ...]


@dataclass(frozen=True)
class Hands:
    """Finds, opens and seals authors' rows."""

    store: VisitorStore
    receipts: Keyring
    capabilities: Keyring
    clock: Clock
    randomness: Randomness

    def open(self, typed: str, capability: str) -> Hand:
        """The row behind a receipt as somebody typed it, or behind a capability, or `Unknown`."""
        access = redeem(self.capabilities, capability, self.clock.now()) if capability else None
        receipt = None if access else parse(typed)
        ways = [access] if access else self._ways(receipt) if receipt else []
        for way in ways:
            stored = self.store.author(way.lookup)
            if stored:
                return _opened(stored, way)
        raise Unknown

    def of(self, receipt: Receipt) -> Hand:
        """The row of a receipt that we minted: the stored one, or an empty one to be stored."""
        try:
            return self.open(str(receipt), "")
        except Unknown:
            return Hand(next(self._ways(receipt)), None, ())

    def joined(self, hand: Hand, post_id: str) -> SealedRow:
        """The row with one more post, sealed and ready to be stored over the one that was read."""
        row = AuthorRow((*hand.posts, post_id))
        sealed = seal(hand.access.seal_key, row, hand.access.lookup, self.randomness)
        return SealedRow(hand.access.lookup, sealed, hand.sealed)

    def capability(self, hand: Hand) -> str:
        """Leave to act for this hand for a quarter of an hour, in place of its receipt."""
        access = hand.access
        return grant(self.capabilities, access.lookup, access.seal_key, self.clock.now())

    def _ways(self, receipt: Receipt) -> Iterator[Access]:
        """Where the row can be: one place per version of the receipt key, current first."""
        lookups = lookup_keys(self.receipts, receipt)
        for lookup, seal_key in zip(lookups, seal_keys(self.receipts, receipt), strict=True):
            yield Access(lookup, seal_key)


def _opened(stored: SealedRow, access: Access) -> Hand:
    try:
        row = open_sealed(access.seal_key, stored.sealed, stored.lookup)
    except SealBroken:
        raise Unknown from None
    return Hand(access, stored.sealed, row.posts)
