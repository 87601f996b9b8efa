"""A pen name is drawn from an id, never typed: it is gentle, and it says nothing about anybody.

The id is random and public, so the name made from it tells no more than the id does.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from itertools import count, islice
from math import gcd
from pathlib import Path

SHORT_NAMES = 8
"""Names of two words that are offered before those of three."""


def candidates(seed: str) -> Iterator[str]:
    """Pen names for an id, always the same and without end: take the first that is free.

    First `SHORT_NAMES` like "Quiet Heron", then "Quiet Mossy Heron". None comes back before all
    (more than 27 million) have been offered.
    """
    adjectives, animals = _words("pen_adjectives.txt"), _words("pen_animals.txt")
    for place in islice(_walk(f"short {seed}", len(adjectives) * len(animals)), SHORT_NAMES):
        first, animal = divmod(place, len(animals))
        yield f"{adjectives[first]} {animals[animal]}"
    pairs = len(adjectives) * (len(adjectives) - 1)
    for place in _walk(f"long {seed}", pairs * len(animals)):
        pair, animal = divmod(place, len(animals))
        yield f"{' '.join(_pair(adjectives, pair))} {animals[animal]}"


def _walk(seed: str, size: int) -> Iterator[int]:
    """Every number below `size`, in an order of the seed's own; then again, without end."""
    digest = hashlib.sha256(f"handrail pen names 1 {seed}".encode()).digest()
    start, wish = (int.from_bytes(half, "big") % size for half in (digest[:16], digest[16:]))
    step = next(step for step in count(wish) if gcd(step, size) == 1)
    return ((start + turn * step) % size for turn in count())


def _pair(words: tuple[str, ...], number: int) -> tuple[str, str]:
    """The numbered pair of two different words."""
    first, second = divmod(number, len(words) - 1)
    return words[first], words[second + (second >= first)]


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(Path(__file__).with_name(name).read_text(encoding="ascii").split())
