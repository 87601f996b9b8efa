"""The press: mirror what is approved into content/posts, print it, record the edition.

What was approved is what is published: a record goes up only when its hash is the one its
decision carries. Nothing may ever block a removal. What comes down leaves the edition record
only once it is down, so that a run that dies is finished by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from forum.edition import BatchRule, Past, Plan, Publishable, Shuffle, given_places, plan
from forum.mirror import Mirror, Mirrored, NotWritten
from forum.ports import Clock, EditionRow, PressStore, Run, RunState
from forum.post import PRESSED_KINDS, Post, Record, State, fingerprint, record_of

MOST_UNEXPLAINED = 10
"""Posts that may vanish without a reason before the press refuses, if they are over a fifth."""

Step = Callable[[str], None]
"""Told what the press is doing, in a few words."""


class TooMuchWouldVanish(Exception):
    """Posts would vanish without a reason: somebody must look before anything is printed."""


class PrintFailed(Exception):
    """The site could not be built; the last edition stays. The message ends the report."""


@dataclass(frozen=True)
class Printed:
    """What the printer made of the mirror."""

    pages: int
    set_aside: tuple[tuple[str, str], ...]
    """Posts it left out, each with the reason."""


class Printer(Protocol):
    """Builds the site from the mirror and puts the new edition in place of the old, whole."""

    def lock(self) -> AbstractContextManager[None]:
        """Only one press at a time holds this."""

    def print_edition(self, purge: bool) -> Printed:
        """Build and put in place; with `purge`, no earlier edition may remain.

        Raises `PrintFailed`.
        """

    def strike(self, post_ids: Collection[str]) -> None:
        """Take out of every edition each page that shows one of these, when none can be built."""


@dataclass(frozen=True)
class Summary:
    """What one run did."""

    went_up: tuple[str, ...]
    came_down: tuple[str, ...]
    changed: tuple[str, ...]
    waiting: int
    pages: int
    rewritten: tuple[str, ...]
    """Files in content/posts that were not what was approved, and are again."""
    removed: tuple[str, ...]
    """Files in content/posts that had no business there."""
    set_aside: tuple[tuple[str, str], ...]
    """Posts left out of the edition, each with the reason."""


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

    def run(self, step: Step) -> Summary:
        """Print what is approved.

        Raises `TooMuchWouldVanish`, or whatever the printer and the store raise.
        """
        with self.printer.lock():
            rung = self.store.rung()
            self.store.put_run(Run(rung, RunState.RUNNING, 0, 0, ""))
            try:
                summary = self._run(step)
            except Exception as error:
                told = isinstance(error, TooMuchWouldVanish)
                words = str(error) if told else type(error).__name__
                self.store.put_run(Run(rung, RunState.FAILED, 0, 0, words))
                raise
            up, down = len(summary.went_up), len(summary.came_down)
            self.store.put_run(Run(rung, RunState.DONE, up, down, ""))
            return summary

    def _run(self, step: Step) -> Summary:
        step("Reading what is approved")
        publishable, set_aside = self._publishable()
        past = Past(self.store.up(), self.store.next_slots())
        today = self.clock.now().date()
        planned = plan(publishable, past, self.rule, today, self.shuffle)
        try:
            self._refuse_if_unexplained(planned, past.up)
            self.store.record(given_places(planned, past), ())
            step("Writing the posts")
            mirrored = self._mirrored(planned, publishable)
            step("Building the pages")
            printed = self.printer.print_edition(purge=bool(planned.came_down or planned.changed))
        except (TooMuchWouldVanish, PrintFailed):
            # Better an edition with holes than one with words that were taken back.
            self.printer.strike(self._explained(planned.came_down))
            raise
        self.store.record([planned.rows[i] for i in planned.changed], planned.came_down)
        return Summary(
            went_up=planned.went_up,
            came_down=planned.came_down,
            changed=planned.changed,
            waiting=planned.waiting,
            pages=printed.pages,
            rewritten=mirrored.rewritten,
            removed=mirrored.removed,
            set_aside=(*set_aside, *printed.set_aside),
        )

    def _mirrored(self, planned: Plan, publishable: Publishable) -> Mirrored:
        meant = (*planned.came_down, *planned.changed)
        try:
            return self.mirror.write(planned.rows, publishable.records, meant)
        except NotWritten as error:
            raise PrintFailed(str(error)) from error

    def _publishable(self) -> tuple[Publishable, tuple[tuple[str, str], ...]]:
        """Approved posts and examples whose record is the one that was decided on."""
        posts: dict[str, Post] = {}
        records = {record.id: record for record in self.examples}
        set_aside = []
        for post, text in self.store.approved():
            record = record_of(post, text)
            if post.kind not in PRESSED_KINDS:
                set_aside.append((post.id, "this kind is never published"))
            elif fingerprint(record) != post.approved_hash:
                set_aside.append((post.id, "the stored text is not what was approved"))
            else:
                posts[post.id], records[post.id] = post, record
        return Publishable(posts, records), tuple(set_aside)

    def _refuse_if_unexplained(self, planned: Plan, up: Mapping[str, EditionRow]) -> None:
        unexplained = len(planned.came_down) - len(self._explained(planned.came_down))
        if unexplained > MOST_UNEXPLAINED and unexplained * 5 > len(up):
            raise TooMuchWouldVanish(
                f"{unexplained} of {len(up)} posts would vanish without a reason. "
                "Nothing was printed; please look at the store."
            )

    def _explained(self, came_down: Collection[str]) -> list[str]:
        """Those of these that their author or a moderator took down."""
        states = self.store.states(tuple(came_down))
        return [i for i in came_down if states.get(i, State.APPROVED) is not State.APPROVED]
