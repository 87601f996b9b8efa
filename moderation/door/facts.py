"""What the page of one post says beside its text: facts, marks, reports, an offer, an appeal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doors.own_words import changed_words
from doors.wording import KINDS
from forum import care
from forum.approving import LEAST_CREW
from forum.desk import Reading
from forum.post import State
from forum.rows import Decision, Report, ReportState
from forum.vocabulary import label
from moderation.door.at_desk import AtDesk
from moderation.door.highlights import name_of, notes
from moderation.door.wording import (
    ACTS,
    ANSWERS,
    MARKS,
    REASONS,
    ROUTES,
    STATES,
    length,
    reason_in_words,
)


def post_facts(reading: Reading) -> dict[str, Any]:
    """The post itself, in words."""
    post = reading.post
    return {
        "id": post.id,
        "version": post.version,
        "kind": KINDS[post.kind],
        "state": STATES[post.state],
        "route": ROUTES[post.route],
        "urgent": post.needs_two,
        "unread": post.state is State.RECEIVED,
        "escalated": post.state is State.ESCALATED,
        "contains": [name_of(mark) for mark in post.marks if mark not in MARKS],
        "length": length(len(reading.text.html)) if reading.text else "",
        "hidden": post.state is State.HIDDEN,
        "day": post.day,
        "pen_name": post.pen_name,
        "reread": post.reread,
        "fields": _fields(reading),
        "marks": _marks(reading),
        "worrying": care.worrying(reading.post.marks),
        "message": reading.message.words if reading.message else "",
        "url": f"/stories/{post.id}/" if reading.is_up else "",
    }


def claim_facts(reading: Reading, at: AtDesk) -> dict[str, Any] | None:
    """Who reads it, and for how many minutes more at most."""
    if reading.claim is None:
        return None
    left = reading.claim.until - at.desk.clock.now()
    minutes = max(1, round(left.total_seconds() / 60))
    return {"by": at.called(reading.claim.moderator), "minutes": minutes}


def offered(reading: Reading) -> dict[str, Any] | None:
    """The changes that were suggested, as they differ from the author's own words."""
    if reading.offer is None or reading.text is None:
        return None
    offer = reading.offer.text
    changed = changed_words(reading.text, offer)
    return {**changed, "notes": notes(offer), "removed": offer.removed}


def edited(reading: Reading) -> Mapping[str, Any] | None:
    """What moderators took out so far, as it differs from the author's own words."""
    if reading.original is None or reading.text is None:
        return None
    return changed_words(reading.original, reading.text)


def second_reading(reading: Reading, at: AtDesk) -> dict[str, Any] | None:
    """Who has approved it first, and whether this moderator can be the second."""
    post = reading.post
    if post.state is State.ESCALATED or not (post.needs_two or post.first_reader or post.editors):
        return None
    theirs = at.who in (post.first_reader, *post.editors)
    return {
        "needs_two": post.needs_two,
        "first": at.called(post.first_reader) if post.first_reader else "",
        "approved": bool(post.first_reader and post.approved_hash == reading.hash),
        "editors": [at.called(editor) for editor in post.editors],
        "mine": theirs and post.state is State.SECOND,
        "too_few": post.needs_two and at.desk.crew() < LEAST_CREW,
    }


def report_facts(report: Report) -> dict[str, Any]:
    """One report, with the reader's words as they are."""
    return {
        "open": report.state is ReportState.OPEN,
        "reason": REASONS[report.reason],
        "words": report.words,
        "day": report.day,
        "answer": ANSWERS[report.state],
        "answered_on": report.state_day,
    }


def appeal(reading: Reading, at: AtDesk) -> dict[str, Any] | None:
    """What an appeal is about: what was decided, by whom, and whether they are here now."""
    if reading.post.state is not State.APPEALED:
        return None
    by = reading.decided_by
    made = [one for one in reading.decisions if by and one.moderator == by]
    return {"mine": by == at.who, "decided": _in_words(made[-1], at) if made else None}


def record(reading: Reading, at: AtDesk) -> list[dict[str, Any]]:
    """The record of decisions on the post, oldest first."""
    return [_in_words(decision, at) for decision in reading.decisions]


def to_reread(reading: Reading) -> bool:
    """Whether readers wait for somebody to look at it again."""
    hidden = reading.post.state is State.HIDDEN
    return hidden or any(report.state is ReportState.OPEN for report in reading.reports)


def _in_words(decision: Decision, at: AtDesk) -> dict[str, Any]:
    by = at.names.get(decision.moderator, decision.moderator)
    why = reason_in_words(decision.reason)
    return {"day": decision.day, "act": ACTS[decision.act], "by": by, "why": why}


def _marks(reading: Reading) -> list[str]:
    """What the marks say that no highlight shows: the text as a whole, and the title."""
    text = reading.text
    shown = {highlight.rule for highlight in text.highlights} if text else set()
    said = [MARKS[mark] for mark in reading.post.marks if mark in MARKS]
    named = [mark for mark in reading.post.marks if mark not in MARKS and mark not in shown]
    return [*said, *(f"In the title: {name_of(mark)}." for mark in named)]


def _fields(reading: Reading) -> list[tuple[str, str]]:
    fields = reading.post.fields
    return [
        ("Topics", ", ".join(label("topics", slug) for slug in fields.topics)),
        ("Stage", label("stages", fields.stage)),
        ("Arc", label("arcs", fields.arc)),
        ("What helped", ", ".join(label("helped", slug) for slug in fields.helped)),
        ("About the author", ", ".join(label("about_me", slug) for slug in fields.about_me)),
        ("Mentions", ", ".join(label("content_notes", slug) for slug in fields.content_notes)),
        ("Help under it", ", ".join(label("help", slug) for slug in fields.help)),
        ("Search engines", "may list it" if fields.findable else "asked not to list it"),
    ]
