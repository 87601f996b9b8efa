"""The narrow store each use-case file needs: one Protocol each, and the rows that cross them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from forum.person import Challenge, Invitation, Moderator, Passkey, Session
from forum.post import Act, Kind, Post, State, Text


class Unavailable(Exception):
    """The store cannot answer now: a full disk, a lock held too long. Nothing was changed."""


class Changed(Exception):
    """Somebody changed the row since it was read. Nothing was changed by this call."""


class NameTaken(Exception):
    """Another post already carries this pen name."""


class AlreadySpent(Exception):
    """The form with this nonce has already been used."""


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, in UTC, with its zone."""


class Randomness(Protocol):
    """Where unguessable bytes come from."""

    def __call__(self, size: int, /) -> bytes:
        """`size` random bytes."""


@dataclass(frozen=True)
class SealedRow:
    """An author's row as stored: found by a keyed hash, opened only with the receipt."""

    lookup: bytes
    sealed: bytes
    before: bytes | None = None
    """The sealed bytes that these replace; None for a new row. Rows carry no count: it would
    tell how often a hand has shared."""


@dataclass(frozen=True)
class Spent:
    """A form that was sent: a hash of its nonce, a keyed hash of what was sent, and its post."""

    nonce: bytes
    body: bytes
    post_id: str
    day: date


@dataclass(frozen=True)
class Message:
    """The moderators' words to an author."""

    day: date
    words: str


@dataclass(frozen=True)
class Claim:
    """A moderator is reading a post, until the claim runs out."""

    post_id: str
    moderator: str
    until: datetime


@dataclass(frozen=True)
class Card:
    """What the queue shows of a post before it is opened: never its text."""

    post: Post
    claim: Claim | None


@dataclass(frozen=True)
class Place:
    """Where a page of the queue begins: after this day and id."""

    day: date
    post_id: str


@dataclass(frozen=True)
class Decision:
    """A line of the record of decisions: which day, who, what, which bytes; never the text."""

    day: date
    moderator: str
    act: Act
    post_id: str
    approved_hash: str | None


@dataclass(frozen=True)
class Undo:
    """What taking back a decision would restore; lives for a minute."""

    before: Post
    version: int
    """The post's version after the decision: undo is refused once it has moved on."""
    moderator: str
    until: datetime
    message: Message | None = None
    """The words its author had before. The store keeps the post's place beside them."""


@dataclass(frozen=True)
class EditionRow:
    """What says that a post is up: the hash of its record, its month, its permanent slots."""

    post_id: str
    hash: str
    """Empty while the next edition must show it again, in the place that an undo gave back."""
    month: str
    slots: Mapping[str, int]

    @property
    def shown(self) -> bool:
        """Whether readers see it. A post without a hash has only kept its places."""
        return bool(self.hash)


@dataclass(frozen=True)
class Unreadable:
    """A row of an approved post that makes no sense; only its id is known."""

    post_id: str


class RunState(Enum):
    """How a press run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """How the last press run stands; `rung` is the ring of the bell that it answers."""

    rung: int
    state: RunState
    went_up: int
    came_down: int
    words: str

    @property
    def finished(self) -> bool:
        """Whether the ring has its answer; a failed run leaves it waiting."""
        return self.state is RunState.DONE


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


class NotEnrolled(Exception):
    """No moderator has this id."""


class InvitationSpent(Exception):
    """The invitation was used, ran out, or was never given. Nothing was changed."""


class PersonNameTaken(Exception):
    """Another moderator goes by this name. Nothing was changed."""


class PasskeyTaken(Exception):
    """This passkey is already enrolled. Nothing was changed."""


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
