"""What was revised is read again as if it came for the first time, and what was erased is gone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from forum.hands import Unknown
from forum.holders import Leave
from forum.post import Act, Fields, Post, State
from forum.races import TRIES
from forum.rows import Changed
from forum.submission import errors_in
from forum.texts import Refused
from forum.visitors import Sent
from tests.builders import NOON, STORY, TODAY, days, make_claim, make_given
from tests.forum.visitors_door import BETTER, Door, Meanwhile, leave, open_door, raising

CANARY = "lemon-coloured canary"
DANGER = "It got worse again. I want to die tonight and I have the pills here with me."


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


def offered(door: Door, **given: Any) -> Sent:
    sent = door.share(**given)
    door.offer(sent.post)
    return sent


def returned(door: Door, **given: Any) -> Sent:
    sent = door.share(**given)
    door.decide(Act.RETURN, sent.post)
    return sent


def revise(door: Door, sent: Sent, **given: Any) -> Post:
    hash = door.holding(sent).hash or ""
    return door.holders.revise(sent.post.id, hash, make_given(**given), leave(sent))


# --- revising -----------------------------------------------------------------------------------


@pytest.mark.parametrize("came", [returned, offered])
def test_new_words_take_the_place_of_the_old_and_wait_to_be_read(
    door: Door, came: Callable[..., Sent]
) -> None:
    sent = came(door, title=f"{CANARY} one", body=f"{STORY} {CANARY} " * 40, about_me=["parent"])
    claim = make_claim(post_id=sent.post.id, until=NOON + timedelta(days=9))
    door.stores.desk.claim(claim, door.clock.now())
    door.clock.advance(days=3)
    before = door.post(sent)
    post = revise(door, sent, title="New", body=BETTER, topic="grief", about_me=[], stage="")
    text = door.stores.desk.text(post.id)
    assert text
    assert (text.title, text.typed) == ("New", BETTER)
    assert (post.state, post.state_day, post.day) == (State.RECEIVED, days(3), TODAY)
    assert (post.version, post.pen_name, post.kind) == (
        before.version + 1,
        before.pen_name,
        before.kind,
    )
    assert post.fields == Fields(
        ("grief",), "", "up-and-down", ("nature",), content_notes=("alcohol",)
    )
    assert CANARY[:12].encode() not in door.raw()
    (card,) = door.desk.queue()
    assert (card.post, card.claim) == (post, None)
    assert passing(door) == set()


def passing(door: Door) -> set[str]:
    """The tables that still hold what passes: claims, undos and offers."""
    return {table for table, _ in door.rows()} & {"claims", "undos", "offers"}


def test_danger_in_the_new_words_is_marked_and_marks_of_the_old_are_gone(door: Door) -> None:
    sent = returned(door, body="My sister Priya drove me to hospital in Dundee, and it helped me.")
    assert {"PII-7", "PII-9"} <= set(sent.post.marks)
    post = revise(door, sent, body=DANGER)
    assert "SUI-2" in post.marks
    assert not {"PII-7", "PII-9"} & set(post.marks)
    text = door.stores.desk.text(post.id)
    assert text
    assert {mark.rule for mark in text.highlights} <= set(post.marks)
    assert door.post(sent) == post


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "", "title": "One\ntwo"},
        {"body": "x" * 12_001},
        {"stage": "no-such-word", "topic": "x", "about_me": ["parent", "carer", "student"]},
        {"website": "https://spam.example"},
    ],
)
def test_new_words_that_cannot_be_taken_are_told_by_field_and_keep_nothing(
    door: Door, wrong: dict[str, Any]
) -> None:
    sent = returned(door)
    before = door.rows()
    with pytest.raises(Refused) as caught:
        revise(door, sent, **wrong)
    assert caught.value.errors == errors_in(make_given(**wrong))
    assert caught.value.errors.keys() == wrong.keys()
    assert door.rows() == before
    assert revise(door, sent).state is State.RECEIVED


def test_new_words_need_no_token_and_change_neither_kind_nor_hand(door: Door) -> None:
    sent, other = returned(door), door.share()
    receipt = str(other.receipt)
    revise(door, sent, kind="letter", consent=None, token=None, to="x", receipt=receipt)
    assert door.post(sent).kind is sent.post.kind
    assert [one.post.id for one in door.holders.look_up(leave(sent)).posts] == [sent.post.id]
    assert [one.post.id for one in door.holders.look_up(leave(other)).posts] == [other.post.id]


def test_new_words_can_be_appealed_for_once_more(door: Door) -> None:
    sent = door.share()
    door.decide(Act.DECLINE, sent.post)
    appealed = door.holders.appeal(sent.post.id, leave(sent))
    door.decide(Act.RETURN, appealed, "kim")
    post = revise(door, sent)
    assert (post.appealed, post.reread, post.approved_hash) == (False, False, None)
    door.decide(Act.DECLINE, post)
    assert door.holders.appeal(post.id, leave(sent)).state is State.APPEALED


# --- erasing everything -------------------------------------------------------------------------


def several(door: Door) -> Sent:
    """A hand with a post that is up, one that waits and one that was taken back."""
    sent = door.share_up(title=CANARY)
    receipt = str(sent.receipt)
    door.share(receipt=receipt, title="Two", body=f"{STORY} {CANARY}")
    gone = door.share(receipt=receipt, title="Three")
    door.holders.withdraw(gone.post.id, leave(gone))
    return sent


@pytest.mark.parametrize("by", ["words", "capability"])
def test_everything_is_taken_back_and_the_receipt_opens_nothing(door: Door, by: str) -> None:
    sent, other = several(door), door.share()
    capability, rung = door.capability(sent), door.stores.press.rung()
    door.holders.erase(leave(sent) if by == "words" else capability)
    assert door.stores.press.rung() > rung
    assert CANARY[:12].encode() not in door.raw()
    states = [row["state"] for table, row in door.rows() if table == "posts"]
    assert sorted(states) == ["received", "withdrawn", "withdrawn", "withdrawn"]
    for opened in (leave(sent), capability):
        with pytest.raises(Unknown):
            door.holders.look_up(opened)
        with pytest.raises(Unknown):
            door.holders.erase(opened)
    with pytest.raises(Refused):
        door.share(receipt=str(sent.receipt))
    assert len([1 for table, _ in door.rows() if table == "authors"]) == 1
    assert door.holding(other).post == other.post


@pytest.mark.parametrize("call", ["withdraw", "forget"])
def test_a_post_shared_at_the_same_moment_is_not_lost_to_its_holder(door: Door, call: str) -> None:
    sent = several(door)
    fresh: list[Sent] = []

    def share() -> None:
        fresh.append(door.share(receipt=str(sent.receipt), title="Four"))

    with pytest.raises(Changed):
        door.holders_over(Meanwhile(door.stores.holders, call, share)).erase(leave(sent))
    held = door.holders.look_up(leave(sent))
    states = [one.post.state for one in held.posts]
    assert states == [*[State.WITHDRAWN] * 3, State.RECEIVED]
    assert held.of(fresh[0].post.id).post == fresh[0].post
    door.holders.erase(leave(sent))
    with pytest.raises(Unknown):
        door.holders.look_up(leave(sent))


def test_a_post_decided_at_the_same_moment_is_taken_back_all_the_same(door: Door) -> None:
    sent = door.share()
    decided = partial(door.decide, Act.APPROVE, sent.post)
    door.holders_over(Meanwhile(door.stores.holders, "withdraw", decided)).erase(leave(sent))
    assert door.post(sent).state is State.WITHDRAWN


def test_a_post_that_ran_out_at_the_same_moment_keeps_no_other_from_being_taken_back(
    door: Door,
) -> None:
    first = door.share()
    second = door.share(receipt=str(first.receipt), title="Two")
    door.put_in(State.DECLINED, first)
    gone = partial(door.stores.retention.erase_posts, State.DECLINED, days(1))
    slow = Meanwhile(door.stores.holders, "withdraw", gone)
    with suppress(Changed):
        door.holders_over(slow).erase(leave(first))
    assert door.post(second).state is State.WITHDRAWN


def test_a_race_that_is_always_lost_leaves_what_is_left_under_the_receipt(door: Door) -> None:
    sent = several(door)
    lost = Meanwhile(door.stores.holders, "withdraw", raising(Changed()), TRIES)
    with pytest.raises(Changed):
        door.holders_over(lost).erase(leave(sent))
    assert len(door.holders.look_up(leave(sent)).posts) == 3
    assert door.holders.look_up(Leave(str(sent.receipt))).posts[0].post == sent.post
