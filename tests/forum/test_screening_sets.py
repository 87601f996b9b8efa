"""The published figures of screening are the measured ones, however bad."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forum.screening import screen
from forum.settings import ROOT

HERE = Path(__file__).parent
TABLE = (ROOT / "docs" / "screening.md").read_text("utf-8")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def family(rule: str) -> str:
    return rule.partition("-")[0]


@cache
def marks(text: str) -> frozenset[str]:
    return frozenset(found.rule for found in screen(text).found)


def counted(entries: list[dict[str, Any]]) -> tuple[Counter[str], Counter[str]]:
    """How many of each family were found, and how many there are."""
    found: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for entry in entries:
        families = {family(rule) for rule in marks(entry["text"])}
        for wanted in entry["rules"]:
            name = family(wanted[0] if isinstance(wanted, list) else wanted)
            there[name] += 1
            found[name] += name in families
    return found, there


def wrongly_marked(entries: list[dict[str, Any]], kinds: tuple[str, ...]) -> tuple[int, int]:
    plain = [entry for entry in entries if not entry["rules"] and entry["kind"] in kinds]
    return sum(bool(marks(entry["text"])) for entry in plain), len(plain)


def published(column: int) -> dict[str, tuple[int, int]]:
    """What the table says of each family: found, of how many."""
    said = {}
    for line in TABLE.splitlines():
        name = re.match(r"\|[^|]*\(([A-Z]+)\)", line)
        if name:
            found, there = re.findall(r"(\d+) of (\d+)", line)[column]
            said[name[1]] = (int(found), int(there))
    return said


@pytest.mark.parametrize(
    ("name", "column"), [("screening_dev.jsonl", 0), ("screening_holdout.jsonl", 1)]
)
def test_the_published_recall_is_the_measured_one(name: str, column: int) -> None:
    found, there = counted(rows(name))
    assert published(column) == {family: (found[family], there[family]) for family in there}


def test_the_published_false_alarms_are_the_measured_ones() -> None:
    (line,) = [line for line in TABLE.splitlines() if line.startswith("| look-alikes")]
    said = [(int(some), int(of)) for some, of in re.findall(r"(\d+) of (\d+)", line)]
    assert said == [
        wrongly_marked(rows("screening_dev.jsonl"), ("sentence",)),
        wrongly_marked(rows("screening_holdout.jsonl"), ("look-alike",)),
    ]


def test_no_clean_story_has_more_than_one_mark() -> None:
    clean = [entry for entry in rows("screening_holdout.jsonl") if entry["kind"] == "clean story"]
    assert max(len(screen(entry["text"]).found) for entry in clean) <= 1
    assert wrongly_marked(rows("screening_dev.jsonl"), ("story",))[0] == 0


def test_no_text_of_the_holdout_is_one_that_anything_was_learned_from() -> None:
    learned = {entry["text"] for entry in rows("screening_dev.jsonl")}
    assert learned.isdisjoint(entry["text"] for entry in rows("screening_holdout.jsonl"))
