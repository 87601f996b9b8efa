"""Made-up stories for the press and its peers: the same number always tells the same story.

Lengths, topics and hands are spread as on a large forum: 200 to 900 words, a few topics that most
stories have and some that few have, and six hands for ten stories.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from forum.edition import lists_of
from forum.post import Record
from forum.rows import EditionRow
from forum.vocabulary import VOCABULARY

VERSION: Final = 3
"""Another number makes all corpora anew."""
TEXTS: Final = Path(__file__).parents[1] / "forum" / "screening_dev.jsonl"
NAMES: Final = Path(__file__).parents[2] / "forum"
SENTENCE: Final = re.compile(r"[A-Z][A-Za-z ,;’']+[.?!]")
FEWEST_WORDS, MOST_WORDS, USUAL_WORDS = 200, 890, 620
OWN_HAND: Final = 0.45
"""So many stories are surely not of a hand that wrote before."""
FIRST_YEAR: Final = 2016
MONTHS: Final = 130
"""Stories go back so many months; those that come later are of the month after."""
NAME_STEP: Final = 48_611
"""Has no divisor in common with the number of names, so that none comes twice."""

Block = tuple[str, tuple[str, ...]]
"""A tag (p, blockquote or ul), and its sentences or items."""


@dataclass(frozen=True)
class Tale:
    """One story, before it takes the form of any site."""

    number: int
    id: str
    title: str
    blocks: tuple[Block, ...]
    pen_name: str
    hand: str
    """The pen name of whoever wrote it, which several stories may share."""
    topics: tuple[str, ...]
    stage: str
    arc: str
    helped: tuple[str, ...]
    content_notes: tuple[str, ...]
    findable: bool

    @property
    def words(self) -> int:
        """How many words its text has."""
        return sum(len(line.split()) for _, lines in self.blocks for line in lines)

    @property
    def html(self) -> str:
        """The text as the forum keeps it."""
        return "".join(_as_html(*block) for block in self.blocks)

    @property
    def markdown(self) -> str:
        """The text as somebody would type it for another site."""
        return "\n\n".join(_as_markdown(*block) for block in self.blocks) + "\n"

    @property
    def record(self) -> Record:
        """What the press publishes of it."""
        return Record(
            id=self.id,
            kind="story",
            title=self.title,
            body=self.html,
            pen_name=self.pen_name,
            topics=self.topics,
            stage=self.stage,
            arc=self.arc,
            helped=self.helped,
            content_notes=self.content_notes,
            findable=self.findable,
        )


def tales(numbers: range) -> Iterator[Tale]:
    """The stories with these numbers."""
    return map(tale, numbers)


def tale(number: int) -> Tale:
    """The story with this number."""
    chance = random.Random(f"tale {VERSION} {number}")
    hand = number if chance.random() < OWN_HAND else chance.randrange(number + 1)
    return Tale(
        number=number,
        id=_id(number),
        title=" ".join(_sentence(chance).rstrip(".?!").split()[:7]),
        blocks=tuple(_blocks(chance)),
        pen_name=_pen_name(number),
        hand=_pen_name(hand),
        topics=_few(chance, "topics", chance.choices((1, 2, 3), (50, 35, 15))[0]),
        stage=_few(chance, "stages", 1)[0],
        arc=_few(chance, "arcs", 1)[0],
        helped=_few(chance, "helped", chance.randrange(3)),
        content_notes=_few(chance, "content_notes", chance.choices((0, 1, 2), (45, 40, 15))[0]),
        findable=chance.random() < 0.3,
    )


def month_of(number: int, size: int) -> tuple[int, int]:
    """Year and month of a story on a site of this size, the first ones being the oldest."""
    years, month = divmod(min(MONTHS, MONTHS * number // size), 12)
    return FIRST_YEAR + years, month + 1


def rows(told: Sequence[Tale], size: int) -> list[EditionRow]:
    """The edition record of these stories from the first on: each next in all of its lists."""
    following: dict[str, int] = {}
    return [_row(one, size, following) for one in told]


def _row(one: Tale, size: int, following: dict[str, int]) -> EditionRow:
    slots = {}
    for name in lists_of(one.record):
        slots[name] = following.get(name, 0)
        following[name] = slots[name] + 1
    year, month = month_of(one.number, size)
    return EditionRow(one.id, "", f"{year}-{month:02}", slots)


def _blocks(chance: random.Random) -> Iterator[Block]:
    """Paragraphs, now and then a list or a quotation, until there are words enough."""
    wanted = round(chance.triangular(FEWEST_WORDS, MOST_WORDS, USUAL_WORDS))
    while wanted > 0:
        tag = chance.choices(("p", "blockquote", "ul"), (90, 4, 6))[0]
        lines = list[str]()
        while wanted > 0 and len(lines) < chance.randint(3, 7):
            lines.append(_sentence(chance))
            wanted -= len(lines[-1].split())
        yield tag, _stressed(chance, lines) if tag == "p" else tuple(lines)


def _stressed(chance: random.Random, lines: list[str]) -> tuple[str, ...]:
    """Now and then somebody stresses a sentence."""
    return (*lines[:-1], f"**{lines[-1]}**") if chance.random() < 0.15 else tuple(lines)


def _as_html(tag: str, lines: tuple[str, ...]) -> str:
    shown = [re.sub(r"\*\*(.+)\*\*", r"<strong>\1</strong>", escape(s, False)) for s in lines]
    if tag == "ul":
        return "<ul>" + "".join(f"<li>{line}</li>" for line in shown) + "</ul>"
    text = f"<p>{' '.join(shown)}</p>"
    return text if tag == "p" else f"<{tag}>{text}</{tag}>"


def _as_markdown(tag: str, lines: tuple[str, ...]) -> str:
    if tag == "ul":
        return "\n".join(f"- {line}" for line in lines)
    return ("> " if tag == "blockquote" else "") + " ".join(lines)


def _few(chance: random.Random, name: str, how_many: int) -> tuple[str, ...]:
    """Different words of a list of the vocabulary, the first ones most often; of notes none is."""
    words = [word.slug for word in VOCABULARY[name]]
    usual = [1 if name == "content_notes" else 1 / place for place in range(1, len(words) + 1)]
    found: set[str] = set()
    while len(found) < how_many:
        found.update(chance.choices(words, usual))
    return tuple(sorted(found))


def _sentence(chance: random.Random) -> str:
    return chance.choice(_sentences())


@cache
def _sentences() -> tuple[str, ...]:
    """Plain sentences from the stories that screening is tried on."""
    lines = map(json.loads, TEXTS.read_text("utf-8").splitlines())
    texts = (line["text"] for line in lines if line["kind"] == "story")
    return tuple(sorted({found for text in texts for found in SENTENCE.findall(text)}))


def _pen_name(number: int) -> str:
    adjectives, animals = _names("pen_adjectives.txt"), _names("pen_animals.txt")
    first, second = divmod(number * NAME_STEP % (len(adjectives) * len(animals)), len(animals))
    return f"{adjectives[first]} {animals[second]}"


@cache
def _names(file: str) -> tuple[str, ...]:
    return tuple((NAMES / file).read_text("ascii").split())


def _id(number: int) -> str:
    digest = hashlib.sha256(f"tale {VERSION} {number}".encode()).digest()
    return base64.b32encode(digest[:10]).decode("ascii").lower()
