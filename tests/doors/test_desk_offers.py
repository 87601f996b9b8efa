"""Suggesting changes at the desk: the author's words come typed, and nothing typed is ever lost."""

from __future__ import annotations

import pytest

from forum.deciding import LONGEST_MESSAGE
from forum.post import Act, Post, State
from moderation.door.wording import ACTS, STATES
from tests.builders import make_text
from tests.doors.desk_seat import Room, Seat, acts_in, form_of
from tests.doors.seen import Page

TITLE = "Counting walks"
STREET = "I stopped counting days in Saltmarsh Lane.\n\nIt took a while, and it helped."
TOWN = "I stopped counting days in a small town.\n\nIt took a while, and it helped."
MESSAGE = "The street could tell somebody where you live."
OFFER = Act.OFFER.value


@pytest.fixture
def post(room: Room) -> Post:
    """A story with the name of a street in it."""
    return room.receive(text=make_text(typed=STREET, html=html_of(STREET)))


def html_of(typed: str) -> str:
    return "".join(f"<p>{part}</p>" for part in typed.split("\n\n"))


def form(page: Page, post: Post) -> dict[str, list[str]]:
    return form_of(page, f"/post/{post.id}/check", OFFER)


def test_the_form_holds_the_authors_own_words_and_waits_for_who_holds_the_post(
    room: Room, robin: Seat, post: Post
) -> None:
    assert OFFER not in acts_in(robin.along(post.id))
    held = form(robin.hold(post.id), post)
    assert held["title"] == [TITLE]
    assert held["body"] == [STREET]
    assert held["words"] == [""]
    assert held["template"] == ["changes-offered"]
    assert held["hash"] == [room.office.desk.read(post.id).hash]
    assert OFFER not in acts_in(room.seat("Sam").along(post.id))


def test_an_offer_is_shown_as_what_would_go_and_what_would_come(robin: Seat, post: Post) -> None:
    page = robin.hold(post.id)
    answer = robin.decide(page, OFFER, title="Walks", body=TOWN, words=MESSAGE)
    assert f"now {STATES[State.OFFERED]}" in robin.follow(answer).words
    page = robin.along(post.id)
    assert [gone.text for gone in page.all("del")] == [
        "[taken out: Counting walks]",
        "[taken out: Saltmarsh Lane.]",
    ]
    assert [new.text for new in page.all("ins")] == ["[put in: Walks]", "[put in: a small town.]"]
    assert MESSAGE in page.words
    assert f"{ACTS[Act.OFFER]}, by Robin (small changes" in page.words


def test_the_author_reads_the_very_message_that_was_checked(
    room: Room, robin: Seat, post: Post
) -> None:
    checked = robin.check(robin.hold(post.id), OFFER, body=TOWN, words=MESSAGE)
    page = robin.page_of(checked)
    (shown,) = [one for one in page.all("div") if one.given.get("class") == "message"]
    robin.do_it(checked)
    message = room.office.desk.read(post.id).message
    assert message
    assert message.words.endswith(MESSAGE)
    lines = [line for line in message.words.splitlines() if line]
    told = [one.text for one in page.all("p") if shown in one.around]
    assert told == ["A message from the moderators", *lines]


def test_only_ones_own_words_are_only_ones_own_words(room: Room, robin: Seat, post: Post) -> None:
    robin.decide(robin.hold(post.id), OFFER, body=TOWN, words=MESSAGE, template="")
    message = room.office.desk.read(post.id).message
    assert message
    assert message.words == MESSAGE


def test_an_offer_can_be_taken_back_within_a_minute(room: Room, robin: Seat, post: Post) -> None:
    queue = robin.follow(robin.decide(robin.hold(post.id), OFFER, body=TOWN))
    page = robin.follow(robin.press(queue, f"/post/{post.id}/undo"))
    assert page.all("ins") == []
    assert room.office.desk.read(post.id).post.state is State.RECEIVED
    assert room.office.desk.read(post.id).offer is None


def test_a_suggestion_is_never_more_than_text(robin: Seat, post: Post) -> None:
    hostile = TOWN + "\n\n</ins></div><script>alert(1)</script><img src=x onerror=y>"
    checked = robin.check(robin.hold(post.id), OFFER, title="<b>Walks</b>", body=hostile)
    robin.do_it(checked)
    for page in (robin.page_of(checked), robin.along(post.id)):
        loaded = [one.given["src"] for one in page.all("script", "img")]
        assert [src for src in loaded if not src.startswith("/theme/")] == []
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
    answer = robin.check(robin.hold(post.id), OFFER, **typed)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert sentence in page.errors()[f"#field-{field}"]
    assert sentence in page.described(page.by_id(f"field-{field}"))
    assert form(page, post)["body"] == [typed["body"]]
    assert form(page, post)["words"] == [typed["words"]]
    opened = [one for one in page.all("details") if one.given.get("id", "").startswith("decide-")]
    opened = [one for one in opened if "open" in one.given]
    assert opened == [page.by_id("field-body").inside("details")]
    assert room.office.desk.read(post.id).post.state is State.RECEIVED


def test_a_text_that_changed_meanwhile_keeps_all_that_was_typed(
    room: Room, robin: Seat, post: Post
) -> None:
    page = robin.hold(post.id)
    room.office.decide(Act.RETURN, room.office.desk.read(post.id).post, robin.who)
    answer = robin.check(page, OFFER, title="Walks", body=TOWN, words=MESSAGE)
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
    for answer in (
        robin.check(page, OFFER, title="", body=TOWN, words=MESSAGE),
        robin.check(page, OFFER, title="x" * 121, body=TOWN, words=MESSAGE),
    ):
        assert answer.status_code == 409
        shown = robin.page_of(answer)
        assert "Sam holds this post now" in shown.words
        assert [area.value for area in shown.all("textarea")][-2:] == [TOWN, MESSAGE]


def test_words_that_were_put_in_the_place_of_those_read_cannot_be_offered_on(
    robin: Seat, post: Post
) -> None:
    page = robin.hold(post.id)
    assert robin.check(page, OFFER, body=TOWN, hash="0" * 64).status_code == 409
    assert robin.do_it(robin.check(page, OFFER, body=TOWN), hash="0" * 64).status_code == 409


@pytest.mark.parametrize("state", [State.RETURNED, State.DECLINED, State.APPROVED, State.OFFERED])
def test_nothing_is_offered_where_the_table_has_no_such_move(
    room: Room, robin: Seat, state: State
) -> None:
    post = room.receive(7, state=state)
    room.office.desk.claim(post.id, robin.who)
    assert OFFER not in acts_in(robin.post(post.id))


def test_of_a_text_that_is_kept_as_html_alone_the_form_still_has_the_words(
    room: Room, robin: Seat
) -> None:
    html = html_of("One &amp; two, and <em>three</em> walks.\n\nA second<br>line")
    post = room.receive(3, state=State.HIDDEN, text=make_text(typed=None, html=html))
    page = robin.hold(post.id)
    assert form(page, post)["body"] == ["One & two, and <em>three</em> walks.\n\nA second\nline"]
    answer = robin.check(page, OFFER)
    assert "nothing to offer yet" in robin.page_of(answer).words
