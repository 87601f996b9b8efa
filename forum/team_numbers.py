"""The team sees how it goes as a team: the figures of all, at any time, and of nobody alone."""

from __future__ import annotations

from dataclasses import dataclass

from forum.figures import (
    Figures,
    FiguresStore,
    Wait,
    alarms,
    by_age,
    by_month,
    firsts,
    lately,
    times,
    usual_wait,
)
from forum.ports import Clock


@dataclass(frozen=True)
class TeamNumbers:
    """The figures over one store."""

    store: FiguresStore
    clock: Clock

    def figures(self) -> Figures:
        """All of them, as they stand now."""
        today = self.clock.now().date()
        decided = self.store.waits(Wait.DECIDED, *lately(today))
        begin = firsts(today)[-1]
        return Figures(
            waiting=by_age(self.store.waiting(), today),
            looked=times(self.store.waits(Wait.LOOKED, *lately(today))),
            decided=times(decided),
            usual_wait=usual_wait(decided),
            months=by_month(self.store.done(begin, today), today),
            alarms=alarms(self.store.verdicts(begin)),
        )

    def urgent(self) -> int:
        """How many posts wait in which somebody may be in danger."""
        return sum(number for (_, in_danger), number in self.store.waiting().items() if in_danger)
