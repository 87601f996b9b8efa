"""How much may come in at once, whoever it comes from: a few lanes, each with its own pace.

Whoever shows a proof of work takes one lane; another is kept for people without script, and no
flood of proofs can fill it. Nothing is known of anybody: a lane remembers one moment.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Rate:
    """How many may come at once, and how many more a minute; at least one, and more than none."""

    burst: int
    a_minute: float

    def __post_init__(self) -> None:
        if self.burst < 1 or self.a_minute <= 0:
            raise ValueError("a lane that lets nobody in is no lane")

    @property
    def apart(self) -> timedelta:
        """How long one place takes to come free."""
        return timedelta(minutes=1 / self.a_minute)

    def enter(self, busy: datetime, now: datetime) -> tuple[bool, datetime]:
        """Whether one more may come in at `now` to a lane busy until `busy`; until when it is then.

        This is a token bucket kept as one moment (the virtual scheduling of ITU-T I.371): a lane
        is empty once that moment has passed, each entry moves it on by `apart`, and `burst` of
        them fill it. A store can hold that moment, and change it only if nobody else did.

        A clock that goes back makes no room. If it went back by more than a full lane takes to
        clear, it was wrong before: the lane counts as full from `now` on, so that nobody is kept
        out for as long as the clock had been ahead.
        """
        to_clear = self.burst * self.apart
        if busy - now > 2 * to_clear:
            busy = now + to_clear
        after = max(busy, now) + self.apart
        return (True, after) if after <= now + to_clear else (False, busy)


class Gate(Protocol):
    """Whatever lets in or not: a lane in memory, or a row that several machines share."""

    def enter(self, now: datetime) -> bool:
        """Take a place, if there is one."""


@dataclass
class Lane:
    """A lane in the memory of one process, empty at first, for any number of threads."""

    rate: Rate
    _busy: datetime = field(init=False, repr=False, default=_LONG_AGO)
    _lock: threading.Lock = field(init=False, repr=False, default_factory=threading.Lock)

    def enter(self, now: datetime) -> bool:
        """Take a place, if there is one at `now` (aware)."""
        with self._lock:
            let_in, self._busy = self.rate.enter(self._busy, now)
        return let_in


@dataclass(frozen=True)
class Lanes:
    """The ways in. Looking up, withdrawing and whatever else a receipt does has none to wait in."""

    proven: Gate
    unproven: Gate
    reports: Gate

    def for_post(self, proven: bool) -> Gate:
        """The lane of a post; a full one is never left for the other."""
        return self.proven if proven else self.unproven
