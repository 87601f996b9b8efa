"""One press at a time: it holds a lease that runs out, and asks again before each thing it does.

A press that is killed holds nobody up for longer than its lease. One whose lease somebody else has
taken, because it hung or because a clock is wrong, finds out before it does anything more.

The lease also says whether the bucket was left in order: a press that begins to change it takes
that word back first, and gives another at its end. So whoever comes next knows if somebody died on
the way, and whether what it remembers of the bucket still holds.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from forum.printing import PrintFailed

SECONDS = 60.0
"""How long a lease lasts that nobody renews."""
RENEWED_EVERY = 15.0
"""Seconds."""
DOUBT = 120.0
"""Seconds for which whoever let a lease run out may still have a call under way, and more: what it
sends may arrive after somebody else has looked."""

Row = Mapping[str, Any]
"""`holder`: a word of the press's own, "" for nobody; `until`: seconds since 1970; `order`: a word
for how the bucket was left, "" while it is being changed; `doubt`: until when nobody can know,
since a lease ran out; `thrown`: of how many addresses copies
were thrown away in `month`, such as 2026-11."""


class Taken(PrintFailed):
    """Another press is at work."""


class Lost(Exception):
    """Somebody else has the lease by now: nothing more may be done."""


class LeaseRow(Protocol):
    """Where the lease is kept; one row."""

    def read(self) -> Row:
        """The row as it is at this moment; empty before the first lease."""

    def change(self, work: Callable[[Row], Row]) -> None:
        """Write what `work` makes of the row, unless it raises, and unless somebody else wrote."""


class Hold:
    """A lease that is held."""

    def __init__(self, row: LeaseRow, clock: Callable[[], float], order: str) -> None:
        """`order` is the word for how the bucket was left."""
        self.order = order
        self.thrown = 0
        """Of how many addresses copies were thrown away this month, by whoever held it."""
        self.holder = secrets.token_hex(8)
        self._doubt = 0
        self._row = row
        self._clock = clock

    def take(self) -> None:
        """Raises `Taken`."""

        def taken(row: Row) -> Row:
            if row.get("holder") and row["until"] > self._clock():
                raise Taken("Another press is at work.")
            self._doubt = row.get("doubt", 0)
            if row.get("holder"):  # it ran out
                self._doubt = int(self._clock() + DOUBT)
            self.order = row.get("order", "")
            self.thrown = row["thrown"] if row.get("month") == self._month() else 0
            return self._as_held()

        self._row.change(taken)

    def confirm(self) -> None:
        """Go on holding it. Raises `Lost`."""
        self._row.change(self._mine)

    def begin(self) -> None:
        """Say that the bucket is no longer as it was left. Raises `Lost`."""
        self.order = ""
        self.confirm()

    def finish(self) -> str:
        """Say that the bucket is in order; the new word for it. Raises `Lost`.

        While there is doubt, there is no such word, and the next press looks again.
        """
        self.order = "" if self._clock() < self._doubt else secrets.token_hex(8)
        self.confirm()
        return self.order

    def release(self) -> None:
        """Hold it no more."""
        self._row.change(lambda row: {**self._mine(row), "holder": "", "until": 0})

    def _mine(self, row: Row) -> Row:
        if row.get("holder") != self.holder:
            raise Lost
        return self._as_held()

    def _as_held(self) -> Row:
        until = int(self._clock() + SECONDS)
        counted = {"month": self._month(), "thrown": self.thrown}
        held = {"holder": self.holder, "until": until, "order": self.order}
        return {**held, "doubt": self._doubt, **counted}

    def _month(self) -> str:
        return time.strftime("%Y-%m", time.gmtime(self._clock()))


class Lease:
    """The press's lease. `clock` gives seconds since 1970."""

    def __init__(
        self,
        row: LeaseRow,
        clock: Callable[[], float] = time.time,
        renewed_every: float = RENEWED_EVERY,
    ) -> None:
        """`renewed_every` is in seconds."""
        self._row = row
        self._clock = clock
        self._renewed_every = renewed_every

    @property
    def in_order(self) -> bool:
        """Whether the bucket was left in order, and nobody is changing it."""
        return bool(self._row.read().get("order"))

    @contextmanager
    def held(self) -> Iterator[Hold]:
        """Hold it, renewed meanwhile, however long a build takes. Raises `Taken`."""
        hold = Hold(self._row, self._clock, "")
        hold.take()
        done = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(hold, done), daemon=True)
        renewing.start()
        try:
            yield hold
        finally:
            done.set()
            renewing.join()
            with suppress(Exception):  # it runs out by itself
                hold.release()

    def _renew(self, hold: Hold, done: threading.Event) -> None:
        while not done.wait(self._renewed_every):
            with suppress(Exception):  # whoever holds it asks before each thing it does
                hold.confirm()
