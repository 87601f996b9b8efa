"""A flood is one text sent often: those that read alike are declined as one, and undone as one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from chalice.app import Request, Response

from doors.answers import Errors, page, to
from doors.forms import MOST_FIELDS, read_texts
from doors.messages import messages
from doors.own_words import own_words
from forum import care
from forum.deciding import Seen, WordsNeeded
from forum.given import first
from forum.post import Post, State, Text
from forum.rows import Changed
from moderation.door.at_desk import REFUSALS, AtDesk
from moderation.door.highlights import name_of
from moderation.door.messages import NEEDED
from moderation.door.roles import QUEUE
from moderation.door.wording import MARKS

MOST = min(300, MOST_FIELDS - 10)
"""Posts on the page at most: each is a field of its form, beside the few others."""
BEGINNING = 120
"""Characters of a text that the list shows."""
MOST_NAMED = 20
"""Posts left alone that the queue names."""
NOTHING_TICKED = "Please tick at least one, or go back to the queue."
MOVED_ON = "One of them changed at this very moment, so nothing was declined. Please look again."

_BOX = re.compile(r"(?P<post>[a-z0-9]{1,32})\.(?P<version>[0-9]{1,9})")
"""The value of a box: which post was read, in which version."""


def show(
    at: AtDesk,
    post_id: str,
    words: str | None = None,
    ticked: Collection[str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """The unread posts that read almost like this one.

    All are ticked at first, but for those whose writer may be in danger or a child: somebody can
    mean the very words that a flood repeats.
    """
    try:
        reading, others = at.desk.read(post_id), at.desk.alike(post_id)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id, (words or "") if errors else "")
    own = [(reading.post, reading.text)] if reading.post.state is State.RECEIVED else []
    every = [_line(post, text) for post, text in (*own, *others) if text]
    every.sort(key=lambda line: not line["careful"])
    return page(
        "desk/alike.html",
        422 if errors else 200,
        person=at.person,
        post_id=post_id,
        pen_name=reading.post.pen_name,
        number=len(others),
        lines=every[:MOST] if others else [],
        more=len(every) - MOST,
        ticked=[line["value"] for line in every if not line["careful"]]
        if ticked is None
        else ticked,
        words=messages()["flood"].text if words is None else words,
        errors=Errors(errors or {}),
    )


def decline(request: Request, at: AtDesk) -> Response:
    """Decline those that are ticked, and say at the queue what was done and what was not."""
    given = read_texts(request)
    post_id, words = first(given, "post"), first(given, "words")
    ticked = given.get("seen", [])
    seen = list(_seen(ticked))
    if not seen:
        return show(at, post_id, words, ticked, {"seen": NOTHING_TICKED})
    try:
        batch = at.desk.decline_all(seen, at.who, words)
    except WordsNeeded:
        return show(at, post_id, words, ticked, {"words": NEEDED})
    except Changed:
        return show(at, post_id, words, ticked, {"seen": MOVED_ON})
    left = ".".join(batch.left[:MOST_NAMED])
    return to(f"{QUEUE}?batch={batch.id}&left={left}")


def undo(request: Request, at: AtDesk) -> Response:
    """Take back what was declined as one."""
    try:
        posts = at.desk.undo_all(first(read_texts(request), "batch"), at.who)
    except REFUSALS as refusal:
        return at.refused(refusal, "")
    return to(f"{QUEUE}?undone={len(posts)}")


def _line(post: Post, text: Text) -> dict[str, Any]:
    beginning = " ".join(own_words(text)[: 4 * BEGINNING].split())
    cut = len(beginning) > BEGINNING
    return {
        "id": post.id,
        "value": f"{post.id}.{post.version}",
        "pen_name": post.pen_name,
        "day": post.day,
        "careful": care.worrying(post.marks) or care.young(post.marks),
        "marks": [name_of(mark) for mark in post.marks if mark not in MARKS],
        "words": beginning[:BEGINNING] + "…" if cut else beginning,
    }


def _seen(ticked: list[str]) -> Iterator[Seen]:
    """What the boxes say was read, each post once; a value that no box has is none."""
    boxes = [box for box in map(_BOX.fullmatch, ticked[:MOST]) if box]
    for post_id, version in {box["post"]: box["version"] for box in boxes}.items():
        yield Seen(post_id, int(version))
