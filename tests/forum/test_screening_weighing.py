"""Weighing: it hears what no cue has words for, and doubts a cue all else speaks against."""

from __future__ import annotations

import pytest

from forum.screening import RULES, screen
from forum.screening.plain import plain
from forum.screening.reading import sentences
from forum.screening.weighing import COLUMNS, Scale


def rules_in(text: str) -> set[str]:
    return {found.rule for found in screen(text).found}


def scale(text: str) -> Scale:
    return Scale(sentences(plain(text).text))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("HARM-1", "I know what time he walks the dog and I'm going to be waiting."),
        ("SUI-3", "Back then dying looked like rest."),
        ("SUB-4", "Need a bit of smoke for the weekend, who can help?"),
        ("SUB-3", "Load it into a capsule with a bit of pepper, comes up smoother."),
        ("SH-2", "last night i went too deep and it wont stop bleeding"),
        ("CON-1", "Let's take this to WhatsApp."),
        ("ADV-1", "Use code SOBER20 at checkout."),
    ],
)
def test_each_family_is_heard_in_words_no_cue_has(rule: str, text: str) -> None:
    assert rule in rules_in(text)


@pytest.mark.parametrize(
    "text", ["I can't live on toast.", "my telegram never came", "my podcast is on my phone"]
)
def test_a_cue_does_not_count_where_the_sentence_weighs_far_too_little(text: str) -> None:
    assert rules_in(text) == set()


def test_what_two_people_must_read_is_never_doubted() -> None:
    quiet = scale("The cat slept on the warm step and we drank our tea.")
    grave = [rule.id for rule in RULES.values() if rule.route.value == "HOLD2"]
    assert not any(quiet.doubts(0, rule) for rule in grave)
    assert quiet.doubts(0, "CON-1")


def test_no_rule_is_learned_in_two_columns() -> None:
    learned = [rule for column in COLUMNS for rule in column.learned]
    assert sorted(learned) == sorted(set(learned))
    assert set(learned) <= set(RULES)


def test_a_line_of_figures_weighs_nothing() -> None:
    assert list(scale("13 11 14").weighed()) == []
