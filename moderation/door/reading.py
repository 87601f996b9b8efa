"""Reading one post and deciding it: the text as typed beside the text as it will appear."""

from __future__ import annotations

from typing import Any

from chalice.app import Request, Response
from markupsafe import Markup

from doors.answers import page, to
from doors.forms import Given, first, number, read_texts
from doors.wording import KINDS
from forum.desk import SAFETY_ACTS, Reading, Seen, WordsNeeded
from forum.post import Act
from forum.vocabulary import label
from moderation.door.at_desk import REFUSALS, AtDesk
from moderation.door.highlights import name_of, notes, parts
from moderation.door.wording import ACTS, MARKS, STATES, SUGGESTED

QUEUE = "/moderation/"
WORDS_ERROR = (
    "Please write the author a few words, up to 2,000 characters. "
    "They read them with their receipt."
)


def show(at: AtDesk, post_id: str, kept: str = "", error: str = "", status: int = 200) -> Response:
    """The page of one post; `kept` is a message that was typed and must not be lost."""
    try:
        reading = at.desk.read(post_id)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id, kept)
    mine = reading.claim is not None and reading.claim.moderator == at.who
    return page(
        "desk/read.html",
        status,
        person=at.person,
        post=_for_people(reading),
        text=reading.text,
        body=Markup(reading.text.html if reading.text else ""),  # noqa: S704 - sanitized on entry
        parts=parts(reading.text) if reading.text else [],
        notes=notes(reading.text) if reading.text else [],
        claim=_claim(reading, at),
        mine=mine,
        hash=reading.hash,
        can={act.value: act in reading.acts and (mine or act in SAFETY_ACTS) for act in Act},
        more_if_held=not mine and bool(reading.acts - SAFETY_ACTS),
        suggested={act.value: words for act, words in SUGGESTED.items()},
        kept=kept,
        error=error,
        undo=reading.undo is not None and reading.undo.moderator == at.who,
        decisions=[
            (d.day, ACTS[d.act], at.names.get(d.moderator, d.moderator)) for d in reading.decisions
        ],
    )


def claim(at: AtDesk, post_id: str) -> Response:
    """Take the post to read it."""
    try:
        at.desk.claim(post_id, at.who)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id)
    return to(f"{QUEUE}post/{post_id}")


def release(at: AtDesk, post_id: str) -> Response:
    """Give the post back to the queue, without a reason."""
    at.desk.release(post_id, at.who)
    return to(QUEUE)


def decide(act: Act, request: Request, at: AtDesk, post_id: str) -> Response:
    """Make the decision that the form asks for; if nothing was done, its words come back."""
    given = read_texts(request)
    words = first(given, "words")
    try:
        at.desk.decide(act, _seen(given, post_id), at.who, words)
    except WordsNeeded:
        return show(at, post_id, words, WORDS_ERROR, 422)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id, words)
    return to(f"{QUEUE}?done={post_id}")


def undo(at: AtDesk, post_id: str) -> Response:
    """Take one's own decision back."""
    try:
        at.desk.undo(post_id, at.who)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id)
    return to(f"{QUEUE}post/{post_id}")


def _seen(given: Given, post_id: str) -> Seen:
    """What the form says was read; without a version it fits no post."""
    version = number(first(given, "version"))
    return Seen(post_id, -1 if version is None else version, first(given, "hash") or None)


def _claim(reading: Reading, at: AtDesk) -> dict[str, Any] | None:
    if reading.claim is None:
        return None
    left = reading.claim.until - at.desk.clock.now()
    minutes = max(1, round(left.total_seconds() / 60))
    return {"by": at.names.get(reading.claim.moderator, "another moderator"), "minutes": minutes}


def _marks(reading: Reading) -> list[str]:
    """What the marks say that no highlight shows: the text as a whole, and the title."""
    text = reading.text
    shown = {highlight.rule for highlight in text.highlights} if text else set()
    said = [MARKS[mark] for mark in reading.post.marks if mark in MARKS]
    named = [mark for mark in reading.post.marks if mark not in MARKS and mark not in shown]
    return [*said, *(f"In the title: {name_of(mark)}." for mark in named)]


def _for_people(reading: Reading) -> dict[str, Any]:
    post, fields = reading.post, reading.post.fields
    return {
        "id": post.id,
        "version": post.version,
        "kind": KINDS[post.kind],
        "state": STATES[post.state],
        "day": post.day,
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
        "marks": _marks(reading),
        "message": reading.message.words if reading.message else "",
        "url": f"/stories/{post.id}/" if reading.is_up else "",
    }
