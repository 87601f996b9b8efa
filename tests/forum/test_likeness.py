"""A flood of one text is recognised however it is varied, and honest stories are left apart."""

from __future__ import annotations

import random
import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.likeness import ALIKE, alike, pairs
from forum.settings import ROOT
from forum.wiring import read_examples

STORIES = {
    record.id: re.sub(r"<[^>]+>", " ", record.body)
    for record in read_examples(ROOT / "content" / "examples")
}
HOSTILE = Path(__file__).with_name("hostile_texts.txt").read_text("utf-8").splitlines()
FLOOD = (
    "Buy the best pills for sleep and for pain at my own shop today. No papers, no questions, "
    "sent to any town in two days. Write to me for the lowest prices in the whole country."
)


def found(text: str, *others: str) -> list[str]:
    """Which of the others read like this text, by their place."""
    return alike(text, ((str(number), other) for number, other in enumerate(others)))


def share(one: str, other: str) -> float:
    some, more = pairs(one), pairs(other)
    return len(some & more) / len(some | more)


# --- one text, varied -------------------------------------------------------------------------


VARIANTS = {
    "the same": FLOOD,
    "louder": FLOOD.upper(),
    "with marks": FLOOD.replace(" ", ", ") + "!!!",
    "on many lines": FLOOD.replace(". ", ".\n\n"),
    "with a number at the end": FLOOD + " 4711",
    "with a greeting": "Hello, dear friends! " + FLOOD,
    "with a sentence less": FLOOD.partition(". ")[2],
    "with a sentence more": FLOOD + " Trust me, you will not be sorry, I have done this for years.",
    "to another town": FLOOD.replace("any town", "Leeds or Hull"),
    "in bold": FLOOD.replace("best", "<b>best</b>"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_one_text_is_recognised_however_it_is_varied(variant: str) -> None:
    assert found(FLOOD, VARIANTS[variant]) == ["0"]
    assert found(VARIANTS[variant], FLOOD) == ["0"]


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("seed", range(3))
def test_a_story_with_a_word_in_ten_changed_is_recognised(story: str, seed: int) -> None:
    chance = random.Random(seed)
    words = STORIES[story].split()
    for place in chance.sample(range(len(words)), len(words) // 10):
        words[place] = f"word{chance.randrange(10_000)}"
    assert found(STORIES[story], " ".join(words)) == ["0"]


WORDLESS = {
    "a long word": "buypillshere" * 4,
    "marks between": "buy-my-pills-here-today",
    "Chinese": "我在网上卖便宜的药请马上联系我价格全国最低",
    "Thai": "ซื้อยาราคาถูกได้ที่ร้านของฉันวันนี้",
    "marks alone": "!!!!! ????? ..... !!!!! ????? .....",
    "pictures": "💊" * 30,
}


@pytest.mark.parametrize("made_of", WORDLESS)
def test_the_very_same_text_is_recognised_whatever_it_is_made_of(made_of: str) -> None:
    """Texts of one long word, of a script without spaces, or of no word at all are sent too."""
    text = WORDLESS[made_of]
    assert found(text, text, FLOOD) == ["0"]


# --- honest stories ---------------------------------------------------------------------------


def test_the_example_stories_are_all_unlike_each_other() -> None:
    """The law's own words: unrelated stories share under a tenth of their word pairs."""
    assert len(STORIES) >= 8
    for one, other in combinations(STORIES.values(), 2):
        assert share(one, other) < 0.1
        assert found(one, other) == []


@pytest.mark.parametrize("story", STORIES)
def test_no_story_is_taken_for_part_of_a_flood(story: str) -> None:
    others = [text for name, text in STORIES.items() if name != story]
    assert found(STORIES[story], *others, *VARIANTS.values(), *HOSTILE) == []
    assert found(FLOOD, STORIES[story]) == []


def test_a_story_that_quotes_a_flood_is_not_one() -> None:
    story = next(iter(STORIES.values()))
    quoting = f"{story} They wrote to me: {FLOOD[:90]} {story[::-1]}"
    assert found(FLOOD, quoting) == []


def test_two_stories_that_begin_alike_are_two_stories() -> None:
    """Many people begin in the same words; few go on in them."""
    beginning = "I have been clean for two years now and I want to tell you how it went for me. "
    stories = [beginning + text for text in STORIES.values()]
    assert found(stories[0], *stories[1:]) == []


def test_hostile_texts_are_compared_like_any_other_and_break_nothing() -> None:
    for text in HOSTILE:
        assert "0" not in found(text, FLOOD)
        alike(text, [("same", text)])


# --- the measure ------------------------------------------------------------------------------


def test_the_measure_is_the_share_of_word_pairs_in_common() -> None:
    assert pairs("I am, I AM\nwell.") == {("i", "am"), ("am", "i"), ("am", "well")}
    assert pairs("") == pairs("Hello!") == frozenset()


def test_exactly_half_is_alike_and_anything_less_is_not() -> None:
    assert ALIKE == 0.5
    assert share("a b c", "a b c d e") == 0.5
    assert found("a b c", "a b c d e") == ["0"]
    assert found("a b c", "a b c d e f") == []
    assert found("a b c x", "a b c y") == ["0"]
    assert found("a b c x z", "a b c y w") == [], "what each has alone counts against it"


WORDS = st.lists(st.sampled_from(["walk", "river", "day", "bread", "friend", "night"]), max_size=30)


@given(WORDS, WORDS)
def test_likeness_goes_both_ways(one: list[str], other: list[str]) -> None:
    there, back = " ".join(one), " ".join(other)
    assert bool(found(there, back)) == bool(found(back, there))


@given(st.lists(WORDS, max_size=8), WORDS)
def test_those_that_are_alike_come_in_the_order_they_were_given(
    others: list[list[str]], one: list[str]
) -> None:
    texts = [" ".join(other) for other in others]
    names = found(" ".join(one), *texts)
    assert names == sorted(names, key=int)
    assert set(names) <= {str(number) for number in range(len(texts))}
