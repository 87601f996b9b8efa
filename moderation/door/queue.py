"""The queue: what waits, oldest first; cards without a word of the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalice.app import Request, Response

from doors.answers import page
from doors.forms import first, read_query
from doors.wording import KINDS
from forum.desk import PAGE, Desk, NoSuchPost
from forum.post import WAITING, State
from forum.rows import Card, Place
from forum.vocabulary import label
from moderation.door.at_desk import AtDesk
from moderation.door.highlights import name_of
from moderation.door.wording import MARKS, STATES

WHAT_WAITS = "waiting"


def show(request: Request, at: AtDesk) -> Response:
    """A page of the queue."""
    query = read_query(request)
    shown = _chosen(first(query, "show"))
    cards = at.desk.queue(shown, _place(first(query, "after")), PAGE + 1)
    last = cards[PAGE - 1] if len(cards) > PAGE else None
    return page(
        "desk/queue.html",
        person=at.person,
        counts=_counts(at.desk),
        shown=first(query, "show") or WHAT_WAITS,
        cards=[card_for_people(card, at) for card in cards[:PAGE]],
        next_place=f"{last.post.day.isoformat()}.{last.post.id}" if last else "",
        first_page=not first(query, "after"),
        done=_done(at, first(query, "done")),
        closed=at.desk.closed(),
    )


def card_for_people(card: Card, at: AtDesk) -> dict[str, Any]:
    """A card with its words."""
    post, claim = card.post, card.claim
    return {
        "id": post.id,
        "kind": KINDS[post.kind],
        "state": STATES[post.state],
        "waits": post.state in WAITING,
        "day": post.day,
        "pen_name": post.pen_name,
        "topics": [label("topics", slug) for slug in post.fields.topics],
        "notes": [label("content_notes", slug) for slug in post.fields.content_notes],
        "marks": [name_of(mark) for mark in post.marks if mark not in MARKS],
        "held": any(mark in MARKS for mark in post.marks),
        "held_by": at.names.get(claim.moderator, "another moderator") if claim else "",
        "holder": claim.moderator if claim else "",
    }


def _chosen(show: str) -> Sequence[State]:
    """The states asked for; anything unknown is what waits."""
    return next(((state,) for state in State if state.value == show), WAITING)


def _place(text: str) -> Place | None:
    day, _, post_id = text.partition(".")
    try:
        return Place(date.fromisoformat(day), post_id)
    except ValueError:
        return None


def _counts(desk: Desk) -> list[dict[str, Any]]:
    """How many posts stand in each state, by kind, for the links above the cards."""
    counts = desk.counts()
    rows = []
    for state in State:
        kinds = {KINDS[kind]: number for (kind, s), number in counts.items() if s is state}
        rows.append({"value": state.value, "label": STATES[state], "kinds": kinds})
    return rows


def _done(at: AtDesk, post_id: str) -> dict[str, Any] | None:
    """The decision just made, while it can still be taken back."""
    if not post_id:
        return None
    try:
        reading = at.desk.read(post_id)
    except NoSuchPost:
        return None
    mine = reading.undo and reading.undo.moderator == at.who
    words = {"id": post_id, "pen_name": reading.post.pen_name, "state": STATES[reading.post.state]}
    return words if mine else None
