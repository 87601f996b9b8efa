"""When someone may be in danger: escalating, the steps after it, and writing down how it ended."""

from __future__ import annotations

import pytest
from chalice.test import HTTPResponse

from doors.messages import messages
from forum import texts
from forum.person import Role
from forum.post import Act, Post, State, fingerprint, record_of
from moderation.door.wording import ENDINGS, NO_MEANS, PASSED_ON
from tests.builders import make_fields, make_post, make_text
from tests.doors.desk_seat import Room, Seat, acts_in, form_of, leads_to
from tests.doors.marked import DANGER, DOSE, QUIET, marked, verdicts

OWN = "We read every word, and we are thinking of you."


@pytest.fixture
def escalated(room: Room, robin: Seat) -> Post:
    """A post that Robin escalated with the usual message."""
    post = room.share(1, DANGER)
    robin.decide(robin.post(post.id), "escalate", words=OWN)
    return room.office.desk.read(post.id).post


def conclude(seat: Seat, post: Post, ending: str | None) -> HTTPResponse:
    given = {} if ending is None else {"template": ending}
    return seat.press(seat.post(post.id), f"/post/{post.id}/conclude", **given)


def told(room: Room, post: Post) -> str:
    message = room.office.desk.read(post.id).message
    return message.words if message else ""


def test_a_worrying_post_leads_to_the_steps_before_anything_is_decided(
    room: Room, robin: Seat
) -> None:
    page = robin.post(room.share(1, DANGER).id)
    assert "Someone may be in danger." in page.words
    assert "/moderation/runbook" in [a.given["href"] for a in page.all("a")]
    assert "Call a second person" in robin.open("/runbook").words
    assert "step by step" not in robin.post(room.share(2, QUIET).id).words


def test_escalating_tells_the_author_that_somebody_is_worried(
    room: Room, robin: Seat, escalated: Post
) -> None:
    assert escalated.state is State.ESCALATED
    assert told(room, escalated) == f"{messages()['worried'].text}\n\n{OWN}"
    page = robin.post(escalated.id)
    assert "Call a second person" in page.words
    assert "escalated, by Robin (worried about them" in page.words
    assert acts_in(page) == set(), "nothing can be published, returned or declined"


def test_only_ones_own_words_leave_the_usual_message_out(room: Room, robin: Seat) -> None:
    post = room.share(1, DANGER)
    robin.decide(robin.post(post.id), "escalate", words=OWN, template="")
    assert told(room, post) == OWN
    assert "own-words" not in robin.post(post.id).words


def test_somebody_else_holding_it_does_not_stand_in_the_way(room: Room, robin: Seat) -> None:
    post, sam = room.share(1, DANGER), room.seat("Sam")
    sam.hold(post.id)
    robin.decide(robin.post(post.id), "escalate")
    assert room.office.desk.read(post.id).post.state is State.ESCALATED


@pytest.mark.parametrize("ending", ENDINGS)
def test_how_it_ended_is_on_record_and_the_author_still_reads_that_we_are_worried(
    room: Room, robin: Seat, escalated: Post, ending: str
) -> None:
    before = told(room, escalated)
    assert conclude(robin, escalated, ending).status_code == 303
    reading = room.office.desk.read(escalated.id)
    assert reading.post.state is State.ESCALATED
    assert (reading.decisions[-1].act, reading.decisions[-1].reason) == (Act.CONCLUDE, ending)
    assert told(room, escalated) == before
    said = ENDINGS[ending].lower()
    assert f"care for it concluded, by Robin ({said})" in robin.post(escalated.id).words


@pytest.mark.parametrize("ending", [None, "", "worried", "<b>", PASSED_ON.upper()])
def test_an_ending_that_is_none_is_asked_for_again(
    room: Room, robin: Seat, escalated: Post, ending: str | None
) -> None:
    answer = conclude(robin, escalated, ending)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert list(page.errors()) == ["#field-template"]
    group = page.by_id("field-template").inside("fieldset")
    assert "Please say how it ended." in page.described(group)
    assert len(room.office.desk.read(escalated.id).decisions) == 1


def test_what_was_concluded_can_be_concluded_otherwise(
    room: Room, robin: Seat, escalated: Post
) -> None:
    conclude(robin, escalated, NO_MEANS)
    page = robin.post(escalated.id)
    robin.press(page, f"/post/{escalated.id}/conclude", template=PASSED_ON)
    assert room.office.desk.read(escalated.id).decisions[-1].reason == PASSED_ON
    answer = robin.press(page, f"/post/{escalated.id}/conclude", template=NO_MEANS)
    assert answer.status_code == 409


def test_a_post_that_is_not_escalated_has_no_ending(room: Room, robin: Seat) -> None:
    post = room.share(2, QUIET)
    sent = {"csrf": robin.csrf(), "version": post.version, "template": NO_MEANS}
    assert robin.door.send(f"/post/{post.id}/conclude", **sent).status_code == 409
    room.office.assert_untouched(post)


# What stands on the site already.


def put_up(room: Room, body: str) -> Post:
    """A post that is approved, and that a reader reported."""
    checked = texts.check("A walk", body)
    approved = fingerprint(record_of(make_post(8), checked.text))
    stands = {"state": State.APPROVED, "approved_hash": approved}
    post = room.receive(8, checked.text, marks=checked.marks, route=checked.route, **stands)
    room.report(post)
    return post


def test_of_a_reported_post_nothing_can_be_offered_and_the_page_says_what_can_be_done(
    room: Room, robin: Seat
) -> None:
    post = put_up(room, DOSE)
    text = room.office.desk.read(post.id).text
    page = robin.hold(post.id)
    answer = robin.check(page, **verdicts(text, "replace", "a lot"), words=OWN)
    assert answer.status_code == 422
    back = robin.page_of(answer)
    assert "This stands on the site" in back.errors()[""]
    held = form_of(back, f"/post/{post.id}/check", "approve")
    assert (held["words-0"], held["words"]) == (["a lot"], [OWN])
    robin.decide(page, **verdicts(text, "keep"))
    assert room.office.desk.read(post.id).post.reread


def test_what_is_kept_as_it_is_brings_its_author_no_news(room: Room, robin: Seat) -> None:
    post = room.share(6, QUIET, fields=make_fields(topics=()))
    robin.decide(robin.hold(post.id), words=OWN)
    before = told(room, post)
    room.report(post)
    checked = robin.check(robin.hold(post.id))
    assert "The author gets no message about this step." in robin.page_of(checked).words
    robin.do_it(checked)
    assert room.office.desk.read(post.id).decisions[-1].act is Act.KEEP
    assert told(room, post) == before, "what they were told stays"


def test_a_name_in_the_title_can_be_taken_out_after_the_typed_words_are_erased(
    room: Room, robin: Seat
) -> None:
    html = "<p>I stopped counting days and started counting walks.</p>"
    text = make_text(title="My sister Priya", html=html, typed=None)
    post = room.receive(9, text, state=State.HIDDEN, marks=("PII-7",), fields=make_fields())
    page = robin.hold(post.id)
    assert len(marked(text)) == 1
    checked = robin.check(page, **verdicts(text, "replace", ""))
    assert checked.status_code == 200, robin.page_of(checked).errors()
    robin.do_it(checked)
    after = room.office.desk.read(post.id).text
    assert after
    assert (after.title, after.html) == ("My sister", html)


# Who comes to these pages.


@pytest.mark.parametrize("role", [Role.PEER_SUPPORTER, Role.COORDINATOR])
def test_whoever_does_not_read_reaches_no_post_and_no_decision(
    room: Room, role: Role, escalated: Post
) -> None:
    one = room.seat("Kim", {role})
    for path in ("/", f"/post/{escalated.id}", f"/post/{escalated.id}?along=1", "/pause"):
        page = one.open(path, 403)
        assert "This page is for" in page.words
        assert escalated.pen_name not in page.words
    assert "Call a second person" in one.open("/runbook").words


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SAFETY_LEAD])
def test_whoever_reads_can_do_all_of_it(room: Room, role: Role) -> None:
    one, post = room.seat("Kim", {role}), room.share(2, QUIET)
    assert f"/post/{post.id}/claim" in leads_to(one.post(post.id))
    assert "now Approved" in one.follow(one.decide(one.hold(post.id))).words
