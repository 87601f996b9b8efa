"""How the collection stands: shares, diversity, and a word when triumph crowds out the rest."""

from __future__ import annotations

import pytest
from story_pages.health import Health, simpson

from tests.pages.posts_folder import Record, Up, make_post
from tests.pages.small_site import make_site

FOUR = ("upward", "up-and-down", "turning-point", "still-in-it")


def told(tmp_path_factory: pytest.TempPathFactory, *records: Record) -> Record:
    """What a run says of a collection of these."""
    ups = [Up(record, number) for number, record in enumerate(records)]
    site = make_site(tmp_path_factory.mktemp("health") / "site", *ups)
    health: Record = site.print()["health"]
    assert site.print(EDITION_WHOLE=True)["health"] == health
    return health


def test_a_balanced_collection_has_nothing_to_mind(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    records = [make_post(n, arc=FOUR[n % 4], topics=["grief"]) for n in range(20)]
    health = told(tmp_path_factory, *records)
    assert health["shares"]["arcs"] == dict.fromkeys(sorted(FOUR), 0.25)
    assert health["shares"]["stages"] == {"first-year": 1.0}
    assert health["in_it"] == 0.25
    assert health["diversity"]["topics"] == 0.0
    assert health["warnings"] == []


def test_it_says_so_when_triumph_crowds_out_being_in_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    records = [make_post(n, stage="after-a-setback" if n < 3 else "years-on") for n in range(20)]
    first, second = told(tmp_path_factory, *records)["warnings"]
    assert "upward (100%)" in first
    assert "still, or after a setback (15%)" in second


def test_a_story_after_a_setback_that_is_still_in_it_counts_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    both = [make_post(n, stage="after-a-setback", arc="still-in-it") for n in range(2)]
    health = told(tmp_path_factory, *both, *(make_post(n) for n in range(2, 8)))
    assert health["in_it"] == 0.25
    assert health["warnings"] == []


def test_of_few_stories_nothing_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    health = told(tmp_path_factory, *(make_post(n) for n in range(19)))
    assert health["warnings"] == []


def test_an_empty_collection_has_no_shares(tmp_path_factory: pytest.TempPathFactory) -> None:
    health = told(tmp_path_factory)
    assert health["shares"] == {"stages": {}, "arcs": {}}
    assert set(health["diversity"].values()) == {0.0}


def test_what_writers_say_of_themselves_is_told_as_one_number_only(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    about = (["parent"], ["parent", "rural"])
    health = told(tmp_path_factory, *(make_post(n, about_me=about[n % 2]) for n in range(4)))
    assert health["diversity"]["about_me"] == pytest.approx(2 / 3, abs=0.001)
    assert "parent" not in repr(health)


@pytest.mark.parametrize(
    ("numbers", "index"), [([], 0), ([1], 0), ([5], 0), ([1, 1], 1), ([2, 2], 0.667)]
)
def test_diversity_is_how_likely_two_are_of_different_kinds(
    numbers: list[int], index: float
) -> None:
    assert simpson(numbers) == index


def test_a_warning_gives_whole_per_cents() -> None:
    health = Health(40, {"stages": {}, "arcs": {"upward": 0.614}}, {}, 0.5)
    assert health.warnings == ("More than six stories in ten go the same way: upward (61%).",)
