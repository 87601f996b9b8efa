"""The moderators' desk: its queue at three sizes, its pages, many who decide at once, its price.

The stores are made anew under .bench/, in a minute or so; a hundred thousand posts take 800 MB
there while it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import desk_adding
import desk_decisions
import desk_reading
from desk_pages import QUESTIONS, Cost, asking, cost, least, plain, queue_pages, seated
from desk_waiting import SIZES, fill, report
from servers import BENCH

from forum.rows import ReportState

PASSES: Final = 7
REPORTED: Final = 30
ANSWERED: Final = 3_000
"""Posts on which readers' reports were answered and are still kept."""
FIRST: Final = next(iter(QUESTIONS))

Tell = Callable[[str], None]


def measure(tell: Tell) -> dict[str, Any]:
    """All figures of the desk; raise if a decision was lost or made twice."""
    BENCH.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="desk", dir=BENCH) as folder:
        scratch = Path(folder)
        return {
            "queue": waiting(scratch / "queue", tell),
            "reading": desk_reading.measure(scratch / "reading", tell),
            "decisions": desk_decisions.measure(scratch / "decisions", tell),
            "storing a post": desk_adding.measure(scratch / "adding", tell),
        }


def waiting(folder: Path, tell: Tell) -> dict[str, Any]:
    """Pages of the queue by how many wait, the sizes in turns, and how much dearer the largest."""
    for size in SIZES:
        (folder / str(size)).mkdir(parents=True)
        fill(folder / str(size) / "handrail.sqlite3", size)
    passes = [{size: pages(folder / str(size), turn) for size in SIZES} for turn in range(PASSES)]
    best = {
        size: {name: least([each[size][name] for each in passes]) for name in passes[0][size]}
        for size in SIZES
    }
    for size, costs in best.items():
        for name, one in costs.items():
            tell(f"queue, {size} waiting, {name}: {one.cpu_ms} ms CPU, {one.wall_ms} ms")
    least_waiting, most_waiting = best[SIZES[0]], best[SIZES[-1]]
    both = [name for name in most_waiting if name in least_waiting]
    dearer = {name: most_waiting[name].times(least_waiting[name]) for name in both}
    tell(f"queue, times the CPU at {SIZES[-1]} of {SIZES[0]}: {dearer}")
    found = {str(size): plain(costs) for size, costs in best.items()}
    return {**found, "times": dearer, "reported": plain(reported(folder / str(SIZES[-1]), tell))}


def pages(folder: Path, turn: int) -> dict[str, Cost]:
    """One pass over the questions by somebody new, and what the counts above the cards take."""
    with seated(folder, f"Robin {turn}") as (room, seat):
        return {**queue_pages(seat), "counts alone": cost(room.office.desk.counts)}


def reported(folder: Path, tell: Tell) -> dict[str, Cost]:
    """The first page above which stand posts that readers reported; then with answered ones."""
    found = {}
    for name, posts, state in (
        (f"{REPORTED} reported", REPORTED, ReportState.OPEN),
        (f"and {2 * ANSWERED} answered reports", ANSWERED, ReportState.KEPT),
    ):
        with seated(folder, f"Sam {posts}") as (_, seat):
            report(folder / "handrail.sqlite3", posts, state)
            ask = asking(seat, QUESTIONS[FIRST])
            found[name] = least([cost(ask) for _ in range(PASSES)])
        tell(f"queue, {SIZES[-1]} waiting, {name}: {found[name].cpu_ms} ms CPU")
    return found


if __name__ == "__main__":
    measure(print)
