"""The desk for tests: a real store, a clock on the wall, and a moderator's manners."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forum.deciding import Seen
from forum.desk import Desk
from forum.post import Act, Post, moved
from forum.rows import Report
from tests.builders import FakeClock, keep, make_post, make_report, tell
from tests.store.adapters import ADAPTERS, Stores

WORDS = "Thank you for this. Could you take out the name of the town?"


@dataclass
class Office:
    """A desk, the store behind it, the clock on its wall, and the steps most tests begin with."""

    stores: Stores
    clock: FakeClock
    desk: Desk

    def receive(self, number: int = 0, **given: object) -> Post:
        return keep(self.stores.visitors, make_post(number, **given))

    def seen(self, post: Post, hash: str | None = None) -> Seen:
        return Seen(post.id, post.version, hash or self.desk.read(post.id).hash)

    def approve(self, post: Post, who: str = "robin") -> Post:
        return self.desk.decide(Act.APPROVE, self.seen(post), who)

    def decide(self, act: Act, post: Post, who: str = "robin", words: str = WORDS) -> Post:
        return self.desk.decide(act, self.seen(post), who, words)

    def by_author(self, act: Act, post: Post) -> Post:
        """Its author refuses, or asks that somebody else decides, or takes it back."""
        after = moved(post, act, self.clock.now().date())
        holders = self.stores.holders
        (holders.withdraw if act is Act.WITHDRAW else holders.move)(after)
        return after

    def report(self, post: Post, times: int = 1) -> list[Report]:
        """So many readers report it."""
        told = len(self.desk.read(post.id).reports) + int.from_bytes(post.id.encode(), "big")
        numbers = range(told, told + times)
        return [tell(self.stores.reports, make_report(n, post_id=post.id)) for n in numbers]

    def assert_untouched(self, post: Post) -> None:
        assert self.desk.read(post.id).post == post
        assert self.desk.read(post.id).decisions == []
        assert self.desk.read(post.id).message is None


def open_office(folder: Path) -> Office:
    """A desk over an empty store in this folder."""
    stores, clock = ADAPTERS["sqlite"](folder), FakeClock()
    return Office(stores, clock, Desk(stores.desk, clock))
