"""What moderators are told while nobody watches: how much waits, at fixed times, no word of a post.

A message's own time would tell when somebody wrote. So the house counts at half past each hour and
at no other time. Not on the hour: a post's row keeps its day, and a count right after midnight
would tell the two apart by minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Protocol

from forum.ports import CrowdStore

OPENS = timedelta(minutes=30)
"""How long after the full hour the house begins to count."""
TRIES = timedelta(minutes=10)
"""How long it may go on trying in the same hour. Two counts are never closer than what is left."""
COUNTED = 100
"""Neither urgent nor reported posts are counted further: it is this many "or more"."""

_HOUR = timedelta(hours=1)


class NotTold(Exception):
    """The words reached nobody; the message says why, and never to whom."""


class Why(Enum):
    """What makes it time to say something."""

    URGENT = "urgent"
    """A post that two people must read has come in to wait since the last count."""
    DAILY = "daily"
    """Something waits, and it is the hour at which that is said once a day."""


class Form(Enum):
    """Whether visitors can share."""

    OPEN = "open"
    CLOSED = "closed"
    """A person closed it."""
    FULL = "full"
    """It closed by itself: too much waits, or something has waited for too long."""


@dataclass(frozen=True)
class Waiting:
    """What waits, in numbers alone: no field can hold what anybody wrote."""

    urgent: int = 0
    """Posts that two people must read, and that wait for one of them; up to `COUNTED`."""
    came: int = 0
    """How often a post has come to be one of these, ever. It goes up and never down, so that one
    that comes as another is answered is seen, in whichever order that happened."""
    reported: int = 0
    """Posts that readers reported and nobody has answered for; up to `COUNTED`."""
    posts: int = 0
    """All posts that wait for a moderator."""
    second: int = 0
    """Those of them that wait for a second reader."""
    oldest_days: int = 0
    """For how many days the oldest has waited. Posts that reports hid have only the day on which
    they were approved, and are left out."""
    form: Form = Form.OPEN

    @property
    def nothing(self) -> bool:
        """Whether nobody need look."""
        return not (self.posts or self.reported)


@dataclass(frozen=True)
class Told:
    """What the last count left behind; it is about the house, and the same whatever came in."""

    slot: int = 0
    """The hour of the last count that is done with, since 1970."""
    day: int = 0
    """The day whose daily digest was considered, since the year 1."""
    came: int = 0
    """`Waiting.came` at that count."""
    failed: int = 0
    """How many tries have reached nobody since one did."""


class Notifier(Protocol):
    """What carries words to the moderators. Who they are is known to it alone."""

    def tell(self, subject: str, body: str) -> None:
        """Say it to every one; raise `NotTold` if it reached nobody."""


class DigestStore(CrowdStore, Protocol):
    """What may be known of the posts: how many there are."""

    def waiting(self, today: date) -> Waiting:
        """What waits today; says nothing of the form."""

    def told(self) -> Told:
        """What the last count left behind."""

    def put_told(self, told: Told) -> None:
        """Keep that."""


def opens(told: Told, now: datetime) -> bool:
    """Whether it is time to count, and this hour's count is not done with."""
    since = now - _slot_start(now)
    return since < TRIES and _slot(now) != told.slot


def due(waiting: Waiting, told: Told, now: datetime, hour: int) -> Why | None:
    """Why something is to be said now; `hour` is that of the daily digest, in UTC."""
    if waiting.nothing or not opens(told, now):
        return None
    if news(waiting, told):
        return Why.URGENT
    return Why.DAILY if _day(now, hour) != told.day else None


def news(waiting: Waiting, told: Told) -> bool:
    """Whether something urgent waits, and something urgent came since the last count."""
    return waiting.urgent > 0 and waiting.came != told.came


def counted(waiting: Waiting, now: datetime, hour: int, failed: int) -> Told:
    """What a count leaves behind, whether there was anything to say or not."""
    return Told(_slot(now), _day(now, hour), waiting.came, failed)


def _slot_start(now: datetime) -> datetime:
    hours = (now - OPENS).replace(minute=0, second=0, microsecond=0)
    return hours + OPENS


def _slot(now: datetime) -> int:
    return int(_slot_start(now).timestamp() // _HOUR.total_seconds())


def _day(now: datetime, hour: int) -> int:
    """A day that begins with its daily digest."""
    return (now - hour * _HOUR).date().toordinal()


@dataclass(frozen=True)
class Digest:
    """Why something is said, and the numbers."""

    why: Why
    waiting: Waiting

    def words(self, siteurl: str) -> tuple[str, str]:
        """The subject, which may show on a locked screen, and the body, in plain text."""
        desk = f"The desk: {siteurl}/moderation/"
        lines = (*_sentences(self.waiting), desk, _KIND[self.why], _NUMBERS_ONLY)
        return _SUBJECTS[self.why], "\n\n".join(lines) + "\n"


_SUBJECTS = {
    Why.URGENT: "Something urgent waits at the desk",
    Why.DAILY: "What waits at the desk today",
}
_NUMBERS_ONLY = "This message holds numbers. What people wrote stays at the desk."
_KIND = {
    Why.URGENT: "If it is your turn, please look when you can, and ask somebody along: nobody has "
    "to read these alone. If it is not your turn, you can leave it to the others.",
    Why.DAILY: "If it is your turn, thank you. A few are enough, and you can stop at any time.",
}
_FORMS = {
    Form.CLOSED: "The form is closed: one of us closed it.",
    Form.FULL: "The form has closed by itself, because too much waits or something has waited for "
    "over seven days. It opens again as you read.",
}


def _sentences(waiting: Waiting) -> Iterator[str]:
    if waiting.urgent:
        yield _counted(waiting.urgent, "urgent post waits.", "urgent posts wait.")
    if waiting.reported:
        yield _counted(waiting.reported, "post was", "posts were") + " reported by readers."
    if waiting.posts:
        yield _number(waiting.posts, "post waits in all.", "posts wait in all.")
    if waiting.second:
        yield _number(waiting.second, "of them waits", "of them wait") + " for a second reader."
    if waiting.oldest_days:
        yield "The oldest has waited for " + _number(waiting.oldest_days, "day.", "days.")
    if waiting.form in _FORMS:
        yield _FORMS[waiting.form]


def _number(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _counted(number: int, one: str, more: str) -> str:
    return _number(number, one, more) if number < COUNTED else f"{COUNTED} or more {more}"
