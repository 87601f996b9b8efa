"""What shares a hand: known only to whoever holds the receipt, and for that moment.

A hand is an author's row, found by a keyed hash of the receipt and sealed under a key derived
from it. Without the receipt nobody can open it, not even with the whole database.
"""

from __future__ import annotations

from dataclasses import dataclass

from forum.keys import Keyring
from forum.ports import AuthorStore, Randomness
from forum.receipts import (
    Access,
    Receipt,
    SealBroken,
    accesses,
    open_sealed,
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
    held: tuple[str, ...]
    """The ids of those posts and reports that are not erased."""


@dataclass(frozen=True)
class Hands:
    """Finds, opens and seals authors' rows."""

    store: AuthorStore
    receipts: Keyring
    randomness: Randomness

    def by_receipt(self, receipt: Receipt) -> Hand | None:
        """The row that a receipt opens, if there is one."""
        ways = (self.opened(access) for access in accesses(self.receipts, receipt))
        return next((hand for hand in ways if hand), None)

    def of(self, receipt: Receipt) -> Hand:
        """The row of a receipt that we minted: the stored one, or an empty one to be stored."""
        empty = Hand(next(accesses(self.receipts, receipt)), None, ())
        return self.by_receipt(receipt) or empty

    def joined(self, hand: Hand, held_id: str) -> SealedRow:
        """The row with one more post or report, sealed, to be stored over the one that was read.

        What is erased leaves the row with this, so that it does not grow for ever.
        """
        sealed = seal(hand.access, (*hand.held, held_id), self.randomness)
        return SealedRow(hand.access.lookup, sealed, hand.sealed)

    def opened(self, access: Access) -> Hand | None:
        """The row that this opens, if there is one."""
        stored = self.store.author(access.lookup)
        if stored is None:
            return None
        try:
            held = open_sealed(access, stored.sealed)
        except SealBroken:
            return None
        kept = tuple(held_id for held_id in held if self.store.is_kept(held_id))
        return Hand(access, stored.sealed, kept)
