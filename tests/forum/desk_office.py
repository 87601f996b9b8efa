"""The desk for tests: a real store, a clock on the wall, and a moderator's manners."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forum.approving import Approver
from forum.deciding import ENDINGS, Seen, Words
from forum.desk import Desk
from forum.post import Act, Post, moved
from forum.review import Choice, all_kept
from forum.rows import Decision, Report, Verdict
from forum.settling import Review
from forum.store.sqlite import Database
from forum.sweep import BY_READERS
from forum.texts import check
from tests.builders import FakeClock, keep, make_post, make_report, tell
from tests.store.adapters import ADAPTERS, Stores

WORDS = "Thank you for this. Could you take out the name of the town?"


@dataclass
class Office:
    """A desk, the store behind it, the clock on its wall, and the steps most tests begin with."""

    stores: Stores
    clock: FakeClock
    desk: Desk
    folder: Path = Path()
    """Where the store lies, for the few tests that look into its file."""

    def receive(self, number: int = 0, **given: object) -> Post:
        return keep(self.stores.visitors, make_post(number, **given))

    def submit(self, body: str, number: int = 0, title: str = "Walks", **given: object) -> Post:
        """A post comes in with this text, checked and screened as everybody's."""
        checked = check(title, body)
        screened = {"marks": checked.marks, "route": checked.route, "language": checked.language}
        return keep(self.stores.visitors, make_post(number, **screened | given), checked.text)

    def enrol(self, *names: str) -> None:
        """These people read and decide; their names are their ids."""
        with Database(self.folder / "handrail.sqlite3").write() as connection:
            for name in names:
                values = (name, name, name, self.clock.now().date().isoformat())
                connection.execute(
                    "INSERT INTO moderators (id, name, folded, day) VALUES (?, ?, ?, ?)", values
                )

    def review(self, post: Post, *replaced: str, who: str = "robin", **given: Any) -> Post:
        """These words in place of the first marked stretches; all others are kept."""
        text = self.desk.read(post.id).text
        assert text is not None
        choices = dict(all_kept(text))
        choices |= {n: Choice(Verdict.REPLACE, words) for n, words in enumerate(replaced)}
        by = Approver(who, learning=given.pop("learning", False))
        said = Words(given.pop("words", WORDS))
        return self.desk.review(self.seen(post), by, Review(choices, **given), said).post

    def seen(self, post: Post, hash: str | None = None) -> Seen:
        return Seen(post.id, post.version, hash or self.desk.read(post.id).hash)

    def approve(self, post: Post, who: str = "robin") -> Post:
        return self.desk.decide(Act.APPROVE, self.seen(post), who)

    def decide(self, act: Act, post: Post, who: str = "robin", words: str = WORDS) -> Post:
        reason = min(ENDINGS) if act is Act.CONCLUDE else ""
        return self.desk.decide(act, self.seen(post), who, words, reason)

    def hide(self, post: Post) -> Post:
        """Enough readers reported it."""
        after = moved(post, Act.HIDE, self.clock.now().date())
        decision = Decision(after.state_day, BY_READERS, Act.HIDE, post.id, post.approved_hash)
        self.stores.sweep.hide(after, decision, 1_000)
        return after

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
    return Office(stores, clock, Desk(stores.desk, clock), folder)
