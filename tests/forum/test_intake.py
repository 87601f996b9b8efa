"""What the form takes: three reasons to close, one place in the right lane, nothing by half."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import altcha
import pytest

from forum.admission import Forged
from forum.hands import Unknown
from forum.intake import PROMISED, Closed, Crowded, Intake
from forum.lanes import Rate
from forum.post import Act, State
from forum.texts import Refused
from forum.visitors import FormUsed, Visitors
from tests.builders import STORY, TODAY, days, make_given
from tests.forum.visitors_door import Door, Form, leave, make_lanes, open_door

ONE = Rate(1, 1)


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


# --- when the form closes -----------------------------------------------------------------------


@dataclass(frozen=True)
class Crowd:
    """A store that only says how full it is."""

    unread: int = 0
    oldest: date | None = None
    switched_off: bool = False

    def closed(self) -> bool:
        return self.switched_off

    def unread_reaches(self, most: int) -> bool:
        return self.unread >= most

    def oldest_unread(self) -> date | None:
        return self.oldest


@pytest.mark.parametrize(
    ("crowd", "closed"),
    [
        (Crowd(), False),
        (Crowd(switched_off=True), True),
        (Crowd(unread=9), False),
        (Crowd(unread=10), True),
        (Crowd(unread=11), True),
        (Crowd(oldest=TODAY), False),
        (Crowd(oldest=days(-7)), False),
        (Crowd(oldest=days(-8)), True),
        (Crowd(oldest=days(1)), False),
        (Crowd(unread=9, oldest=days(-7)), False),
    ],
)
def test_the_form_closes_for_each_of_three_reasons_at_its_limit(crowd: Crowd, closed: bool) -> None:
    assert Intake(make_lanes(), 10).closed(crowd, TODAY) is closed
    assert PROMISED.days == 7


def fill(door: Door) -> Visitors:
    door.share()
    return door.with_intake(most_unread=1)


def switch_off(door: Door) -> Visitors:
    door.stores.desk.set_closed(True, TODAY, "sam")
    return door.visitors


def fall_behind(door: Door) -> Visitors:
    door.share()
    door.clock.advance(days=8)
    return door.visitors


CLOSING = [fill, switch_off, fall_behind]


@pytest.mark.parametrize("close", CLOSING)
def test_a_closed_form_takes_nothing_new_and_no_place(
    door: Door, close: Callable[[Door], Visitors]
) -> None:
    visitors, before = close(door), door.posts()
    assert visitors.closed()
    for form in (door.form(), door.form(body="")):
        with pytest.raises(Closed):
            visitors.submit(form)
    assert door.posts() == before


@pytest.mark.parametrize("close", CLOSING)
def test_whoever_holds_a_receipt_goes_on_as_before_while_the_form_is_closed(
    door: Door, close: Callable[[Door], Visitors]
) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    door.put_in(State.RETURNED, sent)
    visitors = close(door)
    assert visitors.closed()
    hash = door.holding(sent).hash or ""
    post = door.holders.revise(sent.post.id, hash, make_given(), leave(sent))
    assert post.state is State.RECEIVED
    assert door.holders.withdraw(sent.post.id, leave(sent)).state is State.WITHDRAWN
    door.holders.erase(leave(sent))
    with pytest.raises(Unknown):
        door.holders.look_up(leave(sent))


def test_a_repeat_is_answered_while_the_form_is_closed(door: Door) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    assert switch_off(door).submit(form) == sent


def test_the_form_opens_again_as_soon_as_the_oldest_is_read(door: Door) -> None:
    sent = door.share()
    door.clock.advance(days=7)
    assert not door.visitors.closed()
    door.clock.advance(days=1)
    assert door.visitors.closed()
    door.decide(Act.RETURN, sent.post)
    assert not door.visitors.closed()
    assert door.share()


def test_a_post_that_was_revised_waits_anew(door: Door) -> None:
    """It is the promise since the new words that counts."""
    sent = door.share()
    door.put_in(State.RETURNED, sent)
    door.clock.advance(days=20)
    hash = door.holding(sent).hash or ""
    door.holders.revise(sent.post.id, hash, make_given(), leave(sent))
    assert not door.visitors.closed()


def test_only_posts_that_wait_for_a_first_reading_fill_the_queue(door: Door) -> None:
    for number, state in enumerate(set(State) - {State.RECEIVED}):
        sent = door.share(title=f"Story {number}")
        door.put_in(state, sent, state_day=days(-30))
    visitors = door.with_intake(most_unread=1)
    assert not visitors.closed()
    visitors.submit(door.form())
    assert visitors.closed()


# --- the lanes ----------------------------------------------------------------------------------


def proof_for(form: Form, visitors: Visitors) -> str:
    """What a browser with script sends with this form."""
    work = visitors.challenge(form["token"][0])
    found = altcha.solve_challenge(altcha.Challenge.from_dict(work))
    assert found is not None
    solution = {"counter": found.counter, "derivedKey": found.derived_key}
    sent = json.dumps({"challenge": work, "solution": solution})
    return base64.b64encode(sent.encode()).decode()


def proven(door: Door, **given: Any) -> Form:
    form = door.form(**given)
    return {**form, "pow": [proof_for(form, door.visitors)]}


def test_a_flood_without_proofs_leaves_room_for_those_with_one(door: Door) -> None:
    visitors, form = door.with_intake(unproven=ONE, proven=ONE), proven(door)
    forms = [door.form() for _ in range(5)]
    visitors.submit(forms[0])
    for one in forms[1:]:
        with pytest.raises(Crowded):
            visitors.submit(one)
    assert visitors.submit(form).post.state is State.RECEIVED
    assert door.posts() == 2


def test_a_flood_of_proofs_leaves_room_for_those_without(door: Door) -> None:
    visitors = door.with_intake(unproven=ONE, proven=ONE)
    first, second = proven(door), proven(door)
    visitors.submit(first)
    with pytest.raises(Crowded):
        visitors.submit(second)
    assert visitors.submit(door.form()).post.state is State.RECEIVED
    assert visitors.submit(first), "a repeat takes no place, in either lane"


def test_a_proof_that_was_found_for_another_form_is_no_proof(door: Door) -> None:
    visitors = door.with_intake(unproven=ONE, proven=ONE)
    borrowed, forms = proven(door), [door.form() for _ in range(3)]
    visitors.submit(forms[0])
    for form, proof in zip(forms[1:], (borrowed["pow"], ["nonsense"]), strict=True):
        with pytest.raises(Crowded):
            visitors.submit({**form, "pow": proof})
    assert visitors.submit(borrowed), "the lane of proofs is as empty as before"


def test_there_is_no_challenge_for_a_form_that_we_did_not_make(door: Door) -> None:
    with pytest.raises(Forged):
        door.visitors.challenge("v1.forged")


def test_whoever_is_turned_away_has_stored_nothing_and_can_send_the_same_form(door: Door) -> None:
    visitors = door.with_intake(unproven=ONE)
    visitors.submit(door.form())
    form, before = door.form(title="Later"), door.rows()
    visitors.intake.lanes.unproven.enter(door.clock.now())
    with pytest.raises(Crowded):
        visitors.submit(form)
    assert door.rows() == before
    door.clock.advance(minutes=1)
    assert visitors.submit(form).post.state is State.RECEIVED
    assert door.posts() == 2


@pytest.mark.parametrize(
    "wrong", [{"body": ""}, {"consent": None}, {"receipt": "one two"}, {"website": "x"}]
)
def test_a_form_with_something_wrong_takes_no_place(door: Door, wrong: dict[str, Any]) -> None:
    visitors, form = door.with_intake(unproven=ONE), door.form(**wrong)
    for _ in range(5):
        with pytest.raises(Refused):
            visitors.submit(form)
    right = {"body": [STORY], "consent": ["yes"], "receipt": [""], "website": [""]}
    assert visitors.submit({**form, **right})


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_that_may_not_enter_takes_no_place(door: Door, token: str) -> None:
    visitors, form = door.with_intake(unproven=ONE), door.form()
    for _ in range(5):
        with pytest.raises(Refused):
            visitors.submit(make_given(token=token))
        with pytest.raises(Refused):
            visitors.submit(make_given(token=door.visitors.form_token()))
    assert visitors.submit(form)


def test_a_form_that_was_stored_takes_no_second_place(door: Door) -> None:
    visitors, form, other = door.with_intake(unproven=Rate(2, 1)), door.form(), door.form()
    sent = visitors.submit(form)
    assert all(visitors.submit(form) == sent for _ in range(5))
    with pytest.raises(FormUsed):
        visitors.submit({**form, "title": ["Another"]})
    assert visitors.submit(other).post.id != sent.post.id


def test_no_flood_keeps_a_receipt_from_being_used(door: Door) -> None:
    sent = door.share()
    visitors = door.with_intake(unproven=ONE, proven=ONE, reports=ONE)
    for lane in (visitors.intake.lanes.unproven, visitors.intake.lanes.proven):
        while lane.enter(door.clock.now()):
            pass
    assert door.holding(sent).post == sent.post
    assert door.holders.withdraw(sent.post.id, leave(sent)).state is State.WITHDRAWN
