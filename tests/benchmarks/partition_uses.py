"""What people do in a forum on DynamoDB, one call of its ports after another, to be weighed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from forum.lanes import Rate
from forum.post import WAITING, Act, State, moved
from forum.route import GRAVITY
from forum.rows import Asked, Verdict
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_lanes import DynamoLane
from forum.store.on_dynamodb import OnDynamo
from tests import builders as given

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
WAITING_DAYS: Final = 30
"""Days over which the posts came that wait already: rows of counts have their usual size."""


class Plenty:
    """A forum with posts of many days, and what people do in it."""

    def __init__(self, store: OnDynamo, dynamo: Dynamo) -> None:
        self._store = store
        self._lane = DynamoLane(dynamo, "narrow", Rate(10**6, 10**6))

    def fill(self) -> None:
        """Posts of every day, state and route that wait."""
        visitors = self._store.visitors()
        for number in range(WAITING_DAYS * 8):
            day = given.days(-(number % WAITING_DAYS))
            route, state = GRAVITY[number % len(GRAVITY)], WAITING[number // 4 % len(WAITING)]
            post = given.make_post(number, day=day, state_day=day, route=route, state=state)
            given.keep(visitors, post)

    def uses(self) -> Sequence[tuple[str, Callable[[int], Any], Callable[[Any], Any]]]:
        """Name, what is there before, and what is weighed."""
        return (
            ("a post is sent", int, self._send),
            ("a post is approved", self._waiting, self._approve),
            ("a post is declined", self._waiting, self._decline),
            ("a post is taken back", self._waiting, self._withdraw),
            ("a post is reported", self._up, self._report),
            ("a page of the queue", int, self._page),
        )

    def _send(self, number: int) -> None:
        visitors = self._store.visitors()
        visitors.closed()
        visitors.unread_reaches(1)
        visitors.oldest_unread()
        self._lane.enter(NOON + timedelta(milliseconds=number))
        given.keep(visitors, given.make_post(number))

    def _waiting(self, number: int) -> Any:
        return given.keep(self._store.visitors(), given.make_post(number))

    def _up(self, number: int) -> Any:
        post = given.make_post(number, state=State.APPROVED, approved_hash="f" * 64)
        given.keep(self._store.visitors(), post)
        self._store.press().record([given.make_edition_row(number)], [])
        return given.make_report(number, post_id=post.id)

    def _approve(self, post: Any) -> None:
        after = replace(moved(post, Act.APPROVE, given.TODAY), approved_hash="f" * 64)
        self._decide(post, after, Act.APPROVE)

    def _decline(self, post: Any) -> None:
        self._decide(post, moved(post, Act.DECLINE, given.TODAY), Act.DECLINE)

    def _decide(self, post: Any, after: Any, act: Act) -> None:
        desk = self._store.desk()
        claim = replace(given.make_claim(), post_id=post.id)
        desk.claim(claim, NOON)
        decided = given.make_decided(
            post,
            act,
            message=given.make_message(),
            undo=given.make_undo(post),
            verdicts=(("PII-1", Verdict.KEEP),),
        )
        desk.decide(replace(decided, post=after))

    def _withdraw(self, post: Any) -> None:
        self._store.holders().withdraw(moved(post, Act.WITHDRAW, given.TODAY))

    def _report(self, report: Any) -> None:
        reports = self._store.reports()
        reports.is_up(report.post_id)
        given.tell(reports, report)

    def _page(self, _: int) -> None:
        desk = self._store.desk()
        desk.counts()
        desk.reported(21, NOON)
        desk.cards(Asked(), None, 21, NOON)
