"""A reader asks us to look again: once per form, bounded, under a receipt of the report's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forum import care
from forum.admission import OLDEST
from forum.post import Post, State
from forum.reports import LONGEST_WORDS, NotUp, Received
from forum.rows import Reason, Report
from forum.texts import Refused
from tests.builders import STORY, TODAY, make_edition_row, make_id
from tests.forum.visitors_door import Door, Form, leave, open_door

IN_DANGER = "This post is me now. I want to die tonight and I have the pills here with me."


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


@pytest.fixture
def post(door: Door) -> Post:
    """A post that readers can see."""
    return door.share_up().post


def kept(door: Door) -> list[dict[str, Any]]:
    return [row for table, row in door.rows() if table == "reports"]


# --- a report -----------------------------------------------------------------------------------


def test_a_report_waits_for_an_answer_under_a_receipt_of_its_own(door: Door) -> None:
    sent = door.share_up()
    received = door.report(sent.post, reason="identifies-me", words="  It names my town.\r\n ")
    report = received.report
    assert report == Report(
        report.id, sent.post.id, Reason.IDENTIFIES_ME, "It names my town.", TODAY
    )
    assert len(report.id) == 16
    assert received.receipt != sent.receipt
    held = door.holders.look_up(leave(received))
    assert ([one.report for one in held.reports], held.posts) == ([report], ())
    assert len(door.holders.look_up(leave(sent)).reports) == 0
    assert door.stores.desk.reports(sent.post.id) == [report]


def test_a_report_changes_nothing_of_the_post_it_is_about(door: Door, post: Post) -> None:
    before = [row for row in door.rows() if row[0] in ("posts", "texts", "editions", "counters")]
    door.report(post)
    after = [row for row in door.rows() if row[0] in ("posts", "texts", "editions", "counters")]
    assert after == before


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_can_be_chosen_and_words_are_not_needed(
    door: Door, post: Post, reason: Reason
) -> None:
    assert door.report(post, reason=reason.value, words="").report.reason is reason


def test_every_report_has_a_receipt_and_an_id_of_its_own(door: Door, post: Post) -> None:
    received = [door.report(post) for _ in range(5)]
    assert len({one.receipt for one in received}) == 5
    assert len({one.report.id for one in received}) == 5
    assert len(kept(door)) == 5


def test_a_reports_receipt_joins_a_later_story_to_it_if_its_holder_says_so(
    door: Door, post: Post
) -> None:
    received = door.report(post)
    sent = door.share(receipt=str(received.receipt))
    held = door.holders.look_up(leave(received))
    assert sent.receipt == received.receipt
    assert [one.post for one in held.posts] == [sent.post]
    assert [one.report for one in held.reports] == [received.report]
    assert door.holders.withdraw(sent.post.id, leave(sent)).state is State.WITHDRAWN


# --- what is not taken --------------------------------------------------------------------------


def test_a_post_that_no_reader_sees_cannot_be_reported(door: Door, post: Post) -> None:
    waiting, form = door.share().post, door.report_form(post)
    door.take_down(post)
    given_back = make_edition_row(post_id=waiting.id, hash="")
    door.stores.press.record([given_back], [])
    for post_id in (waiting.id, post.id, make_id(), "", "' OR 1=1 --"):
        with pytest.raises(NotUp):
            door.reports.form_token(post_id)
        with pytest.raises(NotUp):
            door.reports.report({**form, "id": [post_id]})
    with pytest.raises(NotUp):
        door.reports.report({name: value for name, value in form.items() if name != "id"})
    assert kept(door) == []
    door.put_up(post)
    assert door.reports.report(form).report.post_id == post.id


def test_an_id_that_no_store_could_hold_is_no_post(door: Door, post: Post) -> None:
    with pytest.raises(NotUp):
        door.reports.form_token("\ud800")
    with pytest.raises(NotUp):
        door.report(post, id="\ud800")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", ""),
        ("reason", "UNSAFE"),
        ("reason", "unsafe "),
        ("reason", "no-such-reason"),
        ("words", "x" * (LONGEST_WORDS + 1)),
        ("website", "https://spam.example"),
    ],
)
def test_what_is_wrong_is_named_and_the_same_form_can_be_sent_again(
    door: Door, post: Post, field: str, value: str
) -> None:
    right = door.report_form(post)
    with pytest.raises(Refused) as caught:
        door.reports.report({**right, field: [value]})
    assert caught.value.errors.keys() == {field}
    assert not caught.value.needs_new_form
    assert value == "" or value not in str(caught.value.errors)
    assert kept(door) == []
    assert door.reports.report(right)


def test_everything_that_is_wrong_is_told_at_once(door: Door, post: Post) -> None:
    with pytest.raises(Refused) as caught:
        door.report(post, reason="", words="x" * 1_234, website="x")
    assert caught.value.errors.keys() == {"reason", "words", "website"}
    assert "1,234" in caught.value.errors["words"]
    assert "1,000" in caught.value.errors["words"]
    assert all(words.endswith(".") for words in caught.value.errors.values())


@pytest.mark.parametrize(
    "words", ["é" * LONGEST_WORDS, " \n" + "x\r\n" * 500 + "\n ", "\0" * 2_000]
)
def test_words_may_be_as_long_as_they_are_read(door: Door, post: Post, words: str) -> None:
    report = door.report(post, words=words).report
    assert len(report.words) <= LONGEST_WORDS
    assert report.words == words.replace("\r\n", "\n").replace("\0", "").strip()


@pytest.mark.parametrize("hidden", ["\0", "\ud800", "\r"])
def test_words_that_no_store_could_hold_are_kept_as_far_as_they_can_be(
    door: Door, post: Post, hidden: str
) -> None:
    report = door.report(post, words=f"Please{hidden}look").report
    assert kept(door)[0]["words"] == report.words
    assert (report.words[:6], report.words[-4:]) == ("Please", "look")


def test_a_form_that_comes_back_too_quickly_or_too_late_is_not_taken(
    door: Door, post: Post
) -> None:
    form = door.report_form(post)
    quick = {**form, "token": [door.reports.form_token(post.id)]}
    with pytest.raises(Refused) as caught:
        door.reports.report(quick)
    assert (caught.value.errors.keys(), caught.value.needs_new_form) == ({"token"}, False)
    door.clock.advance(seconds=OLDEST + 1)
    with pytest.raises(Refused) as caught:
        door.reports.report(quick)
    assert (caught.value.errors.keys(), caught.value.needs_new_form) == ({"token"}, True)
    assert kept(door) == []


@pytest.mark.parametrize("token", ["", "v1.forged", "\ud800", None])
def test_a_form_that_we_did_not_make_is_made_anew(
    door: Door, post: Post, token: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        door.reports.report({**door.report_form(post), "token": [token] if token else []})
    assert (caught.value.errors.keys(), caught.value.needs_new_form) == ({"token"}, True)


# --- help first ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "worrying", "young"),
    [(IN_DANGER, True, False), ("I am 15 and this scared me.", False, True), (STORY, False, False)],
)
def test_a_reader_in_danger_gets_help_first_every_time_and_no_mark_is_kept(
    door: Door, post: Post, words: str, worrying: bool, young: bool
) -> None:
    form: Form = door.report_form(post, words=words)
    for received in (door.reports.report(form), door.reports.report(form)):
        assert isinstance(received, Received)
        marks = received.marks
        assert (care.worrying(marks), care.young(marks)) == (worrying, young)
    (row,) = kept(door)
    assert "SUI" not in str(row)
    assert "MIN" not in str(row)
