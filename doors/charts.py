"""A chart repeats its table as a drawing: bars in proportion, each with its words beside it.

Where and how long a bar is, and nothing of how it looks: that is the stylesheet's. Lengths are
parts of the whole width and heights grow with the letters, so it fits any screen and any type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 3.0
"""Height of a bar with its words, in the width of an m."""
WORDS_DOWN = 1.1
"""Where the words stand in it, and then the bar."""
BAR_DOWN = 1.5


@dataclass(frozen=True)
class Bar:
    """One bar: what it is of, its number, and how much of that is of a graver kind."""

    label: str
    number: float
    part: float = 0
    words: str = ""
    """What is said of the number; the number itself where nothing is."""


@dataclass(frozen=True)
class Drawn:
    """A bar in its place: lengths in hundredths of the width, heights in the width of an m."""

    words: str
    words_down: float
    bar_down: float
    length: float
    part: float


@dataclass(frozen=True)
class Chart:
    """A drawing with a name, and a sentence that says what can be seen."""

    id: str
    title: str
    description: str
    height: float
    bars: tuple[Drawn, ...]


def bar_chart(id: str, title: str, bars: Sequence[Bar]) -> Chart | None:
    """The chart of these bars; None where all of them are nothing, for words say that better."""
    most = max((bar.number for bar in bars), default=0)
    if not most:
        return None
    drawn = tuple(_drawn(bar, row, most) for row, bar in enumerate(bars))
    said = "; ".join(bar.words for bar in drawn)
    return Chart(id, title, f"{said}.", ROW * len(bars), drawn)


def _drawn(bar: Bar, row: int, most: float) -> Drawn:
    said = bar.words or f"{bar.number:g}"
    return Drawn(
        words=f"{bar.label}: {said}",
        words_down=round(row * ROW + WORDS_DOWN, 2),
        bar_down=round(row * ROW + BAR_DOWN, 2),
        length=round(100 * bar.number / most, 1),
        part=round(100 * bar.part / most, 1),
    )
