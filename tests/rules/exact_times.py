"""Looks for exact times: any second of a stretch of time, however it was written down."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

CLOCKS = re.compile(rb"(?<![\d.])([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?![\d:])")
MINUTES = re.compile(rb"(\d{4})-?(\d\d)-?(\d\d)[T ]([01]\d|2[0-3]):?([0-5]\d)")
STAMPS = re.compile(rb"(?<!\d)(1\d{9})(?=\d{0,9}(?!\d))")
REAL = re.compile(rb"(?=(\x41[\xd9-\xdc][\s\S]{6}))")


@dataclass(frozen=True)
class Span:
    """The time that a run took, in whole seconds of both clocks that could be written down."""

    start: datetime
    end: datetime
    spared: frozenset[int] = frozenset()
    """Seconds since 1970 that rows of moderators' may hold."""

    def moments(self, raw: bytes) -> set[str]:
        """Every exact time within the run that is in it."""
        found = {f"clock {m[0].decode()}" for m in CLOCKS.finditer(raw) if self._on_clock(m)}
        found |= {f"time {m[0].decode()}" for m in MINUTES.finditer(raw) if self._on_day(m)}
        found |= {f"stamp {m[1].decode()}" for m in STAMPS.finditer(raw) if self._has(int(m[1]))}
        return found

    def reals(self, raw: bytes) -> set[str]:
        """The same as SQLite keeps a number with a fraction."""
        numbers = (_real(match[1]) for match in REAL.finditer(raw))
        return {f"number {number}" for number in numbers if self._has(int(number))}

    def _has(self, second: int) -> bool:
        within = int(self.start.timestamp()) <= second <= int(self.end.timestamp())
        return within and second not in self.spared

    def _days(self) -> Iterator[tuple[datetime, datetime]]:
        yield self.start, self.end
        yield self.start.astimezone(), self.end.astimezone()

    def _on_clock(self, found: re.Match[bytes]) -> bool:
        told = ":".join(part.decode() for part in found.groups())
        return any(f"{a:%H:%M:%S}" <= told <= f"{b:%H:%M:%S}" for a, b in self._days())

    def _on_day(self, found: re.Match[bytes]) -> bool:
        told = "".join(part.decode() for part in found.groups())
        return any(f"{a:%Y%m%d%H%M}" <= told <= f"{b:%Y%m%d%H%M}" for a, b in self._days())


def _real(raw: bytes) -> float:
    (number,) = struct.unpack(">d", raw)
    return float(number)
