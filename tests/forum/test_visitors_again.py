"""A look before sharing, and sharing again under a receipt that one already holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from forum.hands import Unknown
from forum.holders import Leave
from forum.post import State
from forum.preview import Preview
from forum.receipts import Receipt, accesses, open_sealed
from forum.texts import Refused
from forum.visitors import PUT_AWAY_TOO_LONG, UNKNOWN_RECEIPT, Sent
from tests.builders import STORY, TODAY, days, make_given
from tests.forum.visitors_door import Door, Form, Meanwhile, leave, make_keys, open_door


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


# --- a look before sharing ----------------------------------------------------------------------

TELLING = (
    "My sister Priya drove me to hospital in Dundee. It got better in time, and it still does."
)


def look(door: Door, **given: Any) -> Preview:
    """What somebody sees of these words before they share them."""
    return door.visitors.preview(make_given(**{"body": TELLING} | given))


def test_a_look_before_sharing_stores_nothing_and_needs_no_form(door: Door) -> None:
    known = str(door.share().receipt)
    before = door.rows()
    shown = look(door, receipt=known)
    assert {spot.words for spot in shown.spots} == {"Priya", "Dundee"}
    for accepted in ((), {1}, {1, 2}):
        door.visitors.preview(make_given(body=TELLING, receipt=known), accepted)
    assert door.rows() == before
    door.stores.desk.set_closed(True, TODAY, "sam")
    assert look(door) == shown, "also while the form is closed"


def test_suggestions_that_are_taken_stand_in_the_next_look(door: Door) -> None:
    shown = look(door)
    first = next(spot for spot in shown.spots if spot.words == "Priya")
    after = door.visitors.preview(make_given(body=TELLING), {first.number})
    assert after.body == TELLING.replace(" Priya", f" {first.suggest}".rstrip())
    assert after.title == shown.title
    assert "Priya" not in {spot.words for spot in after.spots}
    assert "Dundee" in {spot.words for spot in after.spots}


@pytest.mark.parametrize("wrong", [{"title": "One\ntwo"}, {"body": ""}, {"body": "x" * 12_001}])
def test_words_that_could_not_be_sent_are_told_with_every_other_error(
    door: Door, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as caught:
        look(door, consent=None, receipt="wrong", **wrong)
    assert caught.value.errors.keys() == {"consent", "receipt", *wrong}


@pytest.mark.parametrize("wrong", [{"consent": None}, {"receipt": "wrong"}, {"stage": "x"}])
def test_what_is_wrong_elsewhere_in_a_form_does_not_keep_its_words_from_being_looked_at(
    door: Door, wrong: dict[str, Any]
) -> None:
    assert look(door, **wrong).spots


# --- a receipt on its way between two pages -------------------------------------------------------


def test_a_receipt_that_was_put_away_does_what_typed_words_do(door: Door) -> None:
    first = door.share()
    away = door.visitors.put_away(make_given(receipt=f" {first.receipt}\n"))
    assert not any(word in away.lower() for word in first.receipt.words)
    second = door.share(put_away=away, body=STORY + " Later.")
    assert second.receipt == first.receipt
    held = [one.post for one in door.holders.look_up(leave(first)).posts]
    assert held == [first.post, second.post]


def test_what_was_put_away_can_be_put_away_again_and_what_was_typed_goes_before_it(
    door: Door,
) -> None:
    first, other = door.share(), door.share()
    away = door.visitors.put_away(make_given(receipt=str(first.receipt)))
    door.clock.advance(minutes=10)
    again = door.visitors.put_away(make_given(put_away=away))
    door.clock.advance(minutes=10)
    assert door.share(put_away=again).receipt == first.receipt
    assert door.share(put_away=again, receipt=str(other.receipt)).receipt == other.receipt


@pytest.mark.parametrize("given", [{}, {"receipt": "wrong"}, {"put_away": "forged"}])
def test_where_there_is_no_receipt_nothing_is_put_away(door: Door, given: dict[str, Any]) -> None:
    assert door.visitors.put_away(make_given(**given)) == ""


def test_a_receipt_that_was_put_away_too_long_ago_is_asked_for_once_more(door: Door) -> None:
    first = door.share()
    away = door.visitors.put_away(make_given(receipt=str(first.receipt)))
    door.clock.advance(hours=24, minutes=1)
    capability = door.capability(first).capability
    for token in (away, "forged", capability, "\ud800"):
        with pytest.raises(Refused) as caught:
            door.share(put_away=token)
        assert caught.value.errors == {"receipt": PUT_AWAY_TOO_LONG}
        assert not caught.value.needs_new_form
    assert door.posts() == 1
    assert door.share(put_away=away, receipt=str(first.receipt)).receipt == first.receipt


def test_a_receipt_that_was_put_away_and_opens_nothing_is_as_unknown_as_any(door: Door) -> None:
    erased = door.share()
    away = door.visitors.put_away(make_given(receipt=str(erased.receipt)))
    door.holders.erase(leave(erased))
    with pytest.raises(Refused) as caught:
        door.share(put_away=away)
    assert caught.value.errors == {"receipt": UNKNOWN_RECEIPT}


@pytest.mark.parametrize("minutes", [1, 14, 20, 23 * 60])
def test_a_repeat_with_a_receipt_put_away_gets_the_same_answer(door: Door, minutes: int) -> None:
    """A form lives for a day, and what was put away for a quarter of an hour."""
    first = door.share()
    away = door.visitors.put_away(make_given(receipt=str(first.receipt)))
    form = door.form(put_away=away, title="Part two")
    sent = door.visitors.submit(form)
    door.clock.advance(minutes=minutes)
    assert answer_to(door, form) in (sent, {"receipt"})


def answer_to(door: Door, form: Form) -> Sent | set[str]:
    """What the form gets: an answer, or the names of the fields it is refused for."""
    try:
        return door.visitors.submit(form)
    except Refused as refused:
        return set(refused.errors)


# --- sharing again under the same receipt ------------------------------------------------------


def test_a_receipt_that_is_given_gathers_the_new_post_too(door: Door) -> None:
    first = door.share()
    second = door.share(receipt=f"  {str(first.receipt).upper()} \n", body=STORY + " Later.")
    assert second.receipt == first.receipt
    held = [holding.post for holding in door.holders.look_up(leave(first)).posts]
    assert sorted(post.id for post in held) == sorted([first.post.id, second.post.id])
    assert first.post.pen_name != second.post.pen_name


def test_a_repeat_with_a_receipt_given_is_one_post_too(door: Door) -> None:
    first = door.share()
    form = door.form(receipt=str(first.receipt), body=STORY + " Later.")
    assert door.visitors.submit(form) == door.visitors.submit(form)
    assert door.posts() == 2


UNKNOWN = ["wrong", "one two three four five six", "\ud800", "x" * 5_000]


@pytest.mark.parametrize("receipt", UNKNOWN)
def test_a_receipt_that_is_none_is_told_beside_its_field(door: Door, receipt: str) -> None:
    with pytest.raises(Refused) as caught:
        door.share(receipt=receipt)
    assert caught.value.errors.keys() == {"receipt"}
    assert door.posts() == 0


def test_a_receipt_that_was_never_given_out_starts_no_hand(door: Door) -> None:
    known = door.share()
    never = str(Receipt(tuple(reversed(known.receipt.words))))
    with pytest.raises(Refused) as caught:
        door.share(receipt=never)
    assert caught.value.errors.keys() == {"receipt"}
    assert door.posts() == 1
    with pytest.raises(Unknown):
        door.holders.look_up(Leave(never))


def test_a_receipt_whose_posts_are_all_erased_is_as_unknown_as_any(door: Door) -> None:
    erased, known = door.share(), door.share()
    door.stores.retention.erase_posts(State.RECEIVED, days(1))
    never = str(Receipt(tuple(reversed(known.receipt.words))))
    answers = []
    for receipt in (str(erased.receipt), never, "wrong"):
        with pytest.raises(Refused) as caught:
            door.share(receipt=receipt)
        answers.append((caught.value.errors, caught.value.needs_new_form))
    assert answers[0] == answers[1] == answers[2]
    assert door.posts() == 0


def test_a_receipt_that_is_erased_at_the_same_moment_gathers_nothing_new(door: Door) -> None:
    first = door.share()
    form = door.form(receipt=str(first.receipt), title="Two")
    slow = Meanwhile(door.stores.visitors, "add", lambda: door.holders.erase(leave(first)))
    with pytest.raises(Refused) as caught:
        door.with_store(slow).submit(form)
    assert caught.value.errors == {"receipt": UNKNOWN_RECEIPT}
    assert door.posts() == 1
    with pytest.raises(Unknown):
        door.holders.look_up(leave(first))


def test_a_row_does_not_keep_what_is_erased(door: Door) -> None:
    first = door.share()
    receipt = str(first.receipt)
    second = door.share(receipt=receipt, body=STORY + " Later.")
    door.holders.withdraw(first.post.id, leave(first))
    door.stores.retention.erase_posts(State.WITHDRAWN, days(1))
    third = door.share(receipt=receipt, body=STORY + " Later still.")
    access = next(accesses(make_keys().receipts, first.receipt))
    row = door.stores.visitors.author(access.lookup)
    assert row is not None
    assert open_sealed(access, row.sealed) == (second.post.id, third.post.id)


@pytest.mark.parametrize("known", [True, False])
def test_a_receipt_that_is_none_is_told_with_every_other_error(door: Door, known: bool) -> None:
    receipt = str(Receipt(tuple(reversed(door.share().receipt.words)))) if known else "wrong"
    with pytest.raises(Refused) as caught:
        door.share(receipt=receipt, body="", consent=None)
    assert caught.value.errors.keys() == {"receipt", "body", "consent"}
    with pytest.raises(Refused) as caught:
        door.visitors.submit(make_given(token="forged", receipt=receipt, body=""))
    assert caught.value.errors.keys() == {"receipt", "token", "body"}


def test_posts_shared_at_once_under_one_receipt_are_all_kept(door: Door) -> None:
    first = door.share()
    forms = [door.form(receipt=str(first.receipt), title=f"Part {n}") for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        sent = list(threads.map(door.visitors.submit, forms))
    held = door.holders.look_up(leave(first)).posts
    assert {holding.post.id for holding in held} == {one.post.id for one in [first, *sent]}
