"""Somebody searches: their browser finds stories and pages, and nothing they type leaves it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import People
from tests.journeys.house import ROOT
from tests.journeys.reader import Reader
from tests.journeys.test_every_page import EVERY_RULE

HEAVY = "Leave out stories that mention suicide or self-harm"
MODULE = "/theme/js/search.js"
MOST_BYTES = 3 * 1024
TEXTS = (
    "Café, CAFE and cafe\u0301; naïve Ångström ﬁne ½ x² Ⅳ",
    "can't can’t canʼt ‘quoted’ “twice”—and_again",
    "İstanbul ΛΌΓΟΣ λόγος Straße DŽ ǆ ὈΔΥΣΣΕΎΣ",
    "Я не пил. שָׁלוֹם עולם می‌خواهم 今日は三年目 हिन्दी ไทย",
    "a b 1 12 007 1st e-mail 👩‍👩‍👧 𝒜𝓁𝓁 𐐀𐐁 İ",
    "x" * 24 + " " + "y" * 25 + " " + "z" * 60,
    "tabs\tand\nlines\u2028and\u00a0spaces\u200bhere",
)
"""Texts in which a browser and the press could take other words for words."""


class Search:
    """The page to search from, in the browser of somebody who reads."""

    def __init__(self, reader: Reader) -> None:
        self.page, self.site = reader.page, reader.site
        reader.opens("/search/")
        expect(self.page.get_by_role("search")).to_be_visible()

    def looks_for(self, words: str, said: str = "Found:") -> None:
        """Type the words and press Enter."""
        field = self.page.get_by_label("Words to look for")
        field.fill(words)
        field.press("Enter")
        expect(self.status).not_to_have_text(re.compile("^(Looking…)?$"))
        expect(self.status).to_contain_text(said)

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("main").get_by_role("status")

    def stories(self) -> list[str]:
        return self.page.get_by_role("region", name="Stories").locator("h3").all_inner_texts()

    def pages(self) -> list[str]:
        return self.page.locator("[data-pages] li a").all_inner_texts()


@pytest.fixture
def search(people: People) -> Search:
    """Somebody who has opened it."""
    return Search(people.reader())


def test_a_reader_finds_stories_and_guides_by_other_forms_of_a_word(search: Search) -> None:
    search.looks_for("sleeping")
    assert "When you can't sleep" in search.pages()
    assert "Example: The radio that wasn't plugged in" in search.stories()
    link = search.page.get_by_role("link", name="The radio that wasn't plugged in")
    link.focus()
    link.press("Enter")
    expect(search.page.get_by_role("heading", level=1)).to_contain_text("The radio")


def test_what_is_typed_is_in_no_request_no_address_no_history_and_no_storage(
    search: Search,
) -> None:
    asked: list[str] = []
    search.page.on("request", lambda one: asked.append(f"{one.url} {one.post_data} {one.headers}"))
    before = search.page.evaluate("history.length")
    for words in ("radio", "zzyzzx", "radio lamp"):
        search.looks_for(words, said="")
    search.page.get_by_role("button", name="Search").click()
    search.looks_for("porch lamp")
    assert asked
    assert not [one for one in asked if any(word in one for word in ("radio", "zzyzzx", "porch"))]
    assert search.page.url == f"{search.site}/search/"
    assert search.page.evaluate("[history.length, history.state]") == [before, None]
    assert search.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert search.page.evaluate("document.cookie") == ""


def test_no_piece_of_the_index_is_asked_for_by_few_words(search: Search) -> None:
    pieces: list[str] = []
    search.page.on("request", lambda one: pieces.append(one.url))
    search.looks_for("radio")
    for piece in [one for one in pieces if "/terms/" in one]:
        assert len(search.page.request.get(piece).json()) >= 8


def test_stories_that_mention_suicide_or_self_harm_can_be_left_out(search: Search) -> None:
    heavy = "Example: A stranger on the line"
    search.looks_for("stranger helpline")
    assert heavy in search.stories()
    search.page.get_by_label(HEAVY).check()
    expect(search.page.get_by_role("link", name=heavy)).to_have_count(0)
    search.page.get_by_label(HEAVY).uncheck()
    expect(search.page.get_by_role("link", name=heavy)).to_have_count(1)


def test_words_of_danger_bring_help_first(search: Search) -> None:
    help_now = search.page.get_by_role("main").get_by_role("link", name="Help now")
    search.looks_for("garden", said="")
    expect(help_now).to_be_hidden()
    search.looks_for("kill myself", said="")
    expect(help_now).to_be_visible()


def test_words_that_find_nothing_are_answered_kindly(search: Search) -> None:
    search.looks_for("zzyzzx", said="Nothing was found.")
    search.looks_for("the and a", said="Type a word of two letters or more.")
    search.looks_for("", said="Type a word of two letters or more.")
    search.looks_for("radio zzyzzx", said="Nothing has all of your words.")
    assert "Example: The radio that wasn't plugged in" in search.stories()


def test_a_reader_who_goes_offline_is_told_and_can_try_again(
    people: People, search: Search
) -> None:
    search.page.context.set_offline(True)
    search.looks_for("radio", said="You may be offline.")
    expect(search.page.get_by_label("Words to look for")).to_have_value("radio")
    search.page.context.set_offline(False)
    search.looks_for("radio")
    offline = [one for one in people.witness.seen if "ERR_INTERNET_DISCONNECTED" in one]
    assert offline
    people.witness.seen[:] = [one for one in people.witness.seen if one not in offline]


def test_a_story_is_found_once_it_is_up_and_not_once_it_is_taken_back(
    people: People, search: Search
) -> None:
    author = people.visitor()
    receipt = author.shares("There was a marmalade lighthouse over the shop.", "The light")
    people.moderator("Robin").approves_and_publishes(receipt.pen_name)
    reader = people.reader()
    found = Search(reader)
    found.looks_for("marmalade")
    assert found.stories() == ["The light"]
    path = reader.page.get_by_role("link", name="The light").get_attribute("href")
    author.looks_up(receipt.words)
    author.takes_back(receipt)
    reader.waits_until_gone(str(path))
    gone = Search(people.reader())
    gone.looks_for("marmalade", said="Nothing was found.")
    found.looks_for("marmalade lighthouse", said="")  # with files from before


def test_more_stories_come_when_asked_for_and_the_keyboard_stays_with_them(
    people: People,
) -> None:
    reader = people.reader()
    reader.page.route("**/search/told/1.txt", lambda route: route.fulfill(body=told(range(20))))
    reader.page.route("**/search/recent.json", lambda route: route.fulfill(json=[1]))
    words = {str(slot): [["", "plenty", "", ""]] for slot in range(13)}
    reader.page.route("**/search/recent/1.json", lambda route: route.fulfill(json=words))
    search = Search(reader)
    search.looks_for("plenty", said="13 stories. The first 10 stories are shown.")
    assert len(search.stories()) == 10
    more = search.page.get_by_role("button", name="Show more stories")
    more.press("Enter")
    expect(search.page.locator("[data-stories] article")).to_have_count(13)
    expect(search.page.get_by_role("link", name="Story 2", exact=True)).to_be_focused()
    expect(more).to_be_hidden()


def told(slots: range) -> str:
    """A file of cards."""
    card = '<article class="card"><h3><a href="/stories/{0}/">Story {0}</a></h3></article>'
    return "\n".join(f'<div data-slot="{n}">{card.format(n)}</div>' for n in slots)


def test_without_script_the_page_says_so_and_leads_on(people: People) -> None:
    reader = people.reader(script=False)
    assert reader.opens("/search/") == 200
    expect(reader.page.get_by_role("search")).to_have_count(0)
    without = reader.page.locator("[data-without-script]")
    expect(without).to_be_visible()
    expect(without.get_by_role("link", name="topic")).to_have_attribute("href", "/topics/")
    expect(reader.page.get_by_role("main").get_by_role("link", name="Grief")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_among_what_was_found(search: Search, scheme: str) -> None:
    search.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    search.looks_for("suicide radio")
    results = Axe().run(search.page, options=EVERY_RULE)
    assert results.violations_count == 0, results.generate_report()


def test_a_browser_takes_the_same_words_as_the_press(
    search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "site" / "plugins")
    from story_pages.search_lines import line_of  # noqa: PLC0415 - where Pelican finds it
    from story_pages.search_words import STOP, words_in  # noqa: PLC0415

    taken = in_module(search.page, "wordsIn", *TEXTS)
    assert [[word for word in words if word not in STOP] for words in taken] == [
        words_in(text) for text in TEXTS
    ]
    slots = [[0], [0, 1, 40, 60, 93], [0xD7DD, 0xD7DE, 0x20000], [999_999]]
    spelled = [line_of([some]) for some in slots]
    assert in_module(search.page, "slotsIn", *spelled) == slots


def in_module(page: Page, name: str, *given: str) -> list[list[object]]:
    """What a function of the module gives for each text."""
    found: list[list[object]] = page.evaluate(
        "async ([from, name, given]) => { const on = await import(from);"
        " return given.map((one) => [...on[name](one)]); }",
        [MODULE, name, list(given)],
    )
    return found


def test_the_module_is_small(search: Search) -> None:
    answer = search.page.request.get(search.site + MODULE, headers={"Accept-Encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert int(answer.headers["content-length"]) <= MOST_BYTES
    assert "eval" not in Path(ROOT, "site/theme/static/js/search.js").read_text("utf-8")
