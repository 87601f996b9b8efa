"""What screening finds is shown to people and decides nothing: help first, then marks."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path

import pytest

from forum.desk import Desk
from forum.holders import Leave
from forum.post import Highlight
from forum.screening import RULES
from moderation.__main__ import main
from moderation.door.at_desk import AtDesk
from moderation.door.highlights import Part, notes, parts
from moderation.door.queue import card_for_people
from moderation.door.reading import show
from tests.builders import make_text
from tests.doors.at_the_desk import seated
from tests.doors.served import served
from tests.forum.desk_office import Office
from tests.forum.visitors_door import Door, open_door

DANGER = "I have decided. I am going to kill myself tonight and nobody knows about it."
QUIET = "I have not had a drink since the spring. The evenings are loud, and I walk the dog."


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house


def test_present_danger_puts_worry_and_help_before_everything_else(house) -> None:
    page = house.send("/api/posts", house.story(body=DANGER)).text
    main_part = page[page.index("<main") :]
    assert "We’re worried about you" in main_part
    assert main_part.index("We’re worried about you") < main_part.index("Your receipt")
    assert "We cannot send anyone to you" in main_part


def test_programs_are_told_the_same(house) -> None:
    assert house.shared(body=DANGER)["worried"] is True
    assert house.shared(body=QUIET)["worried"] is False


def test_a_quiet_story_is_thanked_and_no_page_says_that_nothing_was_found(house) -> None:
    page = house.send("/api/posts", house.story(body=QUIET)).text
    assert "worried" not in page
    assert "nothing was found" not in page.lower()


def test_someone_who_may_be_a_minor_gets_lines_for_their_age(house) -> None:
    page = house.send("/api/posts", house.story(body="I'm 15 and nobody knows that I drink.")).text
    assert "If you are under 18" in page
    assert "Kids Helpline" in page


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


def at_the_desk(door: Door) -> tuple[Office, AtDesk]:
    office = Office(door.stores, door.clock, Desk(door.stores.desk, door.clock))
    return office, seated(office)


STORY = "My sister Priya drove me home. <b>It got lighter</b>, slowly, over a long winter."


def test_the_desk_marks_the_words_where_they_stand_and_says_why(door: Door) -> None:
    post = door.share(body=STORY).post
    _, at = at_the_desk(door)
    assert "Priya" not in show(at, post.id).body
    at.desk.claim(post.id, at.who)
    page = show(at, post.id).body
    assert re.search("<mark[^>]*>[^<]*Priya[^<]*</mark>", page)
    assert RULES["PII-7"].reason in html.unescape(page)
    assert "please read all of it" in page
    assert "<b>It got" not in page


def test_a_card_says_what_a_post_contains_without_a_word_of_it(door: Door) -> None:
    door.share(body=STORY)
    office, at = at_the_desk(door)
    (card,) = office.desk.queue()
    shown = card_for_people(card, at)
    assert shown["marks"]
    assert "Priya" not in json.dumps(shown, default=str)


def test_marks_are_kept_with_the_text_and_go_with_it(door: Door) -> None:
    sent = door.share(body=STORY)
    text = door.stores.desk.text(sent.post.id)
    assert text is not None
    (mark,) = text.highlights
    assert "Priya" in STORY[mark.start : mark.end]
    assert sent.post.marks == (mark.rule,)
    door.holders.withdraw(sent.post.id, Leave(str(sent.receipt)))
    assert door.stores.desk.text(sent.post.id) is None


def test_a_name_in_the_title_is_marked_though_no_highlight_can_show_it(door: Door) -> None:
    post = door.share(title="My sister Priya").post
    _, at = at_the_desk(door)
    at.desk.claim(post.id, at.who)
    assert "In the title: " in show(at, post.id).body


def test_another_language_is_marked_as_not_screened(door: Door) -> None:
    words = "Ich habe seit dem Frühling nichts mehr getrunken und gehe jeden Abend mit dem Hund."
    assert "not-screened" in door.share(body=words).post.marks


def test_nothing_that_screening_finds_changes_the_words(door: Door) -> None:
    sent = door.share(body=f"{STORY} {DANGER}")
    text = door.stores.desk.text(sent.post.id)
    assert text is not None
    assert text.typed == f"{STORY} {DANGER}"
    assert DANGER in text.html


def test_marks_that_touch_are_one_and_the_rest_stays_in_order() -> None:
    text = make_text(
        typed="abcdefgh",
        highlights=(Highlight("X", 1, 3), Highlight("Y", 2, 5), Highlight("X", 6, 7)),
    )
    assert parts(text) == [
        Part("a", False),
        Part("bcde", True),
        Part("f", False),
        Part("g", True),
        Part("h", False),
    ]
    assert [note.name for note in notes(text)] == ["X", "Y", "X"]


def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: str, *options: str
) -> tuple[int, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    status = main(["screen", *options])
    return status, capsys.readouterr().out


def test_the_command_prints_a_finding_a_line(monkeypatch, capsys) -> None:
    status, out = told(monkeypatch, capsys, "x, my sister Priya", "--json")
    (line,) = out.splitlines()
    found = json.loads(line)
    assert status == 0
    assert found.keys() == {"rule", "route", "start", "end", "suggest"}
    assert (found["rule"], found["route"]) == ("PII-7", "REDACT")
    assert "Priya" in "x, my sister Priya"[found["start"] : found["end"]]


def test_the_command_takes_many_texts_and_answers_each_on_its_line(monkeypatch, capsys) -> None:
    given = json.dumps("a walk\nby the sea") + "\n" + json.dumps("my sister Priya") + "\n"
    _, out = told(monkeypatch, capsys, given, "--lines")
    first, second = map(json.loads, out.splitlines())
    assert first == []
    assert [found["rule"] for found in second] == ["PII-7"]


def test_a_line_that_is_no_json_string_is_named(monkeypatch, capsys) -> None:
    status, out = told(monkeypatch, capsys, '"fine"\n{"no": 1}\n', "--lines", "--json")
    assert status == 1
    assert "Line 2 is not a JSON string." in out
