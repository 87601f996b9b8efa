"""What a post is and what may happen to it: one enum of states, one table of moves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from forum.route import Route

FORMAT = 1
"""Version of the canonical record, the contract between the press and Pelican."""


class Kind(Enum):
    """What a visitor can write. Kinds differ in length, fields and where they appear."""

    STORY = "story"
    REPLY = "reply"
    CHECK_IN = "check-in"
    COPING = "coping"
    LETTER = "letter"
    CANARY = "canary"
    """No post of a person: it checks that everything works, and stands in no list."""


class State(Enum):
    """Where a post stands. "Published" is not a state: the edition record says what is up."""

    RECEIVED = "received"
    SECOND = "second"
    RETURNED = "returned"
    OFFERED = "offered"
    ESCALATED = "escalated"
    APPROVED = "approved"
    DECLINED = "declined"
    APPEALED = "appealed"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken-down"


class Act(Enum):
    """What somebody may do to a post."""

    APPROVE = "approve"
    ASK_SECOND = "ask-second"
    RETURN = "return"
    OFFER = "offer"
    DECLINE = "decline"
    ESCALATE = "escalate"
    TAKE_DOWN = "take-down"
    HIDE = "hide"
    """Off the site until somebody reads it again: readers asked for that."""
    KEEP = "keep"
    """Read again because readers asked for that, and left on the site."""
    REVISE = "revise"
    ACCEPT = "accept"
    AGREE = "agree"
    """Accept changes to a post that two people must read: they have not yet."""
    REFUSE = "refuse"
    """Its author does not want the changes that were offered."""
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    CONCLUDE = "conclude"
    """Write down how the care for an escalated post ended; nothing more can be done."""
    UNDO = "undo"
    """Take back the decision before it; in no table of moves, for it leads wherever that began."""


WAITING = (State.RECEIVED, State.SECOND, State.APPEALED, State.HIDDEN)
"""States in which a post waits for a moderator."""

SECOND_OPINION = "second-opinion"
"""Mark: the two sanitizers did not agree, so the post is held for a closer look."""
NOT_SCREENED = "not-screened"
"""Mark: screening could not read all of it, another language for instance. That is no verdict."""

_DECISIONS = {
    Act.APPROVE: State.APPROVED,
    Act.ASK_SECOND: State.SECOND,
    Act.RETURN: State.RETURNED,
    Act.OFFER: State.OFFERED,
    Act.DECLINE: State.DECLINED,
    Act.ESCALATE: State.ESCALATED,
}

_PUBLIC: dict[State, dict[Act, State]] = {
    **{state: dict(_DECISIONS) for state in WAITING},
    State.HIDDEN: {
        Act.KEEP: State.APPROVED,
        Act.ASK_SECOND: State.SECOND,
        Act.RETURN: State.RETURNED,
        Act.OFFER: State.OFFERED,
        Act.ESCALATE: State.ESCALATED,
        Act.TAKE_DOWN: State.TAKEN_DOWN,
    },
    State.RETURNED: {Act.REVISE: State.RECEIVED},
    State.OFFERED: {
        Act.ACCEPT: State.APPROVED,
        Act.AGREE: State.SECOND,
        Act.REVISE: State.RECEIVED,
        Act.REFUSE: State.DECLINED,
    },
    State.ESCALATED: {Act.CONCLUDE: State.ESCALATED},
    State.APPROVED: {
        Act.KEEP: State.APPROVED,
        Act.ASK_SECOND: State.SECOND,
        Act.TAKE_DOWN: State.TAKEN_DOWN,
        Act.HIDE: State.HIDDEN,
    },
    State.DECLINED: {Act.APPEAL: State.APPEALED},
    State.TAKEN_DOWN: {Act.APPEAL: State.APPEALED},
    State.WITHDRAWN: {},
}

_PRIVATE: dict[State, dict[Act, State]] = {
    State.RECEIVED: {Act.DECLINE: State.DECLINED, Act.ESCALATE: State.ESCALATED},
    State.ESCALATED: {Act.CONCLUDE: State.ESCALATED},
    State.DECLINED: {},
    State.WITHDRAWN: {},
}


def _with_withdrawal(moves: dict[State, dict[Act, State]]) -> dict[State, dict[Act, State]]:
    """An author may take a post back from anywhere but where it is already gone."""
    gone = State.WITHDRAWN
    return {s: acts if s is gone else {**acts, Act.WITHDRAW: gone} for s, acts in moves.items()}


MOVES: dict[Kind, dict[State, dict[Act, State]]] = {
    Kind.STORY: _with_withdrawal(_PUBLIC),
    Kind.REPLY: _with_withdrawal(_PUBLIC),
    Kind.CHECK_IN: _with_withdrawal(_PUBLIC),
    Kind.COPING: _with_withdrawal(_PUBLIC),
    Kind.LETTER: _with_withdrawal(_PRIVATE),
    Kind.CANARY: _with_withdrawal(_PUBLIC),
}
"""One table of moves per kind. A letter has no path to approved, and an escalated post has none
left but being taken back or erased by its clock."""

OPEN_KINDS = frozenset({Kind.STORY})
"""Kinds that visitors may write today."""

TAKEN_KINDS = OPEN_KINDS | {Kind.CANARY}
"""Kinds that the visitors' door takes."""

PRESSED_KINDS = frozenset({Kind.STORY, Kind.CANARY})
"""Kinds that the press may ever publish, whatever their state says."""


class NotAllowed(Exception):
    """The table of moves has no such move."""


@dataclass(frozen=True)
class Fields:
    """What an author says about a post besides its text: slugs of the vocabulary."""

    topics: tuple[str, ...] = ()
    stage: str = ""
    arc: str = ""
    helped: tuple[str, ...] = ()
    about_me: tuple[str, ...] = ()
    content_notes: tuple[str, ...] = ()
    to: str = ""
    findable: bool = False
    help: tuple[str, ...] = ()
    """Help blocks that stand under the post; moderators choose them."""


@dataclass(frozen=True)
class Highlight:
    """A stretch of the typed text that a screening rule marked: rule id, characters from, to."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """What an author wrote. `typed` is None once only the approved record is kept."""

    title: str
    html: str
    typed: str | None
    removed: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = ()


@dataclass(frozen=True)
class Post:
    """A post without its text. `version` grows by one with every change."""

    id: str
    kind: Kind
    state: State
    version: int
    day: date
    """The day it was sent; no finer time is ever kept."""
    state_day: date
    """The day it came to its state: retention counts from here. Hiding a post and keeping it leave
    the day on which it was approved."""
    pen_name: str
    fields: Fields
    marks: tuple[str, ...] = ()
    """Why it needs a closer look, in rule ids; never a word of the text."""
    route: Route = Route.NOTE
    """The gravest of its marks: what is read first, and by how many."""
    language: str = ""
    """A code such as "en", or "und" where it cannot be told; "" once it is forgotten."""
    approved_hash: str | None = None
    """SHA-256 of the canonical record that was approved; by one of two, while a second reads."""
    first_reader: str = ""
    """Who approved it, of two that must."""
    editors: tuple[str, ...] = ()
    """Who changed its words or fields since they were its author's own, by id."""
    reread: bool = False
    """Somebody read these words again and kept them: reports alone hide them no more."""
    appealed: bool = False
    """Its author has asked once that somebody else decides; these words have no second appeal."""

    @property
    def needs_two(self) -> bool:
        """Whether two people must approve the same words before anybody else reads them."""
        return self.route is Route.HOLD2


def moved(post: Post, act: Act, today: date) -> Post:
    """The post after `act`; raise `NotAllowed` where the table has no such move."""
    if act not in allowed(post):
        raise NotAllowed(f"{post.kind.value}: no {act.value} from {post.state.value}")
    state = MOVES[post.kind][post.state][act]
    keeps_hash = state in (State.APPROVED, State.HIDDEN)
    new_words = act in (Act.REVISE, Act.ACCEPT, Act.AGREE)
    read_again = act is Act.KEEP or (act is Act.APPROVE and post.appealed)
    read_again |= act is Act.ASK_SECOND and post.state in (State.APPROVED, State.HIDDEN)
    stays = state is post.state or act in (Act.HIDE, Act.KEEP)
    return replace(
        post,
        state=state,
        version=post.version + 1,
        state_day=post.state_day if stays else today,
        approved_hash=post.approved_hash if keeps_hash else None,
        first_reader="",
        editors=() if act is Act.REVISE else post.editors,
        reread=(post.reread or read_again) and not new_words,
        appealed=(post.appealed or act is Act.APPEAL) and not new_words,
    )


def allowed(post: Post) -> frozenset[Act]:
    """Everything that may happen to the post as it stands.

    The same words have no second appeal. Changes are accepted for good where one reader is enough,
    and agreed to where two must read them first.
    """
    acts = frozenset(MOVES[post.kind].get(post.state, {}))
    other = Act.ACCEPT if post.needs_two or post.first_reader else Act.AGREE
    return acts - {other, Act.APPEAL} if post.appealed else acts - {other}


@dataclass(frozen=True)
class Record:
    """The published form of a post: every field a reader can see, and nothing else."""

    id: str
    kind: str
    title: str
    body: str
    pen_name: str
    topics: tuple[str, ...] = ()
    stage: str = ""
    arc: str = ""
    helped: tuple[str, ...] = ()
    about_me: tuple[str, ...] = ()
    content_notes: tuple[str, ...] = ()
    to: str = ""
    findable: bool = False
    help: tuple[str, ...] = ()
    example: bool = False
    format: int = FORMAT


def record_of(post: Post, text: Text) -> Record:
    """The record that approving this post with this text would publish."""
    return Record(
        id=post.id,
        kind=post.kind.value,
        title=text.title,
        body=text.html,
        pen_name=post.pen_name,
        topics=tuple(sorted(post.fields.topics)),
        stage=post.fields.stage,
        arc=post.fields.arc,
        helped=tuple(sorted(post.fields.helped)),
        about_me=tuple(sorted(post.fields.about_me)),
        content_notes=tuple(sorted(post.fields.content_notes)),
        to=post.fields.to,
        findable=post.fields.findable,
        help=tuple(sorted(post.fields.help)),
    )


_SINCE = ("help",)
"""Fields that records have not always had: they stand only where they hold something, so that
what was approved before keeps its bytes."""


def canonical(record: Record) -> bytes:
    """The one byte form of a record: its file in content/posts, and what its hash covers."""
    fields = {name: held for name, held in vars(record).items() if held or name not in _SINCE}
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return (text + "\n").encode("utf-8")


def fingerprint(record: Record) -> str:
    """SHA-256, in hex, of the canonical record: what a decision is bound to."""
    return hashlib.sha256(canonical(record)).hexdigest()
