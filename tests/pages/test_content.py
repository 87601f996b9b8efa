"""The pages written by hand: plain, honest, in the shape that the house expects, and none lost."""

import re

import pytest

from tests.pages.hand_written import (
    BY_SLUG,
    CONTENT,
    HAND_WRITTEN,
    HIGHEST_GRADE,
    PAGES,
    RESOURCES,
    HandWritten,
    grade,
    page_parts,
    prose,
)
from tests.pages.kind_words import hurtful, not_to_be_found_by
from tests.pages.test_vocabulary import SLUGS

__all__ = ("HIGHEST_GRADE", "grade", "hurtful", "prose")

ABOUT_THE_SITE = (
    "about accessibility for-professionals help how-it-goes how-to-share how-we-moderate "
    "leaving-quickly what-we-do-not-publish words your-privacy"
)
GROUPS = {
    "understand": "why-peer-support-helps hope-and-stages years-on",
    "coping": "cravings first-days hard-feelings after-a-setback sleep social-pressure stress "
    "healthy-outlets",
    "together": "finding-people giving-and-taking-support groups-and-meetings one-to-one "
    "goals-and-check-ins",
    "family": "family-and-friends",
    "medical": "medical-help",
    "words": "stigma-and-words",
}
"""The resource pages in the groups that they are listed in, and in their order there."""
SOURCES = "Where this comes from"
LISTS = ("topics", "stages", "arcs", "helped")
MADE = {
    *("", "api/receipt", "api/share", "guides", "search", "stories", "yours", *LISTS),
    *(f"{name}/{slug}" for name in LISTS for slug in SLUGS[name].split()),
}
"""Addresses of the site that no file here is the page of."""

every_page = pytest.mark.parametrize("page", HAND_WRITTEN, ids=lambda page: page.slug)
every_resource = pytest.mark.parametrize("page", RESOURCES, ids=lambda page: page.slug)


# --- All of them -----------------------------------------------------------------------------


def test_the_five_first_pages_are_there() -> None:
    assert BY_SLUG.keys() >= {
        "help",
        "how-we-moderate",
        "your-privacy",
        "how-to-share",
        "why-peer-support-helps",
    }


def test_every_page_about_the_site_is_there() -> None:
    assert {page.slug for page in PAGES} >= set(ABOUT_THE_SITE.split())


def test_every_theme_has_its_resource_page_in_its_group_and_order() -> None:
    found: dict[str, list[str]] = {name: [] for name in GROUPS}
    for page in sorted(RESOURCES, key=lambda page: int(page.head["Order"])):
        found[page.head["Group"]].append(page.slug)
    assert found == {name: slugs.split() for name, slugs in GROUPS.items()}
    places = {(page.head["Group"], page.head["Order"]) for page in RESOURCES}
    assert len(places) == len(RESOURCES)


def test_no_two_pages_share_an_address_or_a_name() -> None:
    assert len(BY_SLUG) == len(HAND_WRITTEN)
    assert len({page.head["Title"] for page in HAND_WRITTEN}) == len(HAND_WRITTEN)


@every_page
def test_a_page_names_itself_and_lives_at_its_file_name(page: HandWritten) -> None:
    assert page.slug == page.path.stem
    assert page.head["Title"]
    assert re.fullmatch(r"[A-Z].{20,148}\.", page.head["Summary"])


@every_page
def test_a_page_reads_at_grade_eight_or_below(page: HandWritten) -> None:
    measured = grade(prose(page.body))
    print(f"{page.slug}: grade {measured:.1f}")
    assert measured <= HIGHEST_GRADE


def test_the_grade_tells_a_hard_sentence_from_an_easy_one() -> None:
    hard = "Confidentiality considerations necessitate anonymisation of contributions."
    assert grade("The cat sat on the mat. It was warm there.") < 2
    assert grade(hard) > 14


@every_page
def test_a_page_links_only_within_the_site_and_holds_no_html(page: HandWritten) -> None:
    assert all(address.startswith("/") for address in page.links)
    assert not re.search(r"<[a-z/!]|https?:|www\.", page.body)


def leads_somewhere(link: str) -> bool:
    """Whether a page is there, written as the server has it, and the place in it too."""
    address, _, place = link.partition("#")
    slug = address.strip("/")
    if place and (slug not in BY_SLUG or f'id="{place}"' not in template_of(BY_SLUG[slug])):
        return False
    ending = "" if slug.startswith("api/") else "/"
    return slug in BY_SLUG.keys() | MADE and address == f"/{slug}{ending}"


def template_of(page: HandWritten) -> str:
    """The source of the template that shows a page."""
    name = page.head.get("Template", "page")
    return (CONTENT.parent / f"site/theme/templates/{name}.html").read_text("utf-8")


@pytest.mark.parametrize(
    "link", ["/helps/", "/help", "/api/share/", "/help/#nowhere", "/topics/tea/", "help/"]
)
def test_a_link_to_nowhere_is_found(link: str) -> None:
    assert not leads_somewhere(link)


@every_page
def test_every_link_of_a_page_leads_to_a_page_that_is_there(page: HandWritten) -> None:
    assert [link for link in page.links if not leads_somewhere(link)] == []
    assert f"/{page.slug}/" not in page.links


PROMISES = re.compile(
    r"100 ?%|(?:completely|fully|totally|truly) anonymous|guarantee|\bsecure\b|\bcures\b|"
    r"will cure|no ?(?:one|body) will ever (?:know|find)|always safe|will get better",
    re.IGNORECASE,
)


@every_page
def test_a_page_never_promises_too_much(page: HandWritten) -> None:
    assert PROMISES.findall(page.text) == []


@pytest.mark.parametrize(
    "words",
    ["100 % safe", "It is fully anonymous.", "We guarantee it.", "Nobody will ever know.", "cures"],
)
def test_a_promise_is_found(words: str) -> None:
    assert PROMISES.search(words)


# --- Resources -------------------------------------------------------------------------------


@every_resource
def test_a_resource_says_when_its_sources_were_looked_at(page: HandWritten) -> None:
    assert page.head["Template"] in ("resource", "groups")
    assert re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", page.head["Written"])


@every_resource
def test_a_resource_ends_with_where_it_comes_from(page: HandWritten) -> None:
    headings = re.findall(r"^## (.+)$", page.body, re.MULTILINE)
    assert headings[-1] == SOURCES
    said = page.body.partition(f"## {SOURCES}\n")[2].strip()
    sources = re.findall(r"^- .{15,}[.?]$", said, re.MULTILINE)
    assert len(sources) >= 2
    assert len(sources) == len(re.findall(r"^- ", said, re.MULTILINE))


@every_resource
def test_a_resource_leads_on_to_two_or_three_others(page: HandWritten) -> None:
    following = page.listed("Next")
    assert 2 <= len(following) <= 3
    assert set(following) <= BY_SLUG.keys() - {page.slug}
    assert len(set(following)) == len(following)


@every_resource
def test_a_resource_names_topics_and_help_of_the_vocabulary(page: HandWritten) -> None:
    assert set(page.listed("Topics")) <= set(SLUGS["topics"].split())
    assert set(page.listed("Helped")) <= set(SLUGS["helped"].split())


@every_resource
def test_words_that_find_a_resource_are_plain_and_no_insult(page: HandWritten) -> None:
    assert not_to_be_found_by(page.listed("Found")) == []


@pytest.mark.parametrize("word", ["Weed", "junkie", "cold turkey", "can't", "x", "stoner"])
def test_a_word_that_nobody_should_be_found_by_is_found(word: str) -> None:
    assert not_to_be_found_by(["weed", word, "alcoholic"]) == [word]
    assert not_to_be_found_by(["weed", "weed"]) == ["weed"]


def test_words_that_find_a_resource_are_matched_and_never_shown() -> None:
    found = [page for page in RESOURCES if page.listed("Found")]
    assert found
    assert not any(page.head["Found"] in page.text for page in found)


def test_every_resource_is_led_to_by_another_page() -> None:
    led_to = {
        address.strip("/")
        for page in HAND_WRITTEN
        for address in (*page.links, *page.listed("Next"))
    }
    assert {page.slug for page in RESOURCES} <= led_to


def test_the_evidence_page_claims_hope_for_some_and_no_treatment() -> None:
    claim = "Reading others' stories helps some people feel more hopeful. It isn't treatment."
    assert BY_SLUG["why-peer-support-helps"].body.startswith(claim)


# --- Single pages ----------------------------------------------------------------------------


def test_the_help_page_leaves_numbers_to_the_list_of_helplines() -> None:
    head, body = page_parts(CONTENT / "pages" / "help.md")
    assert head["Template"] == "help_page"
    assert not re.search(r"\d", body)


def test_the_privacy_page_makes_its_ten_points_in_order() -> None:
    _, body = page_parts(CONTENT / "pages" / "your-privacy.md")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", body, re.MULTILINE)]
    assert numbers == list(range(1, 11))
    assert "we can't send help" in body
    assert "Last change: November 2026" in body


def test_what_we_do_not_publish_says_why_what_instead_and_how_to_be_read_again() -> None:
    body = BY_SLUG["what-we-do-not-publish"].body
    assert body.count("**Why:**") >= 4
    rows = re.findall(r"^\| (?!We don't publish|-)(.+) \| (.+) \|$", body, re.MULTILINE)
    assert len(rows) >= 12
    assert all(instead.startswith('"') or instead == "leave it out" for _, instead in rows)
    assert "## If you think we got it wrong" in body
    assert "/api/receipt" in BY_SLUG["what-we-do-not-publish"].links


def test_the_accessibility_page_says_who_has_not_tested_it() -> None:
    body = BY_SLUG["accessibility"].body
    assert "Nobody who uses a screen reader has tested this site yet." in body
    assert "Firefox or Safari" in body


@pytest.mark.parametrize("slug", ["accessibility", "for-professionals"])
def test_who_runs_a_copy_and_how_to_reach_them_stands_on_one_page_alone(slug: str) -> None:
    page = BY_SLUG[slug]
    assert "/about/" in page.links
    assert not re.search(r"@|mailto|\+\d|\(\d{3}\)", page.body)
