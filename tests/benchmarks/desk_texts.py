"""Stories for a moderator to read: plain sentences, and among them words that screening marks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from forum import texts
from forum.review import stretches
from forum.screening import screen
from forum.texts import Checked

STORIES: Final = Path(__file__).parents[1] / "forum" / "screening_dev.jsonl"
TELLING: Final = (
    "You can write to anna{number}@example.org.",
    "On Instagram I am @anna{number}.",
    "I live in Ludlow.",
    "My sister Sophie drove me there.",
    "It is on https://example.org/{number} now.",
)
"""Sentences in which screening marks one stretch each."""
PARAGRAPH: Final = 6
"""Sentences of one."""


def marked(words: int, marks: int) -> Checked:
    """A story of so many words, with so many marked stretches all through it."""
    told = [TELLING[n % len(TELLING)].format(number=n) for n in range(marks)]
    left = words - sum(len(one.split()) for one in told)
    quiet = _plain(max(0, left))
    every = max(1, len(quiet) // max(1, marks))
    mixed = list(quiet)
    for place, one in reversed(list(enumerate(told))):
        mixed.insert(min(len(quiet), place * every), one)
    return _checked(mixed, marks)


def _checked(sentences: Sequence[str], marks: int) -> Checked:
    paragraphs = range(0, len(sentences), PARAGRAPH)
    body = "\n\n".join(" ".join(sentences[at : at + PARAGRAPH]) for at in paragraphs)
    checked = texts.check("The first week", body)
    found = len(stretches(checked.text))
    if found != marks:
        raise RuntimeError(f"screening marked {found} stretches, not {marks}")
    return checked


def _plain(words: int) -> list[str]:
    """Sentences of so many words, in which nothing is marked."""
    left, taken = words, []
    for sentence in islice(cycle(_unmarked()), 10_000):
        cut = sentence.split()[:left]
        taken.append(" ".join(cut))
        left -= len(cut)
        if left <= 0:
            break
    return taken


@cache
def _unmarked() -> tuple[str, ...]:
    told = map(json.loads, STORIES.read_text("utf-8").splitlines())
    stories = [entry["text"] for entry in told if entry["kind"] == "story"]
    sentences = [f"{one.strip(' .')}." for s in stories for one in s.split(". ")]
    return tuple(one for one in sentences if "\n" not in one and not screen(one).found)
