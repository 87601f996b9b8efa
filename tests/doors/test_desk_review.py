"""Reviewing a post by its form: each outcome, what its author is told, and what is on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from doors.messages import messages
from forum.post import Act, Post, State, fingerprint, record_of
from forum.rows import Verdict
from forum.store.sqlite import Database
from forum.store.sqlite_figures import SqliteFigures
from forum.vocabulary import VOCABULARY
from moderation.door.wording import COMES_TO
from tests.builders import TODAY, make_fields
from tests.doors.desk_seat import Room, Seat, form_of
from tests.doors.marked import DOSE, DRINK, MAIL, NAMED, QUIET, marked, verdicts

PLAIN = make_fields(topics=("anxiety",), content_notes=())
"""Fields for which nothing is proposed."""


def message(room: Room, post: Post) -> str:
    told = room.office.desk.read(post.id).message
    return told.words if told else ""


def state(room: Room, post: Post) -> State:
    return room.office.desk.read(post.id).post.state


def test_a_post_is_approved_as_it_is(room: Room, robin: Seat) -> None:
    post = room.share(1, QUIET, fields=PLAIN)
    before = room.office.desk.read(post.id)
    checked = robin.check(robin.hold(post.id), words="The choir stays with me.")
    page = robin.page_of(checked)
    assert COMES_TO[Act.APPROVE] in page.words
    assert page.all("ins", "del") == []
    assert "now Approved" in robin.follow(robin.do_it(checked)).words
    after = room.office.desk.read(post.id)
    assert after.post.approved_hash == before.hash
    assert after.text == before.text
    assert after.original is None
    assert after.post.editors == ()
    assert message(room, post) == f"{messages()['published'].text}\n\nThe choir stays with me."
    assert [(made.act.value, made.reason) for made in after.decisions] == [("approve", "published")]


def test_what_shows_who_somebody_is_is_replaced_and_its_author_is_told(
    room: Room, robin: Seat
) -> None:
    post = room.share(1, MAIL, fields=PLAIN)
    own = room.office.desk.read(post.id).text
    assert marked(own) == ["sam.low@example.com"]
    page = robin.hold(post.id)
    checked = robin.check(page, **verdicts(own, "replace", "the editors"))
    shown = robin.page_of(checked)
    assert [one.text for one in shown.all("ins")] == ["[put in: the editors]"]
    assert [one.text for one in shown.all("del")] == ["[taken out: sam.low@example.com]"]
    robin.do_it(checked)
    after = room.office.desk.read(post.id)
    assert after.post.state is State.APPROVED
    assert after.text
    assert "The form came from the editors and" in after.text.html
    assert after.post.approved_hash == fingerprint(record_of(after.post, after.text))
    assert after.original == own
    assert message(room, post) == messages()["edited-told"].text


def test_words_that_are_replaced_by_nothing_leave_with_their_space(room: Room, robin: Seat) -> None:
    post = room.share(1, MAIL, fields=PLAIN)
    own = room.office.desk.read(post.id).text
    robin.decide(robin.hold(post.id), **verdicts(own, "replace", ""))
    after = room.office.desk.read(post.id).text
    assert after
    assert "The form came from and I kept" in after.html


def test_a_name_or_a_place_that_is_replaced_goes_to_a_second_reader(
    room: Room, robin: Seat
) -> None:
    post = room.share(1, NAMED, fields=PLAIN)
    own = room.office.desk.read(post.id).text
    checked = robin.check(robin.hold(post.id), **verdicts(own, "replace"))
    shown = robin.page_of(checked).words
    assert COMES_TO[Act.ASK_SECOND] in shown
    assert "The author gets no message about this step." in shown
    robin.do_it(checked)
    after = room.office.desk.read(post.id)
    assert after.post.state is State.SECOND
    assert after.post.editors == (robin.who,)
    assert after.post.first_reader == ""
    assert after.original == own
    assert after.text
    assert "Tom Baker" not in after.text.html
    assert message(room, post) == ""


def test_detail_that_could_harm_is_never_changed_without_its_author(
    room: Room, robin: Seat
) -> None:
    post = room.share(1, DOSE, fields=PLAIN)
    own = room.office.desk.read(post.id).text
    checked = robin.check(robin.hold(post.id), **verdicts(own, "replace"), words="Dear you.")
    assert COMES_TO[Act.OFFER] in robin.page_of(checked).words
    robin.do_it(checked)
    after = room.office.desk.read(post.id)
    assert after.post.state is State.OFFERED
    assert after.text == own
    assert after.offer
    assert "40 mg" not in after.offer.text.html
    told = messages()["changes-offered"].text
    assert message(room, post) == f"{told}\n\nDear you."
    assert after.decisions[-1].reason == "changes-offered"


def test_what_is_kept_or_a_false_alarm_changes_no_word_and_is_counted(
    tmp_path: Path, room: Room, robin: Seat
) -> None:
    kept, alarm = room.share(1, DOSE, fields=PLAIN), room.share(2, NAMED, fields=PLAIN)
    for post, verdict in ((kept, "keep"), (alarm, "false-alarm")):
        own = room.office.desk.read(post.id).text
        robin.decide(robin.hold(post.id), **verdicts(own, verdict))
        assert state(room, post) is State.APPROVED
        assert room.office.desk.read(post.id).text == own
    counted = SqliteFigures(Database(tmp_path / "handrail.sqlite3")).verdicts(TODAY.replace(day=1))
    assert counted == {
        **{(rule, Verdict.KEEP): 1 for rule in kept.marks},
        **{(rule, Verdict.FALSE_ALARM): 1 for rule in alarm.marks},
    }


def test_a_mark_of_what_is_normal_in_recovery_needs_no_word(room: Room, robin: Seat) -> None:
    post = room.share(1, DRINK, fields=PLAIN)
    page = robin.hold(post.id)
    assert "Say nothing about it" in page.words
    robin.decide(page)
    assert state(room, post) is State.APPROVED


def test_what_stands_around_a_story_is_the_moderators_choice(room: Room, robin: Seat) -> None:
    post = room.share(1, QUIET, fields=make_fields(stage="first-year", arc="up-and-down"))
    page = robin.hold(post.id)
    held = form_of(page, f"/post/{post.id}/check", "approve")
    assert held["help"] == ["substance"], "its topic proposes it"
    chosen = {"topics": ["anxiety", "alcohol"], "content_notes": ["drugs"], "help": ["distress"]}
    checked = robin.check(page, **chosen, stage="", arc="")
    words = robin.page_of(checked).words
    assert "New: topics, stage, arc, content notes, help under the story." in words
    robin.do_it(checked)
    fields = room.office.desk.read(post.id).post.fields
    assert (fields.topics, fields.stage, fields.arc) == (("alcohol", "anxiety"), "", "")
    assert (fields.content_notes, fields.help) == (("drugs",), ("distress",))
    assert fields.helped == post.fields.helped


def test_nothing_ticked_means_none(room: Room, robin: Seat) -> None:
    post = room.share(1, QUIET)
    page = robin.hold(post.id)
    robin.decide(page, topics=[], content_notes=[], help=[])
    fields = room.office.desk.read(post.id).post.fields
    assert (fields.topics, fields.content_notes, fields.help) == ((), (), ())


def test_a_form_without_these_fields_leaves_them(room: Room, robin: Seat) -> None:
    post = room.share(1, QUIET)
    page = robin.hold(post.id)
    robin.decide(page, curated="", topics=[], stage="")
    assert room.office.desk.read(post.id).post.fields == post.fields


def test_words_that_were_retired_since_stay_until_somebody_takes_them_off(
    room: Room, robin: Seat
) -> None:
    fields = make_fields(topics=("retired-topic",), stage="retired-stage")
    post = room.share(1, QUIET, fields=fields)
    page = robin.hold(post.id)
    held = form_of(page, f"/post/{post.id}/check", "approve")
    assert held["topics"] == ["retired-topic"]
    assert held["stage"] == ["retired-stage"]
    robin.decide(page)
    assert room.office.desk.read(post.id).post.fields == fields


def test_a_proposal_that_one_reader_unticked_is_not_ticked_for_the_next(
    room: Room, robin: Seat
) -> None:
    post = room.share(1, NAMED)
    own = room.office.desk.read(post.id).text
    robin.decide(robin.hold(post.id), **verdicts(own, "replace"), help=[])
    page = room.seat("Sam").hold(post.id)
    assert "help" not in form_of(page, f"/post/{post.id}/check", "approve")


@pytest.mark.parametrize("field", ["topics", "content_notes", "help", "stage", "arc"])
def test_every_field_offers_the_whole_list(room: Room, robin: Seat, field: str) -> None:
    page = robin.hold(room.share(1, QUIET, fields=PLAIN).id)
    offered = {one.value for one in page.all("input") if one.name == field} - {""}
    listed = {"stage": "stages", "arc": "arcs"}.get(field, field)
    assert offered == {word.slug for word in VOCABULARY[listed]}
