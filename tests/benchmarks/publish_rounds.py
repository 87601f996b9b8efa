"""Several sides take turns, so that whatever else the machine does slows them alike.

BENCH_ROUNDS says how often each has its turn, BENCH_DEAR_ROUNDS how often those that take longest,
and BENCH_LARGE that a hundred thousand stories are wanted too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from publish_cost import Cost, Costs, times

ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS") or 3)
DEAR_ROUNDS: Final = int(os.environ.get("BENCH_DEAR_ROUNDS") or 1)
LARGE: Final = os.environ.get("BENCH_LARGE", "")
"""Empty, or "1"; or "hugo", which lets Hugo have its turn at that size."""
SMALL_SIZE, SIZE, LARGE_SIZE = 1_000, 10_000, 100_000

Tell = Callable[[str], None]
Turn = Callable[[], Cost]


def in_turns(
    sides: Mapping[str, Turn], tell: Tell, dear: Iterable[str] = (), rounds: int = ROUNDS
) -> dict[str, Costs]:
    """What each side takes; in each round another one begins."""
    seldom = frozenset(dear)
    found: dict[str, list[Cost]] = {name: [] for name in sides}
    for number in range(max(rounds, DEAR_ROUNDS if seldom else 0)):
        turning = [n for n in sides if number < (DEAR_ROUNDS if n in seldom else rounds)]
        for name in (*turning[number % len(turning) :], *turning[: number % len(turning)]):
            found[name].append(sides[name]())
            tell(f"  turn {number + 1}, {name}: {found[name][-1].cpu_s:.3g} s CPU")
    costs = {name: Costs.of(runs) for name, runs in found.items()}
    for name, cost in costs.items():
        tell(f"{name}: {cost} ({len(cost.runs)} runs)")
    return costs


def compared(
    others: Mapping[str, Costs], ours: Mapping[str, Costs], tell: Tell, figure: str = "cpu_s"
) -> dict[str, dict[str, float]]:
    """How many times ours each of the others takes, told."""
    found = {name: {mine: times(other, cost, figure) for mine, cost in ours.items()}
             for name, other in others.items()}  # fmt: skip
    unit = {"cpu_s": "CPU", "wall_s": "time"}[figure]
    for name, ratios in found.items():
        said = ", ".join(f"{ratio:g} times that of {mine}" for mine, ratio in ratios.items())
        tell(f"{name}, {unit}: {said}")
    return found


def in_json(costs: Mapping[str, Costs]) -> dict[str, Any]:
    """Fit for JSON."""
    return {name: cost.plain for name, cost in costs.items()}
