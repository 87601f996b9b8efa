"""Sentences weighed word by word, so that what no cue was written for is heard too.

A sentence's traits are its words, each two words in a row as they are and as the lexicon's ideas,
its ideas, and each two ideas of who, when and how bad that stand close by. A trait that
`lists/weights.txt` knows has a weight in each of COLUMNS; what a sentence weighs in a column is their
sum over the square root of how many it has. The weights are learned from the labelled development
set by `infra/screening/weigh_words.py`; nothing is learned at run time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, pairwise, product
from pathlib import Path
from struct import unpack

from forum.screening.lexicon import CORE, names_of
from forum.screening.reading import Sentence

_PATH = Path(__file__).with_name("lists") / "weights.txt"
FEW = 4
"""In a text of more sentences than this every line is STORY higher, as one of the many is likelier to
weigh too much by chance."""
STORY = 0.35
"""How much higher."""
MOST_PAIRS = 400
_CLOSE = 3
"""How many words on a concept is still close by."""
_PAIR_WORDS = 30
"""Two sentences in a row are weighed as one when they have no more words than this together."""

START = "(start)"
"""The name of the weights every sentence starts from."""


@dataclass(frozen=True)
class Column:
    """One thing to weigh for: the rule it marks, the rules it is learned from, and its line.

    From the line up a sentence is marked; below `doubt` no cue for any rule that the column is
    learned from counts either. Both were chosen on texts the weights were not learned from.
    """

    rule: str
    learned: tuple[str, ...]
    line: float
    doubt: float = -math.inf


DOUBT = -0.5
"""Of unseen texts one in twenty-five that a cue marked rightly weighed less, and two in five of those
marked wrongly."""
COLUMNS = (
    Column("SUI-2", ("SUI-1", "SUI-2", "SUI-3", "SUI-4", "SUI-5", "SUI-6"), 0.25),
    Column("HARM-1", ("HARM-1",), 0.3),
    Column("MIN-1", ("MIN-1",), 0.15),
    Column("SUB-4", ("SUB-4",), 0.1),
    Column("SUB-3", ("SUB-3", "SUB-6", "SUB-7"), 0.15, DOUBT),
    Column("SUB-1", ("SUB-1", "SUB-2", "SUB-9"), 0.3, DOUBT),
    Column("SUB-5", ("SUB-5",), 0.3, DOUBT),
    Column("SUB-8", ("SUB-8",), 0.3, DOUBT),
    Column("SH-2", ("SH-1", "SH-2"), 0.3, DOUBT),
    Column("ED-4", ("ED-1", "ED-2", "ED-3", "ED-4", "ED-5"), 0.1, DOUBT),
    Column("CON-1", ("CON-1",), 0.0, DOUBT),
    Column("ADV-1", ("ADV-1",), -0.1, DOUBT),
)
"""The least drastic rule that fits stands for all that its column is learned from. Two people read
what the first four mark, and what cues for those mark is never doubted."""
_OVER = len(COLUMNS)
"""The place of one more column, which tells what is over for the writer from what is now."""
WIDTH = _OVER + 1

Weights = Sequence[float]
"""A weight for each column, then for "over" against "now"."""

_LETTERS = "ZYXWVUTSRQPONMLKJIHGFEDCBA.abcdefghijklmnopqrstuvwxyz"
"""A weight in tenths as a letter: small above nothing, capital below it."""
_NOTHING = _LETTERS.index(".")
_LANE = 16
"""Bits for each column in a sum: no sentence has traits enough to fill them."""
_HALF = 1 << (_LANE - 1)
_MIDDLE = sum(_HALF << (_LANE * at) for at in range(WIDTH))
_FORM = f"<{WIDTH}H"
_IN_LANE = tuple(
    {letter: (at - _NOTHING) << (_LANE * column) for at, letter in enumerate(_LETTERS)}
    for column in range(WIDTH)
)
"""What each letter adds to a sum, by its column."""


@dataclass(frozen=True)
class Weighed:
    """A stretch of the plain text, and the rule its words weigh towards."""

    rule: str
    start: int
    end: int


def spelled(tenths: Iterable[int]) -> str:
    """Weights as the letters they are kept as; heavier than there are letters counts as the last."""
    return "".join(_LETTERS[min(max(one, -_NOTHING), _NOTHING) + _NOTHING] for one in tenths)


def _read(path: Path) -> dict[str, int]:
    """Each trait to its weights in one number, so that adding such numbers adds every column."""
    known: dict[str, int] = {}
    for line in path.read_text("utf-8").splitlines():
        letters, _, trait = line.partition(" ")
        known[trait] = sum(map(dict.__getitem__, _IN_LANE, letters))
    return known


def traits(sentence: Sentence) -> Iterator[str]:
    """All that a sentence can be weighed by; at most MOST_PAIRS pairs of concepts are looked at."""
    row = ["^", *(word.form for word in sentence.words), "$"]
    ideas = map(_idea, row)
    close = islice(map(" ".join, _close([_core(names) for names in sentence.names])), MOST_PAIRS)
    called = (name for name in sentence.called if name.isupper())
    in_ideas = map("=%s %s".__mod__, pairwise(ideas))
    return chain(row, map(" ".join, pairwise(row)), called, in_ideas, close)


@lru_cache(maxsize=16384)
def _idea(word: str) -> str:
    """The lexicon's idea for a word, the first of several; the word itself where there is none."""
    return min(filter(str.isupper, names_of(word)), default=word)


def _core(names: Mapping[str, int]) -> list[str]:
    found = [name for name in names if name in CORE]
    return sorted(found) if len(found) > 1 else found


def _close(concepts: list[list[str]]) -> Iterator[tuple[str, str]]:
    for at, here in enumerate(concepts):
        if here:
            for later in concepts[at + 1 : at + 1 + _CLOSE]:
                yield from product(here, later)


def weigh(known: Mapping[str, int]) -> Weights:
    """The weights of a sentence from those of its traits; without any, the weights of none."""
    by = 10 * (math.sqrt(len(known)) or 1.0)
    return [
        one / by + start for one, start in zip(_apart(sum(known.values())), _START, strict=True)
    ]


def _apart(summed: int) -> list[int]:
    """The columns of one number, each again a number of its own."""
    lanes = unpack(_FORM, (summed + _MIDDLE).to_bytes(_LANE // 8 * WIDTH, "little"))
    return [lane - _HALF for lane in lanes]


_KNOWN = _read(_PATH)
_START = tuple(one / 10 for one in _apart(_KNOWN.pop(START, 0)))


class Scale:
    """The sentences of a text, each weighed once."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences
        self._known = [_known(sentence) for sentence in sentences]
        self._alone = [weigh(known) for known in self._known]
        self._more = 0.0 if len(sentences) <= FEW else STORY

    def doubts(self, at: int, rule: str) -> bool:
        """Whether the sentence there weighs too little for a cue of this rule to count."""
        columns = zip(COLUMNS, self._alone[at], strict=False)
        return any(rule in column.learned and weight < column.doubt for column, weight in columns)

    def weighed(self) -> Iterator[Weighed]:
        """What weighs enough, sentence by sentence, then two short ones together."""
        alone = [_reached(weights, self._more) for weights in self._alone]
        for sentence, rules in zip(self._sentences, alone, strict=True):
            yield from _marked(rules, sentence, sentence)
        for at, (first, second) in enumerate(pairwise(self._sentences)):
            if len(first.words) + len(second.words) <= _PAIR_WORDS:
                both = _reached(weigh({**self._known[at], **self._known[at + 1]}), self._more)
                yield from _marked(both - alone[at] - alone[at + 1], first, second)


def _known(sentence: Sentence) -> dict[str, int]:
    """The traits that have weights; none of a line of figures alone, such as a help line's number."""
    if not any(word.form[0].isalpha() for word in sentence.words):
        return {}
    return {trait: _KNOWN[trait] for trait in traits(sentence) if trait in _KNOWN}


def _marked(rules: Iterable[str], first: Sentence, last: Sentence) -> Iterator[Weighed]:
    for rule in sorted(rules):
        yield Weighed(rule, first.words[0].start, last.words[-1].end)


def _reached(weights: Weights, more: float) -> set[str]:
    """The rules the weights reach the line of; of danger only the one they weigh most towards."""
    rules = {
        column.rule
        for column, weight in zip(COLUMNS, weights, strict=False)
        if weight >= column.line + more
    }
    if {"SUI-2", "HARM-1"} <= rules:
        rules.discard("SUI-2" if weights[1] > weights[0] else "HARM-1")
    if "SUI-2" in rules and weights[_OVER] > 0:
        rules = rules - {"SUI-2"} | {"SUI-3"}
    return rules
