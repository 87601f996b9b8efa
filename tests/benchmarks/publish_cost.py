"""What a command takes, its children's part included: CPU, time, and the largest memory.

A small process of its own starts it (launch.py), since Linux counts the memory of whoever starts
a program as the program's. What others wrote is on the disk before it begins, so that nobody
waits for them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from typing import Final, Self

from runs import Spread

LAUNCH: Final = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU and of time, and the megabytes of the largest process."""

    cpu_s: float
    wall_s: float
    most_mb: float = 0.0


@dataclass(frozen=True)
class Costs:
    """Several runs of the same thing."""

    runs: tuple[Cost, ...]

    @classmethod
    def of(cls, runs: Sequence[Cost]) -> Self:
        """At least one run."""
        return cls(tuple(runs))

    @property
    def spreads(self) -> dict[str, Spread]:
        """The median of each figure, with the least and the most."""
        return {one.name: self._spread(one.name) for one in fields(Cost)}

    @property
    def plain(self) -> dict[str, object]:
        """The same, fit for JSON."""
        return {"runs": len(self.runs), **{n: asdict(s) for n, s in self.spreads.items()}}

    def __str__(self) -> str:
        """The same, fit for a line."""
        cpu, wall, most = self.spreads.values()
        memory = f", {most.most:.0f} MB" if most.most else ""
        return f"CPU {spoken(cpu)}, wall {spoken(wall)}{memory}"

    def _spread(self, name: str) -> Spread:
        values = [getattr(run, name) for run in self.runs]
        return Spread(*(round(part(values), 4) for part in (median, min, max)))


def spoken(spread: Spread) -> str:
    """Seconds, fit for a line."""
    if spread.least == spread.most:
        return f"{spread.median:.3g} s"
    return f"{spread.median:.3g} s [{spread.least:.3g} to {spread.most:.3g}]"


def times(dear: Costs, cheap: Costs, figure: str = "cpu_s") -> float:
    """How many times as much the first takes: the median over the rounds that both have."""
    pairs = zip(dear.runs, cheap.runs, strict=False)
    return round(float(median(getattr(a, figure) / getattr(b, figure) for a, b in pairs)), 2)


def run(
    command: Sequence[str | Path], folder: Path, settings: Mapping[str, str]
) -> tuple[Cost, str]:
    """Run a command to its end; what it took, and all it said.

    Raises `RuntimeError` with its last words if it fails.
    """
    os.sync()
    plan = {"command": [str(part) for part in command], "folder": str(folder)}
    asked = json.dumps({**plan, "settings": dict(settings)})
    done = subprocess.run(
        [sys.executable, "-I", "-S", LAUNCH],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    if told["status"]:
        raise RuntimeError(f"{plan['command']} failed: {told['said'][-3000:]}")
    return Cost(told["cpu_s"], told["wall_s"], told["most_mb"]), told["said"]


def spent(work: Callable[[], object]) -> Cost:
    """What something takes in this process, and in children that it waits for."""
    os.sync()
    cpu, wall = _cpu(), time.perf_counter()
    work()
    return Cost(_cpu() - cpu, time.perf_counter() - wall)


def _cpu() -> float:
    now = os.times()
    return time.process_time() + now.children_user + now.children_system
