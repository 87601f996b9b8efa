"""Builders with defaults for the core's tests: say only what a test is about.

Also a clock that moves only when told, and random bytes that are the same in every run.
"""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from forum.keys import Key, Keyring
from forum.ports import DeskStore, ReportStore, VisitorStore
from forum.post import Act, Fields, Kind, Post, State, Text, fingerprint, moved, record_of
from forum.rows import (
    Claim,
    Decided,
    Decision,
    EditionRow,
    Message,
    Offer,
    Reason,
    Report,
    SealedRow,
    Spent,
    Undo,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOON.date()

STORY = "I stopped counting days and started counting walks.\n\nIt took a while, and it helped."


@dataclass
class FakeClock:
    """A clock that moves only when it is told to, also backwards."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def advance(self, **time: float) -> None:
        """Move on by days, hours, minutes or seconds; negative ones move it back."""
        self.moment += timedelta(**time)


@dataclass
class SeededBytes:
    """Randomness that is the same in every run."""

    seed: int = 0
    _source: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._source = random.Random(self.seed)

    def __call__(self, size: int, /) -> bytes:
        return self._source.randbytes(size)


def make_keyring(*versions: str, purpose: str = "test") -> Keyring:
    """A ring with these versions, newest first; the same words always give the same secrets."""
    names = versions or ("v1",)
    return Keyring(tuple(Key(v, hashlib.sha256(f"{purpose} {v}".encode()).digest()) for v in names))


def make_id(number: int = 0) -> str:
    """The id of the post with this number: sixteen letters and digits, in no order."""
    digest = hashlib.sha256(f"post {number}".encode()).digest()
    return base64.b32encode(digest[:10]).decode("ascii").lower()


def make_fields(**given: Any) -> Fields:
    return Fields(**{"topics": ("alcohol",), "stage": "first-year", "helped": ("nature",)} | given)


def make_text(**given: Any) -> Text:
    html = "<p>I stopped counting days and started counting walks.</p>"
    return Text(**{"title": "Counting walks", "html": html, "typed": STORY} | given)


LENGTH = len(make_text().html)
"""What the card of a post with that text says of its length."""


def make_post(number: int = 0, **given: Any) -> Post:
    """A story that has just come in; another number gives another id and pen name."""
    values: dict[str, Any] = {
        "id": make_id(number),
        "kind": Kind.STORY,
        "state": State.RECEIVED,
        "version": 1,
        "day": TODAY,
        "state_day": TODAY,
        "pen_name": f"Quiet Heron {number}",
        "fields": make_fields(),
    }
    return Post(**values | given)


def make_author(number: int = 0, **given: Any) -> SealedRow:
    """A row that is not stored yet, for the hand with this number."""
    lookup = hashlib.sha256(f"hand {number}".encode()).digest()
    return SealedRow(**{"lookup": lookup, "sealed": b"s" * 600} | given)


def make_spent(number: int = 0, **given: Any) -> Spent:
    nonce = hashlib.sha256(f"nonce {number}".encode()).digest()[:16]
    values = {"nonce": nonce, "body": b"b" * 32, "post_id": make_id(number), "day": TODAY}
    return Spent(**values | given)


def make_message(**given: Any) -> Message:
    return Message(**{"day": TODAY, "words": "Please take out the name of the town."} | given)


def make_claim(number: int = 0, **given: Any) -> Claim:
    values = {"post_id": make_id(number), "moderator": "robin", "until": NOON + timedelta(hours=1)}
    return Claim(**values | given)


def make_decision(number: int = 0, **given: Any) -> Decision:
    values: dict[str, Any] = {
        "day": TODAY,
        "moderator": "robin",
        "act": Act.RETURN,
        "post_id": make_id(number),
        "approved_hash": None,
    }
    return Decision(**values | given)


def make_undo(before: Post, **given: Any) -> Undo:
    """What takes the decision back that came right after `before`."""
    values: dict[str, Any] = {
        "before": before,
        "version": before.version + 1,
        "moderator": "robin",
        "until": NOON + timedelta(minutes=1),
    }
    return Undo(**values | given)


def make_decided(before: Post, act: Act, **given: Any) -> Decided:
    """That somebody did this to the post today; say only what else is stored with it."""
    decision = make_decision(post_id=before.id, act=act)
    return Decided(**{"post": moved(before, act, TODAY), "decision": decision} | given)


def make_undone(undo: Undo) -> Decided:
    """That its decision is taken back."""
    back = replace(undo.before, version=undo.version + 1)
    decision = make_decision(post_id=back.id, act=Act.UNDO, moderator=undo.moderator)
    return Decided(back, decision, undo.message)


def make_offer(post: Post, **given: Any) -> Offer:
    """Changes to this post's text: the whole text, and the hash of its record."""
    text = make_text(**{"html": "<p>I counted walks.</p>", "typed": "I counted walks."} | given)
    return Offer(text, fingerprint(record_of(post, text)))


def make_report(number: int = 0, **given: Any) -> Report:
    """A reader's report with an id of its own, on the post with number 0."""
    values: dict[str, Any] = {
        "id": make_id(1_000_000 + number),
        "post_id": make_id(),
        "reason": Reason.UNSAFE,
        "words": "It names the street she lives in.",
        "day": TODAY,
    }
    return Report(**values | given)


def make_edition_row(number: int = 0, **given: Any) -> EditionRow:
    values: dict[str, Any] = {
        "post_id": make_id(number),
        "hash": "f" * 64,
        "month": "2026-11",
        "slots": {"stories": number},
    }
    return EditionRow(**values | given)


def make_given(**given: str | Sequence[str] | None) -> Mapping[str, Sequence[str]]:
    """A form as it comes, right in every field; None takes a field out."""
    form: dict[str, str | Sequence[str] | None] = {
        "kind": "story",
        "title": "Counting walks",
        "body": STORY,
        "topic": ["alcohol", "anxiety"],
        "stage": "first-year",
        "arc": "up-and-down",
        "helped": ["nature"],
        "about_me": ["parent"],
        "content_note": ["alcohol"],
        "findable": "no",
        "receipt": "",
        "website": "",
        "consent": "yes",
        "token": "",
    }
    return {
        name: [value] if isinstance(value, str) else list(value)
        for name, value in (form | given).items()
        if value is not None
    }


def keep(visitors: VisitorStore, post: Post, text: Text | None = None, number: int = 0) -> Post:
    """Store a post under a hand and a form of its own; give it back."""
    number = number or int.from_bytes(post.id.encode(), "big")
    spent = make_spent(number, post_id=post.id)
    visitors.add(post, text or make_text(), make_author(number), spent)
    return post


def tell(reports: ReportStore, report: Report) -> Report:
    """Store a report under a hand and a form of its own; give it back."""
    number = int.from_bytes(report.id.encode(), "big")
    reports.add_report(report, make_author(number), make_spent(number, post_id=report.id))
    return report


def decide(desk: DeskStore, before: Post, act: Act, **given: Any) -> Post:
    """Store that somebody did this to the post; the post after it."""
    decided = make_decided(before, act, **given)
    desk.decide(decided)
    return decided.post


def days(number: int) -> date:
    """The day that many days after the tests' today."""
    return TODAY + timedelta(days=number)
