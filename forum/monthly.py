"""What everybody may know of how it goes: totals of months that are over, and no small number.

A number under five never leaves the store: the file that the site is built from does not hold it,
and nothing in that file depends on it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from forum.figures import MONTHS, Done, FiguresStore, firsts
from forum.files import put
from forum.post import Act

FORMAT = 1
SHOWN_FROM = 5
"""The smallest number that is shown."""
KINDS: Mapping[str, frozenset[Act]] = {
    "approved": frozenset({Act.APPROVE}),
    "sent-back": frozenset({Act.RETURN, Act.OFFER}),
    "not-published": frozenset({Act.DECLINE, Act.ESCALATE}),
    "kept": frozenset({Act.KEEP}),
    "taken-down": frozenset({Act.TAKE_DOWN}),
}
"""What the page counts. How often somebody seemed in danger is no figure of its own."""
SETTLED = timedelta(days=1)
"""How long after its end a month is told: no undo can change it then."""


@dataclass(frozen=True)
class Monthly:
    """The file of the months' totals, beside the posts that the press writes."""

    store: FiguresStore
    file: Path

    def write(self, today: date) -> None:
        """Bring the file up to date; raise `Unavailable` or `OSError`.

        As long as no month ends, it keeps every byte.
        """
        put(self.file, _canonical([self._month(first) for first in self._over(today)]))

    def _over(self, today: date) -> list[date]:
        """The first days of the months that are over, newest first, since the record began."""
        began = self.store.began()
        if began is None:
            return []
        _, *over = firsts(today - SETTLED, MONTHS + 1)
        return [first for first in over if first >= began.replace(day=1)]

    def _month(self, first: date) -> dict[str, object]:
        last = _last_of(first)
        month = f"{first:%Y-%m}"
        return {
            "month": month,
            "numbers": shown(self.store.done(first, last)),
            "fingerprint": fingerprint(month, self.store.link(last)),
        }


def numbers_file(posts: Path) -> Path:
    """Where the file lies: beside the folder of posts, which holds posts alone."""
    return posts.with_name(f"{posts.name}-numbers.json")


def shown(done: Mapping[Done, int]) -> dict[str, int | None]:
    """What everybody may know of a month: each kind's number, None for one under five."""
    numbers = {
        kind: sum(number for (_, act), number in done.items() if act in acts)
        for kind, acts in KINDS.items()
    }
    return {kind: number if number >= SHOWN_FROM else None for kind, number in numbers.items()}


def fingerprint(month: str, link: str) -> str:
    """SHA-256, in hex, of the month and the record's last link in it; "" without a link.

    The link alone would tell, by staying as it was, that nothing at all was decided in a month.
    """
    return hashlib.sha256(f"{month} {link}".encode()).hexdigest() if link else ""


def _last_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _canonical(months: list[dict[str, object]]) -> bytes:
    text = json.dumps({"format": FORMAT, "months": months}, sort_keys=True, indent=1)
    return (text + "\n").encode()
