"""The pages that look after moderators: plain, named, and nothing on them is lost or a trap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Response

from doors.answers import help_lines, page
from doors.helplines import EMERGENCY
from forum.duty import Care
from forum.wellbeing import Rest, Stop
from moderation.door import rest
from moderation.door.at_desk import AtDesk
from tests.builders import NOON, keep, make_claim
from tests.doors.at_the_desk import seated, standing
from tests.doors.seen import Page
from tests.forum.desk_office import Office, open_office
from tests.forum.duty_kept import heavy, light, make_duty
from tests.pages.test_content import grade, hurtful

STRIP = EMERGENCY
LIMITS = (Rest.HARD, Rest.PAUSE, Rest.ENOUGH_TODAY, Rest.ENOUGH_IN_A_ROW, Rest.OPTED_OUT)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


@pytest.fixture
def at(office: Office) -> AtDesk:
    return seated(office)


def seen(answer: Response) -> Page:
    assert isinstance(answer.body, str)
    return Page(answer.body)


def main_of(shown: Page) -> str:
    """What the page itself says, a sentence to each block."""
    main = shown.one("main")
    nav = [one.text for one in shown.all("nav") if main in one.around]
    blocks = [
        " ".join(one.text.split())
        for one in shown.all("h1", "h2", "p", "li", "button", "summary")
        if main in one.around and not any(one.text in text for text in nav)
    ]
    return " ".join(block if block.endswith((".", ":", "?")) else f"{block}." for block in blocks)


def assert_kind(shown: Page) -> None:
    """One heading, help before everything, words anybody can read, and every name in its place."""
    assert shown.one("h1").text
    assert STRIP in shown.words
    own = main_of(shown)
    assert grade(re.sub(r"\(.*?\)|[\d-]+", "", own)) <= 8, own
    assert hurtful(own) == []
    assert "!" not in own
    assert not re.search(r"\b(violat|must not|forbidden|refused)\b", own)
    assert all(button.text.strip() for button in shown.all("button"))
    assert all(link.text.strip() or link.given.get("aria-label") for link in shown.all("a"))
    assert not [one for one in shown.all("script", "iframe") if shown.one("main") in one.around]
    assert not [one for one in shown.all("meta") if "http-equiv" in one.given]
    forms = [one for one in shown.all("form") if "/post/" in one.given["action"]]
    assert all(shown.would_send(form.given["action"])["csrf"] == ["v1.csrf"] for form in forms)


# Why nothing heavy is served


@pytest.mark.parametrize("anyway", [False, True])
@pytest.mark.parametrize("reason", LIMITS)
def test_the_page_says_why_and_leads_back(at: AtDesk, reason: Rest, anyway: bool) -> None:
    stop = Stop(reason, Care(), timedelta(hours=3), anyway)
    answer = rest.show(at, stop, "a" * 16)
    shown = seen(answer)
    assert answer.status_code == 409
    assert_kind(shown)
    assert "/moderation/" in [link.given["href"] for link in shown.all("a")]
    assert "What you hold already stays yours." in shown.words
    actions = [form.given["action"] for form in shown.all("form")]
    assert (f"/moderation/post/{'a' * 16}/claim" in actions) is anyway


def test_every_reason_but_a_mere_suggestion_has_a_page_of_its_own(at: AtDesk) -> None:
    pages = [seen(rest.show(at, Stop(reason, Care()), "")) for reason in LIMITS]
    assert len({shown.one("h1").text for shown in pages}) == len(LIMITS)
    assert {*LIMITS, Rest.SOFT} == set(Rest)


def test_the_page_says_when_heavy_ones_open_again(at: AtDesk) -> None:
    stop = Stop(Rest.ENOUGH_TODAY, Care(heavy_a_day=4), timedelta(hours=5, minutes=30, seconds=1))
    words = seen(rest.show(at, stop, "")).words
    assert "You have read 4 heavy posts today." in words
    assert "You can open heavy ones again in 5 hours 31 minutes, at midnight UTC" in words


def test_the_page_tells_of_lighter_ones_if_there_are_any_to_take(
    office: Office, at: AtDesk
) -> None:
    def told(who: AtDesk = at, reason: Rest = Rest.ENOUGH_IN_A_ROW) -> bool:
        words = seen(rest.show(who, Stop(reason, Care()), "")).words
        there, none = "There are light ones" in words, "No light one waits" in words
        assert [there, none].count(True) == (reason in rest.ONLY_LIGHT)
        return there

    keep(office.stores.visitors, heavy(1))
    assert not told()
    keep(office.stores.visitors, light(2))
    assert told()
    assert told(reason=Rest.ENOUGH_TODAY)
    assert not told(reason=Rest.HARD)
    assert not told(seated(office, spare="alcohol"))
    office.stores.desk.claim(make_claim(2), NOON)
    assert told()
    assert not told(seated(office, "sam"))


def test_a_press_opens_what_one_opted_out_of_and_says_so(at: AtDesk) -> None:
    shown = seen(rest.show(at, Stop(Rest.OPTED_OUT, Care(), anyway=True), "a" * 16))
    sent = shown.would_send(f"/moderation/post/{'a' * 16}/claim")
    assert sent == {"csrf": ["v1.csrf"], "anyway": ["yes"]}
    assert "Open this one anyway" in shown.words
    assert "safety lead" not in shown.words


def test_a_safety_lead_can_say_that_it_is_urgent(at: AtDesk) -> None:
    words = seen(rest.show(at, Stop(Rest.HARD, Care(), anyway=True), "a" * 16)).words
    assert "I am a safety lead and this is urgent: open it" in words


# The pause


def test_the_pause_says_how_long_and_whom_to_talk_to(at: AtDesk) -> None:
    answer = rest.pause(at, standing(Rest.PAUSE, 3.2))
    shown = seen(answer)
    assert answer.status_code == 200
    assert_kind(shown)
    assert "For 4 minutes the queue" in shown.words
    assert "Talk to the person you agreed on" in shown.words
    assert {link.given["href"] for link in shown.all("a")} >= {"/moderation/pause", "/moderation/"}


def test_the_pause_lists_lines_that_listen(at: AtDesk) -> None:
    shown = seen(rest.pause(at, standing(Rest.PAUSE)))
    summary = shown.one("summary")
    lines = [one.text for one in shown.all("li") if one.inside("details")]
    listed = [line for country in help_lines().countries for line in country.lines]
    assert summary.text == "Lines by country"
    assert len(lines) == sum("distress" in line.topics for line in listed) > 0
    assert any("Samaritans, 116 123" in " ".join(line.split()) for line in lines)


def test_the_pause_links_to_the_debrief_that_was_set(at: AtDesk) -> None:
    shown = seen(rest.pause(at, standing(Rest.PAUSE, debrief_url="https://talk.example/a?b=c&d")))
    (link,) = [one for one in shown.all("a") if "talk.example" in one.given["href"]]
    assert link.text == "Talk to someone about what you read"
    assert link.given["href"] == "https://talk.example/a?b=c&d"
    assert "person you agreed on" not in shown.words


def test_a_pause_that_is_over_says_so_and_lets_one_go(at: AtDesk) -> None:
    for left in (standing(), standing(Rest.SOFT), standing(Rest.HARD)):
        shown = seen(rest.pause(at, left))
        assert_kind(shown)
        assert shown.one("h1").text == "The pause is over"
        assert "you nothing new" not in shown.words


def test_the_decision_can_still_be_taken_back_from_the_pause(at: AtDesk) -> None:
    shown = seen(rest.pause(at, standing(Rest.PAUSE), undoable="a" * 16))
    assert_kind(shown)
    assert shown.would_send(f"/moderation/post/{'a' * 16}/undo") == {"csrf": ["v1.csrf"]}
    assert "Undo" not in seen(rest.pause(at, standing(Rest.PAUSE))).words


# The suggestion, and one's own day


def part(name: str, **context: Any) -> str:
    """A part of a page, as the page that includes it has it."""
    body = page(f"desk/{name}.html", **context).body
    assert isinstance(body, str)
    return " ".join(re.sub(r"<[^>]*>", "", body).split())


def test_the_banner_comes_with_the_suggestion_and_with_nothing_else() -> None:
    due = rest.banner(standing(Rest.SOFT))
    words = part("break", banner=due)
    assert words.startswith(
        "You have been here 45 minutes. This is a good moment for a break of 15"
    )
    assert grade(words) <= 8
    for other in (None, Rest.HARD, Rest.PAUSE):
        assert rest.banner(standing(other)) is None
    assert part("break", banner=None) == part("break") == ""


DAYS: list[tuple[Mapping[str, Any], str]] = [
    ({}, "Today: 0 heavy posts, less than a minute at the desk."),
    ({"heavy": 1, "seconds": 60.0}, "Today: 1 heavy post, 1 minute at the desk."),
    ({"heavy": 2, "seconds": 2459.0}, "Today: 2 heavy posts, 40 minutes at the desk."),
    ({"heavy": 6, "seconds": 7260.0}, "Today: 6 heavy posts, 2 hours 1 minute at the desk."),
]


@pytest.mark.parametrize(("day", "said"), DAYS)
def test_ones_own_day_is_told_in_words(day: Mapping[str, Any], said: str) -> None:
    words = part("my_day", my_day=rest.my_day(make_duty(**day)))
    assert words.startswith(said)
    assert "Only you are shown this" in words
    assert grade(words) <= 8
