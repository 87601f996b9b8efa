"""How a receipt was typed: only what its words tell by themselves, never whether it exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from string import ascii_lowercase

from forum.keys import Keyring
from forum.ports import Clock
from forum.receipts import (
    CAPABILITY_LIFE,
    LONGEST_TYPED,
    WORDS,
    Pocket,
    Receipt,
    is_word,
    put_away,
    taken_out,
    words_in,
)

LONGEST_WORD = 20
"""Letters; a longer one is not looked for."""


@dataclass(frozen=True)
class Slip:
    """A typed word that is in no receipt, and the words it may have meant, by the alphabet."""

    typed: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Spelling:
    """How a receipt was typed."""

    number: int
    """How many words there were."""
    slips: tuple[Slip, ...]
    mended: Receipt | None
    """The receipt that was meant, if there are six words and each slip can mean only one."""

    @property
    def is_complete(self) -> bool:
        """Whether there were as many words as a receipt has."""
        return self.number == WORDS


@dataclass(frozen=True)
class TypedBack:
    """How words that were typed back compare with those that were shown."""

    receipt: Receipt
    wrong: tuple[int, ...]
    """Places of the words that differ, counted from 1."""

    @property
    def right(self) -> bool:
        """Whether they were saved as they were shown."""
        return not self.wrong


@dataclass(frozen=True)
class PutAway:
    """Words that a page needs again and must not show, put away for a while."""

    keyring: Keyring
    clock: Clock
    pocket: Pocket = Pocket.SHOWN
    life: timedelta = CAPABILITY_LIFE

    def put(self, receipt: Receipt) -> str:
        """The words as a page may carry them: readable to nobody but us."""
        return put_away(self.keyring, receipt, self.clock.now(), self.pocket)

    def take(self, token: str) -> Receipt | None:
        """The words again; None when that was too long ago, or never put away by us."""
        return taken_out(self.keyring, token, self.clock.now(), self.pocket, self.life)

    def compared(self, token: str, typed: str) -> TypedBack | None:
        """The words that were shown beside those typed back; None when that was too long ago."""
        shown = self.take(token)
        return TypedBack(shown, _wrong(shown, words_in(typed[:LONGEST_TYPED]))) if shown else None


def _wrong(shown: Receipt, typed: tuple[str, ...]) -> tuple[int, ...]:
    """Where they differ: everywhere, when there are not as many."""
    same = len(typed) == len(shown.words)
    pairs = enumerate(zip(shown.words, typed, strict=False), 1)
    return tuple(at for at, (a, b) in pairs if a != b) if same else tuple(range(1, WORDS + 1))


def spelling(typed: str) -> Spelling:
    """What the list alone says about these words."""
    words = words_in(typed[:LONGEST_TYPED])
    slips = tuple(_slip(word) for word in words if not is_word(word))
    return Spelling(len(words), slips, _mended(words, slips))


def _mended(words: tuple[str, ...], slips: tuple[Slip, ...]) -> Receipt | None:
    sure = {slip.typed: slip.meant[0] for slip in slips if len(slip.meant) == 1}
    if len(words) != WORDS or not slips or len(sure) < len({slip.typed for slip in slips}):
        return None
    return Receipt(tuple(sure.get(word, word) for word in words))


def _slip(word: str) -> Slip:
    near = _one_off(word) if len(word) <= LONGEST_WORD else ()
    return Slip(word, tuple(sorted({other for other in near if is_word(other)})))


def _one_off(word: str) -> Iterator[str]:
    """Every word that one slip of the finger makes of this one (Damerau, 1964)."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]
