"""Forged forms at the desk: refused or harmless, never an error of ours, never a lost word."""

from __future__ import annotations

import pytest

from forum.post import MOVES, Act, Post, State
from tests.builders import make_fields, make_id, make_text
from tests.doors.desk_seat import Room, Seat, form_of
from tests.doors.marked import MAIL, NAMED, QUIET, verdicts
from tests.doors.seen import Page

SCRIPT = '"></textarea></p><script>alert(1)</script><img src=x onerror=y>'
ACTS = ("approve", "keep", "offer", "return", "decline", "take-down", "escalate", "conclude")
WAYS = (*ACTS, "ask-second", "check", "edit")


@pytest.fixture
def post(room: Room) -> Post:
    return room.share(1, NAMED, fields=make_fields(topics=("anxiety",)))


def whole(room: Room, seat: Seat, post: Post, **changed: object) -> dict[str, object]:
    """Everything that any form about this post carries, as it should be."""
    reading = room.office.desk.read(post.id)
    right = {"csrf": seat.csrf(), "version": reading.post.version, "hash": reading.hash or ""}
    words = {"words": "Dear you.", "title": "A", "body": QUIET, "template": ""}
    return {**right, **words, **verdicts(reading.text, "keep"), **changed}


def assert_harmless(page: Page) -> None:
    """Nothing of what was typed became markup."""
    loaded = [one.given.get("src", "") for one in page.all("script", "img", "iframe")]
    assert [src for src in loaded if not src.startswith("/theme/")] == []
    assert [one for one in page.elements if {"onerror", "onload", "style"} & {*one.given}] == []


# What is shown again is text.


def test_no_field_that_is_shown_again_becomes_markup(room: Room, robin: Seat, post: Post) -> None:
    robin.hold(post.id)
    names = ("words", "words-0", "words-1", "title", "body", "template", "verdict-0", "topics")
    for act in (*ACTS, SCRIPT):
        for way in ("check", "edit", act if act in ACTS else "approve"):
            for name in names:
                sent = whole(room, robin, post, act=act, **{name: SCRIPT})
                if way not in ("check", "edit"):
                    sent["version"] = "99"
                answer = robin.door.send(f"/post/{post.id}/{way}", **sent)
                assert answer.status_code in (200, 409, 422), (act, way, name)
                assert_harmless(robin.page_of(answer))
    room.office.assert_untouched(post)


def test_a_hostile_title_and_body_are_text_on_every_page(room: Room, robin: Seat) -> None:
    post = room.share(2, f"{SCRIPT} {NAMED} {SCRIPT}", title=f"Tom Baker {SCRIPT}"[:120])
    own = room.office.desk.read(post.id).text
    page = robin.hold(post.id)
    checked = robin.check(page, **verdicts(own, "replace", SCRIPT))
    assert checked.status_code == 200
    for shown in (page, room.seat("Sam").along(post.id), robin.page_of(checked)):
        assert_harmless(shown)
        assert "alert(1)" in shown.words
    assert_harmless(robin.page_of(robin.change(checked)))
    robin.do_it(checked)
    assert_harmless(robin.along(post.id))


def test_a_replacement_is_sanitized_like_any_text(room: Room, robin: Seat) -> None:
    post = room.share(2, MAIL, fields=make_fields(topics=()))
    own = room.office.desk.read(post.id).text
    robin.decide(robin.hold(post.id), **verdicts(own, "replace", "<b onclick=x>us</b><script>"))
    after = room.office.desk.read(post.id)
    assert after.text
    assert "<script" not in after.text.html
    assert "onclick" not in after.text.html


def test_hostile_stored_words_are_text_in_the_queue_and_on_the_card(
    room: Room, robin: Seat
) -> None:
    fields = make_fields(topics=(SCRIPT,), stage=SCRIPT, content_notes=(SCRIPT,))
    post = room.receive(3, make_text(), pen_name=SCRIPT, fields=fields, marks=(SCRIPT,))
    for page in (robin.open("/"), robin.post(post.id), robin.hold(post.id)):
        assert_harmless(page)


# What says what was read.


@pytest.mark.parametrize("version", ["", "0", "2", "-1", "1.0", "１", "x", "9" * 5000, None])
def test_another_version_than_the_one_that_is_there_decides_nothing(
    room: Room, robin: Seat, post: Post, version: str | None
) -> None:
    robin.hold(post.id)
    for act in ("approve", "offer", "return", "escalate", "conclude"):
        for way in ("check", "edit", act):
            sent = whole(room, robin, post, act=act, version=version)
            if version is None:
                del sent["version"]
            answer = robin.door.send(f"/post/{post.id}/{way}", **sent)
            assert answer.status_code == 409, (act, way)
            assert "Dear you." in robin.page_of(answer).one("body").text
    room.office.assert_untouched(post)


@pytest.mark.parametrize("hash", ["", "0" * 64, "x", "approve", "é" * 100])
def test_another_hash_than_that_of_what_was_read_changes_nothing(
    room: Room, robin: Seat, post: Post, hash: str
) -> None:
    robin.hold(post.id)
    for way in ("check", "approve", "offer"):
        sent = whole(room, robin, post, act="offer" if way == "offer" else "approve", hash=hash)
        assert robin.door.send(f"/post/{post.id}/{way}", **sent).status_code == 409
    room.office.assert_untouched(post)


@pytest.mark.parametrize("result", ["", "0" * 64, "approve.", None, "second"])
def test_nothing_is_approved_that_was_not_shown(
    room: Room, robin: Seat, post: Post, result: str | None
) -> None:
    robin.hold(post.id)
    sent = whole(room, robin, post, act="approve") | ({} if result is None else {"result": result})
    answer = robin.door.send(f"/post/{post.id}/approve", **sent)
    assert answer.status_code == 200
    page = robin.page_of(answer)
    assert page.one("h1").text == "Check before you send"
    room.office.assert_untouched(post)
    assert "now Approved" in robin.follow(robin.do_it(answer)).words


def test_what_was_changed_on_the_check_page_is_shown_before_it_is_done(
    room: Room, robin: Seat
) -> None:
    post = room.share(2, MAIL, fields=make_fields(topics=()))
    own = room.office.desk.read(post.id).text
    checked = robin.check(robin.hold(post.id), **verdicts(own, "replace", "us"))
    again = robin.do_it(checked, **{"words-0": "somebody else"})
    assert again.status_code == 200
    assert "somebody else" in robin.page_of(again).words
    room.office.assert_untouched(post)


# Numbers, sizes, other people's posts.


@pytest.mark.parametrize("number", ["7", "-1", "", "x", "²", "9" * 5000])
def test_a_verdict_on_no_stretch_is_worth_nothing(
    room: Room, robin: Seat, post: Post, number: str
) -> None:
    robin.hold(post.id)
    name = f"verdict-{number}"
    sent = whole(room, robin, post, act="approve", **{name: "replace"})
    assert robin.door.send(f"/post/{post.id}/check", **sent).status_code == 200
    alone = {"csrf": sent["csrf"], "version": 1, "hash": sent["hash"], "act": "approve"}
    answer = robin.door.send(f"/post/{post.id}/check", **alone, **{name: "keep"})
    assert list(robin.page_of(answer).errors()) == ["#field-verdict-0", "#field-verdict-1"]


def test_ten_thousand_fields_are_a_kind_page(room: Room, robin: Seat, post: Post) -> None:
    robin.hold(post.id)
    many = {f"verdict-{number}": "keep" for number in range(10_000)}
    for way in WAYS:
        answer = robin.door.send(f"/post/{post.id}/{way}", **whole(room, robin, post, **many))
        assert answer.status_code in (400, 413)
        assert "Someone to talk to" in robin.page_of(answer).words
    room.office.assert_untouched(post)


def test_a_form_with_anothers_token_does_nothing_and_gives_its_words_back(
    room: Room, robin: Seat, post: Post
) -> None:
    robin.hold(post.id)
    sent = whole(room, robin, post, act="return", csrf=room.seat("Sam").csrf())
    for way in WAYS:
        answer = robin.door.send(f"/post/{post.id}/{way}", **sent)
        assert answer.status_code == 403
        assert "Dear you." in [area.value for area in robin.page_of(answer).all("textarea")]
    room.office.assert_untouched(post)


def test_a_form_of_one_post_decides_no_other(room: Room, robin: Seat, post: Post) -> None:
    other = room.share(2, QUIET, fields=make_fields(topics=()))
    robin.hold(post.id), robin.hold(other.id)
    for act in ("approve", "offer"):
        sent = whole(room, robin, post, act=act)
        for way in ("check", act):
            assert robin.door.send(f"/post/{other.id}/{way}", **sent).status_code == 409
    room.office.assert_untouched(other)


# States in which it cannot be.


@pytest.mark.parametrize("state", State)
def test_whatever_is_sent_a_post_goes_only_where_the_table_leads(
    room: Room, robin: Seat, state: State
) -> None:
    for number, way in enumerate(WAYS):
        post = room.receive(number, state=state)
        robin.door.send(f"/post/{post.id}/claim", csrf=robin.csrf())
        answer = robin.door.send(f"/post/{post.id}/{way}", **whole(room, robin, post, act=way))
        assert answer.status_code in (200, 303, 409, 422)
        after = room.office.desk.read(post.id).post.state
        if after is not state:
            assert answer.status_code == 303
            assert after is MOVES[post.kind][state][Act(way)]
        if state in (State.ESCALATED, State.WITHDRAWN, State.DECLINED, State.TAKEN_DOWN):
            assert after is state, "there is no way out of these at the desk"


def test_a_form_of_a_post_that_was_never_there_gives_its_words_back(
    room: Room, robin: Seat, post: Post
) -> None:
    for way in ("check", "edit", "approve", "return", "offer"):
        act = way if way in ACTS else "return"
        sent = whole(room, robin, post, act=act)
        answer = robin.door.send(f"/post/{make_id(99)}/{way}", **sent)
        assert answer.status_code == 404
        kept = [area.value for area in robin.page_of(answer).all("textarea")]
        assert "Dear you." in kept
        assert sent["csrf"] not in kept, "only what somebody wrote"
        assert sent["hash"] not in kept


def test_the_desk_takes_no_act_of_an_authors(room: Room, robin: Seat, post: Post) -> None:
    robin.hold(post.id)
    for act in ("accept", "agree", "refuse", "revise", "appeal", "withdraw", "hide", "undo"):
        sent = whole(room, robin, post, act=act)
        robin.door.send(f"/post/{post.id}/{act}", **sent)
        robin.door.send(f"/post/{post.id}/check", **sent)
    room.office.assert_untouched(post)
    assert form_of(robin.post(post.id), f"/post/{post.id}/check", "approve")
