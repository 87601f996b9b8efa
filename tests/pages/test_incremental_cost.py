"""Publishing costs what changed: exactly these pages are touched, however many there are."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from editions.reading import Pages
from tests.pages.posts_folder import Record, Up, id_of, lay_out, make_post
from tests.pages.search_answers import settled
from tests.pages.site_history import BUCKET
from tests.pages.small_site import TOPICS, Site, make_site

COUNT = 305
"""Stories of the site: the newest page of each list has room; fronts show two of sixteen."""
LISTS = (
    "stories", *(f"topics/{topic}" for topic in TOPICS),
    "stages/first-year", "arcs/upward", "helped/nature",
)  # fmt: skip
FEEDS = tuple(f"feeds/{name}.atom.xml" for name in LISTS if name.startswith(("stories", "topics")))
FRONTS = tuple(f"{name}/index.html" for name in LISTS)
MOST_PAGES = 24
"""Pages that one story in seven lists touches: its own, home, two of each list, four feeds, a
sitemap and the list of sitemaps."""


def a_post(number: int, **given: Any) -> Up:
    """A story on every list there is, at the place of its number in each."""
    record = make_post(number, **{"topics": sorted(TOPICS), "stage": "first-year"} | given)
    return Up(record, number, f"2026-{1 + number % 12:02}")


def page_of(number: int) -> str:
    """The page of a numbered story."""
    return f"stories/{id_of(number)}/index.html"


def buckets(slot: int) -> set[str]:
    """The lasting page that holds a slot, in every list."""
    return {f"{name}/page/{slot // BUCKET + 1}/index.html" for name in LISTS}


def leading_to(*numbers: int) -> set[str]:
    """The pages of the stories that lead to these: all are alike, so each leads to three before."""
    return {page_of(number + after) for number in numbers for after in (1, 2, 3)}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site of three hundred stories, printed once."""
    site = make_site(tmp_path_factory.mktemp("cost") / "site", *map(a_post, range(COUNT)))
    site.print()
    shutil.copytree(site.folder, site.folder.with_name("kept"))
    return site


@pytest.fixture
def site(printed: Site) -> Iterator[Site]:
    """The same as it was printed, for one test."""
    printed.ups = {up.id: up for up in map(a_post, range(COUNT))}
    printed.settings = {}
    yield printed
    shutil.rmtree(printed.folder)
    shutil.copytree(printed.folder.with_name("kept"), printed.folder)


def touched(report: Record) -> dict[str, set[str]]:
    """The pages that a report names, by what became of them; and that it was no whole run."""
    assert report["whole"] is False
    assert report["set_aside"] == []
    return {
        name: {path for path in report[name] if not path.startswith("search/")}
        for name in ("added", "changed", "removed")
    }


def of_the_search(report: Record) -> dict[str, set[str]]:
    """The files of the search that a report names."""
    return {
        name: {path for path in report[name] if path.startswith("search/")}
        for name in ("added", "changed", "removed")
    }


def test_a_new_story_touches_its_page_the_newest_page_of_its_lists_their_fronts_and_feeds(
    site: Site,
) -> None:
    site.put(a_post(COUNT))
    told = touched(site.print())
    assert told["added"] == {page_of(COUNT)}
    assert told["changed"] == {"index.html", *FRONTS, *FEEDS, *buckets(COUNT)}
    assert told["removed"] == set()
    assert sum(map(len, told.values())) <= MOST_PAGES


def test_a_new_story_touches_three_files_of_the_search(site: Site) -> None:
    site.put(a_post(COUNT))
    bucket = COUNT // BUCKET + 1
    told = of_the_search(site.print())
    assert told["added"] == {f"search/recent/{bucket}.json"}
    assert told["changed"] == {f"search/told/{bucket}.txt", "search/recent.json"}
    assert told["removed"] == set()


def test_a_story_that_search_engines_may_list_touches_its_sitemap_besides(site: Site) -> None:
    site.put(a_post(COUNT, findable=True))
    sitemap = f"sitemaps/stories-{id_of(COUNT)[0]}.xml"
    told = touched(site.print())
    assert told["added"] == {page_of(COUNT), sitemap}
    assert told["changed"] == {"sitemap.xml", "index.html", *FRONTS, *FEEDS, *buckets(COUNT)}
    assert sum(map(len, told.values())) <= MOST_PAGES


def test_the_last_story_of_a_retired_word_takes_the_words_pages_with_it(site: Site) -> None:
    site.put(a_post(7, topics=["old-word"], stage=""))
    told = touched(site.print())
    own = {"topics/old-word/index.html", "topics/old-word/page/1/index.html"}
    own.add("feeds/topics/old-word.atom.xml")
    assert told["added"] == own
    listing = {"index.html", "topics/index.html"}
    left = {f"{name}/page/1/index.html" for name in ("stories", "arcs/upward", "helped/nature")}
    assert told["changed"] == {page_of(7), *buckets(7), *listing}
    site.take_down(id_of(7))
    told = touched(site.print())
    assert told["removed"] == {page_of(7), *own}
    assert told["changed"] == {*left, *listing}


def test_a_story_that_opens_a_new_page_of_a_list_touches_that_which_leaves_the_front(
    site: Site,
) -> None:
    opens = (COUNT // BUCKET + 1) * BUCKET
    site.put(a_post(opens))
    told = touched(site.print())
    assert told["added"] == {page_of(opens), *buckets(opens)}
    assert told["changed"] == {"index.html", *FRONTS, *FEEDS, *buckets(opens - 3 * BUCKET)}


def test_an_old_story_that_is_withdrawn_touches_only_its_own_pages(site: Site) -> None:
    site.take_down(id_of(130))
    told = touched(site.print())
    changed = buckets(130) | leading_to(130)
    assert told == {"added": set(), "changed": changed, "removed": {page_of(130)}}
    assert len(changed) < MOST_PAGES


def test_a_page_of_a_list_that_is_empty_touches_those_that_led_to_it(site: Site) -> None:
    empty = [*range(100, 120)]
    site.take_down(*map(id_of, empty))
    told = touched(site.print())
    assert told["removed"] == {*map(page_of, empty), *buckets(100)}
    led_there = leading_to(*empty) - {*map(page_of, empty)}
    assert told["changed"] == {*buckets(80), *buckets(120), *led_there}
    site.put(a_post(110))
    told = touched(site.print())
    assert told["added"] == {page_of(110), *buckets(110)}
    now_leading = {page_of(number) for number in (120, 121, 122)}
    assert told["changed"] == {*buckets(80), *buckets(120), *now_leading}


def test_when_the_page_after_the_front_is_empty_the_front_leads_past_it(site: Site) -> None:
    after = COUNT - COUNT % BUCKET - 2 * BUCKET
    empty = [*range(after, after + BUCKET)]
    site.take_down(*map(id_of, empty))
    told = touched(site.print())
    assert told["removed"] == {*map(page_of, empty), *buckets(after)}
    led_there = leading_to(*empty) - {*map(page_of, empty)}
    around = {*buckets(after - BUCKET), *buckets(after + BUCKET)}
    surprise = "index.html"  # the one it led to is among them
    assert told["changed"] == {surprise, *FRONTS, *around, *led_there}


def test_when_the_newest_page_of_a_list_is_empty_another_comes_to_the_front(site: Site) -> None:
    newest = [*range(COUNT // BUCKET * BUCKET, COUNT)]
    site.take_down(*map(id_of, newest))
    told = touched(site.print())
    assert told["removed"] == {*map(page_of, newest), *buckets(COUNT)}
    assert told["changed"] == {"index.html", *FRONTS, *FEEDS, *buckets(COUNT - 3 * BUCKET)}


def test_an_old_story_that_is_edited_touches_only_its_own_pages(site: Site) -> None:
    site.put(a_post(130, title="Other words"))
    told = touched(site.print())
    changed = {page_of(130), *buckets(130), *leading_to(130)}
    assert told == {"added": set(), "changed": changed, "removed": set()}


def test_the_newest_story_that_is_withdrawn_touches_the_fronts_and_feeds_too(site: Site) -> None:
    newest = COUNT - 1
    site.take_down(id_of(newest))
    told = touched(site.print())
    lists = {"index.html", *FRONTS, *FEEDS, *buckets(newest)}
    assert told == {"added": set(), "changed": lists, "removed": {page_of(newest)}}


@pytest.mark.parametrize("whole", [False, True])
def test_whoever_waits_is_told_how_far_it_is(site: Site, whole: bool) -> None:
    told: list[tuple[int, int]] = []
    site.put(a_post(COUNT))
    site.print(EDITION_WHOLE=whole, EDITION_PROGRESS=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert {of for _, of in told} == {told[-1][0]}
    assert (len(told) > 100) is whole


def test_where_nothing_changed_nothing_is_touched(site: Site) -> None:
    before = Pages(site.editions.folder).edition()
    told = touched(site.print())
    assert told == {"added": set(), "changed": set(), "removed": set()}
    assert Pages(site.editions.folder).edition() == before


def test_only_the_files_of_what_is_shown_beside_it_are_read(site: Site) -> None:
    """All others may be gone: nobody looks. A press that has just started knows none of them."""
    site.put(a_post(COUNT))
    lay_out(site.posts, site.ups.values())
    for number in range(COUNT - 3 * BUCKET):
        (site.posts / f"{id_of(number)}.json").unlink()
    told = touched(site.print_apart().report)
    assert told["added"] == {page_of(COUNT)}
    assert told["removed"] == set()
    lay_out(site.posts, site.ups.values())
    assert settled(site.shown()) == settled(site.clean()[0])


def test_a_change_to_a_hand_written_page_touches_it_alone(site: Site) -> None:
    page = site.by_hand / "about.md"
    page.write_text(page.read_text("utf-8") + "\nAnd more.\n", "utf-8")
    told = touched(site.print())
    assert told == {"added": set(), "changed": {"about/index.html"}, "removed": set()}


def test_a_hand_written_page_comes_and_goes_alone(site: Site) -> None:
    page = site.by_hand / "mine.md"
    page.write_text("Title: Mine\nSlug: mine\nSummary: Mine.\n\nMine.\n", "utf-8")
    told = touched(site.print())
    assert told == {
        "added": {"mine/index.html"}, "changed": {"sitemaps/site.xml"}, "removed": set(),
    }  # fmt: skip
    page.unlink()
    told = touched(site.print())
    assert told == {
        "added": set(), "changed": {"sitemaps/site.xml"}, "removed": {"mine/index.html"},
    }  # fmt: skip


def test_a_months_totals_touch_their_page_alone(site: Site) -> None:
    kinds = ("approved", "sent-back", "not-published", "kept", "taken-down")
    month = {"month": "2026-10", "fingerprint": "", "numbers": dict.fromkeys(kinds, 7)}
    site.put_months({"format": 1, "months": [month]})
    told = touched(site.print())
    assert told == {"added": set(), "changed": {"how-it-goes/index.html"}, "removed": set()}


def test_a_change_that_readers_cannot_see_is_looked_at_and_touches_nothing(site: Site) -> None:
    template = site.templates / "list.html"
    template.write_text("{# Nobody sees this. #}" + template.read_text("utf-8"), "utf-8")
    report = site.print()
    assert report["whole"]
    assert [report[name] for name in ("added", "changed", "removed")] == [[], [], []]


def test_no_address_moves_whatever_is_withdrawn(site: Site) -> None:
    gone = {*range(40, 60), *range(0, COUNT, 7), COUNT - 1}
    site.take_down(*map(id_of, gone))
    site.print()
    pages = site.shown()
    for number in set(range(COUNT)) - gone:
        for bucket in buckets(number):
            assert id_of(number).encode() in pages[bucket]
    standing = {bucket for n in set(range(COUNT)) - gone for bucket in buckets(n)}
    assert {page for page in pages if re.search(r"/page/\d+/", page)} == standing


@pytest.mark.parametrize("seconds", [1, 4_000_000_000])
def test_the_dates_of_files_say_nothing(site: Site, seconds: int) -> None:
    """A clock that was moved, either way."""
    for path in site.folder.rglob("*"):
        if path.is_file() and site.editions.folder not in path.parents:
            os.utime(path, (seconds, seconds))
    told = touched(site.print())
    assert told == {"added": set(), "changed": set(), "removed": set()}
    site.put(a_post(COUNT))
    assert touched(site.print())["added"] == {page_of(COUNT)}
