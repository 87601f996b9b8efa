"""Learns forum/screening/lists/weights.txt from the labelled development set, in plain Python.

Run by hand from the root, `python -m infra.screening.weigh_words`, whenever the development set, the
lexicon or the spellings change: `make test-long` fails when the weights are not the learned ones.
The learning is a linear support vector machine by dual coordinate descent (Hsieh and others, 2008).
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from forum.screening.plain import plain
from forum.screening.reading import sentences
from forum.screening.weighing import COLUMNS, START, spelled, traits

ROOT = Path(__file__).parents[2]
DEVELOPMENT = ROOT / "tests" / "forum" / "screening_dev.jsonl"
WEIGHTS = ROOT / "forum" / "screening" / "lists" / "weights.txt"
SEEN_IN = 3
"""A word or pair found in fewer texts than this is left out."""
ROUNDS = 40
_ALL_AGAIN = 5
"""Texts told well enough are looked at again only in two rounds of so many."""
_STRIDE, _WHEEL = 7919, 104_729
"""Two primes that put the texts in another order each round, the same every time."""
OVER = frozenset(("SUI-3", "SUI-4", "SUI-5"))
"""Rules of what lies behind the writer, or names a way."""


@dataclass(frozen=True)
class Text:
    """One labelled text: its traits, and the families and rules to be found in it."""

    traits: frozenset[str]
    rules: frozenset[str]


def read(path: Path) -> list[Text]:
    """The labelled texts; of a story, each sentence where nothing is to be found is one."""
    texts: list[Text] = []
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        texts.extend(_quiet(entry) if "story" in entry["kind"] else [_all(entry)])
    return texts


def _all(entry: dict[str, Any]) -> Text:
    """A labelled sentence, or two, as one text."""
    wants = ([want] if isinstance(want, str) else want for want in entry["rules"])
    found = [frozenset(traits(one)) for one in sentences(plain(entry["text"]).text)]
    return Text(frozenset().union(*found), frozenset(rule for want in wants for rule in want))


def _quiet(entry: dict[str, Any]) -> Iterator[Text]:
    """Each sentence of a story, and each two in a row, in which nothing is to be found."""
    spans = [(start, end) for _, start, end in entry.get("spans", ())]
    if entry["rules"] and not spans:
        return
    found = [
        frozenset(traits(one))
        for one in sentences(plain(entry["text"]).text)
        if not any(a < one.words[-1].end and one.words[0].start < b for a, b in spans)
    ]
    for one in (*found, *(a | b for a, b in pairwise(found))):
        yield Text(one, frozenset())


Rows = list[list[int]]


def learn(rows: Rows, wanted: Sequence[bool], cost: float = 1.0) -> list[float]:
    """The weight of each trait for telling the wanted rows; the first is what every row starts at."""
    shares = {True: len(rows) / 2 / max(1, sum(wanted))}
    shares[False] = len(rows) / 2 / max(1, len(rows) - sum(wanted))
    weights = [0.0] * (1 + max((trait for row in rows for trait in row), default=0))
    duals = [0.0] * len(rows)
    for again in range(1, ROUNDS + 1):
        for at in sorted(range(len(rows)), key=lambda place: place * again * _STRIDE % _WHEEL):
            if duals[at] or again % _ALL_AGAIN < 2:
                share = cost * shares[wanted[at]]
                duals[at] += _step(rows[at], wanted[at], duals[at], share, weights)
    return weights


def _step(
    row: Sequence[int], wanted: bool, dual: float, cost: float, weights: list[float]
) -> float:
    """Move the weights for one row; returns how far its dual moved."""
    sign = 1.0 if wanted else -1.0
    each = 1 / math.sqrt(len(row) or 1)
    margin = sign * (weights[0] + each * sum(map(weights.__getitem__, row)))
    gradient = margin - 1 + dual / (2 * cost)
    moved = max(dual - gradient / (2 + 1 / (2 * cost)), 0.0) - dual
    if moved:
        weights[0] += moved * sign
        share = moved * sign * each
        for trait in row:
            weights[trait] += share
    return moved


def counted(texts: Sequence[Text]) -> list[str]:
    """The traits to weigh, in order, after START."""
    times = Counter(trait for text in texts for trait in text.traits)
    return [START, *sorted(trait for trait, found in times.items() if found >= SEEN_IN)]


def columns(texts: Sequence[Text]) -> dict[str, list[float]]:
    """Each trait to its weight for each of COLUMNS, then for "over" against "now"."""
    names = counted(texts)
    places = {name: at for at, name in enumerate(names)}
    rows = [sorted(places[one] for one in text.traits if one in places) for text in texts]
    told = [at for at, text in enumerate(texts) if text.rules != {"SUI-7"}]
    lives = [at for at in told if not texts[at].rules.isdisjoint(COLUMNS[0].learned)]
    asked = [*((told, column.learned) for column in COLUMNS), (lives, OVER)]
    found = [
        learn([rows[at] for at in some], [not texts[at].rules.isdisjoint(rules) for at in some])
        for some, rules in asked
    ]
    return {
        name: [column[at] if at < len(column) else 0.0 for column in found]
        for at, name in enumerate(names)
    }


def write(path: Path, found: Mapping[str, Sequence[float]]) -> int:
    """Write the weights in tenths, leaving out what weighs nothing; returns how many lines."""
    lines = []
    for trait, weights in found.items():
        tenths = [round(10 * weight) for weight in weights]
        if trait == START or any(tenths):
            lines.append(f"{spelled(tenths)} {trait}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return len(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{write(WEIGHTS, columns(read(DEVELOPMENT)))} weights\n")
