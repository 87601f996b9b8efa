"""Suggesting changes at the desk: the author's words come typed, and nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.deciding import LONGEST_MESSAGE
from forum.post import Act, Post, State
from tests.builders import make_text
from tests.doors.desk_seat import Room, Seat, form_of, leads_to, open_room

TITLE = "Counting walks"
STREET = "I stopped counting days in Saltmarsh Lane.\n\nIt took a while, and it helped."
TOWN = "I stopped counting days in a small town.\n\nIt took a while, and it helped."
MESSAGE = "The street could tell somebody where you live."


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    with open_room(tmp_path, monkeypatch) as room:
        yield room


@pytest.fixture
def robin(room: Room) -> Seat:
    return room.seat("Robin")


@pytest.fixture
def post(room: Room) -> Post:
    """A story with the name of a street in it."""
    return room.receive(text=make_text(typed=STREET, html=html_of(STREET)))


def html_of(typed: str) -> str:
    return "".join(f"<p>{part}</p>" for part in typed.split("\n\n"))


def offer_of(post: Post) -> str:
    return f"/post/{post.id}/offer"


def test_the_form_holds_the_authors_own_words_and_waits_for_who_holds_the_post(
    room: Room, robin: Seat, post: Post
) -> None:
    assert offer_of(post) not in leads_to(robin.post(post.id))
    form = form_of(robin.hold(post.id), offer_of(post))
    assert form["title"] == [TITLE]
    assert form["body"] == [STREET]
    assert form["words"] == [""]
    assert form["hash"] == [room.office.desk.read(post.id).hash]
    assert offer_of(post) not in leads_to(room.seat("Sam").post(post.id))


def test_an_offer_is_shown_as_what_would_go_and_what_would_come(robin: Seat, post: Post) -> None:
    page = robin.hold(post.id)
    answer = robin.press(page, offer_of(post), title="Walks", body=TOWN, words=MESSAGE)
    assert "now Changes offered" in robin.follow(answer).words
    page = robin.post(post.id)
    assert [gone.text for gone in page.all("del")] == [
        "[taken out: Counting walks]",
        "[taken out: Saltmarsh Lane.]",
    ]
    assert [new.text for new in page.all("ins")] == ["[put in: Walks]", "[put in: a small town.]"]
    assert MESSAGE in page.words
    assert "changes offered to its author, by Robin" in page.words


def test_an_offer_can_be_taken_back_within_a_minute(room: Room, robin: Seat, post: Post) -> None:
    queue = robin.follow(robin.press(robin.hold(post.id), offer_of(post), body=TOWN))
    page = robin.follow(robin.press(queue, f"/post/{post.id}/undo"))
    assert page.all("ins") == []
    assert room.office.desk.read(post.id).post.state is State.RECEIVED
    assert room.office.desk.read(post.id).offer is None


def test_a_suggestion_is_never_more_than_text(robin: Seat, post: Post) -> None:
    hostile = TOWN + "\n\n</ins></div><script>alert(1)</script><img src=x onerror=y>"
    robin.press(robin.hold(post.id), offer_of(post), title="<b>Walks</b>", body=hostile)
    page = robin.post(post.id)
    assert page.all("script", "img")[1:] == []
    assert any("<script>alert(1)</script>" in new.text for new in page.all("ins"))
    assert "taken out of the suggestion" in page.words


WRONG = [
    ({"title": "A\nB"}, "title", "one line"),
    ({"title": "x" * 121}, "title", "121 characters long"),
    ({"body": "  "}, "body", "Please write"),
    ({"body": "Short."}, "body", "write a little more"),
    ({"body": "word " * 2401}, "body", "the most we can take"),
    ({"body": STREET}, "body", "nothing to offer yet"),
    ({"words": "x" * (LONGEST_MESSAGE + 1)}, "words", "shorter"),
]


@pytest.mark.parametrize(("changed", "field", "sentence"), WRONG)
def test_what_cannot_be_offered_comes_back_as_it_was_typed(
    room: Room, robin: Seat, post: Post, changed: dict[str, str], field: str, sentence: str
) -> None:
    typed = {"title": TITLE, "body": TOWN, "words": MESSAGE} | changed
    answer = robin.press(robin.hold(post.id), offer_of(post), **typed)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert sentence in page.errors()[f"#field-{field}"]
    assert sentence in page.described(page.by_id(f"field-{field}"))
    form = form_of(page, offer_of(post))
    assert form["body"] == [typed["body"]]
    assert form["words"] == [typed["words"]]
    assert "open" in page.by_id("field-body").inside("details").given
    assert [one for one in page.all("details") if "open" in one.given] == [
        page.by_id("field-body").inside("details")
    ]
    assert room.office.desk.read(post.id).post.state is State.RECEIVED


def test_a_text_that_changed_meanwhile_keeps_all_that_was_typed(
    room: Room, robin: Seat, post: Post
) -> None:
    page = robin.hold(post.id)
    room.office.decide(Act.RETURN, room.office.desk.read(post.id).post, robin.who)
    answer = robin.press(page, offer_of(post), title="Walks", body=TOWN, words=MESSAGE)
    assert answer.status_code == 409
    page = robin.page_of(answer)
    assert "Nothing was overwritten" in page.words
    assert [area.value for area in page.all("textarea")] == ["Walks", TOWN, MESSAGE]


def test_a_post_that_another_holds_keeps_all_that_was_typed(
    room: Room, robin: Seat, post: Post
) -> None:
    page = robin.hold(post.id)
    room.office.desk.release(post.id, robin.who)
    room.seat("Sam").hold(post.id)
    answer = robin.press(page, offer_of(post), title="", body=TOWN, words=MESSAGE)
    assert answer.status_code == 409
    page = robin.page_of(answer)
    assert "Sam holds this post now" in page.words
    assert [area.value for area in page.all("textarea")] == [TOWN, MESSAGE]


def test_words_that_were_put_in_the_place_of_those_read_cannot_be_offered_on(
    robin: Seat, post: Post
) -> None:
    answer = robin.press(robin.hold(post.id), offer_of(post), body=TOWN, hash="0" * 64)
    assert answer.status_code == 409


@pytest.mark.parametrize("state", [State.RETURNED, State.DECLINED, State.APPROVED, State.OFFERED])
def test_nothing_is_offered_where_the_table_has_no_such_move(
    room: Room, robin: Seat, state: State
) -> None:
    post = room.receive(7, state=state)
    room.office.desk.claim(post.id, robin.who)
    assert offer_of(post) not in leads_to(robin.post(post.id))


def test_of_a_text_that_is_kept_as_html_alone_the_form_still_has_the_words(
    room: Room, robin: Seat
) -> None:
    html = html_of("One &amp; two, and <em>three</em> walks.\n\nA second<br>line")
    post = room.receive(3, state=State.HIDDEN, text=make_text(typed=None, html=html))
    form = form_of(robin.hold(post.id), offer_of(post))
    assert form["body"] == ["One & two, and <em>three</em> walks.\n\nA second\nline"]
    answer = robin.press(robin.post(post.id), offer_of(post))
    assert "nothing to offer yet" in robin.page_of(answer).words
