"""A broken theme is named by template and line; the edition stays, and no word gets out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from story_pages import BrokenTemplate, StillThere

from tests.editions.on_disk import marks, marks_on_disk
from tests.pages.posts_folder import Up, id_of, lay_out, make_post
from tests.pages.search_answers import settled
from tests.pages.site_history import WORDS_TO_CHANGE
from tests.pages.small_site import MARKED, Site, marked_story, page_of


def put_in(site: Site, template: str, more: str) -> Callable[[], object]:
    """Let a template have more in it; what takes that out again."""
    file, words = site.templates / template, WORDS_TO_CHANGE[template]
    before = file.read_text("utf-8")
    assert words in before
    file.write_text(before.replace(words, f"{words}\n{more}", 1), "utf-8")
    return lambda: file.write_text(before, "utf-8")


BREAKS = {
    "a tag that is none": "{% nothing %}",
    "a tag without its end": "{% if story %}",
    "a filter that is none": "{{ SITENAME|nothing }}",
    "a sum that has no answer": "{{ 1 / 0 }}",
    "a name that is not there": "{{ nothing.at.all }}",
    "a template that is not there": '{% include "nothing.html" %}',
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_template_is_named_with_its_line_and_the_edition_stays(
    site: Site, name: str
) -> None:
    before = site.shown()
    site.put(marked_story(MARKED))
    site.take_down(id_of(0))
    for template in WORDS_TO_CHANGE:
        mend = put_in(site, template, BREAKS[name])
        source = (site.templates / template).read_text("utf-8")
        line = source.partition(BREAKS[name])[0].count("\n") + 1
        with pytest.raises(BrokenTemplate) as broken:
            site.print()
        said = str(broken.value)
        assert template in said
        assert re.search(rf"line {line}\b", said) or name == "a tag without its end"
        assert marks(said.encode(), *map(str.encode, site.said)) == set()
        mend()
    assert site.shown() == before
    assert list(site.editions.folder.glob("building-*")) == []
    site.print()
    assert settled(site.shown()) == settled(site.clean()[0])
    assert marks_on_disk(site.editions.folder) == marks(*site.shown().values())


TELLING = (
    "{% include story.title %}",
    "{% include [story.title, story.body] %}",
    "{% import story.title as m %}",
    "{{ {}[story.title].x }}",
    "{{ {}[story.title]() }}",
    "{{ story[story.title].x }}",
    "{{ story.title.x.y }}",
    "{{ story.title|int + story.title }}",
    "{{ [1]|map(story.title)|list }}",
    "{{ [1]|select(story.title)|list }}",
    '{{ "%d"|format(story.title) }}',
    "{{ (story.title ~ 'x').encode('ascii').decode('utf-16') }}",
)
"""Errors in whose words a story's own may stand."""


@pytest.mark.parametrize("template", ["story.html", "cards.html"])
def test_what_is_said_of_a_broken_template_holds_no_word_of_a_story(
    site: Site, template: str
) -> None:
    for telling in TELLING:
        mend = put_in(site, template, telling)
        with pytest.raises(BrokenTemplate, match=template) as broken:
            site.print()
        said = (str(broken.value), *site.said)
        assert marks(*map(str.encode, said)) == set(), telling
        mend()


@pytest.mark.parametrize("template", ["story.html", "base.html"])
def test_a_broken_template_fails_pelican_itself_without_a_word_of_a_story(
    site: Site, template: str
) -> None:
    """Python prints errors with all that led to them."""
    mend = put_in(site, template, "{% include story.title or SITENAME %}")
    lay_out(site.posts, site.ups.values())
    built = site.print_apart()
    assert built.code == 1
    assert template in built.said
    assert marks(built.said.encode()) == set()
    mend()
    site.print()
    assert list(site.editions.folder.glob("building-*")) == []


def test_a_page_that_still_leads_to_what_is_gone_keeps_the_edition_from_being_put_in_place(
    site: Site,
) -> None:
    mend = put_in(site, "home.html", f'<a href="/stories/{id_of(1)}/">Read this</a>')
    site.print()
    before = site.shown()
    site.take_down(id_of(1))
    for whole in (False, True):
        with pytest.raises(StillThere, match=r"^index\.html still leads to") as still:
            site.print(EDITION_WHOLE=whole)
        assert marks(str(still.value).encode()) == set()
        assert site.shown() == before
    mend()
    assert page_of(1) in site.print()["removed"]
    assert marks_on_disk(site.editions.folder) == marks(*site.shown().values())


def test_trouble_among_many_stories_is_told_of_as_among_few(site: Site) -> None:
    """So many are made side by side."""
    site.put(*(marked_story(n) for n in range(100, 500)), Up(make_post(500), 500, file=b"{"))
    report = site.print(EDITION_WHOLE=True)
    assert [left["id"] for left in report["set_aside"]] == [id_of(500)]
    before = site.shown()
    mend = put_in(site, "story.html", "{{ story.title / 2 }}")
    with pytest.raises(BrokenTemplate, match=r"^story\.html, line \d+: TypeError") as broken:
        site.print()
    assert marks(str(broken.value).encode()) == set()
    assert site.shown() == before
    mend()
    site.print(EDITION_WHOLE=True)
    assert settled(site.shown()) == settled(before) == settled(site.clean()[0])


def test_a_hand_written_page_does_not_take_the_place_of_a_list(site: Site) -> None:
    """As in a clean build, where lists come last."""
    before = site.shown()
    mine = site.by_hand / "topics.md"
    mine.write_text("Title: Mine\nSlug: topics\nSummary: Mine.\n\nMine.\n")
    site.print()
    assert site.shown() == before | site.clean()[0]
    assert site.shown()["topics/index.html"] == before["topics/index.html"]
    mine.unlink()
    site.print()
    assert site.shown() == before


def test_two_hand_written_pages_of_one_name_are_named(site: Site) -> None:
    before = site.shown()
    (site.by_hand / "again.md").write_text("Title: Mine\nSlug: about\nSummary: Mine.\n\nMine.\n")
    with pytest.raises(RuntimeError, match="about"):
        site.print()
    assert site.shown() == before
