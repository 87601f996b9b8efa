"""What a search can find follows what is up at once; what it costs follows what changed."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_pages.search_words import CLASSES

from tests.editions.on_disk import quick_folder
from tests.pages.pelican_runs import Built
from tests.pages.posts_folder import Up, make_post
from tests.pages.search_answers import answers, places, settled
from tests.pages.site_history import History
from tests.pages.small_site import Site, make_site, word_of

STEPS = (
    *("add", "add", "add_far_on", "add_in_a_taken_place", "edit", "edit", "shift", "restore"),
    *("withdraw", "withdraw", "withdraw_the_newest", "withdraw_a_bucket", "spoil_an_edit", "mend"),
    *("add_bad", "print_whole", "change_by_hand"),
)


def story(number: int, words: str, slot: int | None = None) -> Up:
    """A story that can be found by these words, and by "everyone"."""
    record = make_post(number, title="", body=f"<p>everyone {words}</p>")
    return Up(record, number if slot is None else slot)


@pytest.fixture
def quiet(tmp_path: Path) -> Site:
    """A site of three stories, with a large index of them."""
    made = make_site(tmp_path, *(story(n, f"word{n} shared") for n in range(3)))
    made.print()
    return made


def renew(site: Site) -> dict[str, Any]:
    """The daily run."""
    return site.print(EDITION_SEARCH=True)


def slots(site: Site, word: str) -> set[int]:
    """Where a word is found, as slots of stories."""
    return {int(slot) for slot in answers(site.shown()).get(word, {})}


def search_files(site: Site) -> dict[str, bytes]:
    return {path: body for path, body in site.shown().items() if path.startswith("search/")}


def test_a_new_story_is_found_at_once_and_the_large_index_stays(quiet: Site) -> None:
    quiet.put(story(3, "word3 shared"))
    told = quiet.print()
    changed = {path for kind in ("added", "changed") for path in told[kind]}
    assert {path for path in changed if path.startswith("search/")} == {
        "search/recent.json",
        "search/recent/1.json",
        "search/told/1.txt",
    }
    assert slots(quiet, "word3") == {3}
    assert slots(quiet, "shared") == {0, 1, 2, 3}


def test_a_story_that_is_withdrawn_is_found_no_more_and_its_own_words_are_gone(
    quiet: Site,
) -> None:
    quiet.take_down(story(1, "").id)
    quiet.print()
    assert slots(quiet, "shared") == {0, 2}
    assert [path for path, body in search_files(quiet).items() if b"word1" in body] == []
    assert story(1, "").id.encode() not in b"".join(search_files(quiet).values())


def test_words_of_several_that_went_are_gone_when_the_last_of_them_is(quiet: Site) -> None:
    quiet.put(story(3, "name lake"), story(4, "name"))
    renew(quiet)
    assert slots(quiet, "name") == {3, 4}
    for number, left in ((3, True), (4, False)):
        quiet.take_down(story(number, "").id)
        quiet.print()
        named = [path for path, body in search_files(quiet).items() if b'"name"' in body]
        assert bool(named) is left
    assert b'"lake"' not in b"".join(search_files(quiet).values())


def test_an_edited_story_is_found_by_its_new_words_alone(quiet: Site) -> None:
    quiet.put(story(1, "other"))
    quiet.print()
    assert slots(quiet, "shared") == {0, 2}
    assert slots(quiet, "other") == {1}
    assert [path for path, body in search_files(quiet).items() if b"word1" in body] == []


def test_a_story_that_comes_back_is_found_as_before(quiet: Site) -> None:
    quiet.take_down(story(1, "").id)
    quiet.print()
    quiet.put(story(1, "word1 shared"))
    quiet.print()
    assert slots(quiet, "word1") == {1}
    assert slots(quiet, "shared") == {0, 1, 2}


def test_the_daily_run_makes_the_files_that_a_clean_build_makes(quiet: Site) -> None:
    quiet.put(story(3, "word3"), story(1, "other"))
    quiet.take_down(story(0, "").id)
    quiet.print()
    renew(quiet)
    clean, _ = quiet.clean()
    assert clean == quiet.shown()
    assert not any(path.startswith("search/recent/") for path in clean)


def test_the_daily_run_leaves_all_as_it_is_when_nothing_changed(quiet: Site) -> None:
    told = renew(quiet)
    assert (told["added"], told["changed"], told["removed"]) == ([], [], [])


def test_many_changes_make_the_large_index_anew_without_waiting_for_the_day(quiet: Site) -> None:
    quiet.put(*(story(n, f"word{n}") for n in range(3, 300)))
    quiet.print()
    assert json.loads(quiet.shown()["search/recent.json"]) != []
    quiet.put(story(300, "word300"))
    quiet.print()
    assert json.loads(quiet.shown()["search/recent.json"]) == []
    assert slots(quiet, "everyone") == set(range(301))


@pytest.mark.parametrize("lost", ["search/index.json", "search/terms/"])
@pytest.mark.parametrize("act", ["renew", "withdraw"])
def test_an_index_that_is_damaged_is_made_anew(quiet: Site, lost: str, act: str) -> None:
    with quiet.editions.printing() as edition:
        for path in edition.paths():
            if path.startswith(lost):
                edition.remove(path)
        edition.commit(edition.made_of)
    quiet.put(story(3, "word3"))
    if act == "withdraw":
        quiet.take_down(story(1, "").id)
    quiet.print(EDITION_SEARCH=act == "renew")
    assert settled(quiet.shown()) == settled(quiet.clean()[0])


def test_two_stories_in_one_place_are_both_found(quiet: Site) -> None:
    quiet.put(story(7, "seven", slot=2))
    for how in ({}, {"EDITION_SEARCH": True}, {"EDITION_WHOLE": True}):
        quiet.print(**how)
        assert slots(quiet, "seven") == slots(quiet, "word2") == {2}
        told = quiet.shown()["search/told/1.txt"].decode()
        assert told.count('data-slot="2"') == 2
    quiet.take_down(story(7, "").id)
    renew(quiet)
    assert slots(quiet, "seven") == set()
    assert slots(quiet, "word2") == {2}


def test_a_story_far_past_all_others_is_found(quiet: Site) -> None:
    quiet.put(story(7, "seven", slot=1_500_000))
    for how in ({}, {"EDITION_SEARCH": True}, {"EDITION_WHOLE": True}):
        quiet.print(**how)
        assert slots(quiet, "seven") == {1_500_000}
    quiet.take_down(story(7, "").id)
    quiet.print()
    assert slots(quiet, "seven") == set()


def test_hand_written_pages_and_lists_are_found_in_a_file_of_their_own(quiet: Site) -> None:
    def found() -> dict[str, Any]:
        return dict(json.loads(quiet.shown()["search/pages.json"]))

    (quiet.by_hand / "about.md").write_text(
        "Title: About\nSlug: about\nSummary: It's <b>ours</b>.\n\nA lighthouse.\n"
    )
    told = quiet.print()
    assert not told["whole"]
    (about,) = (page for page in found()["pages"] if page["url"] == "/about/")
    assert about["sentence"] == "It's ours ."
    assert "lighthouse" in found()["words"]
    assert {"/topics/grief/", "/stages/first-year/"} <= {page["url"] for page in found()["pages"]}
    before = found()
    quiet.put(story(3, "word3"))
    quiet.print()
    assert found() == before


def test_the_words_that_people_have_for_a_page_or_a_topic_find_it_and_are_not_shown(
    quiet: Site,
) -> None:
    (quiet.by_hand / "medical.md").write_text(
        "Title: Care\nSlug: medical\nSummary: See a doctor.\nFound: shakes, narcan\n\nGo.\n"
    )
    quiet.vocabulary.write_text(
        json.dumps({"topics": [{**word_of("alcohol"), "found": ["booze"]}], "stages": []})
    )
    quiet.print()
    shown = quiet.shown()
    found = json.loads(shown["search/pages.json"])
    for word, url in {
        "shakes": "/medical/",
        "narcan": "/medical/",
        "booze": "/topics/alcohol/",
    }.items():
        ((weight, place),) = places(found["words"][word])
        assert (weight, found["pages"][place]["url"]) == (CLASSES - 1, url)
        assert word not in str(found["pages"])
        assert [path for path, body in shown.items() if word.encode() in body] == [
            "search/pages.json"
        ]


def test_no_file_of_words_names_a_story(edition: Built) -> None:
    """Only what shows a story leads to it; so what is withdrawn needs to be taken from there."""
    files = {path: body for path, body in edition.files().items() if path.startswith("search/")}
    leading = {path for path, body in files.items() if b"/stories/" in body}
    assert {path for path in leading if not path.startswith("search/told/")} == {
        "search/index.html"
    }
    assert len(leading) > 4


@settings(max_examples=15, deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.booleans(), st.booleans()), max_size=20),
    chance=st.randoms(use_true_random=False),
)
def test_after_any_history_a_search_finds_what_it_finds_in_a_clean_build(
    steps: list[tuple[str, bool, bool]], chance: random.Random
) -> None:
    with quick_folder() as folder:
        history = History(make_site(folder / "site"), chance)
        for step, print_now, daily in (("add_many", True, False), *steps, ("add", True, True)):
            history.do(step)
            if print_now:
                held(history, daily)


def held(history: History, daily: bool) -> None:
    """Print, and hold what can be found, or every file, against a clean build."""
    history.lie()
    history.site.print_as_it_lies(**history.given, EDITION_SEARCH=daily)
    history.given = {}
    clean, shown = history.site.clean()[0], history.site.shown()
    assert answers(shown) == answers(clean), history.done
    if daily:
        assert shown == clean, history.done
