"""Sharing: the form, and what comes of sending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalice.app import Request, Response

from api.door.help_lines import help_for_programs
from doors.answers import Errors, as_json, help_lines, notice, page, wants_json
from doors.forms import WrongTypes, first, read_form, read_query
from doors.helplines import Line
from forum.post import OPEN_KINDS
from forum.rows import Changed, NameTaken, Unavailable
from forum.submission import Refused
from forum.visitors import Closed, FormUsed, Sent, Visitors
from forum.vocabulary import VOCABULARY

FORM_CACHE = {"Cache-Control": "private, max-age=0"}
"""The one page of the door that Back may show again, so that typed words are kept."""

LABELS = {
    "body": "Your story",
    "title": "Title",
    "stage": "Where you are on the way",
    "topic": "What it is about",
    "arc": "How your story moves",
    "helped": "What helped",
    "content_note": "What it mentions",
    "about_me": "About you",
    "findable": "Search engines",
    "receipt": "Your receipt",
    "consent": "Before you send",
}

CLOSED = (
    "The form is closed for now",
    "More stories have come in than we can read with care, so we take no new ones for a while.",
    "Please come back another day. If you need someone now, the people above are there for you.",
)
USED = "This form had already sent something. Here is a fresh one with your words: please send it."
RETYPE = "Please type your six words once more. We never put them back on a page."
BUSY = (
    "We could not store it just now. Nothing is lost: your words are below. "
    "Please send it again in a minute."
)


@dataclass(frozen=True)
class Typed:
    """What the person had typed, for the form to show again."""

    given: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """The field's value."""
        return first(self.given, name)

    def all(self, name: str) -> Sequence[str]:
        """The field's values."""
        return self.given.get(name, ())


def show_form(request: Request, visitors: Visitors) -> Response:
    """GET /share: a fresh form."""
    query = read_query(request)
    kind = first(query, "kind") or "story"
    if kind not in {kind.value for kind in OPEN_KINDS}:
        return notice(
            request, 404, "We cannot take this kind yet", "For now you can share a story."
        )
    if visitors.closed():
        return notice(request, 503, *CLOSED)
    if wants_json(request):
        return as_json({"kind": kind, "token": visitors.form_token()})
    return _form(visitors.form_token(), {}, {}, 200, FORM_CACHE)


def send(request: Request, visitors: Visitors) -> Response:
    """POST /posts: store it once and hand out the receipt, or bring the form back."""
    try:
        given = read_form(request)
    except WrongTypes as wrong:
        errors = {**visitors.errors_in(wrong.given), **wrong.errors}
        return _again(request, wrong.given, errors, first(wrong.given, "token"))
    try:
        return _thanks(request, visitors.submit(given), own=bool(first(given, "receipt").strip()))
    except Refused as refused:
        token = first(given, "token")
        if refused.needs_new_form:
            token = visitors.form_token()
        return _again(request, given, refused.errors, token)
    except FormUsed:
        return _again(request, given, {"token": USED}, visitors.form_token())
    except Closed:
        return _again(request, given, {"": " ".join(CLOSED[1:])}, first(given, "token"), 503)
    except (Unavailable, Changed, NameTaken):
        return _again(request, given, {"": BUSY}, first(given, "token"), 503)


def _thanks(request: Request, sent: Sent, own: bool) -> Response:
    words = sent.receipt.words
    if wants_json(request):
        content = {
            "receipt": " ".join(words),
            "id": sent.post.id,
            "state": sent.post.state.value,
            "pen_name": sent.post.pen_name,
            "worried": sent.worrying,
            "help": help_for_programs(),
        }
        return as_json(content, 201)
    return page(
        "api/sent.html",
        201,
        words=words,
        pen_name=sent.post.pen_name,
        kept_under_own=own,
        worried=sent.worrying,
        young=sent.young,
        youth_lines=_youth_lines() if sent.young else [],
    )


def _youth_lines() -> list[Line]:
    """The lines for young people, of every country: where somebody is, is never guessed."""
    lines = (line for country in help_lines().countries for line in country.lines)
    return [line for line in lines if "youth" in line.topics]


def _again(
    request: Request,
    given: Mapping[str, Sequence[str]],
    errors: Mapping[str, str],
    token: str,
    status: int = 422,
) -> Response:
    """The form once more, with everything that was typed."""
    if wants_json(request):
        content: dict[str, Any] = {"errors": dict(errors), "token": token}
        return as_json({**content, "help": help_for_programs()}, status)
    if first(given, "receipt").strip():
        errors = {"receipt": RETYPE, **errors}
    return _form(token, given, errors, status)


def _form(
    token: str,
    given: Mapping[str, Sequence[str]],
    errors: Mapping[str, str],
    status: int,
    headers: dict[str, str] | None = None,
) -> Response:
    return page(
        "api/share.html",
        status,
        headers,
        token=token,
        values=Typed(given),
        errors=Errors(errors),
        labels=LABELS,
        words=VOCABULARY,
    )
