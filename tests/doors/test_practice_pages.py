"""Practice at the desk: a card before the text, a choice that is kept nowhere, an answer to all."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from forum.practice import Choice, PracticePost, practice_posts
from forum.screening import RULES, Route
from moderation.door import guide
from moderation.door.practice import CHOICES, VERDICTS
from moderation.door.wording import ROUTES
from tests.doors.seen import Page
from tests.doors.side_room import SideRoom, open_side_room

POSTS = practice_posts()
NUMBERS = [post.number for post in POSTS]
KETTLE = POSTS[1]
"""The one that names a town and a clinic."""

every_post = pytest.mark.parametrize("post", POSTS, ids=lambda post: post.number)


@pytest.fixture
def room(tmp_path: Path) -> SideRoom:
    return open_side_room(tmp_path)


def one_line(text: str) -> str:
    return " ".join(text.split())


def links(page: Page) -> dict[str, str]:
    """Address to words of every link in the page's own part."""
    main = page.one("main")
    return {a.given["href"]: one_line(a.text) for a in page.all("a") if main in a.around}


def text_of(page: Page) -> str:
    """The post's own words, as they stand inside the part that has to be opened."""
    (typed,) = [one for one in page.all("div") if one.given.get("class") == "as-typed"]
    assert typed.inside("details")
    return typed.text


def test_nobody_who_is_not_signed_in_sees_them(room: SideRoom) -> None:
    room.door.cookie = ""
    for path in ("/practice", "/practice/01", "/guide", "/guide/approve"):
        assert room.door.get(path).status_code == 303


def test_the_list_shows_ten_cards_and_never_a_word_of_a_text(room: SideRoom) -> None:
    page = room.open("/practice")
    found = links(page)
    assert [found[f"/moderation/practice/{post.number}"] for post in POSTS] == [
        post.name for post in POSTS
    ]
    first_lines = [post.body.splitlines()[0] for post in POSTS]
    assert not [line for line in first_lines if line in page.words]
    assert "nobody wrote it" in page.words.lower()


@every_post
def test_a_page_shows_its_card_and_keeps_the_text_closed(
    room: SideRoom, post: PracticePost
) -> None:
    page = room.open(f"/practice/{post.number}")
    details = page.one("details")
    assert "open" not in details.given
    assert "This post is made up." in page.words
    assert text_of(page) == post.body
    assert not [mark for mark in page.all("mark") if not mark.inside("details")]


@every_post
def test_the_marks_on_a_page_are_those_of_its_rules(room: SideRoom, post: PracticePost) -> None:
    page = room.open(f"/practice/{post.number}")
    notes = [one_line(one.text) for one in page.all("li") if one.inside("details")]
    named = {RULES[rule].name for rule in post.teaches}
    assert {name for name in named for note in notes if f" {name}. " in note} == named
    assert len(notes) >= len(named)
    assert bool(page.all("mark")) == bool(post.teaches)


def test_the_card_says_where_it_would_go_what_it_is_about_and_what_it_contains(
    room: SideRoom,
) -> None:
    page = room.open(f"/practice/{KETTLE.number}")
    card = page.words.split("Open the text")[0]
    assert ROUTES[Route.REDACT] in card
    assert "About opioids. Some 150 words. Mentions drugs." in card
    assert "place of worship; named home place." in card
    assert "Someone may be in danger" not in card


def test_danger_is_said_on_the_card_before_anything_is_opened(room: SideRoom) -> None:
    for number in ("08", "09"):
        card = room.open(f"/practice/{number}").words.split("Open the text")[0]
        assert "Someone may be in danger" in card
        assert ROUTES[Route.HOLD2] in card


def test_a_page_that_was_only_opened_asks_and_answers_nothing(room: SideRoom) -> None:
    page = room.open("/practice/01")
    form = page.form_to("/moderation/practice/01#answer")
    assert form.given["method"] == "get"
    assert [field.value for field in page.fields] == [choice.value for choice in Choice]
    assert [page.label(field) for field in page.fields] == list(CHOICES.values())
    assert page.would_send("/moderation/practice/01#answer") == {}
    assert not [one for one in page.elements if one.given.get("id") == "answer"]
    assert not [words for words in VERDICTS.values() if words in page.words]
    assert POSTS[0].lesson[1:] not in page.words


@every_post
@pytest.mark.parametrize("choice", Choice, ids=lambda choice: choice.value)
def test_every_choice_is_answered_with_the_reasons_for_all_of_them(
    room: SideRoom, post: PracticePost, choice: Choice
) -> None:
    page = room.open(f"/practice/{post.number}?choice={choice.value}")
    answer = one_line(page.by_id("answer").text)
    heading = one_line(page.by_id("answer-heading").text)
    assert heading == f"{CHOICES[choice]}: {VERDICTS[post.answers[choice].verdict].lower()}"
    for other, given in post.answers.items():
        assert given.why in answer
        assert other is choice or f"{VERDICTS[given.verdict]} {given.why}" in answer
    assert post.lesson[1:] in answer
    assert "open" in page.one("details").given
    sent = page.would_send(f"/moderation/practice/{post.number}#answer")
    assert sent == {"choice": [choice.value]}


@every_post
def test_an_answer_leads_to_the_guides_page_for_its_rules(
    room: SideRoom, post: PracticePost
) -> None:
    page = room.open(f"/practice/{post.number}?choice=return")
    within = page.by_id("answer")
    led = {a.given["href"] for a in page.all("a") if within in a.around}
    expected = {guide.grey_area(rule) for rule in post.teaches}
    assert led == (expected or {"/moderation/guide/grey-areas"})


def test_after_a_heavy_one_somebody_says_so(room: SideRoom) -> None:
    said = "Made up or not, this is heavy to read."
    shown = {n for n in NUMBERS if said in room.open(f"/practice/{n}?choice=escalate").words}
    assert shown == {"08", "09"}


def test_each_leads_to_the_next_and_the_last_to_the_end(room: SideRoom) -> None:
    for here, there in pairwise(POSTS):
        found = links(room.open(f"/practice/{here.number}"))
        assert found[f"/moderation/practice/{there.number}"] == there.name
    last = room.open(f"/practice/{POSTS[-1].number}")
    assert "This is the last one." in last.words


@pytest.mark.parametrize("query", ["?choice=publish", "?choice=", "?choose=approve", "?choice=%00"])
def test_a_choice_that_is_none_is_answered_like_none(room: SideRoom, query: str) -> None:
    page = room.open(f"/practice/01{query}")
    assert not [one for one in page.elements if one.given.get("id") == "answer"]


@pytest.mark.parametrize("number", ["11", "1", "001", "x", "..", "01-the-bus-stop"])
def test_a_number_that_is_none_leads_back_to_all_of_them(room: SideRoom, number: str) -> None:
    page = room.open(f"/practice/{number}", 404)
    assert "There is no practice post with that number." in page.words
    assert "/moderation/practice/01" in links(page)
