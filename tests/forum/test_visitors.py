"""A visitor shares: once per form, under a new receipt or one they already hold."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forum import care
from forum.admission import OLDEST
from forum.intake import Closed
from forum.post import Fields, State
from forum.races import TRIES
from forum.retention import purge
from forum.rows import Asked, Changed, NameTaken
from forum.texts import Refused
from forum.visitors import FormUsed, Sent
from tests.builders import STORY, TODAY, SeededBytes, days, make_given
from tests.forum.visitors_door import Door, Form, Meanwhile, leave, open_door, raising


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
    assert len(door.holders.look_up(leave(first)).posts) == 1


def test_the_same_answer_comes_from_another_process(door: Door) -> None:
    form = door.form()
    first = door.visitors.submit(form)
    other = replace(door.visitors, store=door.stores.again().visitors, randomness=SeededBytes(9))
    assert other.submit(form) == first
    assert door.posts() == 1


def test_the_answer_to_a_repeat_says_how_the_post_stands_now(door: Door) -> None:
    form = door.form()
    first = door.visitors.submit(form)
    gone = door.holders.withdraw(first.post.id, leave(first))
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
    return door.stores.desk.cards(Asked([State.RECEIVED]), None, 100, door.clock.now())


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
    door.stores.desk.set_closed(True, TODAY, "sam")
    assert door.visitors.closed()
    with pytest.raises(Closed):
        door.share()
    assert door.visitors.submit(form) == sent
    assert door.holding(sent).post == sent.post
    assert door.holders.withdraw(sent.post.id, leave(sent)).state is State.WITHDRAWN
    assert door.posts() == 1


@pytest.mark.parametrize(
    ("given", "worrying", "young"),
    [
        ({}, False, False),
        ({"body": f"{STORY} I want to die tonight."}, True, False),
        ({"title": "I want to die tonight"}, True, False),
        ({"body": f"{STORY} I am 15 and at school."}, False, True),
    ],
)
def test_whoever_may_be_in_danger_or_very_young_is_seen_at_once(
    door: Door, given: dict[str, Any], worrying: bool, young: bool
) -> None:
    form = door.form(**given)
    for sent in (door.visitors.submit(form), door.visitors.submit(form)):
        marks = sent.post.marks
        assert (care.worrying(marks), care.young(marks)) == (worrying, young)
        assert sent.post.state is State.RECEIVED


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


# --- races ---------------------------------------------------------------------------------


def test_a_lost_race_is_run_again_and_the_person_never_knows(door: Door) -> None:
    lost = Meanwhile(door.stores.visitors, "add", raising(Changed()), TRIES - 1)
    sent = door.with_store(lost).submit(door.form())
    assert lost.times == 0
    assert door.holding(sent).post == sent.post
    lost = Meanwhile(door.stores.holders, "withdraw", raising(Changed()), TRIES - 1)
    gone = door.holders_over(lost).withdraw(sent.post.id, leave(sent))
    assert (gone.state, lost.times) == (State.WITHDRAWN, 0)


def test_a_race_that_is_lost_every_time_is_told_and_stores_nothing(door: Door) -> None:
    form = door.form()
    lost = Meanwhile(door.stores.visitors, "add", raising(Changed()), TRIES)
    with pytest.raises(Changed):
        door.with_store(lost).submit(form)
    assert (door.posts(), lost.times) == (0, 0)
    assert door.visitors.submit(form).post.state is State.RECEIVED


def test_taken_pen_names_are_passed_over(door: Door) -> None:
    taken = Meanwhile(door.stores.visitors, "add", raising(NameTaken()), 5)
    assert door.with_store(taken).submit(door.form()).post.pen_name
    assert (door.posts(), taken.times) == (1, 0)


def test_the_row_of_a_withdrawn_post_keeps_nothing_its_author_told(door: Door) -> None:
    sent = door.share(about_me=["parent"], topic=["alcohol"], title="My sister Priya")
    assert sent.post.marks
    door.holders.withdraw(sent.post.id, leave(sent))
    row = door.post(sent)
    assert (row.fields, row.marks) == (Fields(), ())
