"""A DynamoDB that is slow, silent or somebody else's: nothing is done by halves, or twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from forum.holders import Leave
from forum.lanes import Rate
from forum.post import Act, State, moved
from forum.rows import AlreadySpent, Changed, Unavailable
from forum.store.dynamodb import FIRST_WAIT, LONGEST_WAIT, PATIENCE
from forum.store.dynamodb_change import Change, Table
from forum.store.dynamodb_keys import lane_key, spent_key
from forum.store.dynamodb_lanes import DynamoLane
from forum.visitors import Sent
from tests.builders import (
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_author,
    make_claim,
    make_edition_row,
    make_id,
    make_message,
    make_post,
    make_spent,
    make_text,
)
from tests.store.dynamodb_bad_days import Forum, forum_in
from tests.store.failing_dynamodb import Day, Failing, failing

GET, BATCH, WRITE = "GetItem", "BatchGetItem", "TransactWriteItems"
BAD = [Day.THROTTLED, Day.BROKEN, Day.DOWN]


def held_by(sent: Sent) -> Leave:
    return Leave(str(sent.receipt))


@pytest.fixture(scope="module")
def cloud() -> Iterator[Failing]:
    with failing() as cloud:
        yield cloud


@pytest.fixture
def forum(cloud: Failing, tmp_path: Path) -> Forum:
    cloud.clear_up()
    return forum_in(tmp_path, cloud)


# --- slow ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", BAD)
def test_what_fails_for_a_moment_is_tried_again_after_a_random_wait(forum: Forum, day: Day) -> None:
    forum.cloud.will(WRITE, day, day, day)
    post = keep(forum.stores().visitors, make_post())
    forum.cloud.will(GET, day, day)
    assert forum.stores().visitors.post(post.id) == post
    limits = [min(LONGEST_WAIT, FIRST_WAIT * 2**n) for n in (0, 1, 2, 0, 1)]
    assert all(0 <= w <= most for w, most in zip(forum.patience.waits, limits, strict=True))
    assert len(set(forum.patience.waits)) > 2, "many who failed at once come apart"


def test_what_goes_on_failing_ends_soon_and_nothing_was_changed(forum: Forum) -> None:
    post = keep(forum.beside().visitors, make_post())
    forum.cloud.always = dict.fromkeys((GET, BATCH, WRITE), Day.DOWN)
    stores = forum.stores()
    for ask in (stores.visitors.oldest_unread, lambda: keep(stores.visitors, make_post(1))):
        before = forum.patience.passed
        with pytest.raises(Unavailable):
            ask()
        assert PATIENCE <= forum.patience.passed - before <= PATIENCE + LONGEST_WAIT
    assert forum.beside().visitors.post(make_id(1)) is None
    assert forum.beside().visitors.post(post.id) == post


def test_a_change_has_one_patience_for_all_its_calls(forum: Forum) -> None:
    forum.cloud.will(GET, *[Day.THROTTLED] * 10)
    forum.cloud.always = {WRITE: Day.DOWN}

    def work(change: Change) -> None:
        change.put(lane_key("share"), change.get(lane_key("share")) or {"until": 1})

    with pytest.raises(Unavailable):
        forum.dynamo().change(work)
    assert PATIENCE <= forum.patience.passed <= PATIENCE + LONGEST_WAIT


def test_rows_that_did_not_come_along_are_asked_for_again(forum: Forum) -> None:
    for number, day in enumerate((-3, -9, -5)):
        keep(forum.beside().visitors, make_post(number, state_day=days(day)))
    forum.cloud.always = {BATCH: Day.HALF}
    assert forum.stores().visitors.oldest_unread() == days(-9)
    assert len(forum.cloud.heard) > 1


# --- silent -------------------------------------------------------------------------------------


def test_of_a_story_whose_answer_was_lost_there_is_one_with_one_receipt(
    forum: Forum, tmp_path: Path
) -> None:
    door = forum.door(tmp_path)
    form = door.form()
    forum.cloud.will(WRITE, Day.LOST)
    sent = door.visitors.submit(form)
    assert door.visitors.submit(form) == sent
    assert forum.door(tmp_path, seed=1).visitors.submit(form) == sent, "another machine"
    assert sum(forum.beside().desk.counts().values()) == 1


def test_who_sends_again_after_the_machine_died_gets_the_receipt_of_the_story_that_is_stored(
    forum: Forum, tmp_path: Path
) -> None:
    door = forum.door(tmp_path)
    form = door.form()
    forum.cloud.always = {WRITE: Day.LOST}
    with pytest.raises(Unavailable):
        door.visitors.submit(form)
    forum.cloud.always = {}
    sent = forum.door(tmp_path, seed=1).visitors.submit(form)
    assert forum.beside().desk.post(sent.post.id) == sent.post
    assert sum(forum.beside().desk.counts().values()) == 1
    held = forum.door(tmp_path).holders
    assert [one.post for one in held.look_up(held_by(sent)).posts] == [sent.post]


def test_a_story_that_was_taken_back_without_an_answer_is_taken_back_once(
    forum: Forum, tmp_path: Path
) -> None:
    door = forum.door(tmp_path)
    sent = door.visitors.submit(door.form())
    forum.cloud.will(WRITE, Day.LOST)
    gone = door.holders.withdraw(sent.post.id, held_by(sent))
    assert gone.state is State.WITHDRAWN
    assert forum.beside().desk.post(sent.post.id) == gone
    assert forum.beside().desk.text(sent.post.id) is None
    assert forum.beside().desk.counts() == {(gone.kind, State.WITHDRAWN): 1}


def test_a_move_whose_answer_was_lost_is_known_to_be_done(forum: Forum) -> None:
    """Else the author who accepts an offer would be told that the page is out of date."""
    post = keep(forum.beside().visitors, make_post(state=State.DECLINED))
    after = moved(post, Act.APPEAL, TODAY)
    forum.cloud.will(WRITE, Day.LOST)
    forum.stores().holders.move(after)
    assert forum.beside().desk.post(post.id) == after


# --- somebody else's ----------------------------------------------------------------------------


def test_a_post_that_is_decided_while_its_author_takes_it_back_moves_once(forum: Forum) -> None:
    post = keep(forum.beside().visitors, make_post())
    forum.cloud.before = {WRITE: lambda: decide(forum.beside().desk, post, Act.APPROVE)}
    with pytest.raises(Changed):
        forum.stores().holders.withdraw(moved(post, Act.WITHDRAW, TODAY))
    assert forum.beside().desk.post(post.id) == moved(post, Act.APPROVE, TODAY)
    assert forum.beside().desk.text(post.id) == make_text()
    assert forum.beside().press.rung() == 1


def test_a_post_that_its_author_takes_back_while_it_is_decided_moves_once(forum: Forum) -> None:
    post = keep(forum.beside().visitors, make_post())
    gone = moved(post, Act.WITHDRAW, TODAY)
    forum.cloud.before = {WRITE: lambda: forum.beside().holders.withdraw(gone)}
    with pytest.raises(Changed):
        decide(forum.stores().desk, post, Act.RETURN, message=make_message())
    assert forum.beside().desk.post(post.id) == gone
    assert forum.beside().desk.message(post.id) is None
    assert list(forum.beside().desk.decisions(post.id)) == []


def test_what_another_changes_beside_a_change_is_seen_by_it(forum: Forum) -> None:
    """The post goes up between being read and being taken back: the bell must ring for that."""
    post = keep(forum.beside().visitors, make_post(state=State.HIDDEN))
    row = make_edition_row()
    forum.cloud.before = {WRITE: lambda: forum.beside().press.record([row], [])}
    forum.stores().holders.withdraw(moved(post, Act.WITHDRAW, TODAY))
    assert forum.beside().press.rung() == 1
    assert list(forum.beside().press.unpressed()) == [post.id]


# --- time ---------------------------------------------------------------------------------------


def test_a_row_that_ran_out_and_is_still_there_is_not_seen(forum: Forum) -> None:
    """DynamoDB takes its time, hours or days, to remove it."""
    visitors, desk = forum.stores().visitors, forum.stores().desk
    spent = make_spent(day=TODAY)
    visitors.add(make_post(), make_text(), make_author(), spent)
    claim = desk.claim(make_claim(until=NOON + timedelta(minutes=30)), NOON)
    with pytest.raises(AlreadySpent):
        visitors.add(make_post(1), make_text(), make_author(1), spent)
    assert desk.holder(claim.post_id, forum.clock.now()) == claim
    forum.clock.advance(days=3)
    key = spent_key(spent.nonce)
    table = forum.dynamo().name(key.table)
    raw = forum.cloud.client.get_item(TableName=table, Key=key.wire())
    assert "Item" in raw
    assert visitors.spent(spent.nonce) is None
    assert forum.dynamo().many([key]) == {}
    assert desk.holder(claim.post_id, forum.clock.now()) is None
    visitors.add(make_post(1), make_text(), make_author(1), spent)
    assert visitors.post(make_id(1)) == make_post(1)


@pytest.mark.parametrize("ahead", [-3600, 3600])
def test_a_form_is_known_as_used_for_all_its_life_whatever_the_machines_clock(
    forum: Forum, tmp_path: Path, ahead: float
) -> None:
    """Sent in a day's last minute, and again a day after it was opened by another machine."""
    forum.clock.advance(hours=11, minutes=58)
    door = forum.door(tmp_path)
    form = door.form()
    sent = door.visitors.submit(form)
    forum.clock.advance(hours=23, minutes=58)
    mark = forum.dynamo(ahead)
    (key,) = (k for k, _ in forum.seen().every(Table.TEXTS) if k.pk.startswith("spent#"))
    assert mark.get(key) is not None
    assert forum.door(tmp_path, seed=1).visitors.submit(form) == sent


def test_a_lane_is_one_for_all_machines_whatever_their_clocks(forum: Forum) -> None:
    rate = Rate(3, 1)
    one, other = (DynamoLane(forum.dynamo(), "proven", rate) for _ in range(2))
    lanes = (one, other, one, other)
    assert [lane.enter(NOON) for lane in lanes] == [True, True, True, False]
    assert one.enter(NOON + timedelta(minutes=1))
    assert not other.enter(NOON - timedelta(minutes=2)), "a clock behind makes no room"
    assert not other.enter(NOON + timedelta(minutes=1))
    ahead = NOON + timedelta(days=1)
    assert one.enter(ahead)
    assert not other.enter(NOON + timedelta(minutes=2)), "full, but not for a day"
    assert other.enter(NOON + timedelta(minutes=3))


def test_a_lane_tells_no_more_than_the_minute_in_which_somebody_came(forum: Forum) -> None:
    rows = []
    for seconds in (0, 1, 59):
        lane = DynamoLane(forum.dynamo(), f"after {seconds}", Rate(3, 1))
        assert lane.enter(NOON + timedelta(seconds=seconds))
        rows.append(forum.seen().get(lane_key(lane.name)))
    assert rows[0]
    assert rows == [rows[0]] * 3


def test_without_the_store_a_lane_lets_each_machine_in_at_the_same_pace(forum: Forum) -> None:
    forum.cloud.always = {GET: Day.THROTTLED}
    lane = DynamoLane(forum.dynamo(), "proven", Rate(2, 1))
    assert [lane.enter(NOON) for _ in range(3)] == [True, True, False]
    asked = len(forum.cloud.heard)
    assert not lane.enter(NOON + timedelta(seconds=9))
    assert len(forum.cloud.heard) == asked, "nobody waits for it twice"
    forum.cloud.always = {}
    assert lane.enter(NOON + timedelta(seconds=11))
    assert len(forum.cloud.heard) > asked
