"""What point-in-time recovery shows: the main table after each change, and no hand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from forum.lanes import Rate
from forum.post import Act, moved
from forum.rows import SealedRow
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Key, Table
from forum.store.on_dynamodb import OnDynamo
from tests.builders import (
    NOON,
    TODAY,
    make_author,
    make_id,
    make_post,
    make_report,
    make_spent,
    make_text,
)
from tests.store.dynamodb_given import client, create_tables, name_for

ONE_HAND, THREE_HANDS = (1, 1, 1), (1, 2, 3)


def every_second(folder: Path, hands: tuple[int, int, int]) -> list[dict[Key, dict[str, Any]]]:
    """The main table after each change of a day on which these hands send three things."""
    create_tables(client(), name_for(folder))
    dynamo = Dynamo(client(), name_for(folder), clock=NOON.timestamp)
    return [dict(dynamo.every(Table.MAIN)) for _ in a_day(OnDynamo(dynamo), hands)]


def a_day(stores: OnDynamo, hands: tuple[int, int, int]) -> Iterator[None]:
    """Two posts and a report, of which a post and the second hand's list are taken back."""
    rows: dict[int, SealedRow] = {}

    def row(number: int) -> SealedRow:
        """The next row of the hand that sends this."""
        hand = hands[number]
        before = rows[hand].sealed if hand in rows else None
        rows[hand] = replace(make_author(hand), sealed=bytes([number]) * 600, before=before)
        return rows[hand]

    assert stores.lane("proven", Rate(3, 1)).enter(NOON)
    yield
    posts = make_post(1), make_post(2)
    for number, post in enumerate(posts):
        stores.visitors().add(post, make_text(), row(number), make_spent(number))
        yield
    stores.reports().add_report(make_report(post_id=make_id(9)), row(2), make_spent(2))
    yield
    stores.holders().withdraw(moved(posts[1], Act.WITHDRAW, TODAY))
    yield
    stores.holders().forget(rows[hands[1]].lookup, rows[hands[1]].sealed)
    yield


def test_what_can_be_had_back_by_the_second_tells_one_hand_from_three_in_nothing(
    tmp_path: Path,
) -> None:
    one = every_second(tmp_path / "one", ONE_HAND)
    three = every_second(tmp_path / "three", THREE_HANDS)
    assert all(one[1:])
    assert one == three
