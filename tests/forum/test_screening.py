"""Screening: every rule's own examples, no helpline ever marked, and marks that fit the text."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.screening import FAMILIES, RULES, Findings, Route, screen, worst_route
from forum.settings import ROOT

HERE = Path(__file__).parent
EXAMPLES: list[dict[str, Any]] = json.loads((HERE / "screening_rules.json").read_text())["rules"]
POSITIVE = [(rule["id"], text) for rule in EXAMPLES for text in rule["positive"]]
NEGATIVE = [(rule["id"], text) for rule in EXAMPLES for text in rule["negative"]]


def rules_in(text: str) -> set[str]:
    return {found.rule for found in screen(text).found}


@pytest.mark.parametrize(("rule", "text"), POSITIVE)
def test_a_rule_finds_its_own_examples(rule: str, text: str) -> None:
    assert rule in rules_in(text)


@pytest.mark.parametrize(("rule", "text"), NEGATIVE)
def test_a_rule_leaves_its_look_alikes_alone(rule: str, text: str) -> None:
    assert rule not in rules_in(text)


def test_every_rule_has_its_route_a_reason_and_words_that_could_stand_in_its_place() -> None:
    assert {rule["id"]: rule["route"] for rule in EXAMPLES} == {
        rule.id: rule.route.value for rule in RULES.values()
    }
    for rule in RULES.values():
        assert rule.reason
        assert rule.suggest == rule.suggest.strip().rstrip(".;")
        assert rule.family in FAMILIES


@pytest.mark.parametrize(
    ("said", "reworded"),
    [
        ("My sponsor, Dave, said so.", "My sponsor, who I won't name, said so."),
        ("Dr Patel listened.", "my doctor listened."),
        ("My keyworker's called Josephine.", "My keyworker's called something lovely."),
        ("I'm Siobhan and I'm two years in.", "I'm someone like you and I'm two years in."),
        ("I grew up in Dundee.", "I grew up in a small town."),
        ("I went to Riverside Recovery Centre.", "I went to a treatment centre."),
        ("I got clean on June 9th 2020.", "I got clean on a day some years ago."),
        ("Text 07700 900123 any time.", "Text my phone number any time."),
        ("At my lowest I weighed 42kg.", "I was very unwell."),
        ("I was on 80mg of oxy by then and hid it.", "I was taking it every day and hid it."),
    ],
)
def test_a_sentence_still_reads_with_the_suggestion_in_place_of_the_mark(
    said: str, reworded: str
) -> None:
    (mark,) = [one for one in screen(said).found if one.route is Route.REDACT]
    assert said[: mark.start] + mark.suggest + said[mark.end :] == reworded


def test_a_name_after_a_relation_is_marked_alone_and_can_be_left_out() -> None:
    said = "My sister Priya drove me."
    (mark,) = screen(said).found
    assert (said[mark.start : mark.end], mark.suggest) == ("Priya", "")


@pytest.mark.parametrize(
    "text", ["thinking of suicde again and again", "i want to kil myslef", "goin to end it tonigt"]
)
def test_one_wrong_letter_hides_no_danger(text: str) -> None:
    assert {"SUI-1", "SUI-2"} & rules_in(text)


def test_a_known_helpline_that_we_do_not_list_is_not_marked_either() -> None:
    assert rules_in("I rang 0800 1111 when I was small.") == set()


def test_danger_is_heard_where_no_cue_was_written_for_its_words() -> None:
    text = "I only want my breathing to stop."
    (mark,) = screen(text).found
    assert (mark.rule, mark.start, mark.end) == ("SUI-2", 0, len(text) - 1)


def numbers() -> list[str]:
    with (ROOT / "content" / "helplines.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = [number for r in rows for number in (r["phone"], r["sms_to"], *r["also"].split(";"))]
    return sorted({number.strip() for number in found if number.strip()})


@pytest.mark.parametrize("number", numbers())
@pytest.mark.parametrize("said", ["I called {} and they helped.", "Text {} if it gets dark.", "{}"])
def test_no_helpline_is_ever_marked(number: str, said: str) -> None:
    assert rules_in(said.format(number)) == set()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_and_every_mark_lies_in_it(text: str) -> None:
    findings = screen(text)
    assert findings == screen(text)
    for found in findings.found:
        assert 0 <= found.start < found.end <= len(text)


INVISIBLE = ["\u200b", "\u200d", "\ufeff", "\u2060"]


@pytest.mark.parametrize("mark", INVISIBLE)
def test_invisible_characters_hide_nothing_and_move_no_mark(mark: str) -> None:
    text = f"{mark}we talked. I want{mark} to d{mark}ie tonight{mark}."
    (found, *_) = [one for one in screen(text).found if one.rule == "SUI-2"]
    assert text[found.start : found.end].startswith("I want")


@pytest.mark.parametrize(
    "text", ["i wanna kms", "I want to d i e tonight", "i want to d1e tonight", "unalive myself"]
)
def test_disguised_and_shortened_words_are_read(text: str) -> None:
    assert "SUI-2" in rules_in(text)


def test_another_language_is_not_called_screened_but_its_numbers_are_found() -> None:
    words = "Ich gehe jeden Abend mit dem Hund und rufe an: "
    findings = screen(f"{words} +44 7911 123456 oder jana.frost@example.de")
    assert not findings.screened
    assert {"PII-1", "PII-2"} <= {found.rule for found in findings.found}


def test_a_text_too_long_to_read_is_not_called_screened() -> None:
    assert not screen("It got lighter. " * 1_000).screened


def test_more_digits_than_anyone_checks_are_held() -> None:
    assert not screen(" ".join(f"0791112345{n % 10}" for n in range(200))).screened


def test_the_gravest_route_wins_and_none_is_no_verdict() -> None:
    assert worst_route(screen("I want to die tonight. My sister Priya knows.")) is Route.HOLD2
    assert worst_route(Findings((), screened=True, language="en")) is None
