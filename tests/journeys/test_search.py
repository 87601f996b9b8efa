"""Somebody searches: their browser finds stories and pages, and nothing they type leaves it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import People
from tests.journeys.house import ROOT
from tests.journeys.reader import Reader
from tests.journeys.test_every_page import EVERY_RULE

HEAVY = "Leave out stories that mention suicide or self-harm"
MODULE = "/theme/js/search.js"
MOST_BYTES = 3 * 1024 + 256
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
FOR_MEDICAL_HELP = (
    *("withdrawal", "withdrawals", "shaking", "the shakes", "detox", "cold turkey", "valium"),
    *("xanax", "diazepam", "benzos", "seizure", "overdose", "narcan", "hallucinating", "heroin"),
)
"""What somebody types who may need a doctor today."""
FOUND_FIRST = {
    "booze": "/topics/alcohol/", "vodka": "/topics/alcohol/", "drunk": "/topics/alcohol/",
    "smack": "/topics/opioids/", "fentanyl": "/topics/opioids/", "coke": "/topics/stimulants/",
    "meth": "/topics/stimulants/", "speed": "/topics/stimulants/", "weed": "/topics/cannabis/",
    "betting": "/topics/gambling/", "panic": "/topics/anxiety/", "bipolar": "/topics/psychosis/",
    "bulimia": "/topics/eating/", "cutting": "/topics/self-harm/", "ptsd": "/topics/trauma/",
    "widow": "/topics/grief/", "relapse": "/after-a-setback/", "lonely": "/finding-people/",
    "insomnia": "/sleep/", "husband": "/family-and-friends/", "ashamed": "/stigma-and-words/",
}  # fmt: skip
"""Words that people have for a thing, and what they find among the first three."""
OF_DANGER = (
    *("kill myself", "Want to DIE", "wish I was dead", "end it all", "hurt myself", "cutting"),
    *("I can’t go on", "i cant go on", "unalive", "kms", "better off without me", "he hits me"),
    *("don't want to be here", "took too many pills", "she won't wake up", "not breathing"),
)
"""What brings help before anything else, in the words of the worst night."""


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
        answer = self.page.locator("[data-status]")
        expect(answer).not_to_have_text(re.compile("^(Looking…)?$"))
        expect(self.status).to_contain_text(said)

    @property
    def status(self) -> Locator:
        """The part that a screen reader reads out as it changes."""
        return self.page.get_by_role("main").get_by_role("status")

    @property
    def help_now(self) -> Locator:
        """What words of danger bring, where it is read out."""
        return self.status.get_by_role("link", name="Help now")

    def finds(self, words: str) -> list[dict[str, str]]:
        """The guides, pages and lists that it finds, as it shows them."""
        found: list[dict[str, str]] = self.page.evaluate(
            "async ([from, words]) => { const { find } = await import(from);"
            " const { on, pages } = await find(words);"
            " return pages.places.map((place) => on.hand.pages[-1 - place]); }",
            [MODULE, words],
        )
        return found

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


def test_peoples_own_words_find_medical_help_among_the_first_three_guides(search: Search) -> None:
    for words in FOR_MEDICAL_HELP:
        guides = [page["url"] for page in search.finds(words) if page["kind"] == "Guide"]
        assert "/medical-help/" in guides[:3], (words, guides)


def test_peoples_own_words_find_the_topic_or_the_guide_they_mean(search: Search) -> None:
    for words, meant in FOUND_FIRST.items():
        found = [page["url"] for page in search.finds(words)]
        assert meant in found[:3], (words, found)


def test_words_of_danger_bring_help_first(search: Search) -> None:
    for words in OF_DANGER:
        search.looks_for("garden", said="")
        expect(search.help_now).to_be_hidden()
        search.looks_for(words, said="")
        expect(search.help_now, words).to_be_visible()


def test_other_words_that_begin_like_those_of_danger_bring_no_such_line(search: Search) -> None:
    for words in ("hangover", "cute", "diet", "overcoming", "odd jobs", "in the end rain"):
        search.looks_for(words, said="")
        expect(search.help_now, words).to_be_hidden()


def test_help_is_there_before_anything_is_fetched(search: Search) -> None:
    search.page.route("**/search/*.json", lambda _: None)  # never answered
    field = search.page.get_by_label("Words to look for")
    field.fill("want to die")
    field.press("Enter")
    expect(search.help_now).to_be_visible()
    expect(search.status).to_contain_text("Looking…")


def test_what_was_found_is_counted_whole_and_all_of_it_can_be_shown(search: Search) -> None:
    everything = [page["title"] for page in search.finds("alcohol")]
    assert len(everything) > 6
    search.looks_for("alcohol", said=f"Found: {len(everything)} guides and pages")
    expect(search.status).to_contain_text("Shown first: 6 guides and pages")
    assert search.pages() == everything[:6]
    more = search.page.get_by_role("button", name="Show more guides and pages")
    more.press("Enter")
    assert search.pages() == everything
    expect(search.page.get_by_role("link", name=everything[6], exact=True)).to_be_focused()
    expect(more).to_be_hidden()


@pytest.mark.long
def test_few_guides_have_no_button_for_more(search: Search) -> None:
    search.looks_for("alcohol")
    search.looks_for("mentor")
    assert 0 < len(search.pages()) <= 6
    expect(search.page.get_by_role("button", name="Show more guides and pages")).to_be_hidden()
    expect(search.status).not_to_contain_text("Shown first")


@pytest.mark.long
def test_a_count_of_stories_says_where_it_may_have_some_that_are_left_out(people: People) -> None:
    search = searches_in_thirteen_stories(people.reader())
    search.page.get_by_label(HEAVY).check()
    search.looks_for("plenty", said="Found: up to 13 stories.")


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "over"),
    [
        ("naloxone plenty", []),  # no kind has both, and the line above says so
        ("naloxone opioids", ["Stories"]),
        ("plenty opioids", ["Guides and pages"]),
        ("opioids", []),
    ],
)
def test_each_kind_says_when_it_does_not_have_all_the_words(
    people: People, words: str, over: list[str]
) -> None:
    search = searches_in_thirteen_stories(people.reader())
    search.looks_for(words)
    assert (len(search.pages()) > 0, len(search.stories()) > 0) == (True, True)
    for kind in ("Guides and pages", "Stories"):
        said = search.page.get_by_role("region", name=kind).get_by_text("all of your words")
        expect(said).to_be_visible(visible=kind in over)
    none = "Nothing has all of your words."
    assert (none in search.status.inner_text()) is (words == "naloxone plenty")


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


@pytest.mark.long
def test_more_stories_come_when_asked_for_and_the_keyboard_stays_with_them(
    people: People,
) -> None:
    search = searches_in_thirteen_stories(people.reader())
    search.looks_for("plenty", said="Found: 13 stories. Shown first: 10 stories.")
    assert len(search.stories()) == 10
    more = search.page.get_by_role("button", name="Show more stories")
    more.press("Enter")
    expect(search.page.locator("[data-stories] article")).to_have_count(13)
    expect(search.page.get_by_role("link", name="Story 2", exact=True)).to_be_focused()
    expect(more).to_be_hidden()


def searches_in_thirteen_stories(reader: Reader) -> Search:
    """Somebody who searches where these alone are told of; each has "plenty opioids"."""
    index = reader.page.request.get(f"{reader.site}/search/index.json").json()
    words = {str(slot): [["", "plenty opioids", "", ""]] for slot in range(13)}
    for path, answer in {
        "index.json": {**index, "pieces": []},
        "recent.json": [1],
        "recent/1.json": words,
    }.items():
        reader.page.route(f"**/search/{path}", answers(json.dumps(answer)))
    reader.page.route("**/search/told/1.txt", answers(told(range(20))))
    return Search(reader)


def answers(body: str) -> Callable[[Route], None]:
    """A server that says this."""
    return lambda route: route.fulfill(body=body)


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


@pytest.mark.long
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
