"""Reading one post and deciding it: the text as typed beside the text as it will appear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from chalice.app import Request, Response
from markupsafe import Markup

from doors.answers import page, to
from doors.forms import Given, WrongTypes, first, read_form
from forum.desk import (
    Desk,
    HeldByAnother,
    NoSuchPost,
    NothingToUndo,
    Reading,
    Seen,
    Stale,
    WordsNeeded,
)
from forum.post import Act, NotAllowed, Post
from forum.vocabulary import label
from moderation.door.guard import Person
from moderation.door.queue import Names
from moderation.door.wording import ACTS, KINDS, MARKS, STATES, SUGGESTED

QUEUE = "/moderation/"
WORDS_ERROR = (
    "Please write the author a few words, up to 2,000 characters. "
    "They read them with their receipt."
)


def show(
    desk: Desk,
    person: Person,
    names: Names,
    post_id: str,
    kept: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    """The page of one post; `kept` is a message that was typed and must not be lost."""
    try:
        reading = desk.read(post_id)
    except NoSuchPost:
        return gone(person, kept)
    mine = reading.claim is not None and reading.claim.moderator == person.moderator.id
    return page(
        "desk/read.html",
        status,
        person=person,
        post=_for_people(reading),
        text=reading.text,
        body=Markup(reading.text.html if reading.text else ""),  # noqa: S704 - sanitized on entry
        claim=_claim(reading, names, desk.clock.now()),
        mine=mine,
        hash=reading.hash,
        can={act.value: mine and act in reading.acts for act in Act},
        suggested={act.value: words for act, words in SUGGESTED.items()},
        kept=kept,
        error=error,
        undo=reading.undo is not None and reading.undo.moderator == person.moderator.id,
        decisions=_decisions(reading, names),
    )


def claim(desk: Desk, person: Person, names: Names, post_id: str) -> Response:
    """Take the post to read it."""
    try:
        desk.claim(post_id, person.moderator.id)
    except HeldByAnother as held:
        return _conflict(person, names, post_id, "held", held.claim.moderator, "")
    except NoSuchPost:
        return gone(person, "")
    return to(f"{QUEUE}post/{post_id}")


def release(desk: Desk, person: Person, post_id: str) -> Response:
    """Give the post back to the queue, without a reason."""
    desk.release(post_id, person.moderator.id)
    return to(QUEUE)


def decide(
    act: Act, request: Request, desk: Desk, person: Person, names: Names, post_id: str
) -> Response:
    """Make the decision that the form asks for, on exactly what was shown."""
    given = _given(request)
    words = first(given, "words")

    def decided() -> Post:
        return desk.decide(act, _seen(given, post_id), person.moderator.id, words)

    return _answered(decided, desk, person, names, post_id, words)


def undo(desk: Desk, person: Person, names: Names, post_id: str) -> Response:
    """Take one's own decision back."""
    try:
        desk.undo(post_id, person.moderator.id)
    except NothingToUndo:
        return _conflict(person, names, post_id, "too-late", "", "")
    except NoSuchPost:
        return gone(person, "")
    return to(f"{QUEUE}post/{post_id}")


def gone(person: Person, kept: str) -> Response:
    """There is no such post, or not any more."""
    return page("desk/gone.html", 404, person=person, kept=kept)


def _answered(
    decided: Callable[[], Post], desk: Desk, person: Person, names: Names, post_id: str, words: str
) -> Response:
    """Where the moderator goes next; what they typed comes back if nothing was done."""
    try:
        decided()
    except WordsNeeded:
        return show(desk, person, names, post_id, words, WORDS_ERROR, 422)
    except HeldByAnother as held:
        return _conflict(person, names, post_id, "held", held.claim.moderator, words)
    except (Stale, NotAllowed):
        return _conflict(person, names, post_id, "moved-on", "", words)
    except NoSuchPost:
        return gone(person, words)
    return to(f"{QUEUE}?done={post_id}")


def _conflict(
    person: Person, names: Names, post_id: str, reason: str, other: str, kept: str
) -> Response:
    """Nothing was overwritten; say what happened and give back what was typed."""
    return page(
        "desk/conflict.html",
        409,
        person=person,
        post_id=post_id,
        reason=reason,
        other=names.get(other, "Another moderator"),
        kept=kept,
    )


def _seen(given: Given, post_id: str) -> Seen:
    version = first(given, "version")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
    return Seen(post_id, number, first(given, "hash") or None)


def _given(request: Request) -> Given:
    try:
        return read_form(request)
    except WrongTypes as wrong:
        return wrong.given


def _claim(reading: Reading, names: Names, now: datetime) -> dict[str, Any] | None:
    if reading.claim is None:
        return None
    minutes = max(1, round((reading.claim.until - now).total_seconds() / 60))
    return {"by": names.get(reading.claim.moderator, "another moderator"), "minutes": minutes}


def _decisions(reading: Reading, names: Names) -> list[tuple[str, str, str]]:
    """Day, act and moderator of each decision, in words."""
    return [
        (_day(d.day), ACTS.get(d.act, d.act), names.get(d.moderator, d.moderator))
        for d in reading.decisions
    ]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _for_people(reading: Reading) -> dict[str, Any]:
    post, fields = reading.post, reading.post.fields
    return {
        "id": post.id,
        "version": post.version,
        "kind": KINDS[post.kind],
        "state": STATES[post.state],
        "day": _day(post.day),
        "pen_name": post.pen_name,
        "facts": [
            ("Topics", ", ".join(label("topics", slug) for slug in fields.topics)),
            ("Stage", label("stages", fields.stage)),
            ("Arc", label("arcs", fields.arc)),
            ("What helped", ", ".join(label("helped", slug) for slug in fields.helped)),
            ("About the author", ", ".join(label("about_me", slug) for slug in fields.about_me)),
            ("Mentions", ", ".join(label("content_notes", s) for s in fields.content_notes)),
            ("Search engines", "may list it" if fields.findable else "asked not to list it"),
        ],
        "marks": [MARKS.get(mark, mark) for mark in post.marks],
        "message": reading.message.words if reading.message else "",
        "url": f"/stories/{post.id}/" if reading.is_up else "",
    }
