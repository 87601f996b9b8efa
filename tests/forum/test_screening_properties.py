"""What holds for every text: the same answer each time, stable marks, and bounded work."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.screening import FAMILIES, RULES, screen

STORY = (
    "My sister Priya drove me to the clinic. I took 60 paracetamol that night. "
    "I want to die. Ring 07911 123456."
)
INVISIBLE = st.sampled_from(["\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u0301"])


def syllables(word: str) -> int:
    runs = "".join(char if char in "aeiouy" else " " for char in word.lower()).split()
    return max(1, len(runs) - (word.endswith("e") and len(runs) > 1))


def grade(text: str) -> float:
    """Flesch-Kincaid, near enough."""
    words = text.replace(".", " ").replace(",", " ").replace(";", " ").split()
    sentences = max(1, text.count(".") + text.count("?"))
    weight = sum(syllables(word) for word in words) / len(words)
    return 0.39 * len(words) / sentences + 11.8 * weight - 15.59


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_the_same_text_gets_the_same_marks(text: str) -> None:
    assert screen(text) == screen(text)


@given(INVISIBLE, st.integers(0, len(STORY)))
@settings(max_examples=80, deadline=None)
def test_an_invisible_character_anywhere_loses_no_mark(mark: str, place: int) -> None:
    plain = {finding.rule for finding in screen(STORY).found}
    disguised = STORY[:place] + mark + STORY[place:]
    found = screen(disguised).found
    assert plain <= {finding.rule for finding in found}
    assert all(disguised[one.start : one.end].strip() for one in found)


@pytest.mark.parametrize("rule", RULES)
def test_reasons_are_in_plain_words(rule: str) -> None:
    assert grade(RULES[rule].reason) <= 8


def test_every_rule_is_of_a_family() -> None:
    assert {rule.family for rule in RULES.values()} == FAMILIES
    assert len(RULES) == 38


@pytest.mark.parametrize(
    "unit", ["0", "a@", "k i l l ", "Dr Aa ", "\u00df\ufb01", "****", "I want to die ", "i am 15 "]
)
def test_no_hostile_text_costs_much(unit: str) -> None:
    text = (unit * 12_000)[:12_000]
    screen(text)
    before = time.process_time()
    screen(text)
    assert time.process_time() - before < 1.0
