"""What changed between two texts, word by word: the words that stayed, went out and came in.

Two passes, both after Myers, "An O(ND) Difference Algorithm and Its Variations" (1986): paragraphs
first, then the words of those that differ. The standard library's difflib takes cubic time on
texts that somebody made to that end; this gives up on a stretch that differs in more than
`MOST_DIFFERENCES` places, and shows it as taken out and put in whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby

MOST_DIFFERENCES = 200
"""Differences in one stretch that are looked for: the cost grows with its length times this."""

Pairs = list[tuple[int, int]]
"""Places in two sequences that hold the same, in rising order."""
Paragraph = list[tuple[int, str]]
"""Words, each with its place in the text."""


class ChangeKind(StrEnum):
    """What became of some words."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Change:
    """Words that stand together and share one fate, with the white space after them."""

    kind: ChangeKind
    words: str


def changes(before: str, after: str) -> list[Change]:
    """How to get from one text to the other, in reading order; each text at most 12,000 characters.

    What is the same or out has the words of `before`, what is the same or in those of `after`.
    White space alone is no change.
    """
    old, new = _words(before), _words(after)
    found: list[tuple[ChangeKind, str]] = []
    x = y = 0
    for i, j in (*_readable(_kept_words(old, new), len(old), len(new)), (len(old), len(new))):
        if found and x < i:  # what goes out next stood behind this word, on the same line or not
            found[-1] = (ChangeKind.SAME, old[x - 1])
        found += ((ChangeKind.OUT, word) for word in old[x:i])
        found += ((ChangeKind.IN, word) for word in new[y:j])
        found += ((ChangeKind.SAME, word) for word in new[j : j + 1])
        x, y = i + 1, j + 1
    return list(_joined(found))


def _words(text: str) -> list[str]:
    """Each word with the white space after it; the last one has some too."""
    return re.findall(r"\S+\s+", text + " ")


def _joined(found: Sequence[tuple[ChangeKind, str]]) -> Iterator[Change]:
    """Neighbours of one kind as one; what replaces some words begins on their line."""
    runs = [(kind, "".join(w for _, w in run)) for kind, run in groupby(found, lambda one: one[0])]
    kinds = [*(kind for kind, _ in runs), None]
    for (kind, words), following in zip(runs, kinds[1:], strict=True):
        replaced = kind is ChangeKind.OUT and following is ChangeKind.IN
        yield Change(kind, words.rstrip() + " " if replaced else words)


def _kept_words(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Which words stayed: all those of the paragraphs that stayed, and some of the others."""
    kept: Pairs = []
    for was, now in _beside_each_other(_paragraphs(old), _paragraphs(new)):
        words = _matches([word for _, word in was], [word for _, word in now])
        kept += ((was[i][0], now[j][0]) for i, j in words)
    return kept


def _beside_each_other(
    was: Sequence[Paragraph], now: Sequence[Paragraph]
) -> Iterator[tuple[Paragraph, Paragraph]]:
    """Paragraphs to compare. Between two that stayed each has its own, if the numbers agree."""
    x = y = 0
    stayed = _matches([_line(one) for one in was], [_line(one) for one in now])
    for i, j in (*stayed, (len(was), len(now))):
        if i - x == j - y:
            yield from zip(was[x : i + 1], now[y : j + 1], strict=True)
        else:
            yield list(chain.from_iterable(was[x:i])), list(chain.from_iterable(now[y:j]))
            yield from zip(was[i : i + 1], now[j : j + 1], strict=True)
        x, y = i + 1, j + 1


def _paragraphs(words: Sequence[str]) -> list[Paragraph]:
    """The words of each line with their places, without the space after them."""
    found: list[Paragraph] = []
    ended = True
    for place, word in enumerate(words):
        if ended:
            found.append([])
        found[-1].append((place, word.strip()))
        ended = "\n" in word
    return found


def _line(paragraph: Paragraph) -> str:
    return " ".join(word for _, word in paragraph)


def _readable(kept: Pairs, old: int, new: int) -> Pairs:
    """Without the few words that happen to stand in the midst of longer replaced stretches.

    "The" alone between two rewritten lines is no word that stayed.
    """
    runs: list[Pairs] = []
    for i, j in kept:
        if runs and runs[-1][-1] == (i - 1, j - 1):
            runs[-1].append((i, j))
        else:
            runs.append([(i, j)])
    stays: Pairs = []
    starts = [*(run[0] for run in runs), (old, new)]
    for run, following in zip(runs, starts[1:], strict=True):
        before = stays[-1] if stays else (-1, -1)
        if len(run) >= min(_gap(before, run[0]), _gap(run[-1], following)):
            stays += run
    return stays


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many words stand between two places, in the text that has more of them."""
    return max(other[0] - one[0], other[1] - one[1]) - 1


def _matches(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """What both have in the same order: their common ends, and as much as can be found between."""
    shortest = min(len(old), len(new))
    start = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    left = range(1, shortest - start + 1)
    end = next((at - 1 for at in left if old[-at] != new[-at]), len(left))
    middle = _staying(old[start : len(old) - end], new[start : len(new) - end])
    return [
        *((place, place) for place in range(start)),
        *((start + i, start + j) for i, j in middle),
        *((len(old) - place, len(new) - place) for place in range(end, 0, -1)),
    ]


def _staying(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """What stays with the fewest differences; nothing when those are too many.

    A diagonal is the set of places `x` in `old` and `y` in `new` with the same `x - y`.
    """
    furthest, trace = {1: 0}, []
    for differences in range(MOST_DIFFERENCES + 1):
        trace.append(dict(furthest))
        for diagonal in range(-differences, differences + 1, 2):
            x, _ = _reached(furthest, diagonal)
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _traced(trace, x, y)
    return []


def _reached(furthest: Mapping[int, int], diagonal: int) -> tuple[int, int]:
    """Where one more difference leads on this diagonal, and which diagonal it comes from."""
    taken_out = furthest.get(diagonal - 1, -2) + 1
    put_in = furthest.get(diagonal + 1, -1)
    return (put_in, diagonal + 1) if put_in >= taken_out else (taken_out, diagonal - 1)


def _traced(trace: Sequence[Mapping[int, int]], x: int, y: int) -> Pairs:
    """The way back from the end: every step along a diagonal is something that stayed."""
    stayed: Pairs = []
    for furthest in reversed(trace):
        reached, origin = _reached(furthest, x - y)
        stayed += ((x - step, y - step) for step in range(1, x - reached + 1))
        x = furthest[origin]
        y = x - origin
    return stayed[::-1]
