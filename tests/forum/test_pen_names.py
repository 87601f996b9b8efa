"""Pen names: gentle, endless, and always the same for the same id."""

import json
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum import pen_names
from forum.pen_names import SHORT_NAMES, candidates

LISTS = {
    name: Path(pen_names.__file__).with_name(name).read_text("ascii").split()
    for name in ("pen_adjectives.txt", "pen_animals.txt")
}

UNKIND = """
    Ape Bat Bear Bitch Bull Chicken Cock Coon Coot Cougar Cow Crow Cuckoo Dog Donkey Elephant Goose
    Gorilla Hippo Hog Horse Leech Louse Monkey Mule Pig Pigeon Rat Sheep Shrimp Sloth Slug Snail
    Snake Tick Tit Turkey Vulture Weasel Whale Worm
    Black Blue Broken Brown Fat Happy Heavy High Sad Slim Slow Sober Thin White Yellow
"""


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_three_hundred_names_in_title_case_and_in_order(name: str) -> None:
    words = LISTS[name]
    assert len(words) >= 300
    assert words == sorted(set(words))
    assert all(word.isascii() and word.isalpha() and word == word.title() for word in words)


def test_no_word_is_both_an_adjective_and_an_animal() -> None:
    assert set(LISTS["pen_adjectives.txt"]).isdisjoint(LISTS["pen_animals.txt"])


def test_nothing_that_can_be_read_as_an_insult_or_a_mood_is_in_a_list() -> None:
    assert all(set(UNKIND.split()).isdisjoint(words) for words in LISTS.values())


@given(st.text(max_size=40))
def test_the_same_id_has_the_same_names(seed: str) -> None:
    assert list(islice(candidates(seed), 20)) == list(islice(candidates(seed), 20))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16))
def test_the_first_names_have_two_words_and_the_next_three(seed: str) -> None:
    names = [name.split() for name in islice(candidates(seed), SHORT_NAMES + 20)]
    assert [len(name) for name in names] == [2] * SHORT_NAMES + [3] * 20
    for *adjectives, animal in names:
        assert animal in LISTS["pen_animals.txt"]
        assert set(adjectives) <= set(LISTS["pen_adjectives.txt"])
        assert len(set(adjectives)) == len(adjectives)


def test_no_name_comes_twice() -> None:
    names = list(islice(candidates("a2b3c4d5e6f7g2h3"), 50_000))
    assert len(set(names)) == len(names)


def test_ids_that_are_nearly_the_same_get_other_names() -> None:
    seeds = [f"a2b3c4d5e6f7g2{one}{two}" for one in "abcdefgh" for two in "234567"]
    first = {next(candidates(seed)) for seed in seeds}
    assert len(first) >= 46


def test_no_example_carries_a_pen_name_that_a_post_could_get() -> None:
    assert "Example" not in LISTS["pen_adjectives.txt"]
    for path in (Path(pen_names.__file__).parents[1] / "content" / "examples").glob("*.json"):
        assert json.loads(path.read_text("utf-8"))["pen_name"].startswith("Example ")
