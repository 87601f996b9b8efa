"""The press: mirror what is approved into content/posts, print it, record the edition.

What was approved is what is published: a record goes up only when its hash is the one its
decision carries. Nothing may ever block a removal: whatever breaks, what was taken back is struck
from the pages that stand. What comes down leaves the edition record only once it is down, so that
a run that dies is finished by the next.

A run looks at the posts that are unpressed, to which something happened since, and costs what they
do. It looks at everything when it is asked to, and of itself when the files are not what it left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from forum.edition import BatchRule, Plan, Shuffle, given_places, places_alone, plan
from forum.mirror import Mirror, Mirrored, NotAsListed, NotWritten
from forum.monthly import Monthly
from forum.ports import Clock
from forum.post import Record
from forum.press_look import Look, explained
from forum.press_report import Summary, as_kept
from forum.press_store import PressStore
from forum.printing import Aside, Printed, Printer, PrintFailed
from forum.rows import Run, RunState

MOST_UNEXPLAINED = 10
"""Posts that may vanish without a reason before the press refuses, if they are over a fifth."""

Step = Callable[[str], None]
"""Told what the press is doing, in a few words."""


class TooMuchWouldVanish(Exception):
    """Posts would vanish without a reason: somebody must look before anything is printed."""


@dataclass(frozen=True)
class Press:
    """The press over one store, one mirror and one printer."""

    store: PressStore
    mirror: Mirror
    printer: Printer
    clock: Clock
    rule: BatchRule
    shuffle: Shuffle
    examples: Sequence[Record] = field(default=())
    numbers: Monthly | None = None
    """What everybody may know of how it goes, printed with the posts."""
    timer: Callable[[], float] = time.monotonic
    """Seconds since some moment, for the report."""

    def run(
        self,
        step: Step,
        *,
        everything: bool = False,
        anew: bool = False,
        unsound: Sequence[str] = (),
    ) -> Summary:
        """Print what is approved: of the unpressed posts, or of `everything` there is.

        With `anew` everything is looked at too, and every page made again. `unsound` are pages that
        were found not to be as they were printed, for the report. Raises `TooMuchWouldVanish`, or
        whatever the printer and the store raise.
        """
        began = self.timer()
        with self.printer.lock():
            before = self._look(everything or anew)
            taken_back = before.explained()
            try:
                done = self._run(step, everything or anew, anew, tuple(unsound))
            except Exception:
                # Better an edition with holes than one with words that were taken back, or out.
                with suppress(Exception):  # the first error is the one to tell
                    self.printer.strike(taken_back)
                with suppress(Exception):
                    self.printer.strike(before.edited())
                raise
        return replace(done, seconds=self.timer() - began)

    def _look(self, everything: bool) -> Look:
        """A look at what is unpressed and at the examples, new ones too; or at everything."""
        if everything:
            return Look(self.store, self.examples, None)
        examples = {record.id for record in self.examples}
        return Look(self.store, self.examples, frozenset({*self.store.unpressed(), *examples}))

    def _run(self, step: Step, everything: bool, anew: bool, unsound: tuple[str, ...]) -> Summary:
        rung = self.store.rung()
        look = self._look(everything)  # after the bell: whoever rings later is looked at later
        self.store.put_run(Run(rung, RunState.RUNNING, 0, 0, ""))
        try:
            uncounted = self._write_numbers()
            summary = self._passes(look, step, anew)
        except Exception as error:
            told = isinstance(error, TooMuchWouldVanish)
            words = str(error) if told else type(error).__name__
            with suppress(Exception):
                self.store.put_run(Run(rung, RunState.FAILED, 0, 0, words))
            raise
        summary = replace(summary, set_aside=(*summary.set_aside, *uncounted), unsound=unsound)
        if everything or summary.mended:
            self.store.put_mended(as_kept(summary.mended))
        up, down = len(summary.went_up), len(summary.came_down)
        self.store.put_run(Run(rung, RunState.DONE, up, down, as_kept(summary.amiss)))
        return summary

    def _passes(self, look: Look, step: Step, anew: bool) -> Summary:
        """One pass; where that shows that the files are not what the press left, one over all."""
        everything = self._look(everything=True)
        if look.only is None or not self.mirror.is_begun():
            return self._pass(everything, step, anew)
        try:
            summary = self._pass(look, step)
        except NotAsListed:
            return self._pass(everything, step)
        # To look at every post would not mend the months' totals.
        totals = {self.numbers.file.name} if self.numbers else set()
        if {name for name, _ in summary.set_aside} - look.only - totals:
            return summary.then(self._pass(everything, step))
        return summary

    def _pass(self, look: Look, step: Step, anew: bool = False) -> Summary:
        step("Reading what is approved")
        planned, set_aside, looked_at = self._planned(look)
        try:
            mirrored, printed = self._printed(look, planned, step, anew)
        except Exception:
            with suppress(Exception):  # nobody may be told to look where there is no page
                self.store.record(places_alone(planned, planned.went_up), ())
            raise
        changed = tuple((post_id, "it changed while the press ran") for post_id in mirrored.changed)
        left_out = (*changed, *printed.set_aside)
        self._record(planned, {post_id for post_id, _ in left_out}, looked_at)
        return _summary(planned, mirrored, printed, (*set_aside, *left_out))

    def _planned(self, look: Look) -> tuple[Plan, tuple[Aside, ...], frozenset[str]]:
        """The next edition, its places on record; who is left out; who was looked at."""
        candidates, set_aside = look.candidates()
        past = look.past()
        planned = plan(candidates, past, self.rule, self.clock.now().date(), self.shuffle)
        self._refuse_if_unexplained(planned)
        there = {*candidates, *(post_id for post_id, _ in set_aside)}
        looked_at = self._looked_at(look, planned, there - planned.rows.keys())
        self.store.record(given_places(planned, past), ())
        return planned, set_aside, looked_at

    def _looked_at(self, look: Look, planned: Plan, not_up: Collection[str]) -> frozenset[str]:
        """The posts that may be unpressed no more once this pass is over.

        What was only found by looking at everything is noted as unpressed first, so that a pass
        that dies leaves it to the next; what is not up but waits, or is set aside, as well.
        """
        if look.only is not None:
            return look.only
        found = {*planned.went_up, *planned.came_down, *planned.changed, *not_up}
        unpressed = frozenset(self.store.unpressed())
        self.store.note_unpressed(found - unpressed)
        return unpressed | found

    def _printed(
        self, look: Look, planned: Plan, step: Step, anew: bool
    ) -> tuple[Mirrored, Printed]:
        step("Writing the posts")
        mirrored = self._mirrored(look, planned)
        step("Building the pages")
        purge = bool(planned.came_down or planned.changed or planned.hidden)
        printed = self.printer.print_edition(purge, everything=look.only is None, anew=anew)
        return mirrored, printed

    def _mirrored(self, look: Look, planned: Plan) -> Mirrored:
        meant = (*planned.came_down, *planned.changed)
        try:
            if look.only is None:
                return self.mirror.write(planned.rows, look.content, meant)
            gone = look.only - planned.rows.keys()
            return self.mirror.amend(planned.rows, look.content, gone, meant)
        except NotWritten as error:
            raise PrintFailed(str(error)) from error

    def _record(self, planned: Plan, left_out: Collection[str], looked_at: Collection[str]) -> None:
        """Record what readers see now of what was looked at."""
        changed = [planned.rows[post_id] for post_id in planned.changed]
        alone = (*places_alone(planned, left_out), *planned.hidden)
        shown = {
            post_id: planned.rows[post_id].hash if post_id in planned.rows else ""
            for post_id in looked_at
            if post_id not in left_out
        }
        self.store.record([*changed, *alone], planned.dropped, shown)

    def _write_numbers(self) -> tuple[Aside, ...]:
        """Bring the months' totals up to date; if that fails, the old ones stay."""
        try:
            if self.numbers:
                self.numbers.write(self.clock.now().date())
        except Exception as error:  # noqa: BLE001 - no total is worth a removal
            name = self.numbers.file.name if self.numbers else ""
            return ((name, f"it cannot be written ({type(error).__name__})"),)
        return ()

    def _refuse_if_unexplained(self, planned: Plan) -> None:
        unexplained = len(planned.came_down) - len(explained(self.store, planned.came_down))
        if unexplained <= MOST_UNEXPLAINED:
            return
        up = self.store.count_up()
        if unexplained * 5 > up:
            raise TooMuchWouldVanish(
                f"{unexplained} of {up} posts would vanish without a reason. "
                "Nothing was printed; please look at the store."
            )


def _summary(
    planned: Plan, mirrored: Mirrored, printed: Printed, set_aside: tuple[Aside, ...]
) -> Summary:
    left_out = {name for name, _ in set_aside}
    return Summary(
        went_up=tuple(post_id for post_id in planned.went_up if post_id not in left_out),
        came_down=planned.came_down,
        changed=planned.changed,
        waiting=planned.waiting,
        rewritten=mirrored.rewritten,
        removed=mirrored.removed,
        set_aside=set_aside,
        leftovers=printed.leftovers,
        added_pages=printed.added,
        changed_pages=printed.changed,
        removed_pages=printed.removed,
        anew=printed.anew,
        health=printed.health,
    )
