"""How well the collection serves whoever comes: whether someone like them is in it, at every stage.

Readers find most hope in stories of people who live well and are not done with it (Ng and others,
2022); a collection of triumphs alone lets the rest down. These are numbers for the people who run
the site, and never for a page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from story_pages.alike import Alike
from story_pages.catalogue import Catalogue

SHARES = ("stages", "arcs")
DIVERSITY = ("topics", "helped")
ENOUGH = 20
"""Stories from which on shares say something."""
MOST_OF_ONE_ARC = 0.6
LEAST_IN_IT = 0.2
"""The share of stories that should tell of being in it still, or again."""


@dataclass(frozen=True, slots=True)
class Health:
    """Shares of the stories (0 to 1) by list and word, diversity (0 to 1), and what to mind."""

    stories: int
    shares: Mapping[str, Mapping[str, float]]
    diversity: Mapping[str, float]
    in_it: float

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is out of balance, each in a sentence; nothing while there are few stories."""
        if self.stories < ENOUGH:
            return ()
        arcs = self.shares["arcs"]
        crowding = [
            f"More than six stories in ten go the same way: {arc} ({_per_cent(share)})."
            for arc, share in arcs.items()
            if share > MOST_OF_ONE_ARC
        ]
        if self.in_it < LEAST_IN_IT:
            crowding.append(
                "Fewer than two stories in ten tell of being in it still, or after a setback"
                f" ({_per_cent(self.in_it)}). Readers who are there find nobody like them."
            )
        return tuple(crowding)

    def told(self) -> dict[str, object]:
        """The same as JSON can say it."""
        return {
            "shares": {name: dict(shares) for name, shares in self.shares.items()},
            "in_it": self.in_it,
            "diversity": dict(self.diversity),
            "warnings": list(self.warnings),
        }


def health_of(catalogue: Catalogue, alike: Alike) -> Health:
    """How the collection stands now."""
    stories = catalogue.number()
    numbers = catalogue.numbers()
    shares = {
        name: {word: _share(number, stories) for word, number in _words(numbers, name).items()}
        for name in SHARES
    }
    diversity = {name: simpson(_words(numbers, name).values()) for name in DIVERSITY}
    diversity["about_me"] = simpson(alike.self_descriptions().values())
    return Health(stories, shares, diversity, _share(alike.in_it(), stories))


def simpson(numbers: Collection[int]) -> float:
    """How likely two of them, taken at random, are of different kinds (Simpson, 1949): 0 to 1."""
    total = sum(numbers)
    if total < 2:
        return 0.0
    same = sum(number * (number - 1) for number in numbers)
    return round(1 - same / (total * (total - 1)), 3)


def _words(numbers: Mapping[str, int], name: str) -> dict[str, int]:
    return {
        shelf.partition("/")[2]: number
        for shelf, number in numbers.items()
        if shelf.startswith(f"{name}/")
    }


def _share(number: int, total: int) -> float:
    return round(number / total, 3) if total else 0.0


def _per_cent(share: float) -> str:
    return f"{share:.0%}"
