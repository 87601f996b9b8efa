"""A hundred thousand stories: what the whole takes, and whether one more still costs no more.

It takes a quarter of an hour and 4 GB under .bench/, so it runs only when BENCH_LARGE says so;
BENCH_LARGE=hugo lets Hugo build as many, once.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import publish_warm
from publish_cold import build, by_size_and_act, turns
from publish_cost import Costs
from publish_full import EDITIONS, FIRST, ours
from publish_peers import HUGO, install
from publish_rounds import (
    LARGE,
    LARGE_SIZE,
    SIZE,
    SMALL_SIZE,
    Tell,
    Turn,
    compared,
    in_json,
    in_turns,
)
from publish_tales import tales


def measure(tell: Tell) -> dict[str, Any]:
    """All of it, or nothing and a line that says so."""
    if not LARGE:
        tell(f"{LARGE_SIZE} stories: left out; BENCH_LARGE=1 runs it")
        return {}
    return {
        "full": full(tell),
        "one more": one_more(tell),
        "warm": warm(tell),
        **({"hugo": hugo(tell)} if LARGE == "hugo" else {}),
    }


def full(tell: Tell) -> dict[str, Any]:
    """From nothing to the whole site, beside a tenth of it."""
    sides: dict[str, Turn] = {}
    for size in (SIZE, LARGE_SIZE):
        sides |= {f"{name}, {size}": ours(size)[name] for name in (EDITIONS, FIRST)}
    costs = in_turns(sides, tell, rounds=1)
    times = [
        compared({f"{n}, {LARGE_SIZE}": costs[f"{n}, {LARGE_SIZE}"]},
                 {f"{SIZE}": costs[f"{n}, {SIZE}"]}, tell)
        for n in (EDITIONS, FIRST)
    ]  # fmt: skip
    return {"costs": in_json(costs), "times": times}


def one_more(tell: Tell) -> dict[str, Any]:
    """Cold, beside a hundredth of it."""
    with ExitStack() as stack:
        sides = [turns(size, stack) for size in (SMALL_SIZE, LARGE_SIZE)]
        costs = in_turns({**sides[0], **sides[1]}, tell)
    times = by_size_and_act(costs, (SMALL_SIZE, LARGE_SIZE), tell)
    return {"costs": in_json(costs), "times": times}


def warm(tell: Tell) -> dict[str, Any]:
    """In the press that stays, beside a hundredth of it."""
    return publish_warm.at((SMALL_SIZE, LARGE_SIZE), tell)


def hugo(tell: Tell) -> dict[str, Any]:
    """As many in Hugo, once."""
    install()
    site = HUGO.site(LARGE_SIZE)
    site.prepare(list(tales(range(LARGE_SIZE))))
    site.forget()
    costs = Costs.of([build(site)])
    tell(f"Hugo, {LARGE_SIZE}: {costs}")
    return costs.plain


if __name__ == "__main__":
    measure(print)
