"""The queue: what readers reported, then what waits, gravest first; never a word of a text."""

from __future__ import annotations

import re
from typing import Any

from chalice.app import Request, Response

from doors.answers import page, to
from doors.forms import Given, number, read_query
from doors.wording import KINDS
from forum import care
from forum.deciding import NoSuchPost
from forum.desk import PAGE, Reading
from forum.given import first
from forum.post import WAITING
from forum.rows import Card, Place, ReportState
from forum.team import Team
from forum.vocabulary import label
from forum.wellbeing import is_heavy
from moderation.door import rest
from moderation.door.asked import (
    CHOICES,
    address,
    asked_for,
    chosen,
    counts,
    place_of,
    shown,
    written,
)
from moderation.door.at_desk import AtDesk
from moderation.door.highlights import name_of
from moderation.door.wording import MARKS, REASONS, ROUTES, STATES, length

MOST_NAMED = 10
"""Posts that a bulk decision left alone and that are named one by one."""
POST_ID = re.compile("[a-z0-9]{1,32}")


def show(request: Request, at: AtDesk) -> Response:
    """A page of the queue; on those of what waits, no post that stands above as reported."""
    query = read_query(request)
    wanted = first(query, "id").strip().lower()
    if POST_ID.fullmatch(wanted) and _reading(at, wanted):
        return to(f"/moderation/post/{wanted}")
    asked, filters, first_page = asked_for(query), chosen(query), not first(query, "after")
    reported = at.desk.reported(PAGE + 1) if asked.states == WAITING and not filters else ()
    above = {card.post.id for card in reported[:PAGE]}
    cards = at.desk.queue(asked, place_of(first(query, "after")), PAGE + 1)
    last = cards[PAGE - 1].post if len(cards) > PAGE else None
    after = written(Place(last.route, last.day, last.id)) if last else ""
    return page(
        "desk/queue.html",
        person=at.person,
        counts=counts(at.desk.counts()),
        shown=shown(query),
        choices=CHOICES,
        filters=filters,
        not_found=wanted,
        reported=[_reported_card(card, at) for card in reported[:PAGE]] if first_page else [],
        more_reported=len(reported) > PAGE,
        cards=[card_for_people(card, at) for card in cards[:PAGE] if card.post.id not in above],
        next_page=address(query, after) if after else "",
        first_page="" if first_page else address(query),
        done=done(at, first(query, "done")),
        declined=_declined(at, query),
        undone=number(first(query, "undone")),
        closed=at.desk.closed(),
        in_doubt=at.who in Team(at.doorway.people).in_doubt(),
        banner=rest.banner(at.standing),
        only_light=at.standing.only_light,
    )


def card_for_people(card: Card, at: AtDesk) -> dict[str, Any]:
    """A card with its words."""
    post, claim = card.post, card.claim
    return {
        "id": post.id,
        "kind": KINDS[post.kind],
        "state": STATES[post.state],
        "waits": post.state in WAITING or card.reports > 0,
        "day": post.day,
        "pen_name": post.pen_name,
        "length": length(card.length) if card.length else "",
        "route": ROUTES[post.route],
        "urgent": post.needs_two,
        "heavy": is_heavy(post),
        "topics": [label("topics", slug) for slug in post.fields.topics],
        "notes": [label("content_notes", slug) for slug in post.fields.content_notes],
        "marks": [name_of(mark) for mark in post.marks if mark not in MARKS],
        "held": any(mark in MARKS for mark in post.marks),
        "worrying": care.worrying(post.marks),
        "held_by": at.called(claim.moderator) if claim else "",
        "holder": claim.moderator if claim else "",
        "reports": card.reports,
        "reasons": (),
    }


def _reported_card(card: Card, at: AtDesk) -> dict[str, Any]:
    """The same with why readers reported it, and never a word of theirs."""
    reports = at.desk.reports(card.post.id)
    told = [one.reason for one in reports if one.state is ReportState.OPEN]
    return {**card_for_people(card, at), "reasons": [REASONS[one] for one in dict.fromkeys(told)]}


def _reading(at: AtDesk, post_id: str) -> Reading | None:
    try:
        return at.desk.read(post_id)
    except NoSuchPost:
        return None


def done(at: AtDesk, post_id: str) -> dict[str, Any] | None:
    """The decision just made, while it can still be taken back."""
    reading = _reading(at, post_id) if post_id else None
    if reading is None or reading.undo is None or reading.undo.moderator != at.who:
        return None
    post = reading.post
    return {"id": post_id, "pen_name": post.pen_name, "state": STATES[post.state]}


def _declined(at: AtDesk, query: Given) -> dict[str, Any] | None:
    """The decisions just made as one, while they can be taken back, and what was left alone."""
    batch, left = first(query, "batch"), first(query, "left").split(".")
    made = [undo for undo in at.desk.batch(batch) if undo.moderator == at.who]
    named = [words for words in (_left_alone(at, one) for one in left[:MOST_NAMED] if one) if words]
    if not made and not named:
        return None
    more = max(0, len(left) - MOST_NAMED)
    like = made[0].before.id if made else ""
    return {"batch": batch, "number": len(made), "like": like, "left": named, "more": more}


def _left_alone(at: AtDesk, post_id: str) -> dict[str, Any] | None:
    """A post that no bulk decision touched, and why: somebody reads it, or it moved on."""
    reading = _reading(at, post_id)
    if reading is None:
        return None
    held = reading.claim is not None and reading.claim.moderator != at.who
    by = at.called(reading.claim.moderator) if reading.claim and held else ""
    post = reading.post
    return {"id": post.id, "pen_name": post.pen_name, "by": by, "state": STATES[post.state]}
