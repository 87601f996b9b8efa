"""Which posts share a hand: known only to whoever holds the receipt, and for that moment.

A hand is an author's row, found by a keyed hash of the receipt and sealed under a key derived
from it. Without the receipt nobody can open it, not even with the whole database.
"""

from __future__ import annotations

from dataclasses import dataclass

from forum.keys import Keyring
from forum.ports import Clock, Randomness, VisitorStore
from forum.receipts import (
    Access,
    Receipt,
    SealBroken,
    accesses,
    grant,
    open_sealed,
    redeem,
    seal,
)
from forum.rows import SealedRow


class Unknown(Exception):
    """Nothing for these words: unknown, mistyped and erased receipts are one answer."""


@dataclass(frozen=True)
class Hand:
    """An author's row, opened; `sealed` is how it is stored, or None if it is not stored yet."""

    access: Access
    sealed: bytes | None
    posts: tuple[str, ...]
    """The ids of those that are not erased."""


@dataclass(frozen=True)
class Hands:
    """Finds, opens and seals authors' rows."""

    store: VisitorStore
    receipts: Keyring
    capabilities: Keyring
    clock: Clock
    randomness: Randomness

    def by_receipt(self, receipt: Receipt) -> Hand | None:
        """The row that a receipt opens, if there is one."""
        ways = (self._opened(access) for access in accesses(self.receipts, receipt))
        return next((hand for hand in ways if hand), None)

    def by_capability(self, capability: str) -> Hand | None:
        """The row that a capability opens, as long as that holds."""
        access = redeem(self.capabilities, capability, self.clock.now())
        return self._opened(access) if access else None

    def of(self, receipt: Receipt) -> Hand:
        """The row of a receipt that we minted: the stored one, or an empty one to be stored."""
        empty = Hand(next(accesses(self.receipts, receipt)), None, ())
        return self.by_receipt(receipt) or empty

    def joined(self, hand: Hand, post_id: str) -> SealedRow:
        """The row with one more post, sealed and ready to be stored over the one that was read.

        Posts that are erased leave the row with this, so that it does not grow for ever.
        """
        sealed = seal(hand.access, (*hand.posts, post_id), self.randomness)
        return SealedRow(hand.access.lookup, sealed, hand.sealed)

    def capability(self, hand: Hand) -> str:
        """Leave to act for this hand for a quarter of an hour, in place of its receipt."""
        return grant(self.capabilities, hand.access, self.clock.now())

    def _opened(self, access: Access) -> Hand | None:
        stored = self.store.author(access.lookup)
        if stored is None:
            return None
        try:
            posts = open_sealed(access, stored.sealed)
        except SealBroken:
            return None
        kept = tuple(post_id for post_id in posts if self.store.post(post_id))
        return Hand(access, stored.sealed, kept)
