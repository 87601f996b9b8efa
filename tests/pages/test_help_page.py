"""Help now: every line by country and by topic, and the day on which somebody checked it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from help_topics import ALSO, help_topics
from story_pages.words import Word, read_vocabulary

from doors.helplines import load
from tests.doors.help_rows import Row, checked, make_directory, make_own, make_row, write_rows
from tests.doors.seen import Element, Page
from tests.pages.hand_written import CONTENT
from tests.pages.kind_words import hurtful
from tests.pages.pelican_runs import Built, build
from tests.pages.posts_folder import Up, lay_out, make_post

SUBSTANCE, EATING = Word("substance", "Drink", "For some."), Word("eating", "Eating", "For others.")
ROWS = (
    make_directory(),
    make_own(topics="substance"),
    checked(make_row(topics="substance;eating"), date(2026, 11, 2)),
    make_row(id="us-a", country="US", country_name="United States", topics="substance"),
    make_row(id="us-b", country="US", country_name="United States", topics="lgbtq"),
    make_row(
        id="us-c", country="US", country_name="United States", topics="eating", confidence="C"
    ),
)


def topics_of(folder: Path, *rows: Row) -> dict[str, list[str]]:
    """The lines of each topic, by their ids, where those two words are known."""
    shown = load(write_rows(folder, *rows), production=False)
    found = help_topics(shown, (SUBSTANCE, EATING))
    return {topic.slug: [line.id for line in topic.lines] for topic in found}


def test_each_topic_has_every_line_that_may_show_by_country_and_the_operators_own_last(
    tmp_path: Path,
) -> None:
    assert topics_of(tmp_path, *ROWS) == {
        "substance": ["gb-listeners", "us-a", "own-line"],
        "eating": ["gb-listeners"],
    }


def test_a_topic_without_a_line_is_not_there(tmp_path: Path) -> None:
    assert topics_of(tmp_path, make_directory(), make_row(topics="distress")) == {}


def test_every_line_of_the_file_that_is_not_a_directory_has_a_topic_with_a_name() -> None:
    named = {
        word.slug for word in (*read_vocabulary(CONTENT / "vocabulary.json").words("help"), *ALSO)
    }
    shown = load(CONTENT / "helplines.csv", production=False)
    lines = [line for country in shown.countries for line in country.lines]
    assert [line.id for line in lines if not named & {*line.topics, "directory"}] == []
    assert hurtful(" ".join(f"{word.label}. {word.sentence}" for word in ALSO)) == []


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The help page of a build in development."""
    return Page(built_with(tmp_path_factory.mktemp("help"), *ROWS).read("/help/"))


def built_with(folder: Path, *rows: Row, **env: str) -> Built:
    """A build of one story over these rows."""
    posts = lay_out(folder / "posts", [Up(make_post(1), 0)])
    return build(posts, folder / "site", HELPLINES=str(write_rows(folder, *rows)), **env)


def under(page: Page, heading: str) -> str:
    """What the section of a heading says."""
    (section,) = (e for e in page.elements if e.given.get("aria-labelledby") == heading)
    return " ".join(section.text.split())


def with_id(page: Page, id: str) -> Element:
    """The one element of that id."""
    (found,) = (element for element in page.elements if element.given.get("id") == id)
    return found


def test_the_page_leads_to_each_topic_and_from_there_to_each_line(page: Page) -> None:
    ids = [element.given["id"] for element in page.elements if "id" in element.given]
    assert len(ids) == len(set(ids))
    inside = [e.given["href"] for e in page.elements if e.given.get("href", "").startswith("#")]
    assert {link.removeprefix("#") for link in inside} <= set(ids)
    assert {"#topic-substance", "#topic-eating", "#topic-lgbtq", "#line-gb-listeners"} <= {*inside}


def test_a_topics_section_has_the_numbers_themselves(page: Page) -> None:
    said = under(page, "topic-substance")
    assert "United Kingdom: Listeners 116 123" in said
    assert "Anywhere: Our own line 833-555-0100" in said
    assert "us-c" not in {e.given.get("id", "") for e in page.elements}


def test_a_line_says_on_which_day_it_was_checked_and_an_unchecked_one_says_none(
    page: Page,
) -> None:
    assert "checked on 2 November 2026" in with_id(page, "line-gb-listeners").text
    assert "checked" not in with_id(page, "line-us-a").text


def test_in_production_no_topic_has_a_line_that_nobody_checked(tmp_path: Path) -> None:
    page = Page(built_with(tmp_path, *ROWS, HANDRAIL_ENV="production").read("/help/"))
    assert "United States" not in page.one("main").text
    assert "116 123" in under(page, "topic-substance")


def test_nothing_checked_leaves_no_empty_topic_and_no_empty_list(tmp_path: Path) -> None:
    source = built_with(tmp_path, make_directory(), make_row(), HANDRAIL_ENV="production")
    page = source.read("/help/")
    assert "Or what it is about" not in page
    assert not re.search(r"<ul[^>]*>\s*</ul>", page)
