"""Posts and texts as rows and back: one spelling of each field, shared by every table's code."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from forum.duty import Duty
from forum.post import Fields, Highlight, Kind, Post, State, Text
from forum.route import GRAVITY
from forum.rows import Message, Offer, Reason, Report, ReportState, Undo

POST_COLUMNS = (
    "id, kind, state, version, day, state_day, pen_name, fields, marks, approved_hash, "
    "reread, appealed, risk, language, first_reader, editors"
)
POST_MARKS = ", ".join("?" * len(POST_COLUMNS.split(",")))
"""A placeholder for each of them."""
TEXT_COLUMNS = "title, html, typed, removed, highlights"
TEXT_MARKS = ", ".join("?" * (1 + len(TEXT_COLUMNS.split(","))))
"""A placeholder for the post's id and for each of them."""
POST_NAMES = POST_COLUMNS.split(", ")
TEXT_NAMES = TEXT_COLUMNS.split(", ")
NONSENSE = (TypeError, ValueError, LookupError, AttributeError, RecursionError)
"""What parsing a row raises when somebody or something wrote into it."""
REPORT_COLUMNS = "id, post_id, reason, words, day, state, state_day"


def post_values(post: Post) -> tuple[object, ...]:
    """The values of `POST_COLUMNS`."""
    return (
        post.id,
        post.kind.value,
        post.state.value,
        post.version,
        post.day.isoformat(),
        post.state_day.isoformat(),
        post.pen_name,
        json.dumps(asdict(post.fields), sort_keys=True),
        json.dumps(post.marks),
        post.approved_hash,
        post.reread,
        post.appealed,
        post.route.rank,
        post.language,
        post.first_reader,
        json.dumps(post.editors),
    )


def post_from(row: Mapping[str, Any] | sqlite3.Row) -> Post:
    """The post in a row of `POST_COLUMNS`."""
    return Post(
        id=row["id"],
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        version=row["version"],
        day=date.fromisoformat(row["day"]),
        state_day=date.fromisoformat(row["state_day"]),
        pen_name=row["pen_name"],
        fields=_fields_from(json.loads(row["fields"])),
        marks=tuple(json.loads(row["marks"])),
        approved_hash=row["approved_hash"],
        reread=bool(row["reread"]),
        appealed=bool(row["appealed"]),
        route=GRAVITY[row["risk"]],
        language=row["language"],
        first_reader=row["first_reader"],
        editors=tuple(json.loads(row["editors"])),
    )


def text_values(post_id: str, text: Text) -> tuple[object, ...]:
    """Values for post_id and `TEXT_COLUMNS`."""
    highlights = [(mark.rule, mark.start, mark.end) for mark in text.highlights]
    kept = (json.dumps(text.removed), json.dumps(highlights))
    return (post_id, text.title, text.html, text.typed, *kept)


def text_from(row: Mapping[str, Any] | sqlite3.Row) -> Text:
    """The text in a row of `TEXT_COLUMNS`."""
    highlights = tuple(Highlight(*mark) for mark in json.loads(row["highlights"]))
    removed = tuple(json.loads(row["removed"]))
    return Text(row["title"], row["html"], row["typed"], removed, highlights)


def post_kept(post: Post) -> str:
    """The post as one JSON value, for a row that only keeps it for a moment."""
    return json.dumps(dict(zip(POST_NAMES, post_values(post), strict=True)))


def text_kept(text: Text | None) -> str | None:
    """The text as one JSON value."""
    return (
        json.dumps(dict(zip(TEXT_NAMES, text_values("", text)[1:], strict=True))) if text else None
    )


def post_given_back(kept: str) -> Post:
    """The post in one JSON value."""
    return post_from(json.loads(kept))


def text_given_back(kept: str | None) -> Text | None:
    """The text in one JSON value."""
    return text_from(json.loads(kept)) if kept else None


def offer_from(row: sqlite3.Row | None) -> Offer | None:
    """The offer in a row of hash and `TEXT_COLUMNS`."""
    return Offer(text_from(row), row["hash"]) if row else None


def report_from(row: sqlite3.Row) -> Report:
    """The report in a row of `REPORT_COLUMNS`."""
    return Report(
        id=row["id"],
        post_id=row["post_id"],
        reason=Reason(row["reason"]),
        words=row["words"],
        day=date.fromisoformat(row["day"]),
        state=ReportState(row["state"]),
        state_day=date.fromisoformat(row["state_day"]) if row["state_day"] else None,
    )


def message_from(row: sqlite3.Row | None) -> Message | None:
    """The message in a row of day, words."""
    return Message(date.fromisoformat(row["day"]), row["words"]) if row else None


def undo_from(row: Mapping[str, Any] | sqlite3.Row) -> Undo:
    """The undo in its row."""
    words, day = row["message_words"], row["message_day"]
    return Undo(
        before=post_given_back(row["before"]),
        version=row["version"],
        moderator=row["moderator"],
        until=datetime.fromtimestamp(row["until"], UTC),
        message=Message(date.fromisoformat(day), words) if day else None,
        batch=row["batch"],
        text=text_given_back(row["text"]),
    )


def duty_from(row: Mapping[str, Any] | sqlite3.Row) -> Duty:
    """The day in its row."""
    rest = row["rest_until"]
    return Duty(
        moderator=row["moderator"],
        day=date.fromisoformat(row["day"]),
        seen=datetime.fromtimestamp(row["seen"], UTC),
        heavy=row["heavy"],
        heavy_in_a_row=row["heavy_in_a_row"],
        seconds=row["seconds"],
        in_a_row_seconds=row["in_a_row_seconds"],
        rest_until=datetime.fromtimestamp(rest, UTC) if rest else None,
    )


def _fields_from(values: dict[str, Any]) -> Fields:
    known: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in values.items()}
    return Fields(**known)
