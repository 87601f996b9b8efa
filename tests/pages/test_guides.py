"""Guides stand in their groups, and each leads on: to others, and to people who have been there."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.pages.hand_written import BY_SLUG
from tests.pages.test_theme import TEMPLATES, render

DRAWINGS = TEMPLATES.parent / "static" / "img"
RESOURCES = sorted((Path(__file__).parents[2] / "content" / "resources").glob("*.md"))


def make_guide(slug: str, **given: str) -> SimpleNamespace:
    """A hand-written page as Pelican hands it over: its metadata are words."""
    defaults = {
        "slug": slug, "title": slug.title(), "summary": f"About {slug}.", "content": "<p>Word.</p>",
        "group": "coping", "order": "1", "topics": "grief, alcohol", "helped": "faith",
        "next": "sleep, stress", "written": "2026-11",
    }  # fmt: skip
    return SimpleNamespace(**{**defaults, **given})


def word(slug: str) -> SimpleNamespace:
    return SimpleNamespace(slug=slug, label=slug.title(), sentence="")


WORDS = {
    "topics": [word("alcohol"), word("grief"), word("trauma")],
    "helped": [word("faith"), word("work")],
}
"""The words of the vocabulary that guides may name."""


def leads_to(page: str) -> list[str]:
    """The addresses of the links in the main part, in order."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.findall(r'href="([^"]+)"', main)


def test_a_guide_leads_to_stories_and_then_to_what_to_read_next_in_its_own_order() -> None:
    others = [make_guide("stress"), make_guide("other"), make_guide("sleep")]
    page = render(
        "resource.html",
        page=make_guide("cravings"),
        pages=others,
        vocabulary=WORDS,
    )
    stories = ["/topics/alcohol/", "/topics/grief/", "/helped/faith/", "/stories/"]
    assert leads_to(page) == [*stories, "/sleep/", "/stress/", "/guides/"]
    assert "Written in November 2026 by the people behind this site, not by a doctor." in page


def test_a_guide_without_topics_or_next_ones_leads_on_all_the_same() -> None:
    alone = make_guide("years-on", topics="", helped="", next="")
    page = render("resource.html", page=alone, pages=[alone], vocabulary=WORDS)
    assert leads_to(page) == ["/stories/", "/guides/"]


def test_home_names_guides_as_they_name_themselves() -> None:
    """Home is also made when no guide is read, so it has their words a second time."""
    page = render("home.html", newest=[], topics=[], stages=[])
    named = re.findall(r'<li><a href="/([a-z-]+)/">([^<]+)</a><p>([^<]+)</p></li>', page)
    guides = [BY_SLUG[slug] for slug, _, _ in named]
    assert len(guides) == 4
    assert named == [(it.slug, it.head["Title"], it.head["Summary"]) for it in guides]


def test_guides_stand_in_their_groups_in_order_and_other_pages_do_not() -> None:
    pages = [
        make_guide("family-and-friends", group="family"),
        make_guide("stress", order="2"),
        make_guide("cravings", order="1"),
        SimpleNamespace(slug="about", title="About", summary="", content=""),
    ]
    page = render("guides.html", page=make_guide("guides"), pages=pages)
    assert leads_to(page) == ["/cravings/", "/stress/", "/family-and-friends/"]
    assert page.index("Getting through") < page.index("For family and friends")
    assert "Getting medical help" not in page


@pytest.mark.parametrize("guide", RESOURCES, ids=lambda path: path.stem)
def test_each_guide_belongs_to_a_group_that_has_a_name_and_a_drawing(guide: Path) -> None:
    (group,) = re.findall(r"^Group: ([a-z]+)$", guide.read_text("utf-8"), re.MULTILINE)
    groups = (TEMPLATES / "guide_groups.html").read_text("utf-8")
    assert f'("{group}", ' in groups
    assert (DRAWINGS / f"{group}.svg").is_file()
