"""Whatever happens to stories, quick runs of the press leave what looking at everything leaves."""

from __future__ import annotations

import random
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.edition import BatchRule
from forum.press import TooMuchWouldVanish
from forum.press_report import Summary
from forum.printing import PrintFailed
from forum.settings import ROOT
from forum.wiring import PRODUCTION_RULE, read_examples
from tests.forum.press_history import ACTIONS, Days
from tests.forum.press_room import AT_ONCE, Picky, PressRoom

EXAMPLES = read_examples(ROOT / "content" / "examples")[:2]


def by_lot(batch: list[str]) -> None:
    """A shuffle that puts the same batch in the same order in every room."""
    random.Random("".join(batch)).shuffle(batch)


class Twin(Days):
    """One of two rooms to which the same happens. One of them looks at everything in each run."""

    def __init__(
        self, folder: Path, rule: BatchRule, chance: random.Random, over_all: bool
    ) -> None:
        super().__init__(PressRoom(folder, rule, by_lot), chance)
        self.printer = self.room.printer = Picky(self.room.mirror.folder)
        self.over_all = over_all
        self.left: list[object] = []
        """What each run left behind."""

    def act(self, action: str) -> None:
        """What else may happen, besides what people do."""
        if action == "examples":
            self.room.examples = () if self.room.examples else EXAMPLES
        elif action == "choosy":
            some = self.chance.sample(self.shared, min(2, len(self.shared)))
            self.printer.aside = set() if self.printer.aside else set(some)
        elif action == "jam":
            self.printer.jam = None if self.printer.jam else PrintFailed("jam")
        else:
            super().act(action)

    def run(self) -> None:
        done: object = None
        with suppress(PrintFailed, TooMuchWouldVanish):
            done = in_short(self.room.run(everything=self.over_all))
        store, files = self.room.store, self.room.files()
        slots = dict(store.next_slots())
        self.left.append((done, store.up(), slots, store.unpressed(), files, self.printer.readers))


def in_short(done: Summary) -> tuple[object, ...]:
    """What a run did, as far as it does not depend on how much it looked at."""
    moved = (set(done.went_up), set(done.came_down), set(done.changed))
    return (*moved, done.waiting, set(done.set_aside), done.rewritten, done.removed)


HAPPENS = [*ACTIONS, "run", "rewrite", "lose", "examples", "choosy", "jam"]
RULES = [AT_ONCE, PRODUCTION_RULE, BatchRule(enough=3, rest_days=1)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(RULES),
    st.lists(st.sampled_from(HAPPENS), max_size=30),
    st.integers(0, 1_000_000),
)
def test_through_any_history_quick_runs_leave_what_runs_over_everything_leave(
    rule: BatchRule, happens: list[str], seed: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        left = []
        for name in ("quick", "everything"):
            twin = Twin(Path(folder) / name, rule, random.Random(seed), over_all=name != "quick")
            for action in (*happens, "run"):
                twin.act(action)
            twin.room.database.close()
            left.append(twin.left)
        quick, everything = left
        assert quick == everything
