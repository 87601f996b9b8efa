"""One story more, and one less, in the press that runs beside the server and stays warm."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any, Final

from publish_cost import Cost, Costs
from publish_house import House, house, written_since
from publish_rounds import SIZE, SMALL_SIZE, Tell, compared
from publish_staying import Staying, staying

from infra.local.jobs import Job

TURNS: Final = 20
COUNTED: Final = 5
"""Turns in which files and pages are counted."""
ADD, OLD, NEWEST = "add", "withdraw an old one", "withdraw the newest"
CLOCK: Final = 0.02
"""Seconds: finer than that the clock of files does not tell."""


@dataclass
class Turns:
    """A house whose press stays, and what each kind of change has taken there so far."""

    house: House
    press: Staying
    costs: dict[str, list[Cost]] = field(default_factory=dict)
    files: dict[str, list[int]] = field(default_factory=dict)
    pages: dict[str, list[int]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def once(self, what: str, act: Callable[[], str], counted: bool) -> str:
        """Let something happen to a story, and have it pressed; the story's id."""
        post_id = act()
        time.sleep(CLOCK)
        began = time.time()
        self.costs.setdefault(what, []).append(self.press.do(Job.QUICK))
        if self.house.shows(post_id) is not (what == ADD):
            raise RuntimeError(f"{what}: that is not what readers see")
        if counted:
            written = written_since(self.house.data, began)
            self.files.setdefault(what, []).append(len(written))
        return post_id

    def take(self, turn: int) -> None:
        """One turn: one more, an old one less, the newest one less."""
        counted, old = turn < COUNTED, self.house.size * (turn + 1) // (TURNS + 2)
        newest = self.house.size + turn
        self.once(ADD, self.house.add, counted)
        self.gone += [
            self.once(OLD, partial(self.house.withdraw, old), counted),
            self.once(NEWEST, partial(self.house.withdraw, newest), counted),
        ]

    def count_pages(self, number: int) -> None:
        """How many pages the same changes touch, which `publish` from the shell tells."""
        for turn in range(number):
            old, newest = 1 + turn, self.house.size + TURNS + turn
            self._touched(ADD, self.house.add)
            self._touched(OLD, partial(self.house.withdraw, old))
            self._touched(NEWEST, partial(self.house.withdraw, newest))

    def _touched(self, what: str, act: Callable[[], str]) -> None:
        act()
        self.pages.setdefault(what, []).append(self.house.publish()[1]["pages"])


def measure(tell: Tell) -> dict[str, Any]:
    """At a thousand stories and at ten thousand, and how much dearer the larger site is."""
    return at((SMALL_SIZE, SIZE), tell)


def at(sizes: Sequence[int], tell: Tell) -> dict[str, Any]:
    """The figures of each size, which take turns, and the largest beside the smallest."""
    with ExitStack() as stack:
        found = {size: _warm(size, stack) for size in sizes}
        for turn in range(TURNS):
            for turns in found.values():
                turns.take(turn)
        for turns in found.values():
            turns.count_pages(COUNTED)
            turns.house.hold_gone(turns.gone)
        return _told(found, tell)


def _warm(size: int, stack: ExitStack) -> Turns:
    """A house that has been pressed, its press warm from a first run."""
    opened = stack.enter_context(house(size))
    opened.press()
    press = stack.enter_context(staying(opened))
    press.do(Job.QUICK)
    return Turns(opened, press)


def _told(found: Mapping[int, Turns], tell: Tell) -> dict[str, Any]:
    spoken = {str(size): _figures(turns, tell) for size, turns in found.items()}
    small, large = (_by_name(found[size]) for size in (min(found), max(found)))
    pairs = zip(large.items(), small.items(), strict=True)
    times = [compared(dict([dear]), dict([cheap]), tell) for dear, cheap in pairs]
    return {**spoken, "times": times}


def _by_name(turns: Turns) -> dict[str, Costs]:
    return {f"warm press, {turns.house.size}, {what}": Costs.of(costs)
            for what, costs in turns.costs.items()}  # fmt: skip


def _figures(turns: Turns, tell: Tell) -> dict[str, Any]:
    found = {}
    for what, (name, costs) in zip(turns.costs, _by_name(turns).items(), strict=True):
        files, pages = max(turns.files[what]), turns.pages[what]
        touched = {"most files": files, "pages": median(pages), "most pages": max(pages)}
        tell(f"{name}: {costs}; {', '.join(f'{n} {v:g}' for n, v in touched.items())}")
        found[name] = {**costs.plain, **touched}
    return found


if __name__ == "__main__":
    measure(print)
