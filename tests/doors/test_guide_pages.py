"""The guide at the desk: every page of docs/moderators, as it stands there, and nothing else."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from forum.screening import RULES
from moderation.door import guide
from moderation.door.guide import GuidePage, grey_area, guide_pages, read_guide
from tests.doors.seen import Page
from tests.doors.side_room import SideRoom, open_side_room
from tests.pages.test_content import HIGHEST_GRADE, grade, hurtful, prose
from tests.rules.house import ROOT

DOCS = ROOT / "docs" / "moderators"
PAGES = guide_pages()
TASKS = (
    "enrol-and-sign-in look-after-yourself practice the-queue read-a-post marked-words grey-areas "
    "approve approve-with-edits suggest-changes return decline escalate-and-runbook second-reading "
    "appeals reports-and-take-down floods people-and-passkeys the-record team-numbers"
)

every_page = pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.name)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> SideRoom:
    return open_side_room(tmp_path_factory.mktemp("guide"))


def source(page: GuidePage) -> str:
    return (DOCS / f"{page.name}.md").read_text("utf-8")


def path_of(page: GuidePage) -> str:
    """Its address without the desk's own part of it."""
    return page.address.removeprefix("/moderation")


def test_there_is_a_page_for_each_task_and_the_index_names_them_all_in_order() -> None:
    assert list(PAGES) == [guide.INDEX, *TASKS.split()]
    assert {path.stem for path in DOCS.glob("*")} == set(PAGES)


@every_page
def test_every_page_is_served_where_it_says(room: SideRoom, page: GuidePage) -> None:
    shown = room.open(path_of(page))
    assert shown.one("h1").text == page.title
    assert shown.one("title").text == f"{page.title} · Handrail"
    assert shown.one("article").text.strip()
    ids = [one.given["id"] for one in shown.elements if "id" in one.given]
    assert len(ids) == len(set(ids))


@every_page
def test_every_link_of_a_page_leads_to_a_page_of_the_guide_and_a_heading_in_it(
    room: SideRoom, page: GuidePage
) -> None:
    shown = room.open(path_of(page))
    article = shown.one("article")
    for link in [one for one in shown.all("a") if article in one.around]:
        address, _, anchor = link.given["href"].partition("#")
        (there,) = [one for one in PAGES.values() if one.address == address]
        assert not anchor or room.open(path_of(there)).by_id(anchor).tag in ("h1", "h2", "h3")


def test_pages_lead_on_in_the_order_of_the_index(room: SideRoom) -> None:
    order = list(PAGES.values())
    for here, there in pairwise(order):
        shown = room.open(path_of(here))
        (following,) = [one for one in shown.all("a") if one.given.get("rel") == "next"]
        assert (following.given["href"], following.text) == (there.address, there.title)
    last = room.open(path_of(order[-1]))
    assert not [one for one in last.all("a") if one.given.get("rel") == "next"]


@pytest.mark.parametrize("name", ["nothing", "README.md", "..", "app", "%2e%2e", "approve.md"])
def test_a_page_that_is_not_there_is_answered_with_the_index(room: SideRoom, name: str) -> None:
    shown = room.open(f"/guide/{name}", 404)
    assert "There is no such page in the guide." in shown.words
    assert PAGES[guide.INDEX].title in shown.one("h1").text


def test_html_in_a_page_would_be_shown_and_not_obeyed(tmp_path: Path) -> None:
    evil = "# A <b>page</b>\n\n<script>x()</script> [here](javascript:alert(1))\n"
    (tmp_path / "README.md").write_text(evil, "utf-8")
    shown = Page(f"<body>{read_guide(tmp_path)[guide.INDEX].html}</body>")
    assert {one.tag for one in shown.elements} == {"body", "h1", "p"}


def test_a_page_that_the_index_does_not_name_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Index\n\n[One](one.md), [out](../out.md)\n", "utf-8")
    for name in ("one", "two", "out"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n[Two](two.md)\n", "utf-8")
    assert list(read_guide(tmp_path)) == [guide.INDEX, "one"]


# --- What it says ---------------------------------------------------------------------------


@every_page
def test_a_page_is_one_task_and_reads_at_grade_eight_or_below(page: GuidePage) -> None:
    written = source(page)
    assert len(re.findall(r"^# ", written, re.MULTILINE)) == 1
    assert grade(prose(written)) <= HIGHEST_GRADE
    assert not hurtful(written)


@every_page
def test_a_page_never_promises_too_much(page: GuidePage) -> None:
    assert not re.search(r"100 ?%|anonymous|guarantee|secure\b|no risk", source(page).lower())


def grey_areas() -> dict[str, str]:
    """Heading to what stands under it."""
    parts = re.split(r"^### (.+)$", source(PAGES["grey-areas"]), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_rule_has_its_grey_area_and_no_other_has_one() -> None:
    assert set(grey_areas()) == {f"{rule.name} ({rule.id})" for rule in RULES.values()}


@pytest.mark.parametrize("rule", RULES)
def test_a_grey_area_says_what_is_fine_what_is_not_and_what_lies_between(
    room: SideRoom, rule: str
) -> None:
    said = grey_areas()[f"{RULES[rule].name} ({rule})"].split("\n## ")[0]
    parts = re.split(r"\*\*(Fine|Not fine|Grey)\.\*\* ", said)
    assert parts[1::2] == ["Fine", "Not fine", "Grey"]
    assert all(len(part.split()) >= 3 for part in parts[2::2])
    path, _, anchor = grey_area(rule).removeprefix("/moderation").partition("#")
    assert rule in room.open(path).by_id(anchor).text
