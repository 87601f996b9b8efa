"""One run of load in figures, and several runs as medians with their ranges."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from load import Fired


@dataclass(frozen=True)
class Run:
    """One run of load on one server; its CPU is the server's and its children's, per answer."""

    answers: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float

    @classmethod
    def of(cls, fired: Fired, status: int, cpu: float) -> Self:
        """The figures of a run in which every answer had this status; `cpu` in seconds."""
        answers = fired.answered(status)
        return cls(
            answers=answers,
            per_second=round(answers / fired.seconds, 1),
            p50_ms=round(fired.under_which(0.5), 2),
            p99_ms=round(fired.under_which(0.99), 2),
            cpu_ms=round(1000 * cpu / answers, 3),
        )


@dataclass(frozen=True)
class Spread:
    """The median of several runs, and how far they lay apart."""

    median: float
    least: float
    most: float


Figures = dict[str, Spread]


def summary(runs: Sequence[Run]) -> Figures:
    """Each figure of several runs."""
    several = [asdict(run) for run in runs]
    return {name: _spread([run[name] for run in several]) for name in several[0]}


def plain(figures: Figures) -> dict[str, dict[str, float]]:
    """The same, fit for JSON."""
    return {name: asdict(spread) for name, spread in figures.items()}


def spoken(figures: Figures) -> str:
    """The same, fit for a line."""
    shown = {name: spread for name, spread in figures.items() if name != "answers"}
    return ", ".join(
        f"{name} {spread.median:g} [{spread.least:g} to {spread.most:g}]"
        for name, spread in shown.items()
    )


def _spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))
