"""Keep little: every clock that a row runs out by is here, and nowhere else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forum.figures import firsts
from forum.ports import RetentionStore
from forum.post import Post, State
from forum.rows import Report, Unavailable

CLOCKS: dict[State, int] = {
    State.RETURNED: 30,
    State.OFFERED: 14,
    State.DECLINED: 30,
    State.ESCALATED: 30,
    State.WITHDRAWN: 30,
    State.TAKEN_DOWN: 30,
}
"""Days a post stays in a state before its row is erased; other states have no end of their own.

A withdrawn post has lost its text on the day it was withdrawn: the row left behind says only
that it was.
"""

TYPED_DAYS = 30
"""Days after approval until only the approved record is kept."""
SPENT_DAYS = 2
"""Days a used form is remembered: longer than a form lives, so that none is taken twice."""

REPORT_DAYS = 30
"""Days a report is kept after it was answered."""

WAIT_DAYS = 30
"""Days for which it is kept how long posts waited: twice as long as any figure looks back."""
VERDICT_MONTHS = 13
"""Months, this one among them, for which it is kept what was made of each rule's marks."""

CLAIMED_FOR = timedelta(minutes=30)
"""How long a claim on a post holds without being renewed."""
UNDO_WITHIN = timedelta(seconds=60)
"""How long a decision can be taken back by the one who made it."""
INVITED_FOR = timedelta(hours=24)
"""How long an invitation to enrol holds."""
CHALLENGED_FOR = timedelta(minutes=5)
"""How long a passkey has to answer."""
SIGNED_IN_FOR = timedelta(hours=2)
"""How long a session holds at most."""
IDLE_FOR = timedelta(minutes=30)
"""How long a session holds without being used."""


@dataclass(frozen=True)
class Erased:
    """How many rows one purge erased."""

    posts: int
    typed: int
    reports: int
    forms: int
    passing: int
    tallies: int


def erased_on(post: Post) -> date | None:
    """The day the post will be erased if nothing changes; None when no clock runs."""
    days = CLOCKS.get(post.state)
    return post.state_day + timedelta(days=days) if days is not None else None


def report_erased_on(report: Report) -> date | None:
    """The day the report will be erased; None while it waits for an answer."""
    return report.state_day + timedelta(days=REPORT_DAYS) if report.state_day else None


def purge(store: RetentionStore, now: datetime) -> Erased:
    """Erase everything whose clock has run out at `now`.

    The store is compacted even if nothing ran out: how its pages lie tells what came in together.
    """
    today = now.date()
    erased = Erased(
        posts=sum(
            store.erase_posts(state, today - timedelta(days=days - 1))
            for state, days in CLOCKS.items()
        ),
        typed=store.erase_typed(today - timedelta(days=TYPED_DAYS - 1)),
        reports=store.erase_reports(today - timedelta(days=REPORT_DAYS - 1)),
        forms=store.erase_spent(today - timedelta(days=SPENT_DAYS - 1)),
        passing=store.erase_passing(now),
        tallies=store.erase_tallies(
            today - timedelta(days=WAIT_DAYS - 1), firsts(today, VERDICT_MONTHS)[-1]
        ),
    )
    with suppress(Unavailable):  # it needs as much room again; the next purge tries anew
        store.compact()
    return erased
