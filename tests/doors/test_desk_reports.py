"""Reports and appeals at the desk: the first thing anybody sees, answered on what was read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forum.desk import PAGE
from forum.post import Act, Post, State, fingerprint, moved, record_of
from forum.rows import Reason, ReportState
from forum.sweep import BY_READERS
from moderation.door.wording import COMES_TO, REASONS
from tests.builders import TODAY, days, decide, make_decision, make_fields, make_post, make_text
from tests.doors.desk_seat import Room, Seat, acts_in, leads_to
from tests.doors.seen import Page
from tests.forum.desk_office import WORDS

WORDS_OF_A_READER = "</div><script>alert(1)</script> The <b>third</b> line says how."


def put_up(room: Room, number: int = 0, **given: object) -> Post:
    """A post that is approved, as it was read."""
    post = make_post(number, state=State.APPROVED)
    approved = fingerprint(record_of(post, make_text()))
    return room.receive(number, state=State.APPROVED, approved_hash=approved, **given)


def hide(room: Room, post: Post) -> Post:
    """Take it off the site as the sweep does."""
    made = make_decision(post_id=post.id, act=Act.HIDE, moderator=BY_READERS)
    return decide(room.office.stores.desk, post, Act.HIDE, decision=made)


def cards(page: Page) -> list[str]:
    """The text of every card, in order."""
    found = [one for one in page.all("li") if one.given.get("class") == "card"]
    return [" ".join(card.text.split()) for card in found]


def in_a_card(reason: Reason) -> str:
    return REASONS[reason].lower()


# The queue.


def test_what_readers_reported_stands_before_everything_else_and_only_there(
    room: Room, robin: Seat
) -> None:
    old = room.receive(1, day=TODAY - timedelta(days=5))
    once, twice = put_up(room, 2), hide(room, put_up(room, 3))
    room.report(once, 1, reason=Reason.CRUEL, words="canary-7f3a")
    room.report(twice, 2, reason=Reason.IDENTIFIES_ME)
    room.report(twice, 3, reason=Reason.WORRIED)
    page = robin.open("/")
    assert [heading.text for heading in page.all("h2")][-2:] == [
        "Reported by readers",
        "Waiting to be read",
    ]
    first, second, third = cards(page)
    reasons = (in_a_card(Reason.IDENTIFIES_ME), in_a_card(Reason.WORRIED))
    told = (twice.pen_name, "2 reports", "Hidden", *reasons)
    assert [words for words in told if words not in first] == []
    assert once.pen_name in second
    assert f"1 report: {in_a_card(Reason.CRUEL)}." in second
    assert old.pen_name in third
    assert "canary-7f3a" not in page.words


def test_the_sentences_of_a_card_stand_apart(room: Room, robin: Seat) -> None:
    fields = make_fields(topics=("alcohol",), content_notes=("alcohol",))
    room.receive(marks=("SUI-2",), fields=fields)
    (card,) = cards(robin.open("/"))
    assert " Contains: " in card
    assert ". About alcohol. Mentions " in card


def test_a_reason_that_many_give_is_told_once(room: Room, robin: Seat) -> None:
    post = put_up(room)
    for number in range(3):
        room.report(post, number, reason=Reason.UNSAFE)
    (card,) = cards(robin.open("/"))
    assert card.count(in_a_card(Reason.UNSAFE)) == 1


def test_what_was_answered_is_no_longer_among_the_reported(room: Room, robin: Seat) -> None:
    post = put_up(room)
    room.report(post)
    room.office.decide(Act.TAKE_DOWN, post)
    page = robin.open("/")
    assert cards(page) == []
    assert "Reported by readers" not in page.words


def test_a_long_line_of_reported_posts_is_shown_a_page_at_a_time(room: Room, robin: Seat) -> None:
    for number in range(PAGE + 1):
        room.report(hide(room, put_up(room, number)), number)
    page = robin.open("/")
    above = [card.partition(" 1 report")[0] for card in cards(page)]
    assert len(above) == PAGE
    assert "There are more" in page.words
    (following,) = [a.given["href"] for a in page.all("a") if a.text == "Next ones"]
    below = cards(robin.open(following.removeprefix("/moderation")))
    assert len(below) == 1
    assert not any(below[0].startswith(f"{name} ") for name in above)


def test_reported_posts_do_not_come_again_on_the_next_page(room: Room, robin: Seat) -> None:
    for number in range(PAGE + 5):
        room.receive(number)
    last = hide(room, put_up(room, 90, day=days(1)))
    room.report(last)
    first = robin.open("/")
    (following,) = [a.given["href"] for a in first.all("a") if a.text == "Next ones"]
    second = robin.open(following.removeprefix("/moderation"))
    assert last.pen_name in cards(first)[0]
    assert not any(last.pen_name in card for card in cards(second))
    assert len(cards(second)) == 5
    assert "Reported by readers" not in second.words


def test_only_reported_posts_leave_a_kind_word_below(room: Room, robin: Seat) -> None:
    room.report(put_up(room))
    assert "Nothing else waits to be read." in robin.open("/").words


# The page of a reported post.


def test_a_report_is_shown_with_its_reason_its_words_and_its_day(room: Room, robin: Seat) -> None:
    post = put_up(room)
    room.report(post, reason=Reason.OTHER, words=WORDS_OF_A_READER)
    page = robin.post(post.id)
    (report,) = [one for one in page.all("li") if "Something else" in one.text]
    assert WORDS_OF_A_READER in report.text
    assert "23 November 2026. Open." in " ".join(report.text.split())
    assert page.all("script")[1:] == []


def test_keeping_a_post_is_bound_to_what_was_read_and_answers_its_reports(
    room: Room, robin: Seat
) -> None:
    post = put_up(room)
    room.report(post, 1)
    room.report(post, 2)
    queue = robin.open("/")
    page = robin.follow(robin.press(queue, f"/post/{post.id}/claim"))
    assert robin.check(page, hash="0" * 64).status_code == 409
    checked = robin.check(page)
    assert COMES_TO[Act.KEEP] in robin.page_of(checked).words
    assert robin.do_it(checked, hash="0" * 64).status_code == 409
    assert "now Approved" in robin.follow(robin.do_it(checked)).words
    reading = room.office.desk.read(post.id)
    assert reading.post.reread
    assert {report.state for report in reading.reports} == {ReportState.KEPT}
    page = robin.post(post.id)
    assert page.words.count("Answered: it stayed on the site, on") == 2
    assert "Reports alone cannot hide it any more" in page.words
    assert "read again and kept on the site, by Robin" in page.words


def test_a_hidden_post_can_take_what_the_table_has_for_it(room: Room, robin: Seat) -> None:
    post = hide(room, put_up(room))
    room.report(post)
    assert acts_in(robin.post(post.id)) == {"take-down", "escalate"}
    page = robin.hold(post.id)
    assert acts_in(page) == {"approve", "offer", "return", "take-down", "escalate"}
    assert f"/post/{post.id}/ask-second" in leads_to(page)
    assert "Check before keeping it" in page.words
    assert f"hidden until somebody reads it again, by {BY_READERS}" in page.words


def test_a_reported_post_is_taken_down_without_holding_it(room: Room, robin: Seat) -> None:
    post = put_up(room)
    room.report(post)
    room.seat("Sam").hold(post.id)
    page = robin.post(post.id)
    assert acts_in(page) == {"take-down"}
    robin.decide(page, "take-down", words=WORDS)
    assert "Answered: it came off the site" in robin.post(post.id).words


def test_nobody_is_asked_to_keep_what_no_reader_asked_about(room: Room, robin: Seat) -> None:
    post = put_up(room)
    room.office.desk.claim(post.id, robin.who)
    page = robin.post(post.id)
    assert acts_in(page) == {"take-down"}
    assert leads_to(page) == {f"/post/{post.id}/{way}" for way in ("release", "check")}


# Appeals.


@pytest.fixture
def appeal(room: Room, robin: Seat) -> Post:
    """A post that Robin declined, and whose author asks for another reading."""
    declined = room.office.decide(Act.DECLINE, room.receive(), robin.who)
    asked = moved(declined, Act.APPEAL, TODAY)
    room.office.stores.holders.move(asked)
    return asked


def test_an_appeal_says_what_was_decided_and_what_its_author_was_told(
    room: Room, appeal: Post
) -> None:
    page = room.seat("Sam").hold(appeal.id)
    assert "This is an appeal" in page.words
    assert "declined, by Robin. The author asks that somebody else" in page.words
    assert page.words.count(WORDS) == 1
    assert "approve" in acts_in(page)


def test_whoever_decided_reads_along_and_escalates_at_most(robin: Seat, appeal: Post) -> None:
    page = robin.post(appeal.id)
    assert "Somebody else must answer it" in page.words
    assert acts_in(page) == {"escalate"}


def test_whoever_decided_cannot_hold_an_appeal_from_the_queue(
    room: Room, robin: Seat, appeal: Post
) -> None:
    page = robin.follow(robin.press(robin.open("/"), f"/post/{appeal.id}/claim"))
    assert "Somebody else must answer it" in page.words
    assert room.office.desk.read(appeal.id).claim is None


def test_a_form_that_was_open_before_the_appeal_is_refused_kindly(
    room: Room, robin: Seat, appeal: Post
) -> None:
    fields = {"csrf": robin.csrf(), "version": appeal.version, "words": WORDS}
    answer = robin.door.send(f"/post/{appeal.id}/decline", **fields)
    assert answer.status_code == 409
    page = robin.page_of(answer)
    assert "Somebody else must decide this" in page.words
    assert [area.value for area in page.all("textarea")] == [WORDS]
    assert room.office.desk.read(appeal.id).post == appeal
