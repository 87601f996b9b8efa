"""Cues: short lines of concepts and words in order, matched against a sentence in bounded steps.

The language of a cue, one to a line: `I WANT ..2 DIE : now yes -IDIOM`
- a word in capitals is a concept, any other a word or lemma; `a|B` is either; `a?` may be missing;
- `..3` lets up to three words pass (`..` is two); `A & B` asks for both, in any order, close by;
- `^` and `$` are the sentence's ends; `!x` asks that the next word is not x;
- after a colon come conditions: see context.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from forum.screening.context import CONDITIONS, holds
from forum.screening.lexicon import CONCEPTS, SINGLE, STOP
from forum.screening.reading import Sentence

WITHIN = 14
"""How many words the parts of an `&` cue may be spread over."""
_FEW = 6


class TooMuch(Exception):
    """A text asks for more steps than are allowed; what was found so far still stands."""


@dataclass
class Steps:
    """How many steps are left for one text."""

    left: int = field(default=60_000)

    def take(self, count: int) -> None:
        """Use some up; raises TooMuch when none are left."""
        self.left -= count
        if self.left < 0:
            raise TooMuch


@dataclass(frozen=True)
class Element:
    """One place in a cue: any of these names, or a stretch of up to `gap` other words."""

    names: frozenset[str] = frozenset()
    gap: int = 0
    optional: bool = False
    forbidden: bool = False
    edge: str = ""

    @property
    def needed(self) -> bool:
        """Whether the cue cannot match without one of these names."""
        free = self.optional or self.forbidden or "$" in self.names
        return bool(self.names) and not free


@dataclass(frozen=True)
class Cue:
    """One line: its parts, each a run of elements, its conditions, and what a sentence must hold.

    `needs` are sets of names, the rarest first: only a sentence that has one name of each is tried,
    and only one with a name of the first, the anchor, is even looked at.
    """

    parts: tuple[tuple[Element, ...], ...]
    conditions: tuple[str, ...]
    needs: tuple[frozenset[str], ...]
    line: str

    @property
    def anchor(self) -> frozenset[str]:
        """The rarest of the needed names."""
        return self.needs[0]


_PLENTIFUL = frozenset(("i", "I", "NEG", "WANT", "PLANTO", "SHE", "THEM", "YOU", "NUM", "DOSEVERB"))


def _commonness(names: frozenset[str]) -> int:
    return sum(5000 if name in STOP or name in _PLENTIFUL else _size(name) for name in names)


def _size(name: str) -> int:
    return _SIZES.get(name, 1)


def _sizes() -> dict[str, int]:
    """How many words each concept has; one that is in most texts counts for many."""
    sizes = dict.fromkeys(CONCEPTS, 0)
    for word, concepts in SINGLE.items():
        for concept in concepts:
            sizes[concept] += 401 if word in STOP else 1
    return sizes


_SIZES = _sizes()


def parse(line: str) -> Cue:
    """Read one cue; raises ValueError for a concept nobody wrote words for."""
    body, _, after = line.partition(" : ")
    parts = tuple(tuple(_element(word) for word in part.split()) for part in body.split(" & "))
    conditions = tuple(after.split())
    for condition in conditions:
        for name in condition.strip("-+").split("|"):
            _check(name if condition[0] in "-+" else "", line)
        if condition not in CONDITIONS and condition[0] not in "-+":
            raise ValueError(f"no such condition: {condition} in {line}")
    needed = (element.names for part in parts for element in part if element.needed)
    return Cue(parts, conditions, tuple(sorted(needed, key=_commonness)), line)


def _check(name: str, where: str) -> None:
    if name.isupper() and name.isalpha() and name not in CONCEPTS:
        raise ValueError(f"no such concept: {name} in {where}")


def _element(word: str) -> Element:
    if word in ("^", "$"):
        return Element(edge=word)
    if word.startswith(".."):
        return Element(gap=int(word[2:] or 2))
    optional, forbidden = word.endswith("?"), word.startswith("!")
    names = frozenset(word.strip("?!").split("|"))
    for name in names:
        _check(name, word)
    return Element(names, optional=optional, forbidden=forbidden)


def matches(cue: Cue, sentence: Sentence, steps: Steps) -> Iterator[tuple[int, int]]:
    """Each stretch of words the cue matches, as (first, past); conditions included.

    Only asked of a sentence that has a name of each of the cue's needs.
    """
    for first, past in _stretches(cue, sentence, steps):
        if holds(cue.conditions, sentence, first, past):
            yield first, past


def _stretches(cue: Cue, sentence: Sentence, steps: Steps) -> Iterator[tuple[int, int]]:
    found = [list(_runs(part, sentence, steps)) for part in cue.parts]
    if len(found) == 1:
        yield from found[0]
        return
    steps.take(len(found) * _FEW)
    for combination in product(*(runs[:_FEW] for runs in found)):
        first = min(start for start, _ in combination)
        past = max(end for _, end in combination)
        if past - first <= WITHIN and _apart(combination):
            yield first, past
            return


def _apart(runs: tuple[tuple[int, int], ...]) -> bool:
    ordered = sorted(runs)
    return all(a[1] <= b[0] for a, b in zip(ordered, ordered[1:], strict=False))


def _runs(part: tuple[Element, ...], sentence: Sentence, steps: Steps) -> Iterator[tuple[int, int]]:
    """Where one run of elements matches, from each place it can start."""
    size = len(sentence.words)
    lead = part[0]
    for start in range(size):
        if lead.names and lead.needed and lead.names.isdisjoint(sentence.names[start]):
            continue
        ends = {start}
        for element in part:
            ends = _after(element, ends, sentence)
            steps.take(1 + len(ends))
            if not ends:
                break
        if ends and max(ends) > start:
            yield start, max(ends)


def _after(element: Element, ends: set[int], sentence: Sentence) -> set[int]:
    """Where a match may stand after one more element."""
    size = len(sentence.words)
    if element.edge:
        return ends & ({0} if element.edge == "^" else {size})
    if element.gap:
        return {at + more for at in ends for more in range(element.gap + 1) if at + more <= size}
    if element.forbidden:
        return {at for at in ends if at >= size or element.names.isdisjoint(sentence.names[at])}
    after = set(ends) if element.optional else set()
    if "$" in element.names and size in ends:
        after.add(size)
    for at in ends:
        if at < size:
            here = sentence.names[at]
            after.update(at + here[name] for name in element.names if name in here)
    return after
