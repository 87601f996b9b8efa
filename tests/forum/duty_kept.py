"""Moderators' days for tests: rows in memory, posts that are heavy or light, a desk's clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forum.duty import Care, Duty
from forum.post import Post
from forum.route import Route
from forum.rows import Changed
from forum.wellbeing import OnDuty, Stop, Wanted, Wellbeing
from tests.builders import NOON, TODAY, FakeClock, make_fields, make_post

ROBIN = OnDuty("robin")
LEAD = OnDuty("robin", safety_lead=True)


@dataclass
class KeptDuty:
    """The port of looking after moderators, in memory, for tests that need no disk."""

    rows: dict[str, Duty] = field(default_factory=dict)
    meanwhile: Callable[[], object] | None = None
    """What another window does right after the next row was read."""

    def duty(self, moderator: str) -> Duty | None:
        found = self.rows.get(moderator)
        quicker, self.meanwhile = self.meanwhile, None
        if quicker:
            quicker()
        return found

    def put_duty(self, duty: Duty, before: Duty | None) -> None:
        if self.rows.get(duty.moderator) != before:
            raise Changed
        self.rows[duty.moderator] = duty

    def erase_duty(self, before: date) -> int:
        old = [name for name, duty in self.rows.items() if duty.day < before]
        for name in old:
            del self.rows[name]
        return len(old)


@dataclass
class Shift:
    """Somebody at the desk, the clock on its wall, and what they do."""

    store: KeptDuty
    clock: FakeClock
    wellbeing: Wellbeing

    def opens(self, post: Post, on_duty: OnDuty = ROBIN, **given: Any) -> Stop | None:
        """They ask for a post and take it, as one request does."""
        self.wellbeing.seen(on_duty.moderator)
        wanted = Wanted(post, **given)
        return self.wellbeing.may_open(on_duty, wanted) or self.wellbeing.opened(on_duty, wanted)

    def reads(self, *posts: Post) -> None:
        """They open posts that nothing keeps from them."""
        assert [self.opens(post) for post in posts] == [None] * len(posts)

    def works(self, minutes: int, who: str = "robin") -> None:
        """They work on, with a request each minute."""
        self.wellbeing.seen(who)
        for _ in range(minutes):
            self.clock.advance(minutes=1)
            self.wellbeing.seen(who)


def open_shift(**care: Any) -> Shift:
    """An empty desk at noon."""
    store, clock = KeptDuty(), FakeClock()
    return Shift(store, clock, Wellbeing(store, clock, Care(**care)))


def make_duty(**given: Any) -> Duty:
    values: dict[str, Any] = {"moderator": "robin", "day": TODAY, "seen": NOON}
    return Duty(**values | given)


def heavy(number: int = 0, **given: Any) -> Post:
    """One person reads it, and it is hard to read."""
    fields = make_fields(content_notes=("overdose", "death"))
    return make_post(number, **{"fields": fields} | given)


def light(number: int = 0, **given: Any) -> Post:
    return make_post(number, **given)


def urgent(number: int = 0, **given: Any) -> Post:
    """Somebody may be in danger now."""
    return make_post(number, **{"route": Route.HOLD2, "marks": ("SUI-2",)} | given)
