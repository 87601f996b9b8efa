"""The press over DynamoDB: an index that is late, a run that is cut off, a post that changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forum.post import Act, Post, State, fingerprint, moved, record_of
from forum.rows import EditionRow
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_press import DynamoPress
from tests.builders import TODAY, decide, keep, make_edition_row, make_post, make_text
from tests.store import dynamodb_given
from tests.store.adapters import Stores, open_dynamodb
from tests.store.bent_dynamodb import Bent
from tests.store.stale_index import Watched


def press_over(folder: Path, client: Any) -> DynamoPress:
    return DynamoPress(Dynamo(client, dynamodb_given.name_for(folder), clock=lambda: 0.0))


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_dynamodb(tmp_path)


def approve(stores: Stores, number: int, **given: Any) -> Post:
    post = make_post(number)
    text = make_text(**given)
    hash = fingerprint(record_of(post, text))
    return keep(stores.visitors, make_post(number, state=State.APPROVED, approved_hash=hash), text)


def late_index() -> Any:
    """A client that goes on giving what the index said when it was first asked."""
    watched = Watched()
    watched.is_stale = lambda: True
    return watched.client


def test_a_post_that_was_withdrawn_a_second_ago_is_never_given(
    stores: Stores, tmp_path: Path
) -> None:
    stays, goes = approve(stores, 1), approve(stores, 2)
    press = press_over(tmp_path, late_index())
    assert len(list(press.approved())) == 2
    stores.holders.withdraw(moved(goes, Act.WITHDRAW, TODAY))
    assert [post.id for post, _ in press.approved()] == [stays.id]  # type: ignore[misc]
    assert list(press.approved([goes.id])) == []


def test_a_post_that_was_approved_a_second_ago_is_given(stores: Stores, tmp_path: Path) -> None:
    press = press_over(tmp_path, late_index())
    assert list(press.approved()) == []
    post = approve(stores, 1)
    assert list(press.approved()) == [(post, make_text())]


def test_a_post_that_is_edited_while_it_is_read_is_given_as_it_is_then(
    stores: Stores, tmp_path: Path
) -> None:
    """The two rows are not read in one moment: here the text was, and then came the edit."""
    post = approve(stores, 1)
    new = make_text(html="<p>New.</p>")
    early: list[Any] = []

    def late(true: Callable[..., Any], **words: Any) -> Any:
        answer = true(**words)
        if not early:
            early.append(answer)
            hash = fingerprint(record_of(post, new))
            after = make_post(1, state=State.APPROVED, version=2, approved_hash=hash)
            decide(stores.desk, post, Act.KEEP, post=after, text=new)
            now = true(**words)["Responses"]
            texts = next(name for name in now if name.endswith("-texts"))
            now[texts] = answer["Responses"][texts]
            return {"Responses": now}
        return answer

    ((_, text),) = press_over(tmp_path, Bent("batch_get_item", late)).approved([post.id])  # type: ignore[misc]
    assert text == new


class CutOffError(Exception):
    """The power failed."""


def cut_off_after(changes: int) -> Bent:
    left = [changes]

    def failing(true: Callable[..., Any], **words: Any) -> Any:
        if not left[0]:
            raise CutOffError
        left[0] -= 1
        return true(**words)

    return Bent("transact_write_items", failing)


POSTS = 40
"""More than are recorded in one change."""
ROWS = [make_edition_row(number, slots={"stories": number}) for number in range(POSTS)]
SHOWN = {row.post_id: row.hash for row in ROWS}


def stand(stores: Stores) -> None:
    """Approved posts, of which the first is up in other words than it should be."""
    for number in range(POSTS):
        keep(stores.visitors, make_post(number, state=State.APPROVED, approved_hash=ROWS[0].hash))
    stores.press.record([make_edition_row(0, hash="e" * 64, slots={"stories": 0})], [])


@pytest.mark.parametrize("changes", [1, 2])
def test_a_run_that_is_cut_off_leaves_a_sound_record_for_the_next(
    stores: Stores, tmp_path: Path, changes: int
) -> None:
    stand(stores)
    with pytest.raises(CutOffError):
        press_over(tmp_path, cut_off_after(changes)).record(ROWS, [], SHOWN)
    up, free = stores.press.up(), stores.press.next_slots()["stories"]
    assert all(row.slots["stories"] < free for row in up.values()), "no slot is given again"
    settled = {i for i, row in up.items() if row.hash == ROWS[0].hash}
    assert set(stores.press.unpressed()) == SHOWN.keys() - settled
    stores.press.record(ROWS, [], SHOWN)
    assert dict(stores.press.up()) == {row.post_id: row for row in ROWS}
    assert (list(stores.press.unpressed()), stores.press.next_slots()) == ([], {"stories": POSTS})


def test_what_happens_to_a_post_while_it_is_recorded_leaves_it_to_the_next_run(
    stores: Stores, tmp_path: Path
) -> None:
    post = approve(stores, 1)
    row = EditionRow(post.id, str(post.approved_hash), "2026-11", {"stories": 0})
    stores.press.record([row], [])
    happened: list[bool] = []

    def in_between(true: Callable[..., Any], **words: Any) -> Any:
        if not happened:
            happened.append(True)
            stores.holders.withdraw(moved(post, Act.WITHDRAW, TODAY))
        return true(**words)

    press = press_over(tmp_path, Bent("transact_write_items", in_between))
    press.record([], [], {post.id: row.hash})
    assert list(stores.press.unpressed()) == [post.id]


def test_an_unreadable_row_keeps_no_other_back(stores: Stores, tmp_path: Path) -> None:
    one, two = approve(stores, 1), approve(stores, 2)
    dynamodb_given.client().update_item(
        TableName=dynamodb_given.name_for(tmp_path),
        Key={"pk": {"S": f"post#{one.id}"}, "sk": {"S": "-"}},
        UpdateExpression="SET marks = :no",
        ExpressionAttributeValues={":no": {"S": "{["}},
    )
    found = {getattr(one, "post_id", one) for one in stores.press.approved()}
    assert found == {one.id, (two, make_text())}
