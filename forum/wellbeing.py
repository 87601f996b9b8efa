"""Looking after whoever reads: limits stop serving posts, and never take away one that is held.

A limit holds for a day as UTC counts them. What a clock does wrong must neither lock anybody out
nor free them: only short steps forward count as time spent, counts stay when it falls back, and
a pause never lasts longer than a pause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import Enum

from forum.duty import Care, Duty, DutyStore
from forum.ports import Clock
from forum.post import Post, State
from forum.races import Result, settled
from forum.route import Route
from forum.screening import RULES

HEAVY_NOTES = frozenset(
    {
        *("suicide", "self-harm", "overdose", "death", "pregnancy-loss"),
        *("violence", "sexual-violence", "childhood-abuse"),
    }
)
"""Content notes of death, injury and what people do to each other. Drinking, using, eating and
time in hospital or custody are what most stories here are about: where one of these weighs more,
another note or the route says so."""
HEAVY_TOGETHER = 2
"""So many of these in one post make it heavy (field notes, 7.6)."""

IDLE = timedelta(minutes=5)
"""Of a gap so much at most is time at the desk: nobody knows whether they read on."""
FALLEN_BACK = timedelta(days=1)
"""A row may be this far ahead of a clock that fell back over midnight, and is good for its own day
still. What is further ahead was written by a clock that was wrong then."""
AT_ONCE = timedelta(seconds=10)
"""Requests closer together than this are written down as one."""


class Rest(Enum):
    """Why the desk suggests a rest, or serves a post to somebody not now."""

    SOFT = "soft"
    """A suggestion and nothing more: a long while without a real break."""
    HARD = "hard"
    """Time enough for today: nothing more is served."""
    PAUSE = "pause"
    """They have just decided an urgent post: nothing is served for a few minutes."""
    ENOUGH_TODAY = "enough-today"
    """Heavy posts enough for today: only light ones."""
    ENOUGH_IN_A_ROW = "enough-in-a-row"
    """Heavy posts enough in a row: a light one first."""
    OPTED_OUT = "opted-out"
    """It is about something they would rather not read: their own choice, and theirs to lift."""


@dataclass(frozen=True)
class OnDuty:
    """Who would read, as far as looking after them goes."""

    moderator: str
    safety_lead: bool = False
    opt_outs: frozenset[str] = frozenset()
    """Slugs of topics and of content notes that they would rather not read about."""

    def spared(self, post: Post) -> bool:
        """Whether it is about something that they would rather not read."""
        return not self.opt_outs.isdisjoint(about(post))


@dataclass(frozen=True)
class Wanted:
    """A post that somebody would open."""

    post: Post
    reported: bool = False
    """Whether readers' reports on it wait for an answer."""
    held: bool = False
    """Whether they hold it already: then they may always finish it."""
    anyway: bool = False
    """Whether they were told to rest and pressed to open it all the same."""

    @property
    def heavy(self) -> bool:
        """Whether it counts towards the limits."""
        return is_heavy(self.post)

    @property
    def urgent(self) -> bool:
        """Whether somebody may come to harm while it waits."""
        grave = self.post.state in (State.HIDDEN, State.ESCALATED)
        return self.post.needs_two or self.reported or grave


@dataclass(frozen=True)
class Stop:
    """Why a post is not served now."""

    rest: Rest
    care: Care
    wait: timedelta | None = None
    """How long until it can be; None where that is not a matter of time."""
    anyway: bool = False
    """Whether they may press to open it all the same: what they opted out of, and a safety lead
    an urgent one."""


@dataclass(frozen=True)
class Standing:
    """How somebody stands today."""

    duty: Duty
    care: Care
    rest: Rest | None = None
    """What holds for every post: HARD, PAUSE, or the suggestion SOFT."""
    wait: timedelta | None = None
    """How long that holds; None for a suggestion."""
    only_light: bool = False
    """Whether heavy posts are not served now."""


@dataclass(frozen=True)
class Wellbeing:
    """The use cases of looking after moderators; for one who is gone they raise `NotEnrolled`."""

    store: DutyStore
    clock: Clock
    care: Care

    def seen(self, who: str) -> Standing:
        """Count the time since their last request, at each request; how they stand now."""

        def attempt() -> Duty:
            before, now = self.store.duty(who), self.clock.now()
            here = arrived(before, who, now, self.care)
            if before is None or not _at_once(before, now):
                self.store.put_duty(here, before)
            return here

        return standing(settled(attempt), self.care)

    def today(self, who: str) -> Duty:
        """Their day so far, for nobody but them. Nothing is written."""
        return arrived(self.store.duty(who), who, self.clock.now(), self.care)

    def may_open(self, on_duty: OnDuty, wanted: Wanted) -> Stop | None:
        """Why they should not open this post now; None if they may. Nothing is counted."""
        return stop(self.today(on_duty.moderator), on_duty, wanted, self.care)

    def opened(self, on_duty: OnDuty, wanted: Wanted) -> Stop | None:
        """Count a post that they have just taken; or why not, if another window was quicker.

        The question and the count are one step: of two windows at once none goes over a limit.
        """

        def count(here: Duty) -> tuple[Duty, Stop | None]:
            why = stop(here, on_duty, wanted, self.care)
            again = wanted.held or wanted.post.state is State.ESCALATED
            return here if why or again else counted(here, wanted.heavy), why

        return self._changed(on_duty.moderator, count)

    def decided(self, who: str, post: Post) -> bool:
        """Begin a pause if this post, as the decision left it, was urgent; whether one began."""
        pause = timedelta(minutes=self.care.pause_minutes)
        if not (pause and _begins_pause(post)):
            return False
        return self._changed(who, lambda here: (replace(here, rest_until=here.seen + pause), True))

    def undone(self, who: str, post: Post) -> None:
        """They took the decision back that left this post so, and are not through with it: the
        pause that it began is over; one that another post began goes on."""
        if not _begins_pause(post):
            return
        self._changed(who, lambda here: (replace(here, rest_until=None), None))

    def _changed(self, who: str, change: Callable[[Duty], tuple[Duty, Result]]) -> Result:
        """Change their row as it is now, however many windows do so at once."""

        def attempt() -> Result:
            before = self.store.duty(who)
            after, result = change(arrived(before, who, self.clock.now(), self.care))
            self.store.put_duty(after, before)
            return result

        return settled(attempt)


def _begins_pause(post: Post) -> bool:
    return post.needs_two or post.state is State.ESCALATED


def is_heavy(post: Post) -> bool:
    """Whether it counts towards the limits: two must read it, or it tells of two heavy things.

    What its author and moderators say of it counts, and what screening found in the words.
    """
    return post.route is Route.HOLD2 or len(HEAVY_NOTES & about(post)) >= HEAVY_TOGETHER


def about(post: Post) -> frozenset[str]:
    """What a post is about: slugs of its topics and content notes, families of its marks.

    The families of suicide, self-harm and eating are called like their notes.
    """
    found = {RULES[mark].family for mark in post.marks if mark in RULES}
    return frozenset(found).union(post.fields.topics, post.fields.content_notes)


def arrived(before: Duty | None, who: str, now: datetime, care: Care) -> Duty:
    """Their row at a request now, made from the one before it."""
    if before is None:
        return Duty(who, now.date(), now)
    today, gap = now.date(), now - before.seen
    rested = gap >= timedelta(minutes=care.break_minutes)
    worked = min(gap, IDLE).total_seconds() if timedelta(0) < gap and not rested else 0.0
    here = replace(
        before,
        day=before.day if timedelta(0) <= before.day - today <= FALLEN_BACK else today,
        seen=now,
        seconds=before.seconds + worked,
        in_a_row_seconds=0.0 if rested else before.in_a_row_seconds + worked,
        rest_until=_pause(before, now, care),
    )
    if today <= before.day:  # the same day; or the clock fell back, and what was read is read
        return here
    row = 0 if rested else before.heavy_in_a_row
    return replace(here, heavy=0, heavy_in_a_row=row, seconds=worked)


def counted(here: Duty, heavy: bool) -> Duty:
    """The row with one more post opened; a light one ends the row of heavy ones."""
    if not heavy:
        return replace(here, heavy_in_a_row=0)
    return replace(here, heavy=here.heavy + 1, heavy_in_a_row=here.heavy_in_a_row + 1)


def stop(here: Duty, on_duty: OnDuty, wanted: Wanted, care: Care) -> Stop | None:
    """Why somebody whose row this is should not open this post at `here.seen`; None if they may.

    A limit is told before a choice of theirs.
    """
    if wanted.held or wanted.post.state is State.ESCALATED:  # the steps for it cannot wait
        return None
    duty_calls = on_duty.safety_lead and wanted.urgent
    rest = _limit(here, wanted.heavy, care)
    if rest and not (duty_calls and wanted.anyway):
        return Stop(rest, care, _wait(rest, here), anyway=duty_calls)
    if not wanted.anyway and on_duty.spared(wanted.post):
        return Stop(Rest.OPTED_OUT, care, anyway=True)
    return None


def standing(here: Duty, care: Care) -> Standing:
    """How somebody whose row this is stands at `here.seen`."""
    rest = _limit(here, False, care)
    long = here.in_a_row_seconds >= care.soft_minutes * 60
    return Standing(
        here,
        care,
        rest or (Rest.SOFT if long else None),
        _wait(rest, here) if rest else None,
        only_light=rest is None and _limit(here, True, care) is not None,
    )


def _limit(here: Duty, heavy: bool, care: Care) -> Rest | None:
    """The first limit that keeps a heavy or a light post from being served; the longest first."""
    reached = {
        Rest.HARD: here.seconds >= care.hard_minutes * 60,
        Rest.PAUSE: here.rest_until is not None,  # one that is over is not in the row any more
        Rest.ENOUGH_TODAY: heavy and here.heavy >= care.heavy_a_day,
        Rest.ENOUGH_IN_A_ROW: heavy and here.heavy_in_a_row >= care.heavy_in_a_row,
    }
    return next((rest for rest, is_reached in reached.items() if is_reached), None)


def _wait(rest: Rest, here: Duty) -> timedelta | None:
    if rest is Rest.PAUSE and here.rest_until:
        return here.rest_until - here.seen
    if rest in (Rest.HARD, Rest.ENOUGH_TODAY):
        return datetime.combine(here.day + timedelta(days=1), time(), UTC) - here.seen
    return None


def _pause(before: Duty, now: datetime, care: Care) -> datetime | None:
    """When the pause ends, if it is not over: no later than a whole pause from now."""
    if before.rest_until is None or before.rest_until <= now:
        return None
    return min(before.rest_until, now + timedelta(minutes=care.pause_minutes))


def _at_once(before: Duty, now: datetime) -> bool:
    return timedelta(0) <= now - before.seen < AT_ONCE
