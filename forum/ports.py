"""The narrow store each use-case file needs: one Protocol each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from forum.figures import WaitStore
from forum.post import Kind, Post, State, Text
from forum.rows import (
    Asked,
    Card,
    Claim,
    Decided,
    Decision,
    Message,
    Offer,
    Place,
    Report,
    Run,
    SealedRow,
    Spent,
    Undo,
)


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, in UTC, with its zone."""


class Randomness(Protocol):
    """Where unguessable bytes come from."""

    def __call__(self, size: int, /) -> bytes:
        """`size` random bytes."""


class AuthorStore(Protocol):
    """What opening an author's row needs: the row, and which of what it names is left."""

    def author(self, lookup: bytes) -> SealedRow | None:
        """The author's row under this keyed hash."""

    def is_kept(self, held_id: str) -> bool:
        """Whether there still is a post or a report with this id."""


class CrowdStore(Protocol):
    """What tells whether the form can take more."""

    def closed(self) -> bool:
        """Whether the form was closed by a person."""

    def unread_reaches(self, most: int) -> bool:
        """Whether at least so many posts wait to be read for the first time."""

    def oldest_unread(self) -> date | None:
        """The day since which the oldest of these waits; None when there are none."""


class VisitorStore(AuthorStore, CrowdStore, WaitStore, Protocol):
    """What sharing may do: add, and look at one post by its id."""

    def add(self, post: Post, text: Text, author: SealedRow, spent: Spent) -> None:
        """Store all four rows or none; the author's row only over `author.before`.

        Raises `NameTaken`, `AlreadySpent`, `Changed` (the author's row), `Unavailable`.
        """

    def spent(self, nonce: bytes) -> Spent | None:
        """What was made of the form with this mark."""

    def post(self, post_id: str) -> Post | None:
        """One post without its text."""


class HolderStore(AuthorStore, WaitStore, Protocol):
    """What the holder of a receipt may do: see and change what is theirs, by its id."""

    def post(self, post_id: str) -> Post | None:
        """One post without its text."""

    def text(self, post_id: str) -> Text | None:
        """Its text, if it is still kept."""

    def message(self, post_id: str) -> Message | None:
        """The moderators' last words on it."""

    def offer(self, post_id: str) -> Offer | None:
        """The changes that were suggested, while they stand."""

    def original(self, post_id: str) -> Text | None:
        """The author's own words, where a moderator took identifying detail out of them."""

    def report(self, report_id: str) -> Report | None:
        """One report."""

    def is_up(self, post_id: str) -> bool:
        """Whether readers can see it now."""

    def move(self, post: Post) -> None:
        """Put the post in its new state, and end its offer.

        `post.version` is one more than the stored one; raises `Changed` otherwise, here and below.
        """

    def rewrite(self, post: Post, text: Text) -> None:
        """Put the post in its new state with this text in place of the old; end its offer."""

    def withdraw(self, post: Post) -> None:
        """Put the post in its new state, erase its text, messages and offer, answer its reports,
        ring the press's bell."""

    def forget(self, lookup: bytes, sealed: bytes) -> None:
        """Erase an author's row; raises `Changed` if it is not the one that was read."""


class ReportStore(AuthorStore, Protocol):
    """What a reader who reports may do: see that a post is up, and add a report."""

    def is_up(self, post_id: str) -> bool:
        """Whether readers see it now, and go on seeing it."""

    def spent(self, nonce: bytes) -> Spent | None:
        """What was made of the form with this mark."""

    def report(self, report_id: str) -> Report | None:
        """One report."""

    def add_report(self, report: Report, author: SealedRow, spent: Spent) -> None:
        """Store all three rows or none.

        Raises `AlreadySpent`, `NotUp` (the post left meanwhile), `Changed` (the author's row).
        """


class SweepStore(Protocol):
    """What the sweep may do: hide posts that readers reported."""

    def reported(self, enough: int) -> Sequence[Post]:
        """Approved posts with at least so many open reports, most reports first, then by id."""

    def hidden_on(self, day: date, by: str) -> int:
        """How many posts this hand hid on this day."""

    def hide(self, post: Post, decision: Decision, most: int) -> None:
        """Put the post in its new state with its decision, and ring the press's bell.

        `post.version` is one more than the stored one, and this hand has hidden fewer than `most`
        on the decision's day; raises `Changed` otherwise.
        """


class DeskStore(Protocol):
    """What the moderators' door may do with posts."""

    def counts(self) -> Mapping[tuple[Kind, State], int]:
        """How many posts stand where."""

    def cards(self, asked: Asked, after: Place | None, limit: int, now: datetime) -> Sequence[Card]:
        """A page of the queue, gravest route first, then oldest day, with the claims that hold at
        `now`."""

    def crew(self) -> int:
        """How many people are enrolled to read and decide."""

    def post(self, post_id: str) -> Post | None:
        """One post without its text."""

    def text(self, post_id: str) -> Text | None:
        """Its text, if it is still kept."""

    def message(self, post_id: str) -> Message | None:
        """The last words sent to its author."""

    def is_up(self, post_id: str) -> bool:
        """Whether readers can see it now."""

    def offer(self, post_id: str) -> Offer | None:
        """The changes that were suggested, while they stand."""

    def original(self, post_id: str) -> Text | None:
        """The author's own words, where a moderator took identifying detail out of them."""

    def reported(self, limit: int, now: datetime) -> Sequence[Card]:
        """Posts with open reports, whatever their state: first those that are said to show who
        somebody is, then most reports first, then by age."""

    def reports(self, post_id: str) -> Sequence[Report]:
        """Every report on one post that is still kept, oldest day first."""

    def unread(self) -> Iterator[tuple[Post, Text]]:
        """Every post that waits to be read for the first time, with its text, by id."""

    def claim(self, claim: Claim, now: datetime) -> Claim:
        """Take or renew the claim unless another holds at `now`; the claim that holds after.

        The first claim of all on a post counts, on the claim's day, how long it had waited.
        """

    def holder(self, post_id: str, now: datetime) -> Claim | None:
        """The claim that holds at `now`."""

    def release(self, post_id: str, moderator: str) -> None:
        """Give a claim up; nothing happens to another's."""

    def decide(self, *decided: Decided) -> None:
        """Put each post in its new state with all that belongs to the decision, or change nothing.

        Each `post.version` is one more than the stored one; raises `Changed` otherwise. The
        moderator's own claim ends; open reports are answered by any decision but asking for a
        second reader. Rings the press's bell when a post leaves the approved state, and when one
        that was hidden is kept. A decision
        that is an undo gives the post its reports back, and the place in the edition that it had,
        and rings for that too.
        """

    def undos(self, batch: str) -> Sequence[Undo]:
        """What the decisions made as one could be taken back to, by post id."""

    def undo(self, post_id: str) -> Undo | None:
        """What the last decision on this post could be taken back to."""

    def decisions(self, post_id: str) -> Sequence[Decision]:
        """The record of decisions on one post, oldest first."""

    def ring(self) -> int:
        """Ask for a press run; the number of this ring."""

    def last_run(self) -> Run | None:
        """The latest press run that was recorded."""

    def closed(self) -> bool:
        """Whether the form is closed."""

    def set_closed(self, closed: bool, day: date, who: str) -> None:
        """Close or open the form."""


class RetentionStore(Protocol):
    """What the clocks of docs/retention.md may erase."""

    def erase_posts(self, state: State, before: date) -> int:
        """Erase posts, texts and messages that came to `state` before this day; how many.

        A post that is in the edition record stays: its row is why it comes down.
        """

    def erase_typed(self, before: date) -> int:
        """Of posts approved before this day keep only the approved record; how many.

        The marks go too, and of the day it was sent only the month is kept.
        """

    def erase_reports(self, before: date) -> int:
        """Erase reports that were answered before this day; how many.

        One that nobody will answer goes too, counted from its own day: it came in at the moment
        when its post left the site for good.
        """

    def erase_spent(self, before: date) -> int:
        """Erase forms sent before this day; how many."""

    def erase_passing(self, now: datetime) -> int:
        """Erase claims and undos that ran out; how many."""

    def erase_tallies(self, waits: date, verdicts: date) -> int:
        """Erase counts of waits that ended before the first day, and all before the second."""

    def compact(self) -> None:
        """Leave no copy of what was erased in places that are no longer used."""
