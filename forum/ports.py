"""The narrow store each use-case file needs: one Protocol each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from forum.person import Challenge, Invitation, Moderator, Passkey, Session
from forum.post import Kind, Post, State, Text
from forum.rows import (
    Card,
    Claim,
    Decision,
    EditionRow,
    Message,
    Place,
    Run,
    SealedRow,
    Spent,
    Undo,
    Unreadable,
)


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, in UTC, with its zone."""


class Randomness(Protocol):
    """Where unguessable bytes come from."""

    def __call__(self, size: int, /) -> bytes:
        """`size` random bytes."""


class VisitorStore(Protocol):
    """What the visitors' door may do: add, look at one post by id, take one back."""

    def add(self, post: Post, text: Text, author: SealedRow, spent: Spent) -> None:
        """Store all four rows or none; the author's row only over `author.before`.

        Raises `NameTaken`, `AlreadySpent`, `Changed` (the author's row), `Unavailable`.
        """

    def spent(self, nonce: bytes) -> Spent | None:
        """The submission made with this nonce."""

    def author(self, lookup: bytes) -> SealedRow | None:
        """The author's row under this keyed hash."""

    def post(self, post_id: str) -> Post | None:
        """One post without its text."""

    def message(self, post_id: str) -> Message | None:
        """The moderators' last words on it."""

    def is_up(self, post_id: str) -> bool:
        """Whether readers can see it now."""

    def withdraw(self, post: Post) -> None:
        """Put the post in its new state, erase its text and messages, ring the press's bell.

        `post.version` is one more than the stored one; raises `Changed` otherwise.
        """

    def closed(self) -> bool:
        """Whether the form is closed."""


class DeskStore(Protocol):
    """What the moderators' door may do with posts."""

    def counts(self) -> Mapping[tuple[Kind, State], int]:
        """How many posts stand where."""

    def cards(
        self, states: Sequence[State], after: Place | None, limit: int, now: datetime
    ) -> Sequence[Card]:
        """A page of the queue, oldest day first, with the claims that hold at `now`."""

    def post(self, post_id: str) -> Post | None:
        """One post without its text."""

    def text(self, post_id: str) -> Text | None:
        """Its text, if it is still kept."""

    def message(self, post_id: str) -> Message | None:
        """The last words sent to its author."""

    def is_up(self, post_id: str) -> bool:
        """Whether readers can see it now."""

    def claim(self, claim: Claim, now: datetime) -> Claim:
        """Take or renew the claim unless another holds at `now`; the claim that holds after."""

    def holder(self, post_id: str, now: datetime) -> Claim | None:
        """The claim that holds at `now`."""

    def release(self, post_id: str, moderator: str) -> None:
        """Give a claim up; nothing happens to another's."""

    def decide(
        self, post: Post, decision: Decision, message: Message | None, undo: Undo | None
    ) -> None:
        """Put the post in its new state with its decision, message and undo; end the
        moderator's own claim.

        `post.version` is one more than the stored one; raises `Changed` otherwise. Rings the
        press's bell when the post leaves the approved state. A decision that is an undo gives
        the post the place in the edition that it had, and rings for it too.
        """

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

    def set_closed(self, closed: bool) -> None:
        """Close or open the form."""


class PressStore(Protocol):
    """What the press may do: read what is approved, keep the edition record."""

    def approved(self) -> Iterator[tuple[Post, Text] | Unreadable]:
        """Every approved post with its text, by id; one bad row keeps no other back."""

    def states(self, post_ids: Sequence[str]) -> Mapping[str, State]:
        """The states of the posts that still have a row, as far as they can be read."""

    def up(self) -> Mapping[str, EditionRow]:
        """What is up, or has kept its places, by post id."""

    def next_slots(self) -> Mapping[str, int]:
        """The first free slot of every list that has ever had a post."""

    def record(self, put: Sequence[EditionRow], drop: Sequence[str]) -> None:
        """Change what is up, all or nothing; slots that were given are never given again."""

    def rung(self) -> int:
        """The number of the last ring of the bell."""

    def put_run(self, run: Run) -> None:
        """Record how a run stands; a finished one answers its ring."""


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

    def erase_spent(self, before: date) -> int:
        """Erase forms sent before this day; how many."""

    def erase_passing(self, now: datetime) -> int:
        """Erase claims and undos that ran out; how many."""

    def compact(self) -> None:
        """Leave no copy of what was erased in places that are no longer used."""


class Bell(Protocol):
    """What the worker beside the doors listens to, and what it does between rings."""

    def wanted(self) -> bool:
        """Whether a ring waits for an answer: only a finished run is one."""

    def tidy(self) -> None:
        """Cut whatever would show which rows were written together."""


class PeopleStore(Protocol):
    """What sign-in may do: keep moderators, their passkeys, and rows that soon run out."""

    def moderators(self) -> Sequence[Moderator]:
        """Everybody enrolled, longest first."""

    def moderator(self, moderator_id: str) -> Moderator | None:
        """One moderator."""

    def remove(self, moderator_id: str) -> bool:
        """Erase a moderator, their passkeys, sessions and claims; False if there was none."""

    def put_invitation(self, invitation: Invitation) -> bool:
        """Keep it. A first one voids those before it, and is refused once anybody is enrolled."""

    def invitation(self, digest: bytes) -> Invitation | None:
        """The invitation with this hash."""

    def enrol(self, digest: bytes, now: datetime, moderator: Moderator, passkey: Passkey) -> None:
        """Use up the invitation and add both rows, or do nothing; void every first invitation.

        Raises `InvitationSpent`, `PersonNameTaken` (names that fold alike), `PasskeyTaken`.
        """

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey with this id."""

    def count(self, passkey: Passkey, sign_count: int) -> None:
        """Put the new count in place of the one in `passkey`; raises `Changed` if it moved."""

    def put_challenge(self, challenge: Challenge, now: datetime) -> None:
        """Keep it, and forget challenges that ran out."""

    def take_challenge(self, value: bytes) -> Challenge | None:
        """Remove and return it: of two callers at once, one gets it."""

    def put_session(self, session: Session) -> None:
        """Keep it; raises `NotEnrolled` if its moderator is gone."""

    def session(self, session_id: str) -> Session | None:
        """The session, as long as its moderator is enrolled."""

    def see_session(self, session_id: str, at: datetime) -> None:
        """Note that it was used now; nothing happens if it is gone."""

    def drop_session(self, session_id: str) -> None:
        """End it; nothing happens if it is gone."""

    def erase_expired(self, now: datetime, idle_since: datetime) -> int:
        """Erase what ran out, and sessions not used after `idle_since`; how many rows."""
