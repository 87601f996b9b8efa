"""The site as it is served: every link leads somewhere, and a story weighs next to nothing."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from tests.journeys.crawl import Crawl
from tests.journeys.house import House

ROOT = Path(__file__).parents[2]
LEADS_OUTSIDE = {"/help/", "/groups-and-meetings/"}
"""Pages whose task it is to lead to other sites."""
MOST_OF_A_STORY = 14_000
"""Bytes of a story and its style together: what a server may send before the first answer to it."""
SITE = "http://there"
"""Where the made-up sites are that prove the walk itself."""


@pytest.fixture(scope="module")
def crawl(house: House) -> Crawl:
    """All that the front page leads to, and so on."""
    return Crawl(house.site, house.get).walk("/")


def packed(house: House, path: str, coding: str) -> int:
    """How many bytes an answer has on its way."""
    asked = urllib.request.Request(house.site + path, headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.headers["Content-Encoding"] == coding
        return len(answer.read())


def test_every_link_and_every_anchor_leads_somewhere(crawl: Crawl) -> None:
    assert crawl.broken() == {}


def test_no_two_parts_of_a_page_have_one_name(crawl: Crawl) -> None:
    assert crawl.twice_named() == {}


def test_every_page_is_reached_by_links_from_the_front(house: House, crawl: Crawl) -> None:
    by_hand = {
        f"/{path.stem}/"
        for room in ("pages", "resources")
        for path in (ROOT / "content" / room).glob("*.md")
    }
    mapped = Crawl(house.site, house.get).walk("/sitemap.xml")
    assert (by_hand | mapped.pages().keys()) - crawl.answers.keys() == set()
    assert len(mapped.pages()) > len(by_hand)


def test_only_pages_that_are_there_for_it_lead_to_other_sites(crawl: Crawl) -> None:
    everywhere = {a for a, pages in crawl.outside.items() if len(pages) == len(crawl.pages())}
    assert len(everywhere) == 2  # where "Leave now" goes, and help in every country
    others = [pages for a, pages in crawl.outside.items() if a not in everywhere]
    assert set().union(*others) == LEADS_OUTSIDE


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_a_story_and_its_style_come_in_the_first_answer(
    house: House, crawl: Crawl, coding: str
) -> None:
    stories = [path for path in crawl.pages() if path.startswith("/stories/example")]
    style = packed(house, "/theme/css/site.css", coding)
    weights = {path: packed(house, path, coding) + style for path in stories}
    assert len(weights) >= 8
    assert {path: size for path, size in weights.items() if size > MOST_OF_A_STORY} == {}


def made_up(**pages: str) -> Crawl:
    """A walk over a site of these pages; a name with an underscore stands for one with a dot."""
    files = {f"/{name.replace('_', '.')}": page.encode() for name, page in pages.items()}
    files["/"] = files.pop("/home")
    answers = {path: (200, b"<!doctype html>" * (path[-1] == "/") + f) for path, f in files.items()}
    return Crawl(SITE, lambda path: answers.get(path, (404, b""))).walk("/")


@pytest.mark.parametrize(
    ("page", "lost"),
    [
        ('<a href="/nowhere/">', "/nowhere/"),
        ('<a href="#lost"><p id="there">', "/#lost"),
        ('<img src="/theme/no.svg">', "/theme/no.svg"),
        ('<form action="/api/find">', "/api/find"),
        ('<link rel="stylesheet" href="/a.css">', "/font.woff2"),
        ('<script src="/a.js">', "/b.js"),
    ],
)
def test_whatever_leads_nowhere_is_found(page: str, lost: str) -> None:
    found = made_up(home=page, a_css='x { y: url("/font.woff2") }', a_js='import {x} from "./b.js"')
    assert list(found.broken()) == [lost]


def test_a_page_in_which_all_is_well_is_left_alone() -> None:
    well = '<a href="#a"><p id="a"><a href="tel:999"><a href="https://far.example/x"><a href="/">'
    found = made_up(home=well)
    assert (found.broken(), found.twice_named()) == ({}, {})
    assert found.outside == {"https://far.example/x": {"/"}}
    assert made_up(home='<p id="a"><p id="a">').twice_named() == {"/": ["a"]}
