"""A receipt-holder looks again and takes back; everybody else finds nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from forum.hands import Unknown
from forum.holders import Holding, Leave
from forum.post import Act, Fields, State, moved
from forum.rows import Decided
from forum.texts import Refused
from tests.builders import (
    STORY,
    TODAY,
    days,
    make_decision,
    make_edition_row,
    make_given,
    make_id,
    make_keyring,
    make_message,
)
from tests.forum.visitors_door import Door, leave, make_keys, open_door


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


# --- looking again -----------------------------------------------------------------------------


def test_a_receipt_shows_what_became_of_a_post(door: Door) -> None:
    sent = door.share()
    returned = moved(sent.post, Act.RETURN, TODAY)
    decision = make_decision(post_id=sent.post.id)
    door.stores.desk.decide(Decided(returned, decision, make_message()))
    holding = door.holding(sent)
    assert holding == Holding(
        post=returned,
        text=door.stores.desk.text(sent.post.id),
        message=make_message(),
        offer=None,
        original=None,
        is_up=False,
        acts=frozenset({Act.WITHDRAW, Act.REVISE}),
        erased_on=days(30),
    )


def test_a_receipt_shows_whether_readers_can_see_a_post(door: Door) -> None:
    sent = door.share()
    assert not door.holding(sent).is_up
    door.stores.press.record([make_edition_row(post_id=sent.post.id)], [])
    assert door.holding(sent).is_up


def test_a_post_that_was_taken_back_is_coming_down_until_the_next_edition(door: Door) -> None:
    up = replace(door.share().post, state=State.APPROVED)
    gone = moved(up, Act.WITHDRAW, TODAY)
    seen = {
        (post.state, is_up): Holding(post, None, None, None, None, is_up, frozenset(), None)
        for post in (up, gone)
        for is_up in (True, False)
    }
    assert [at for at, holding in seen.items() if holding.readable] == [(State.APPROVED, True)]
    assert [at for at, holding in seen.items() if holding.coming_down] == [(State.WITHDRAWN, True)]


@pytest.mark.parametrize("between", [" ", "  ", "\n", "-", ", ", " - "])
def test_a_receipt_may_be_typed_as_people_type(door: Door, between: str) -> None:
    sent = door.share()
    typed = f"  {between.join(word.title() for word in sent.receipt.words)}\n"
    assert door.holders.look_up(Leave(typed)).posts[0].post == sent.post


def test_unknown_mistyped_and_erased_receipts_get_one_answer(door: Door) -> None:
    erased, words = door.share(), list(door.share().receipt.words)
    post_row = moved(erased.post, Act.WITHDRAW, TODAY)
    door.stores.holders.withdraw(post_row)
    door.stores.retention.erase_posts(State.WITHDRAWN, days(1))
    typed = [
        "",
        " ",
        "\0",
        "\ud800",
        str(erased.receipt),
        " ".join(words[:5]),
        " ".join([*words, words[0]]),
        " ".join(reversed(words)),
        " ".join([*words[:5], "zzzzzz"]),
        "word " * 5_000,
    ]
    answers = set()
    for one in typed:
        for act in (
            lambda one=one: door.holders.look_up(Leave(one)),
            lambda one=one: door.holders.withdraw(make_id(), Leave(one)),
        ):
            with pytest.raises(Unknown) as caught:
                act()
            answers.add((type(caught.value), str(caught.value)))
    assert answers == {(Unknown, "")}


def test_no_receipt_opens_another_ones_posts(door: Door) -> None:
    one, two = door.share(), door.share()
    with pytest.raises(Unknown):
        door.holders.withdraw(two.post.id, leave(one))
    assert door.holding(two).post == two.post


# --- the capability ----------------------------------------------------------------------------


def test_a_capability_stands_for_the_receipt_for_a_quarter_of_an_hour(door: Door) -> None:
    sent = door.share()
    capability = door.holders.look_up(leave(sent)).capability
    door.clock.advance(minutes=14)
    assert door.holders.look_up(Leave("", capability)).posts[0].post == sent.post
    door.clock.advance(minutes=2)
    with pytest.raises(Unknown):
        door.holders.look_up(Leave("", capability))
    with pytest.raises(Unknown):
        door.holders.withdraw(sent.post.id, Leave("", capability))
    assert door.holders.look_up(Leave(str(sent.receipt), capability))


def test_using_a_capability_does_not_make_it_last_longer(door: Door) -> None:
    sent = door.share()
    capability = door.holders.look_up(leave(sent)).capability
    door.clock.advance(minutes=14)
    given_back = door.holders.look_up(Leave("", capability)).capability
    assert given_back == capability
    door.clock.advance(minutes=2)
    with pytest.raises(Unknown):
        door.holders.look_up(Leave("", given_back))


def test_a_capability_allows_to_take_back_what_it_shows_and_nothing_else(door: Door) -> None:
    one, two = door.share(), door.share()
    capability = door.holders.look_up(leave(one)).capability
    with pytest.raises(Unknown):
        door.holders.withdraw(two.post.id, Leave("", capability))
    assert door.holders.withdraw(one.post.id, Leave("", capability)).state is State.WITHDRAWN


@pytest.mark.parametrize("capability", ["x", "gAAAAA==", "\ud800", "é", "\0", "x" * 100_000])
def test_a_capability_we_did_not_make_is_unknown(door: Door, capability: str) -> None:
    sent = door.share()
    with pytest.raises(Unknown):
        door.holders.look_up(Leave("", capability))
    assert door.holders.look_up(Leave(str(sent.receipt), capability)).posts


def test_a_capability_of_other_keys_is_unknown(door: Door) -> None:
    sent = door.share()
    other = replace(make_keys(), capabilities=make_keyring(purpose="others"))
    capability = door.with_keys(other).capability(sent).capability
    with pytest.raises(Unknown):
        door.holders.look_up(Leave("", capability))


def test_a_capability_shows_neither_the_receipt_nor_the_post(door: Door) -> None:
    sent = door.share()
    capability = door.holders.look_up(leave(sent)).capability
    assert sent.post.id not in capability
    assert not any(word in capability.lower() for word in sent.receipt.words if len(word) > 5)


def test_a_form_token_is_no_capability_and_a_capability_no_form_token(door: Door) -> None:
    sent = door.share()
    capability = door.holders.look_up(leave(sent)).capability
    with pytest.raises(Unknown):
        door.holders.look_up(Leave("", door.visitors.form_token()))
    with pytest.raises(Refused):
        door.visitors.submit(make_given(token=capability))


# --- keys that change --------------------------------------------------------------------------


def test_old_receipts_still_open_after_the_receipt_key_changed(door: Door) -> None:
    old = door.share()
    keys = make_keys(make_keyring("v2", "v1", purpose="receipts"))
    rotated = door.with_keys(keys)
    assert rotated.holding(old).post == old.post
    new = rotated.share(receipt=str(old.receipt), body=STORY + " Later.")
    fresh = rotated.share()
    assert len(rotated.holders.look_up(leave(old)).posts) == 2
    assert rotated.holding(fresh).post == fresh.post
    assert rotated.holders.withdraw(new.post.id, leave(old)).state is State.WITHDRAWN


def test_a_receipt_opens_nothing_once_its_key_is_lost(door: Door) -> None:
    sent = door.share()
    lost = door.with_keys(make_keys(make_keyring("v2", purpose="receipts")))
    with pytest.raises(Unknown):
        lost.holders.look_up(leave(sent))


def test_forms_handed_out_before_the_form_key_changed_are_still_taken(door: Door) -> None:
    form = door.form()
    keys = replace(make_keys(), forms=make_keyring("v2", "v1", purpose="forms"))
    assert door.with_keys(keys).visitors.submit(form).post.state is State.RECEIVED


# --- taking back -------------------------------------------------------------------------------


def test_a_post_that_is_taken_back_loses_its_text_at_once(door: Door) -> None:
    sent = door.share()
    gone = door.holders.withdraw(sent.post.id, leave(sent))
    empty = {"fields": Fields(), "marks": (), "language": ""}
    assert gone == replace(moved(sent.post, Act.WITHDRAW, TODAY), **empty)
    assert door.stores.desk.text(sent.post.id) is None
    holding = door.holding(sent)
    assert (holding.post, holding.acts) == (gone, frozenset())
    assert holding.erased_on == days(30)


def test_taking_back_twice_is_taking_back_once(door: Door) -> None:
    sent = door.share()
    once = door.holders.withdraw(sent.post.id, leave(sent))
    assert door.holders.withdraw(sent.post.id, leave(sent)) == once


def test_taking_back_by_many_at_once_is_taking_back_once(door: Door) -> None:
    sent = door.share()
    door.stores.press.record([make_edition_row(post_id=sent.post.id)], [])
    with ThreadPoolExecutor(8) as threads:
        gone = threads.map(lambda _: door.holders.withdraw(sent.post.id, leave(sent)), range(8))
        assert len(set(gone)) == 1
    assert door.stores.press.rung() == 1


def test_taking_one_post_back_leaves_the_others_of_the_hand(door: Door) -> None:
    first = door.share()
    second = door.share(receipt=str(first.receipt), body=STORY + " Later.")
    door.holders.withdraw(first.post.id, leave(first))
    states = {h.post.id: h.post.state for h in door.holders.look_up(leave(first)).posts}
    assert states == {first.post.id: State.WITHDRAWN, second.post.id: State.RECEIVED}


@pytest.mark.parametrize("post_id", ["", "nobody", make_id(3), "\ud800", "a' OR 1=1 --"])
def test_what_a_receipt_does_not_hold_cannot_be_taken_back(door: Door, post_id: str) -> None:
    sent = door.share()
    with pytest.raises(Unknown):
        door.holders.withdraw(post_id, leave(sent))
    assert door.holding(sent).post == sent.post


def test_a_post_erased_meanwhile_cannot_be_taken_back(door: Door) -> None:
    sent = door.share()
    door.stores.retention.erase_posts(State.RECEIVED, days(1))
    with pytest.raises(Unknown):
        door.holders.withdraw(sent.post.id, leave(sent))
