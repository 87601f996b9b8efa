"""Before you share: the author's own words, with what could identify them or somebody else.

It marks, says why and suggests; the author accepts or leaves each one. Nothing is stored, and that
nothing is marked says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from forum.screening import RULES, Finding, Route, screen
from forum.texts import plain_text

TELLS_WHO = frozenset({"pii", "contact"})
"""Families whose marks are shown whatever their route."""


@dataclass(frozen=True)
class Spot:
    """One marked stretch of a field, and what could stand there instead."""

    number: int
    """Counts through the whole preview; the same words give the same numbers."""
    field: str
    start: int
    end: int
    rule: str
    words: str
    reason: str
    suggest: str
    """May be empty: then the words are best left out."""


@dataclass(frozen=True)
class Preview:
    """A title and a body as typed, and the spots in them, by field and place."""

    title: str
    body: str
    spots: tuple[Spot, ...]
    marks: frozenset[str]
    """Every rule that found something, also those that no spot shows."""
    changed: int = 0
    """In how many places a suggestion has just been put."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """What its form still needs before it can be sent, by field."""

    def in_field(self, field: str) -> tuple[Spot, ...]:
        """The spots of one field, in order, none touching another."""
        return tuple(spot for spot in self.spots if spot.field == field)


def preview(title: str, body: str) -> Preview:
    """Look through the words as they were typed."""
    given = {"title": plain_text(title), "body": plain_text(body)}
    found = {field: screen(text).found for field, text in given.items()}
    marks = frozenset(mark.rule for marks in found.values() for mark in marks)
    numbers = count(1)
    spots = tuple(
        _spot(next(numbers), field, given[field], mark)
        for field, marks in found.items()
        for mark in _apart(mark for mark in marks if _shown(mark))
    )
    return Preview(given["title"], given["body"], spots, marks)


def reworded(shown: Preview, accepted: Collection[int]) -> tuple[str, str]:
    """Title and body with the suggestion in place of every accepted spot, all else untouched."""
    return _reworded(shown.title, shown.in_field("title"), accepted), _reworded(
        shown.body, shown.in_field("body"), accepted
    )


def _reworded(text: str, spots: Collection[Spot], accepted: Collection[int]) -> str:
    for spot in sorted(spots, key=lambda spot: spot.start, reverse=True):
        if spot.number in accepted:
            before = text[: spot.start]
            # What is left out leaves with the space before it.
            before = before if spot.suggest else before.removesuffix(" ")
            text = before + spot.suggest + text[spot.end :]
    return text


def _shown(mark: Finding) -> bool:
    return mark.route is Route.REDACT or mark.family in TELLS_WHO


def _apart(marks: Iterator[Finding]) -> Iterator[Finding]:
    """Marks of which none touches another; of two that do, what identifies, then the longer one."""
    kept: list[Finding] = []
    for mark in sorted(marks, key=_rank):
        if all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    yield from sorted(kept, key=lambda one: one.start)


def _rank(mark: Finding) -> tuple[bool, int, int, str]:
    return (mark.family != "pii", mark.start - mark.end, mark.start, mark.rule)


def _spot(number: int, field: str, text: str, mark: Finding) -> Spot:
    words, reason = text[mark.start : mark.end], RULES[mark.rule].reason
    return Spot(number, field, mark.start, mark.end, mark.rule, words, reason, mark.suggest)
