"""A visitor shares: once per form, under a new receipt or one they already hold."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from forum.admission import OLDEST
from forum.post import Fields, Post, State
from forum.receipts import Receipt, accesses, open_sealed
from forum.retention import purge
from forum.rows import Changed, NameTaken
from forum.submission import Refused
from forum.visitors import TRIES, Closed, FormUsed, Sent, Unknown, Visitors
from tests.builders import STORY, TODAY, SeededBytes, days, make_given
from tests.forum.visitors_door import Door, Form, make_keys, open_door
from tests.store.adapters import Stores


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


# --- sharing -----------------------------------------------------------------------------------


def test_a_story_that_was_shared_waits_for_a_moderator(door: Door) -> None:
    sent = door.share()
    post = sent.post
    assert len(str(sent.receipt).split()) == 6
    assert (post.state, post.version, post.day) == (State.RECEIVED, 1, TODAY)
    assert len(post.id) == 16
    assert set(post.id) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert len(post.pen_name.split()) >= 2
    assert post.fields.topics == ("alcohol", "anxiety")
    assert door.stores.desk.post(post.id) == post
    text = door.stores.desk.text(post.id)
    assert text is not None
    assert (text.title, text.typed) == ("Counting walks", STORY)
    assert door.holding(sent).post == post


def test_the_same_form_sent_again_gets_the_same_answer_and_one_post(door: Door) -> None:
    form = door.form()
    first = door.visitors.submit(form)
    door.clock.advance(hours=3)
    assert door.visitors.submit(form) == first
    assert door.visitors.submit(dict(form)) == first
    assert door.posts() == 1
    assert len(door.visitors.look_up(str(first.receipt)).posts) == 1


def test_the_same_answer_comes_from_another_process(door: Door) -> None:
    form = door.form()
    first = door.visitors.submit(form)
    other = Visitors(door.stores.again().visitors, make_keys(), door.clock, SeededBytes(9))
    assert other.submit(form) == first
    assert door.posts() == 1


def test_the_answer_to_a_repeat_says_how_the_post_stands_now(door: Door) -> None:
    form = door.form()
    first = door.visitors.submit(form)
    gone = door.visitors.withdraw(first.post.id, str(first.receipt))
    assert door.visitors.submit(form) == Sent(first.receipt, gone)


@pytest.mark.parametrize(
    "changed", [{"body": STORY + " More."}, {"title": ""}, {"findable": "yes"}, {"topic": []}]
)
def test_a_used_form_with_other_words_is_not_taken(door: Door, changed: dict[str, Any]) -> None:
    form = door.form()
    door.visitors.submit(form)
    with pytest.raises(FormUsed):
        door.visitors.submit({**form, **make_given(**{"token": form["token"]} | changed)})
    assert door.posts() == 1


def test_a_used_form_whose_post_was_erased_is_not_taken_again(door: Door) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    door.stores.retention.erase_posts(State.RECEIVED, days(1))
    with pytest.raises(FormUsed):
        door.visitors.submit(form)
    assert sent.post.id not in {card.post.id for card in queue(door)}


def queue(door: Door) -> Sequence[Any]:
    return door.stores.desk.cards([State.RECEIVED], None, 100, door.clock.now())


def test_a_form_sent_by_a_double_click_becomes_one_post(door: Door) -> None:
    other = replace(door.visitors, store=door.stores.again().visitors)
    for number in range(8):
        form = door.form(title=f"Story {number}")
        with ThreadPoolExecutor(8) as threads:
            views = [door.visitors, other] * 4
            sent = list(threads.map(lambda view, form=form: view.submit(form), views))
        assert len(set(sent)) == 1
        assert door.posts() == number + 1


def test_one_form_with_two_stories_at_once_becomes_one_of_them(door: Door) -> None:
    form = door.form()
    forms = [form, {**form, "body": [STORY + " More."]}] * 4

    def send(one: Form) -> Sent | None:
        try:
            return door.visitors.submit(one)
        except FormUsed:
            return None

    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(send, forms))
    assert sum(one is not None for one in sent) == 4
    assert len({one for one in sent if one}) == 1
    assert door.posts() == 1


def test_two_shares_get_two_receipts_two_names_two_ids(door: Door) -> None:
    one, two = door.share(), door.share()
    assert one.receipt != two.receipt
    assert one.post.id != two.post.id
    assert one.post.pen_name != two.post.pen_name


def test_every_post_gets_a_pen_name_of_its_own(door: Door) -> None:
    names = [door.share().post.pen_name for _ in range(60)]
    assert len(set(names)) == 60


def test_a_closed_form_takes_nothing_new_but_answers_a_repeat(door: Door) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    door.stores.desk.set_closed(True)
    assert door.visitors.closed()
    with pytest.raises(Closed):
        door.share()
    assert door.visitors.submit(form) == sent
    assert door.holding(sent).post == sent.post
    assert door.visitors.withdraw(sent.post.id, str(sent.receipt)).state is State.WITHDRAWN
    assert door.posts() == 1


def test_what_is_wrong_is_told_and_the_form_can_be_sent_again(door: Door) -> None:
    form = door.form(body="", consent=None)
    with pytest.raises(Refused) as caught:
        door.visitors.submit(form)
    assert caught.value.errors.keys() == {"body", "consent"}
    assert not caught.value.needs_new_form
    assert door.posts() == 0
    assert door.visitors.submit({**form, "body": [STORY], "consent": ["yes"]})


@pytest.mark.parametrize("token", ["", "v1.forged", "\ud800", None])
def test_a_forged_form_is_made_anew_with_every_other_error_beside_it(
    door: Door, token: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        door.visitors.submit(make_given(token=token, body=""))
    assert caught.value.errors.keys() == {"token", "body"}
    assert caught.value.needs_new_form


def test_a_form_that_comes_back_at_once_or_after_days_is_not_taken(door: Door) -> None:
    quick = make_given(token=door.visitors.form_token())
    with pytest.raises(Refused) as caught:
        door.visitors.submit(quick)
    assert not caught.value.needs_new_form
    door.clock.advance(seconds=OLDEST + 1)
    with pytest.raises(Refused) as caught:
        door.visitors.submit(quick)
    assert caught.value.needs_new_form
    assert door.posts() == 0


def answer_to(door: Door, form: Form) -> Sent | set[str]:
    """What the form gets: an answer, or the names of the fields it is refused for."""
    try:
        return door.visitors.submit(form)
    except Refused as refused:
        return set(refused.errors)


def test_a_used_form_is_not_taken_anew_once_it_was_forgotten(door: Door) -> None:
    """At every moment either the form is too old, or it is remembered."""
    form = door.form()
    sent = door.visitors.submit(form)
    for _ in range(60):
        door.clock.advance(hours=1)
        purge(door.stores.retention, door.clock.now())
        answer = answer_to(door, form)
        assert answer in (sent, {"token"})
    assert answer == {"token"}
    assert door.posts() == 1


# --- sharing again under the same receipt ------------------------------------------------------


def test_a_receipt_that_is_given_gathers_the_new_post_too(door: Door) -> None:
    first = door.share()
    second = door.share(receipt=f"  {str(first.receipt).upper()} \n", body=STORY + " Later.")
    assert second.receipt == first.receipt
    held = [holding.post for holding in door.visitors.look_up(str(first.receipt)).posts]
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
        door.visitors.look_up(never)


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


def test_a_row_does_not_keep_what_is_erased(door: Door) -> None:
    first = door.share()
    receipt = str(first.receipt)
    second = door.share(receipt=receipt, body=STORY + " Later.")
    door.visitors.withdraw(first.post.id, receipt)
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
    held = door.visitors.look_up(str(first.receipt)).posts
    assert {holding.post.id for holding in held} == {one.post.id for one in [first, *sent]}


@dataclass
class Contested:
    """A store in which somebody else is always quicker, for a number of times."""

    stores: Stores
    times: int
    error: Exception

    def __getattr__(self, name: str) -> object:
        return getattr(self.stores.visitors, name)

    def add(self, *rows: Any) -> None:
        self._lose()
        self.stores.visitors.add(*rows)

    def withdraw(self, post: Post) -> None:
        self._lose()
        self.stores.visitors.withdraw(post)

    def _lose(self) -> None:
        self.times -= 1
        if self.times >= 0:
            raise self.error


def test_a_lost_race_is_run_again_and_the_person_never_knows(door: Door) -> None:
    contested = door.with_store(Contested(door.stores, TRIES - 1, Changed()))
    sent = contested.submit(door.form())
    contested.store.times = TRIES - 1  # type: ignore[attr-defined]
    assert contested.withdraw(sent.post.id, str(sent.receipt)).state is State.WITHDRAWN


def test_taken_pen_names_are_passed_over(door: Door) -> None:
    contested = door.with_store(Contested(door.stores, 5, NameTaken()))
    assert contested.submit(door.form()).post.pen_name
    assert door.posts() == 1


def test_the_row_of_a_withdrawn_post_keeps_nothing_its_author_told(door: Door) -> None:
    sent = door.share(about_me=["parent"], topic=["alcohol"], title="My sister Priya")
    assert sent.post.marks
    door.visitors.withdraw(sent.post.id, str(sent.receipt))
    row = door.stores.visitors.post(sent.post.id)
    assert row is not None
    assert (row.fields, row.marks) == (Fields(), ())
