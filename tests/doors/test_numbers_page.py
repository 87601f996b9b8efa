"""The team's numbers at the desk: every figure in words and in a table, and no one's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from forum.people import Session
from forum.person import Moderator, Role
from forum.post import Act, State
from forum.route import Route
from forum.rows import Verdict
from forum.team_numbers import TeamNumbers
from moderation.door import numbers
from moderation.door.guard import Person
from tests.builders import (
    NOON,
    TODAY,
    FakeClock,
    days,
    decide,
    keep,
    make_claim,
    make_decision,
    make_post,
)
from tests.doors.seen import Element, Page
from tests.store.adapters import ADAPTERS, Stores


@dataclass(frozen=True)
class Seat:
    """What a view of these pages gets of whoever sits at the desk."""

    person: Person
    names: Mapping[str, str] = field(default_factory=dict)
    desk: Any = None


def seat(*roles: Role, **names: str) -> Any:
    moderator = Moderator("kim", "Kim", TODAY, frozenset(roles or (Role.MODERATOR,)))
    session = Session("s", moderator, NOON + timedelta(hours=2), NOON)
    return Seat(Person(moderator, session, "token"), names)


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    monkeypatch.setenv("HANDRAIL_DATA", str(tmp_path))
    return ADAPTERS["sqlite"](tmp_path)


def shown(stores: Stores) -> Page:
    team = TeamNumbers(stores.figures, FakeClock())
    return Page(numbers.show(seat(), team).body)


def cells(page: Page, caption: str) -> list[list[str]]:
    """The table with this caption, row by row."""
    (table,) = [one.around[-1] for one in page.all("caption") if caption in one.text]
    rows = [row for row in page.all("tr") if table in row.around]
    return [[_words(c) for c in page.all("th", "td") if row in c.around] for row in rows]


def _words(element: Element) -> str:
    return " ".join(element.text.split())


def test_an_empty_desk_says_so_in_words(stores: Stores) -> None:
    page = shown(stores)
    for sentence in (
        "Nothing waits to be read.",
        "Fewer than five: too few to say.",
        "usually within three days",
        "Nothing was decided in the last twelve months.",
        "No mark was called a false alarm.",
    ):
        assert sentence in page.words, sentence
    assert page.all("svg") == []


def test_what_waits_is_drawn_and_tabled_with_those_in_danger(stores: Stores) -> None:
    keep(stores.visitors, make_post(1))
    keep(stores.visitors, make_post(2, state_day=days(-8), route=Route.HOLD2))
    keep(stores.visitors, make_post(3, state_day=days(-9), state=State.APPEALED))
    page = shown(stores)
    assert cells(page, "Posts that wait") == [
        ["Waiting for", "Posts", "Someone may be in danger"],
        ["Since today", "1", "0"],
        ["1 to 2 days", "0", "0"],
        ["3 to 6 days", "0", "0"],
        ["7 days or more", "2", "1"],
        ["All", "3", "1"],
    ]
    assert "7 days or more: 2, 1 in danger" in [text.text for text in page.all("text")]


def test_how_long_it_took_stands_with_what_people_are_told(stores: Stores) -> None:
    for number, waited in enumerate((0, 1, 4, 5, 9, 9)):
        post = keep(stores.visitors, make_post(number, state_day=days(-waited)))
        stores.desk.claim(make_claim(number), NOON)
        decide(stores.desk, post, Act.APPROVE)
    page = shown(stores)
    assert cells(page, "How long posts waited")[1:] == [
        ["The first look", "4½ days", "9 days", "6"],
        ["A decision", "4½ days", "9 days", "6"],
    ]
    assert "usually within five days" in page.words


def test_what_came_of_it_stands_by_month(stores: Stores) -> None:
    for number in range(3):
        decide(stores.desk, keep(stores.visitors, make_post(number)), Act.APPROVE)
    page = shown(stores)
    head, november, *others = cells(page, "Decisions by month")
    assert head == ["Month", *numbers.LABELS.values()]
    assert november == ["November 2026", "3", "0", "0", "0", "0", "0", "0"]
    assert len(others) == 11
    assert "November 2026: 3" in [text.text for text in page.all("text")]


def test_rules_that_were_wrong_have_a_share_only_where_there_is_enough(stores: Stores) -> None:
    often = [("SUI-1", Verdict.FALSE_ALARM)] * 5 + [("SUI-1", Verdict.KEEP)] * 15
    seldom = [("GONE-9", Verdict.FALSE_ALARM)]
    post = keep(stores.visitors, make_post())
    decide(stores.desk, post, Act.APPROVE, verdicts=(*often, *seldom))
    _, first, second = cells(shown(stores), "Rules that were called")
    assert first[0].endswith("SUI-1")
    assert first[1:] == ["5", "20", "25%"]
    assert second == ["GONE-9 GONE-9", "1", "1", "too few to say"]


def test_nobody_is_named_on_the_page_but_who_reads_it(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    stores.desk.claim(make_claim(moderator="a-moderator"), NOON)
    decision = make_decision(act=Act.APPROVE, moderator="a-moderator")
    decide(stores.desk, post, Act.APPROVE, decision=decision)
    page = shown(stores)
    assert "a-moderator" not in page.words
    assert post.id not in page.words


def test_every_chart_stands_beside_a_table_with_a_caption(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(1))
    verdicts = [("SUI-1", Verdict.FALSE_ALARM)] * 20
    decide(stores.desk, post, Act.APPROVE, verdicts=tuple(verdicts))
    keep(stores.visitors, make_post(2))
    page = shown(stores)
    names = [title.text for title in page.all("title") if title.inside("svg")]
    assert names == [
        "Posts that wait, by how long", "Decisions, by month", "False alarms among a rule’s marks",
    ]  # fmt: skip
    order = [one.tag for one in page.all("svg", "table")]
    assert order == ["svg", "table", "table", "svg", "table", "svg", "table"]
    for table in page.all("table"):
        region = table.around[-1].given
        assert (region["role"], region["tabindex"]) == ("region", "0")
        assert region["aria-label"]
        heads = [cell for cell in page.all("th") if table in cell.around]
        assert all(cell.given["scope"] in ("col", "row") for cell in heads)
