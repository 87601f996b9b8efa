"""The press: mirror what is approved into content/posts, print it, record the edition.

What was approved is what is published: a record goes up only when its hash is the one its
decision carries. Nothing may ever block a removal: whatever breaks, what was taken back is struck
from the pages that stand. What comes down leaves the edition record only once it is down, so that
a run that dies is finished by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from forum.edition import (
    BatchRule,
    Past,
    Plan,
    Publishable,
    Shuffle,
    given_places,
    places_alone,
    plan,
)
from forum.mirror import Mirror, Mirrored, NotWritten
from forum.monthly import Monthly
from forum.ports import Clock, PressStore
from forum.post import PRESSED_KINDS, Post, Record, State, Text, fingerprint, record_of
from forum.rows import Run, RunState, Unreadable

MOST_UNEXPLAINED = 10
"""Posts that may vanish without a reason before the press refuses, if they are over a fifth."""
MOST_WORDS = 2_000
"""Characters that are kept of what a run has to tell."""

READ_AGAIN = frozenset({State.HIDDEN, State.SECOND})
"""States from which a post that was up may come back to where it was."""

Aside = tuple[str, str]
"""A post that is left out, by its id or its file, and why."""
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
    set_aside: tuple[Aside, ...]
    leftovers: tuple[str, ...] = ()
    """What lies among the editions and could not be removed, by name."""


class Printer(Protocol):
    """Builds the site from the mirror and puts the new edition in place of the old, whole."""

    def lock(self) -> AbstractContextManager[None]:
        """Only one press at a time holds this."""

    def print_edition(self, purge: bool) -> Printed:
        """Build and put in place; with `purge`, no earlier edition may remain.

        Raises `PrintFailed`.
        """

    def strike(self, post_ids: Collection[str]) -> None:
        """Take out of every edition each page that shows one of these, when none can be built.

        Raises `PrintFailed` when some could not be taken out, after all the others were.
        """


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
    set_aside: tuple[Aside, ...]
    leftovers: tuple[str, ...]
    """What lies among the editions and could not be removed."""

    @property
    def amiss(self) -> tuple[str, ...]:
        """What somebody should look at, a sentence each: ids, files and reasons, never a text."""
        return (
            *(f"{post_id} is left out: {why}." for post_id, why in self.set_aside),
            *(f"{name} was not what was approved; it is again." for name in self.rewritten),
            *(f"{name} had no business in content/posts; it is gone." for name in self.removed),
            *(f"{name} could not be removed from the editions." for name in self.leftovers),
        )

    @property
    def run_words(self) -> str:
        """All of that as a run keeps it, a line each."""
        words = "\n".join(self.amiss)[:MOST_WORDS]
        return words.encode("utf-8", "replace").decode("utf-8")  # a file can have any name


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

    def run(self, step: Step) -> Summary:
        """Print what is approved.

        Raises `TooMuchWouldVanish`, or whatever the printer and the store raise.
        """
        with self.printer.lock():
            explained = self._explained(self.store.up())
            try:
                return self._recorded(step)
            except Exception:
                # Better an edition with holes than one with words that were taken back, or out.
                with suppress(Exception):  # the first error is the one to tell
                    self.printer.strike(explained)
                with suppress(Exception):
                    self.printer.strike(self._edited())
                raise

    def _recorded(self, step: Step) -> Summary:
        rung = self.store.rung()
        self.store.put_run(Run(rung, RunState.RUNNING, 0, 0, ""))
        try:
            summary = self._run(step)
        except Exception as error:
            told = isinstance(error, TooMuchWouldVanish)
            words = str(error) if told else type(error).__name__
            with suppress(Exception):
                self.store.put_run(Run(rung, RunState.FAILED, 0, 0, words))
            raise
        up, down = len(summary.went_up), len(summary.came_down)
        self.store.put_run(Run(rung, RunState.DONE, up, down, summary.run_words))
        return summary

    def _run(self, step: Step) -> Summary:
        step("Reading what is approved")
        publishable, set_aside = self._publishable()
        past = self._past()
        planned = plan(publishable, past, self.rule, self.clock.now().date(), self.shuffle)
        self._refuse_if_unexplained(planned, len(past.up))
        self.store.record(given_places(planned, past), ())
        uncounted = self._write_numbers()
        try:
            mirrored, printed = self._printed(planned, publishable, step)
        except Exception:
            with suppress(Exception):  # nobody may be told to look where there is no page
                self.store.record(places_alone(planned, planned.went_up), ())
            raise
        left_out = {post_id for post_id, _ in printed.set_aside}
        changed = [planned.rows[i] for i in planned.changed]
        alone = (*places_alone(planned, left_out), *planned.hidden)
        self.store.record([*changed, *alone], planned.dropped)
        return Summary(
            went_up=tuple(i for i in planned.went_up if i not in left_out),
            came_down=planned.came_down,
            changed=planned.changed,
            waiting=planned.waiting,
            pages=printed.pages,
            rewritten=mirrored.rewritten,
            removed=mirrored.removed,
            set_aside=(*set_aside, *uncounted, *printed.set_aside),
            leftovers=printed.leftovers,
        )

    def _write_numbers(self) -> tuple[Aside, ...]:
        """Bring the months' totals up to date; if that fails, the old ones stay."""
        try:
            if self.numbers:
                self.numbers.write(self.clock.now().date())
        except Exception as error:  # noqa: BLE001 - no total is worth a removal
            why = f"it cannot be written ({type(error).__name__})"
            return (("The file of the months' totals", why),)
        return ()

    def _past(self) -> Past:
        up = self.store.up()
        states = self.store.states(tuple(up))
        hidden = [post_id for post_id, state in states.items() if state in READ_AGAIN]
        return Past(up, self.store.next_slots(), hidden)

    def _printed(
        self, planned: Plan, publishable: Publishable, step: Step
    ) -> tuple[Mirrored, Printed]:
        step("Writing the posts")
        mirrored = self._mirrored(planned, publishable)
        step("Building the pages")
        purge = bool(planned.came_down or planned.changed or planned.hidden)
        return mirrored, self.printer.print_edition(purge=purge)

    def _mirrored(self, planned: Plan, publishable: Publishable) -> Mirrored:
        meant = (*planned.came_down, *planned.changed)
        try:
            return self.mirror.write(planned.rows, publishable.records, meant)
        except NotWritten as error:
            raise PrintFailed(str(error)) from error

    def _publishable(self) -> tuple[Publishable, tuple[Aside, ...]]:
        """Approved posts and examples whose record is the one that was decided on."""
        posts: dict[str, Post] = {}
        records = {record.id: record for record in self.examples}
        set_aside = []
        for found in self.store.approved():
            if isinstance(found, Unreadable):
                set_aside.append((found.post_id, "the stored row cannot be read"))
                continue
            post, text = found
            if why := _unfit(post, text):
                set_aside.append((post.id, why))
            else:
                posts[post.id], records[post.id] = post, record_of(post, text)
        return Publishable(posts, records), tuple(set_aside)

    def _refuse_if_unexplained(self, planned: Plan, up: int) -> None:
        unexplained = len(planned.came_down) - len(self._explained(planned.came_down))
        if unexplained > MOST_UNEXPLAINED and unexplained * 5 > up:
            raise TooMuchWouldVanish(
                f"{unexplained} of {up} posts would vanish without a reason. "
                "Nothing was printed; please look at the store."
            )

    def _edited(self) -> list[str]:
        """Those that readers see in other words than were decided on since."""
        up = self.store.up()
        readable = [one for one in self.store.approved() if not isinstance(one, Unreadable)]
        return [
            post.id
            for post, _ in readable
            if post.id in up and up[post.id].shown and up[post.id].hash != post.approved_hash
        ]

    def _explained(self, post_ids: Collection[str]) -> list[str]:
        """Those of these that their author or a moderator took down."""
        states = self.store.states(tuple(post_ids))
        return [i for i in post_ids if states.get(i, State.APPROVED) is not State.APPROVED]


def _unfit(post: Post, text: Text) -> str:
    """Why an approved post may not go up; "" when nothing speaks against it."""
    if post.kind not in PRESSED_KINDS:
        return "this kind is never published"
    try:
        same = fingerprint(record_of(post, text)) == post.approved_hash
    except (TypeError, ValueError, AttributeError):  # somebody wrote into the row
        return "the stored row cannot be read"
    return "" if same else "the stored text is not what was approved"
