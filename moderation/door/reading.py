"""Reading one post and deciding it: first a card, then the text in three views and the forms."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Request, Response
from markupsafe import Markup

from doors.answers import Errors, page, to
from doors.forms import Given, number, read_query, read_texts
from doors.own_words import own_words
from forum.deciding import SAFETY_ACTS, HeldByAnother, Seen
from forum.desk import Reading
from forum.given import first
from forum.post import Act, NotAllowed, State, Text
from forum.rows import ReportState
from forum.wellbeing import Wanted
from moderation.door import facts, rest
from moderation.door.at_desk import REFUSALS, AtDesk
from moderation.door.highlights import parts
from moderation.door.messages import choices
from moderation.door.review_form import labels, shown_fields, shown_stretches
from moderation.door.roles import QUEUE
from moderation.door.wording import ENDINGS

ALONG = "along"
"""In the page's address: they read along, without holding it."""
WITH_WORDS = (Act.RETURN, Act.DECLINE, Act.TAKE_DOWN, Act.ESCALATE, Act.OFFER)
REVIEWED = (Act.APPROVE, Act.KEEP)
"""What the one form of a review can come to; it asks for the first of these."""


@dataclass(frozen=True)
class CameBack:
    """A form that came back: which, what was typed in it, what is wrong by field."""

    form: str = ""
    """The act it asks for; none for a page that is opened for the first time."""
    given: Given = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


OPENED = CameBack()
"""No form came back: the page was only opened."""


def read(request: Request, at: AtDesk, post_id: str) -> Response:
    """The page of one post: a card; and its text for who holds it, or asks to read along."""
    return show(at, post_id, along=bool(first(read_query(request), ALONG)))


def show(at: AtDesk, post_id: str, back: CameBack = OPENED, *, along: bool = False) -> Response:
    """The page of one post, with the form that came back if there is one."""
    try:
        reading = _read(at, post_id, back)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id, *typed(back.given))
    mine = reading.claim is not None and reading.claim.moderator == at.who
    opened = (mine or along) and reading.text is not None
    if along and not mine:
        stop = at.wellbeing.may_open(at.on_duty, wanted(reading, at))
        asked = stop and (stop.rest in rest.ONLY_LIGHT or stop.anyway)  # when it was opened
        if stop and not asked:
            return rest.show(at, stop, post_id)
    text = _opened(reading, reading.text, back, at) if opened and reading.text else {}
    return page(
        "desk/read.html",
        422 if back.errors else 200,
        **_about(reading, at, mine),
        **text,
        labels=labels(text.get("stretches", ()), back.form, at.person.moderator.collapsed),
        opened=opened,
        form=back.form,
        given={name: first(back.given, name) for name in back.given},
        errors=Errors(back.errors),
    )


def claim(request: Request, at: AtDesk, post_id: str) -> Response:
    """Take the post to read it; whoever decided it only reads along while it is appealed."""
    try:
        reading = at.desk.read(post_id)
        if reading.decided_by == at.who:
            return to(f"{QUEUE}post/{post_id}?{ALONG}=1")
        anyway = bool(first(read_texts(request), "anyway"))
        not_now = rest.take(at, at.wellbeing, at.on_duty, wanted(reading, at, anyway))
    except HeldByAnother as refusal:  # an urgent one can be read along all the same
        return open_along(request, at, post_id) if anyway else at.refused(refusal, post_id)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id)
    return not_now or to(f"{QUEUE}post/{post_id}")


def open_along(request: Request, at: AtDesk, post_id: str) -> Response:
    """Open a text to read along; it counts like one that is held."""
    try:
        anyway = bool(first(read_texts(request), "anyway"))
        stop = at.wellbeing.opened(at.on_duty, wanted(at.desk.read(post_id), at, anyway))
    except REFUSALS as refusal:
        return at.refused(refusal, post_id)
    return rest.show(at, stop, post_id) if stop else to(f"{QUEUE}post/{post_id}?{ALONG}=1")


def release(at: AtDesk, post_id: str) -> Response:
    """Give the post back to the queue, without a reason."""
    at.desk.release(post_id, at.who)
    return to(QUEUE)


def undo(at: AtDesk, post_id: str) -> Response:
    """Take one's own decision back."""
    try:
        decided = at.desk.deciding.post(post_id)
        at.desk.undo(post_id, at.who)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id)
    with suppress(HeldByAnother):  # somebody took it in that minute, and the undo stands
        at.desk.claim(post_id, at.who)  # it is theirs again, and counts as the one it was
    at.wellbeing.undone(at.who, decided)
    at.doorway.people.unlearned(at.who)
    return to(f"{QUEUE}post/{post_id}")


def seen(given: Given, post_id: str) -> Seen:
    """What the form says was read; without a version it fits no post."""
    version = number(first(given, "version"))
    return Seen(post_id, -1 if version is None else version, first(given, "hash") or None)


def typed(given: Given) -> list[str]:
    """What somebody wrote in a form, to give it back where nothing could be done."""
    wrote = [name for name in given if name in ("words", "title", "body") or "words-" in name]
    return [first(given, name) for name in wrote]


def wanted(reading: Reading, at: AtDesk, anyway: bool = False) -> Wanted:
    """The post as somebody who would open it, for the rules that look after them."""
    return Wanted(
        reading.post,
        reported=any(report.state is ReportState.OPEN for report in reading.reports),
        held=reading.claim is not None and reading.claim.moderator == at.who,
        anyway=anyway,
    )


def _read(at: AtDesk, post_id: str, back: CameBack) -> Reading:
    """The post, if the form that came back still has a place on its page.

    A claim that ran out over the form is taken up again. Raises what `Desk.decide` raises.
    """
    reading = at.desk.read(post_id)
    if not back.form:
        return reading
    asked = REVIEWED if back.form == Act.APPROVE.value else [a for a in Act if a.value == back.form]
    act = next((act for act in asked if act in _acts(reading, at)), None)
    at.desk.deciding.decidable(act or Act.KEEP, seen(back.given, post_id), at.who)
    if act is None:
        raise NotAllowed(back.form)
    if act in SAFETY_ACTS:
        return reading
    at.desk.claim(post_id, at.who)
    return at.desk.read(post_id)


def _about(reading: Reading, at: AtDesk, mine: bool) -> dict[str, Any]:
    """What the page says whether or not the text is open."""
    acts = _acts(reading, at)
    return {
        "person": at.person,
        "post": facts.post_facts(reading),
        "reports": [facts.report_facts(report) for report in reading.reports],
        "appeal": facts.appeal(reading, at),
        "claim": facts.claim_facts(reading, at),
        "mine": mine,
        "erased": reading.text is None,
        "hash": reading.hash,
        "can": {act.value: act in acts and (mine or act in SAFETY_ACTS) for act in Act},
        "more_if_held": not mine and bool(acts - SAFETY_ACTS),
        "templates": {act.value: choices(act) for act in WITH_WORDS},
        "worried": "worried",
        "endings": ENDINGS,
        "undo": reading.undo is not None and reading.undo.moderator == at.who,
        "decisions": facts.record(reading, at),
        "second": facts.second_reading(reading, at),
        "banner": rest.banner(at.standing),
    }


def _opened(reading: Reading, text: Text, back: CameBack, at: AtDesk) -> dict[str, Any]:
    """The text in its views, and the forms about it."""
    return {
        "text": text,
        "own_words": own_words(text),
        "body": Markup(text.html),  # noqa: S704 - sanitized on entry
        "parts": parts(text),
        "stretches": shown_stretches(text, back.given),
        "fields": shown_fields(reading.post, back.given),
        "offered": facts.offered(reading),
        "edited": facts.edited(reading),
        "collapsed": at.person.moderator.collapsed,
    }


def _acts(reading: Reading, at: AtDesk) -> frozenset[Act]:
    """What this moderator may do here, held or not: one keeps only what readers asked about."""
    acts = reading.acts if facts.to_reread(reading) else reading.acts - {Act.KEEP}
    if reading.post.state is State.APPROVED and not facts.to_reread(reading):
        acts -= {Act.ASK_SECOND}
    return acts & SAFETY_ACTS if reading.decided_by == at.who else acts
