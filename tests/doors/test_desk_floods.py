"""Floods at the desk: one text sent often is declined as one, and undone as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from doors.messages import messages
from forum.post import Act, Post, State
from forum.store.sqlite import Database
from moderation.door.alike import BEGINNING, MOST
from tests.builders import STORY, make_text
from tests.doors.desk_seat import Room, Seat, form_of, leads_to
from tests.doors.seen import Page
from tests.forum.desk_office import WORDS

SPAM = "Buy the best stones for a calm night, they changed my life and they will change yours {}"
DECLINE, UNDO = "/alike/decline", "/undo"
TO_MANY = messages()["flood"].text


@pytest.fixture
def flood(room: Room) -> list[Post]:
    """Three posts with one text, a little changed each time, and one story."""
    room.receive(9, make_text(typed=STORY))
    return [room.receive(n, make_text(typed=SPAM.format(f"number {n}"))) for n in range(3)]


def state(room: Room, post: Post) -> State:
    return room.office.desk.read(post.id).post.state


def message_of(room: Room, post: Post) -> str:
    message = room.office.desk.read(post.id).message
    return message.words if message else ""


def alike_page(seat: Seat, post: Post) -> Page:
    """By the link on the page of the post."""
    (link,) = [a for a in seat.along(post.id).all("a") if "read almost the same" in a.text]
    return seat.open(link.given["href"].removeprefix("/moderation"))


def values(*posts: Post) -> list[str]:
    return sorted(f"{post.id}.{post.version}" for post in posts)


def test_all_that_read_alike_are_listed_and_ticked_this_one_first(
    room: Room, robin: Seat, flood: list[Post]
) -> None:
    page = alike_page(robin, flood[0])
    form = form_of(page, DECLINE)
    assert sorted(form["seen"]) == values(*flood)
    assert form["seen"][0].startswith(flood[0].id)
    assert form["words"] == [TO_MANY]
    assert "2 other unread posts read almost like" in page.words
    for post in flood:
        assert f"{post.pen_name}, sent on 23 November 2026" in page.words


def test_only_the_beginning_of_a_text_is_shown_as_plain_text(room: Room, robin: Seat) -> None:
    hostile = "<script>alert(1)</script><b>Stones</b>\n\n" + "for a calm night " * 40
    one, _ = (room.receive(n, make_text(typed=hostile)) for n in range(2))
    page = alike_page(robin, one)
    shown = [p.text for p in page.all("p") if "Stones" in p.text]
    assert [len(text) for text in shown] == [BEGINNING + 1] * 2
    assert shown[0].startswith("<script>alert(1)</script><b>Stones</b> for a calm")
    assert shown[0].endswith("…")
    assert page.all("script")[1:] == []


def test_a_flood_is_declined_as_one_and_undone_as_one(
    room: Room, robin: Seat, flood: list[Post]
) -> None:
    queue = robin.follow(robin.press(alike_page(robin, flood[0]), DECLINE))
    assert "3 posts: now Declined." in queue.words
    assert {state(room, post) for post in flood} == {State.DECLINED}
    assert message_of(room, flood[1]) == TO_MANY
    queue = robin.follow(robin.press(queue, UNDO))
    assert "Undone: 3 posts are back where they were." in queue.words
    assert {state(room, post) for post in flood} == {State.RECEIVED}
    assert message_of(room, flood[1]) == ""


def test_what_is_not_ticked_is_left_in_the_queue(
    room: Room, robin: Seat, flood: list[Post]
) -> None:
    robin.press(alike_page(robin, flood[0]), DECLINE, seen=values(*flood[:2]))
    assert [state(room, post) for post in flood] == [State.DECLINED] * 2 + [State.RECEIVED]


def test_what_is_held_or_changed_is_left_alone_and_named(
    room: Room, robin: Seat, flood: list[Post]
) -> None:
    page = alike_page(robin, flood[0])
    room.seat("Sam").hold(flood[1].id)
    room.office.approve(flood[2])
    queue = robin.follow(robin.press(page, DECLINE))
    assert "1 post: now Declined." in queue.words
    assert f"{flood[1].pen_name}: Sam is reading it" in queue.words
    assert f"{flood[2].pen_name}: it changed meanwhile (now Approved)" in queue.words
    assert state(room, flood[2]) is State.APPROVED


def test_when_all_were_left_alone_the_queue_says_that_nothing_was_done(
    room: Room, robin: Seat, flood: list[Post]
) -> None:
    page = alike_page(robin, flood[0])
    for post in flood:
        room.office.decide(Act.RETURN, post)
    queue = robin.follow(robin.press(page, DECLINE))
    assert "Left alone, so nothing was declined:" in queue.words
    assert UNDO not in leads_to(queue)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"words": "  "}, "words", "write the author a few words of your own"),
        ({"words": "x" * 2001}, "words", "write the author a few words of your own"),
        ({"seen": []}, "seen", "Please tick at least one"),
        (
            {"seen": ["", "x", "x.y", ".1", "x\r\nLocation: y.1"]},
            "seen",
            "Please tick at least one",
        ),
    ],
)
def test_what_cannot_be_done_comes_back_with_its_words_and_its_ticks(
    room: Room,
    robin: Seat,
    flood: list[Post],
    changed: dict[str, object],
    field: str,
    sentence: str,
) -> None:
    typed = {"seen": values(*flood[:2]), "words": WORDS} | changed
    answer = robin.press(alike_page(robin, flood[0]), DECLINE, **typed)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert sentence in page.errors()[f"#field-{field}"]
    assert page.by_id(f"field-{field}")
    form = form_of(page, DECLINE)
    assert form["words"] == [typed["words"]]
    assert sorted(form.get("seen", [])) == (values(*flood[:2]) if field == "words" else [])
    assert {state(room, post) for post in flood} == {State.RECEIVED}


def test_when_one_changes_at_that_moment_none_is_declined_and_the_words_come_back(
    tmp_path: Path, room: Room, robin: Seat, flood: list[Post]
) -> None:
    page = alike_page(robin, flood[0])
    with Database(tmp_path / "handrail.sqlite3").write() as connection:
        connection.execute(
            "CREATE TRIGGER meanwhile AFTER INSERT ON record "
            "BEGIN UPDATE posts SET version = version + 1 WHERE id <> new.about; END"
        )
    answer = robin.press(page, DECLINE, words=WORDS)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert "nothing was declined" in page.errors()["#field-seen"]
    assert form_of(page, DECLINE)["words"] == [WORDS]
    assert {state(room, post) for post in flood} == {State.RECEIVED}


def test_a_box_that_is_sent_twice_counts_once(room: Room, robin: Seat, flood: list[Post]) -> None:
    (one,) = values(flood[0])
    queue = robin.follow(robin.press(alike_page(robin, flood[0]), DECLINE, seen=[one, one]))
    assert "1 post: now Declined." in queue.words


def test_nobody_undoes_what_somebody_else_declined(
    room: Room, robin: Seat, flood: list[Post]
) -> None:
    queue = robin.follow(robin.press(alike_page(robin, flood[0]), DECLINE))
    sam, batch = room.seat("Sam"), form_of(queue, UNDO)["batch"]
    for given in (batch, [""], ["nobody"], []):
        answer = sam.door.send(UNDO, csrf=sam.csrf(), batch=given)
        assert answer.status_code == 409
        assert "be undone any more" in sam.page_of(answer).words
    assert {state(room, post) for post in flood} == {State.DECLINED}


def test_a_post_that_its_author_took_back_stays_taken_back_by_the_undo(
    room: Room, robin: Seat, flood: list[Post]
) -> None:
    queue = robin.follow(robin.press(alike_page(robin, flood[0]), DECLINE))
    room.withdraw(flood[0])
    assert "2 posts are back" in robin.follow(robin.press(queue, UNDO)).words
    assert state(room, flood[0]) is State.WITHDRAWN


def test_a_flood_larger_than_a_form_is_declined_in_parts(room: Room, robin: Seat) -> None:
    posts = [room.receive(n, make_text(typed=SPAM.format(n))) for n in range(MOST + 5)]
    page = alike_page(robin, posts[0])
    assert "5 more are left for afterwards" in page.words
    queue = robin.follow(robin.press(page, DECLINE))
    assert f"{MOST} posts: now Declined." in queue.words
    (more,) = [a.given["href"] for a in queue.all("a") if "whether more read like" in a.text]
    rest = robin.open(more.removeprefix("/moderation"))
    assert "5 other unread posts read" in rest.words
    assert len(form_of(rest, DECLINE)["seen"]) == 5


def test_where_none_reads_alike_the_page_says_so(room: Room, robin: Seat) -> None:
    post = room.receive()
    page = alike_page(robin, post)
    assert "No other unread post reads like the one by" in page.words
    assert leads_to(page) == set()


def test_the_page_of_a_post_that_is_gone_is_the_kind_one(robin: Seat) -> None:
    robin.open("/post/nobody/alike", 404)


def test_only_unread_posts_lead_to_others_that_read_alike(room: Room, robin: Seat) -> None:
    post = room.receive(1, state=State.APPROVED)
    assert "read almost the same" not in robin.along(post.id).words
