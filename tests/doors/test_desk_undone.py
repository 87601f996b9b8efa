"""Taking a decision back from the page that follows it: all is as it was, for one minute."""

from __future__ import annotations

import pytest

from forum.post import Act, Post, State
from tests.builders import make_fields
from tests.doors.desk_seat import Room, Seat, form_of, leads_to
from tests.doors.marked import DOSE, MAIL, NAMED, QUIET, verdicts

OWN = "You wrote this with care. Please leave the town out."


def undo_of(post: Post) -> str:
    return f"/post/{post.id}/undo"


def as_it_was(room: Room, post: Post) -> tuple[object, ...]:
    """All that an undo has to give back."""
    reading = room.office.desk.read(post.id)
    stands = (reading.post.state, reading.post.fields, reading.post.editors, reading.post.marks)
    return (*stands, reading.text, reading.hash, reading.offer, reading.message, reading.original)


@pytest.mark.parametrize("act", ["approve", "return", "decline", "escalate"])
def test_every_decision_on_a_quiet_post_can_be_taken_back(
    room: Room, robin: Seat, act: str
) -> None:
    post = room.share(1, QUIET)
    before = as_it_was(room, post)
    after = robin.follow(robin.decide(robin.hold(post.id), act, words=OWN))
    page = robin.follow(robin.press(after, undo_of(post)))
    assert as_it_was(room, post) == before
    assert "decision undone, by Robin" in page.words
    assert "You hold this" in page.words, "it is theirs again"


@pytest.mark.parametrize("body", [MAIL, NAMED, DOSE])
@pytest.mark.parametrize("verdict", ["replace", "keep"])
def test_a_review_is_taken_back_with_the_words_that_it_changed(
    room: Room, robin: Seat, body: str, verdict: str
) -> None:
    post = room.share(1, body)
    before = as_it_was(room, post)
    page = robin.hold(post.id)
    own = room.office.desk.read(post.id).text
    queue = robin.follow(robin.decide(page, **verdicts(own, verdict), help=["distress"]))
    assert as_it_was(room, post) != before
    robin.press(queue, undo_of(post))
    assert as_it_was(room, post) == before


def test_after_an_undo_the_same_post_can_be_decided_another_way(room: Room, robin: Seat) -> None:
    post = room.share(1, MAIL, fields=make_fields(topics=()))
    own = room.office.desk.read(post.id).text
    queue = robin.follow(robin.decide(robin.hold(post.id), **verdicts(own, "replace")))
    page = robin.follow(robin.press(queue, undo_of(post)))
    robin.decide(page, **verdicts(own, "replace", "the editors"))
    reading = room.office.desk.read(post.id)
    assert reading.post.state is State.APPROVED
    assert reading.original == own
    assert reading.text
    assert "the editors" in reading.text.html


def test_taking_a_second_edit_back_leaves_the_first(room: Room, robin: Seat) -> None:
    post, sam = room.share(1, NAMED), room.seat("Sam")
    own = room.office.desk.read(post.id).text
    robin.decide(robin.hold(post.id), **verdicts(own, "replace", "our friend Joan"))
    once = as_it_was(room, post)
    edited = room.office.desk.read(post.id).text
    queue = sam.follow(sam.decide(sam.hold(post.id), **verdicts(edited, "replace", "somebody")))
    assert as_it_was(room, post) != once
    sam.press(queue, undo_of(post))
    assert as_it_was(room, post) == once
    assert room.office.desk.read(post.id).original == own


def test_an_undo_is_its_makers_alone_and_for_one_minute(room: Room, robin: Seat) -> None:
    post, sam = room.share(1, QUIET), room.seat("Sam")
    queue = robin.follow(robin.decide(robin.hold(post.id)))
    answer = sam.door.send(undo_of(post), csrf=sam.csrf())
    assert answer.status_code == 409
    assert undo_of(post) not in leads_to(sam.post(post.id))
    room.office.clock.advance(seconds=61)
    answer = robin.press(queue, undo_of(post))
    assert answer.status_code == 409
    assert "be undone any more" in robin.page_of(answer).words
    assert undo_of(post) not in leads_to(robin.open(f"/?done={post.id}"))
    assert room.office.desk.read(post.id).post.state is State.APPROVED


def test_an_undo_stands_though_somebody_took_the_post_in_that_minute(
    room: Room, robin: Seat
) -> None:
    post, sam = room.share(1, NAMED), room.seat("Sam")
    own = room.office.desk.read(post.id).text
    queue = robin.follow(robin.decide(robin.hold(post.id), **verdicts(own, "replace")))
    held = sam.hold(post.id)
    page = robin.follow(robin.press(queue, undo_of(post)))
    assert "Only they can decide" in page.words
    assert room.office.desk.read(post.id).text == own
    answer = sam.check(held, "return", words=OWN)
    assert answer.status_code == 409
    assert OWN in [area.value for area in sam.page_of(answer).all("textarea")]


def test_an_undo_that_comes_twice_is_done_once(room: Room, robin: Seat) -> None:
    post = room.share(1, QUIET)
    queue = robin.follow(robin.decide(robin.hold(post.id)))
    assert robin.press(queue, undo_of(post)).status_code == 303
    assert robin.press(queue, undo_of(post)).status_code == 409
    acts = [made.act for made in room.office.desk.read(post.id).decisions]
    assert acts == [Act.APPROVE, Act.UNDO]


def test_the_pause_after_an_urgent_decision_leads_back_too(room: Room, robin: Seat) -> None:
    post = room.share(1, QUIET)
    pause = robin.follow(robin.decide(robin.hold(post.id), "escalate"))
    assert "A pause for you" in pause.words
    page = robin.follow(robin.press(pause, undo_of(post)))
    assert form_of(page, f"/post/{post.id}/check", "approve")
    assert "A pause for you" not in robin.open("/pause").words
