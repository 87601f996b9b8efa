"""Two people, two tabs, a lost line, an ended session: nothing is lost and nothing overwritten."""

from __future__ import annotations

import pytest
from chalice.test import HTTPResponse

from doors.messages import messages
from forum.post import Act, Post, State
from tests.builders import make_fields
from tests.doors.desk_seat import Room, Seat, form_of
from tests.doors.marked import MAIL, NAMED, QUIET, verdicts

OWN = "You wrote this with care. Please leave the town out."
WORDS = {
    "approve": {"words": OWN},
    "offer": {"words": OWN, "title": "Walks in the rain", "body": f"{QUIET} It was a start."},
    "return": {"words": OWN},
    "decline": {"words": OWN},
    "escalate": {"words": OWN},
}


@pytest.fixture
def post(room: Room) -> Post:
    return room.share(1, QUIET, fields=make_fields(topics=("anxiety",)))


def kept(seat: Seat, answer: HTTPResponse) -> list[str]:
    """What a page gives back of what was typed."""
    return [area.value for area in seat.page_of(answer).all("textarea")]


def after_all(room: Room, post: Post) -> tuple[State, int, str]:
    """Where it stands, how often it was decided, and what its author was told."""
    reading = room.office.desk.read(post.id)
    told = reading.message.words if reading.message else ""
    return reading.post.state, len(reading.decisions), told


# Somebody else was quicker.


@pytest.mark.parametrize("act", WORDS)
def test_between_reading_and_checking_the_words_come_back(
    room: Room, robin: Seat, post: Post, act: str
) -> None:
    page = robin.hold(post.id)
    room.office.decide(Act.ESCALATE, post, room.seat("Sam").who)
    before = after_all(room, post)
    answer = robin.check(page, act, **WORDS[act])
    assert answer.status_code == 409
    assert "Nothing was overwritten" in robin.page_of(answer).words
    assert set(kept(robin, answer)) == {*WORDS[act].values()}
    assert after_all(room, post) == before


@pytest.mark.parametrize("act", WORDS)
def test_between_checking_and_doing_the_words_come_back(
    room: Room, robin: Seat, post: Post, act: str
) -> None:
    checked = robin.check(robin.hold(post.id), act, **WORDS[act])
    room.office.decide(Act.ESCALATE, post, room.seat("Sam").who)
    before = after_all(room, post)
    for answer in (robin.do_it(checked), robin.change(checked)):
        assert answer.status_code == 409
        assert set(kept(robin, answer)) == {*WORDS[act].values()}
    assert after_all(room, post) == before


@pytest.mark.parametrize("act", WORDS)
def test_when_its_author_took_it_back_the_words_come_back(
    room: Room, robin: Seat, post: Post, act: str
) -> None:
    page = robin.hold(post.id)
    checked = robin.check(page, act, **WORDS[act])
    room.withdraw(post)
    for answer in (robin.check(page, act, **WORDS[act]), robin.do_it(checked)):
        assert answer.status_code == 409
        assert set(kept(robin, answer)) == {*WORDS[act].values()}
    assert after_all(room, post) == (State.WITHDRAWN, 0, "")


def test_a_text_that_another_edited_meanwhile_is_not_decided_by_the_old_numbers(
    room: Room, robin: Seat
) -> None:
    post = room.share(2, NAMED)
    own = room.office.desk.read(post.id).text
    checked = robin.check(robin.hold(post.id), **verdicts(own, "replace", "somebody"))
    room.office.desk.release(post.id, robin.who)
    sam = room.seat("Sam")
    sam.decide(sam.hold(post.id), **verdicts(own, "replace", "a friend"))
    edited = room.office.desk.read(post.id).text
    for answer in (robin.do_it(checked), robin.change(checked)):
        assert answer.status_code == 409
        assert "somebody" in kept(robin, answer)
    assert room.office.desk.read(post.id).text == edited


def test_a_post_that_another_took_over_is_theirs_and_the_words_come_back(
    room: Room, robin: Seat, post: Post
) -> None:
    page = robin.hold(post.id)
    room.office.clock.advance(minutes=29)
    robin.open("/")
    room.office.clock.advance(minutes=2)
    room.seat("Sam").hold(post.id)
    answers = [
        robin.check(page, "return", template="", words=OWN),
        robin.check(page, "return", template="no-such", words=OWN),
        robin.check(page, words=OWN),
    ]
    for answer in answers:
        assert answer.status_code == 409
        assert "Sam holds this post now" in robin.page_of(answer).words
        assert kept(robin, answer) == [OWN]


# The same person, twice.


@pytest.mark.parametrize("act", WORDS)
def test_what_is_sent_twice_over_a_bad_line_is_done_once(
    room: Room, robin: Seat, post: Post, act: str
) -> None:
    checked = robin.check(robin.hold(post.id), act, **WORDS[act])
    assert robin.do_it(checked).status_code == 303
    once = after_all(room, post)
    assert once[1] == 1
    answer = robin.do_it(checked)
    assert answer.status_code == 409
    assert "your own decision came in a moment ago" in robin.page_of(answer).words
    assert after_all(room, post) == once


def test_the_second_of_two_tabs_is_told_and_keeps_its_words(
    room: Room, robin: Seat, post: Post
) -> None:
    one = robin.check(robin.hold(post.id), "return", template="", words="Dear you.")
    other = robin.check(robin.post(post.id), "decline", template="", words=OWN)
    robin.do_it(one)
    answer = robin.do_it(other)
    assert answer.status_code == 409
    assert kept(robin, answer) == [OWN]
    assert after_all(room, post) == (State.RETURNED, 1, "Dear you.")


def test_a_double_press_of_ask_for_a_second_reader_asks_once(
    room: Room, robin: Seat, post: Post
) -> None:
    page = robin.hold(post.id)
    ask = f"/post/{post.id}/ask-second"
    assert robin.press(page, ask).status_code == 303
    assert robin.press(page, ask).status_code == 409
    assert after_all(room, post) == (State.SECOND, 1, "")


# The session, the claim.


@pytest.mark.parametrize("act", WORDS)
def test_a_session_that_ended_in_between_gives_every_word_back(
    room: Room, robin: Seat, post: Post, act: str
) -> None:
    checked = robin.check(robin.hold(post.id), act, **WORDS[act])
    room.office.clock.advance(minutes=31)
    answer = robin.do_it(checked)
    assert answer.status_code == 401
    assert "You are signed out" in robin.page_of(answer).words
    assert set(kept(robin, answer)) >= {*WORDS[act].values()}
    assert after_all(room, post) == (State.RECEIVED, 0, "")


def test_a_claim_that_ran_out_over_a_long_message_loses_no_word(
    room: Room, robin: Seat, post: Post
) -> None:
    page = robin.hold(post.id)
    room.office.clock.advance(minutes=29)
    robin.open("/")
    room.office.clock.advance(minutes=5)
    answer = robin.check(page, "return", template="", words="x" * 3_000)
    assert answer.status_code == 422
    back = robin.page_of(answer)
    held = form_of(back, f"/post/{post.id}/check", "return")
    assert held["words"] == ["x" * 3_000]
    assert "You hold this for 30 more minutes" in back.words
    robin.decide(back, "return", words=OWN)
    assert room.office.desk.read(post.id).post.state is State.RETURNED


def test_a_form_of_somebody_who_never_opened_the_text_comes_back_without_it(
    room: Room, robin: Seat
) -> None:
    post = room.share(3, MAIL)
    answer = robin.check(robin.post(post.id), "escalate", template="no-such", words=OWN)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert list(page.errors()) == ["#field-template"]
    assert "sam.low" not in page.words
    assert form_of(page, f"/post/{post.id}/check", "escalate")["words"] == [OWN]


def test_what_was_decided_from_a_claim_that_ran_out_stands_if_nobody_took_it(
    room: Room, robin: Seat, post: Post
) -> None:
    checked = robin.check(robin.hold(post.id))
    room.office.clock.advance(minutes=29)
    robin.open("/")
    room.office.clock.advance(minutes=5)
    robin.do_it(checked)
    assert after_all(room, post) == (State.APPROVED, 1, messages()["published"].text)
