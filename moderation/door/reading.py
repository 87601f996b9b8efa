"""Reading one post and deciding it: the text as typed beside the text as it will appear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalice.app import Request, Response
from markupsafe import Markup

from doors.answers import Errors, page, to
from doors.forms import Given, number, read_texts
from doors.own_words import own_words
from forum.deciding import SAFETY_ACTS, Seen, WordsNeeded
from forum.desk import Reading
from forum.given import first
from forum.post import Act
from moderation.door import facts
from moderation.door.at_desk import REFUSALS, AtDesk
from moderation.door.highlights import notes, parts
from moderation.door.wording import SUGGESTED

QUEUE = "/moderation/"
WORDS_ERROR = (
    "Please write the author a few words, up to 2,000 characters. "
    "They read them with their receipt."
)


@dataclass(frozen=True)
class CameBack:
    """A form that could not be taken: which, what was typed in it, what is wrong by field."""

    form: str = ""
    """The act it asks for; none for a page that is opened for the first time."""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


OPENED = CameBack()
"""No form came back: the page was only opened."""


def show(at: AtDesk, post_id: str, back: CameBack = OPENED) -> Response:
    """The page of one post, with the form that came back if there is one."""
    try:
        reading = at.desk.read(post_id)
    except REFUSALS as refusal:
        return at.refused(refusal, post_id, *back.typed.values())
    text = reading.text
    mine = reading.claim is not None and reading.claim.moderator == at.who
    acts = _acts(reading, at)
    return page(
        "desk/read.html",
        422 if back.errors else 200,
        person=at.person,
        post=facts.post_facts(reading),
        text=text,
        own_words=own_words(text) if text else "",
        body=Markup(text.html if text else ""),  # noqa: S704 - sanitized on entry
        parts=parts(text) if text else [],
        notes=notes(text) if text else [],
        offered=facts.offered(reading),
        reports=[facts.report_facts(report) for report in reading.reports],
        appeal=facts.appeal(reading, at),
        claim=facts.claim_facts(reading, at),
        mine=mine,
        hash=reading.hash,
        can={act.value: act in acts and (mine or act in SAFETY_ACTS) for act in Act},
        more_if_held=not mine and bool(acts - SAFETY_ACTS),
        suggested={act.value: words for act, words in SUGGESTED.items()},
        form=back.form,
        typed=back.typed,
        errors=Errors(back.errors),
        undo=reading.undo is not None and reading.undo.moderator == at.who,
        decisions=facts.record(reading, at),
    )


def claim(at: AtDesk, post_id: str) -> Response:
    """Take the post to read it; whoever decided it only reads along while it is appealed."""
    try:
        if at.desk.read(post_id).decided_by != at.who:
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
        at.desk.decide(act, seen(given, post_id), at.who, words)
    except WordsNeeded:
        wrong = {f"words-{act.value}": WORDS_ERROR}
        return show(at, post_id, CameBack(act.value, {"words": words}, wrong))
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


def seen(given: Given, post_id: str) -> Seen:
    """What the form says was read; without a version it fits no post."""
    version = number(first(given, "version"))
    return Seen(post_id, -1 if version is None else version, first(given, "hash") or None)


def _acts(reading: Reading, at: AtDesk) -> frozenset[Act]:
    """What this moderator may do here, held or not: one keeps only what readers asked about."""
    acts = reading.acts if facts.to_reread(reading) else reading.acts - {Act.KEEP}
    return frozenset() if reading.decided_by == at.who else acts
