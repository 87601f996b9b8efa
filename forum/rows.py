"""What crosses the ports: the rows that stores keep, and what they raise when they cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from forum.post import WAITING, Act, Kind, Post, State, Text
from forum.route import Route


class Unavailable(Exception):
    """The store cannot answer now: a full disk, a lock held too long. Nothing was changed."""


class Changed(Exception):
    """Somebody changed the row since it was read. Nothing was changed by this call."""


class NameTaken(Exception):
    """Another post already carries this pen name."""


class AlreadySpent(Exception):
    """The form with this nonce has already been used."""


class NotUp(Exception):
    """No reader sees this post, or soon none will: there is nothing to report."""


class NotEnrolled(Exception):
    """No moderator has this id."""


class InvitationSpent(Exception):
    """The invitation was used, ran out, or was never given. Nothing was changed."""


class PersonNameTaken(Exception):
    """Another moderator goes by this name. Nothing was changed."""


class PasskeyTaken(Exception):
    """This passkey is already enrolled. Nothing was changed."""


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
    """A form that was sent: a hash of its nonce, a keyed hash of what was sent, what it made."""

    nonce: bytes
    body: bytes
    post_id: str
    """The id of its post; or of its report, if the form was one."""
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
    reports: int = 0
    """How many readers' reports on it wait for an answer."""
    length: int = 0
    """Characters of its text, tags and all; 0 once that is erased."""


@dataclass(frozen=True)
class Offer:
    """Changes that a moderator suggests: the whole text as it would be, and its record's hash."""

    text: Text
    hash: str


class Reason(Enum):
    """Why a reader wants us to look at a published post again."""

    IDENTIFIES_ME = "identifies-me"
    IDENTIFIES_SOMEONE = "identifies-someone"
    UNSAFE = "unsafe"
    CRUEL = "cruel"
    SELLING = "selling"
    WORRIED = "worried"
    OTHER = "other"


class ReportState(Enum):
    """How a report stands."""

    OPEN = "open"
    KEPT = "kept"
    """Somebody read the post again, and it stays on the site."""
    GONE = "gone"
    """The post is no longer on the site."""


@dataclass(frozen=True)
class Report:
    """A reader asks us to look at a published post again."""

    id: str
    post_id: str
    reason: Reason
    words: str
    day: date
    state: ReportState = ReportState.OPEN
    state_day: date | None = None
    """The day it was answered: retention counts from here."""


@dataclass(frozen=True)
class Place:
    """Where a page of the queue begins: after this route, day and id."""

    route: Route
    day: date
    post_id: str


@dataclass(frozen=True)
class Asked:
    """Which posts a page of the queue is about. Never over the text: an index would keep it."""

    states: Sequence[State] = WAITING
    kind: Kind | None = None
    route: Route | None = None
    topic: str = ""
    rule: str = ""
    language: str = ""


@dataclass(frozen=True)
class Decision:
    """A line of the record of decisions: which day, who, what, why, which bytes; never the text."""

    day: date
    moderator: str
    act: Act
    post_id: str
    approved_hash: str | None
    reason: str = ""
    """A reason code: the key of the message that was sent."""
    rules: tuple[str, ...] = ()
    """The rules that had marked what was decided on."""


class Verdict(Enum):
    """What a moderator makes of one marked stretch."""

    REPLACE = "replace"
    KEEP = "keep"
    """The rule is right, and the words may stay."""
    FALSE_ALARM = "false-alarm"
    """The rule is wrong here."""


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
    batch: str = ""
    """Shared by decisions that were made as one; empty for a single one."""
    text: Text | None = None
    """The text as it was, if the decision changed it."""


@dataclass(frozen=True)
class Decided:
    """A decision with all that is stored with it."""

    post: Post
    """As it is after the decision."""
    decision: Decision
    message: Message | None = None
    undo: Undo | None = None
    offer: Offer | None = None
    text: Text | None = None
    """The text as the moderator left it, if they changed it. The store keeps the author's own
    words beside it, to show what was changed, and puts them back with an undo to them."""
    verdicts: tuple[tuple[str, Verdict], ...] = ()
    """Each marked stretch by its rule, and what the moderator made of it; counted, by month."""


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
    mended: str = ""
    """What the last look at everything mended, a line each, whichever run that was."""

    @property
    def finished(self) -> bool:
        """Whether the ring has its answer; a failed run leaves it waiting."""
        return self.state is RunState.DONE
