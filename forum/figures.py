"""The team's figures: what waits, how long it takes, what comes of it; no person is in any.

Pure arithmetic over what the store counted. A figure made of too few is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from math import ceil
from typing import Protocol

from forum.post import Act
from forum.record import Entry, parted
from forum.rows import Verdict

LATELY = timedelta(days=30)
"""How far back the figures of waiting look."""
FEWEST = 5
"""Waits that ended lately, under which no figure is made of them."""
MONTHS = 12
"""How many months the figures by month show."""
FEWEST_MARKS = 20
"""Marks of a rule under which how often it was wrong is no share."""

AGES = (0, 1, 3, 7)
"""Where each stretch of the waiting posts' ages begins, in days."""
OUTCOMES = (
    *(Act.APPROVE, Act.OFFER, Act.RETURN, Act.DECLINE, Act.ESCALATE),
    *(Act.KEEP, Act.TAKE_DOWN),
)
"""What can come of a post, in the order in which people should meet it."""


class Wait(Enum):
    """What a post waits for; the words under which the store counts it."""

    LOOKED = "looked"
    """That somebody first takes it to read it."""
    DECIDED = "decided"
    """The first decision."""


Since = tuple[date, bool]
"""The day since which posts wait, and whether somebody may be in danger in them."""
Done = tuple[date, Act]
"""What was done to a post, and on which day."""


class WaitStore(Protocol):
    """What people are told how long it takes from."""

    def waits(self, what: Wait, first: date, last: date) -> Mapping[int, int]:
        """Of the waits that ended on these days, how many took how many days."""


class FiguresStore(WaitStore, Protocol):
    """What the figures are made of: counts, never a row about a person."""

    def waiting(self) -> Mapping[Since, int]:
        """How many posts wait for a moderator, by the day since which they do."""

    def done(self, first: date, last: date) -> Mapping[Done, int]:
        """How often the record says that this was done to a post on these days, and stood.

        A decision that was taken back does not count, and neither does the taking back.
        """

    def verdicts(self, first: date) -> Mapping[tuple[str, Verdict], int]:
        """What was made of each rule's marks since this month's first day."""

    def began(self) -> date | None:
        """The day of the record's first row."""

    def link(self, last: date) -> str:
        """The link of the record's last row up to this day; "" where there is none."""


class RecordStore(Protocol):
    """What reading the record needs; nothing here changes a row."""

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Every row after this number, in order."""

    def page(self, before: int | None, what: str, limit: int) -> Sequence[Entry]:
        """The last rows before this number, newest first; "" for every act and event."""

    def last(self) -> Entry | None:
        """The newest row."""


@dataclass(frozen=True)
class Aged:
    """How many posts have waited for so many days."""

    at_least: int
    at_most: int | None
    """None where the stretch has no end."""
    number: int
    urgent: int
    """How many of these may show somebody in danger."""


@dataclass(frozen=True)
class Times:
    """How long it took lately, in days."""

    half: Fraction
    """Half of them took no longer: the median."""
    most: int
    """Nine in ten took no longer."""
    number: int


@dataclass(frozen=True)
class Month:
    """What came of the posts that were decided in one month."""

    month: str
    """YYYY-MM."""
    outcomes: Mapping[Act, int]
    """For each of `OUTCOMES`."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Alarm:
    """How often a rule marked words, and how often that was wrong."""

    rule: str
    marked: int
    wrong: int

    @property
    def share(self) -> float | None:
        """The part that was wrong, 0 to 1; None where that would say more than is known."""
        return self.wrong / self.marked if self.marked >= FEWEST_MARKS else None


@dataclass(frozen=True)
class Figures:
    """All that the team sees of itself."""

    waiting: Sequence[Aged]
    looked: Times | None
    decided: Times | None
    usual_wait: int | None
    """The days that visitors are told; None where they are told the custom."""
    months: Sequence[Month]
    alarms: Sequence[Alarm]


def by_age(waiting: Mapping[Since, int], today: date) -> tuple[Aged, ...]:
    """The waiting posts by age, youngest first; a day to come counts as today."""
    ends = [*(begin - 1 for begin in AGES[1:]), None]
    found = []
    for begin, end in zip(AGES, ends, strict=True):
        within = {
            since: number
            for since, number in waiting.items()
            if begin <= max(0, (today - since[0]).days) <= (end if end is not None else 10**9)
        }
        urgent = sum(number for (_, in_danger), number in within.items() if in_danger)
        found.append(Aged(begin, end, sum(within.values()), urgent))
    return tuple(found)


def lately(today: date) -> tuple[date, date]:
    """The first and the last of the days that the figures of waiting look at."""
    return today - LATELY + timedelta(days=1), today


def times(waits: Mapping[int, int]) -> Times | None:
    """How long they took; None for fewer than `FEWEST`."""
    number = sum(waits.values())
    if number < FEWEST:
        return None
    middle = Fraction(_nth(waits, (number + 1) // 2) + _nth(waits, number // 2 + 1), 2)
    return Times(middle, _nth(waits, ceil(number * 9 / 10)), number)


def usual_wait(waits: Mapping[int, int]) -> int | None:
    """The days in which a post is usually decided: the median, rounded up, at least one."""
    found = times(waits)
    return max(1, ceil(found.half)) if found else None


def by_month(done: Mapping[Done, int], today: date) -> tuple[Month, ...]:
    """The outcomes of this month and those before it, newest first."""
    sums: Counter[tuple[str, Act]] = Counter()
    for (day, act), number in done.items():
        sums[f"{day:%Y-%m}", act] += number
    return tuple(
        Month(f"{first:%Y-%m}", {act: sums[f"{first:%Y-%m}", act] for act in OUTCOMES})
        for first in firsts(today)
    )


def firsts(today: date, number: int = MONTHS) -> list[date]:
    """The first days of this month and of those before it, newest first."""
    months = [today.year * 12 + today.month - 1 - back for back in range(number)]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def alarms(verdicts: Mapping[tuple[str, Verdict], int]) -> tuple[Alarm, ...]:
    """The rules that were called wrong: greatest share first, then those with too few marks."""
    marked: Counter[str] = Counter()
    for (rule, _), number in verdicts.items():
        marked[rule] += number
    wrong = {rule: verdicts.get((rule, Verdict.FALSE_ALARM), 0) for rule in marked}
    found = [Alarm(rule, marked[rule], wrong[rule]) for rule in marked if wrong[rule]]
    return tuple(sorted(found, key=lambda one: (-(one.share or 0), -one.wrong, one.rule)))


def undone(done: Sequence[Done]) -> list[Done]:
    """Of all that was done to one post, in order, what was taken back."""
    _, taken_back = parted(done, lambda one: one[1] is Act.UNDO)
    return taken_back


def _nth(waits: Mapping[int, int], nth: int) -> int:
    """The days of the wait that is the nth from the shortest."""
    passed = 0
    for days in sorted(waits):
        passed += waits[days]
        if passed >= nth:
            return days
    raise IndexError(nth)
