"""What screening marked in a text, shown where it stands and explained beside it.

Marks help a person to look. That nothing is marked says nothing, and no page says it does.
"""

from __future__ import annotations

from dataclasses import dataclass

from forum.post import Highlight, Text
from forum.review import BODY, joined
from forum.screening import RULES


@dataclass(frozen=True)
class Part:
    """A stretch of the typed text, and whether any rule marked it."""

    words: str
    marked: bool


@dataclass(frozen=True)
class Note:
    """One mark explained: the words, what the rule is called, why, and what could be said."""

    words: str
    name: str
    reason: str
    suggest: str


def parts(text: Text) -> list[Part]:
    """The typed text cut where marks begin and end."""
    typed = text.typed or ""
    found: list[Part] = []
    at = 0
    for stretch in joined(BODY, typed, text.highlights):
        found += [Part(typed[at : stretch.start], False), Part(stretch.words, True)]
        at = stretch.end
    return [part for part in (*found, Part(typed[at:], False)) if part.words]


def notes(text: Text) -> list[Note]:
    """Every mark in order of place; a rule that is no longer known is named by its id."""
    return [_note(text.typed or "", mark) for mark in text.highlights]


def name_of(mark: str) -> str:
    """What a rule is called, for a card that shows no words."""
    return RULES[mark].name if mark in RULES else mark


def _note(typed: str, mark: Highlight) -> Note:
    rule = RULES.get(mark.rule)
    words = typed[mark.start : mark.end]
    if rule is None:
        return Note(words, mark.rule, "", "")
    return Note(words, rule.name, rule.reason, rule.suggest)
