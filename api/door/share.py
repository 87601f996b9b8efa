"""Sharing: the form, a look at what it could give away, and what comes of sending it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chalice.app import Request, Response

from api.door.care import for_people, for_programs
from api.door.form import share_form
from api.door.help_lines import with_help
from api.door.waiting import told
from doors.answers import as_json, notice, page, wants_json
from doors.forms import WrongTypes, read_form, read_query
from doors.messages import messages
from doors.wording import in_days
from forum.admission import Forged
from forum.given import Given, first
from forum.intake import Closed, Crowded
from forum.post import TAKEN_KINDS
from forum.races import FormUsed
from forum.rows import Changed, NameTaken, Unavailable
from forum.texts import Refused
from forum.visitors import Sent, Visitors

FORM_CACHE = {"Cache-Control": "private, max-age=0"}
"""The one page of the door that Back may show again, so that typed words are kept."""
IN_A_MINUTE = {"Retry-After": "60"}

CLOSED = (
    "The form is closed for now",
    "We cannot read new stories with care just now, so we take no new ones for a while.",
    "Please come back another day. If you need someone now, the people above are there for you.",
)
COPY = "Your words are all below, so that you can copy them somewhere only you look."
USED = (
    "This form has already sent something. If that was this story, you are done: keep your six "
    "words. If this is another, here is a fresh form with your words."
)
BUSY = (
    "We could not store it just now. Nothing is lost: your words are below. "
    "Please send it again in a minute."
)
CROWDED = (
    "Many people are sending something at this moment. Nothing is lost: your words are below. "
    "Please wait a minute, then send it again."
)
NOT_NOW: Mapping[type[Exception], tuple[str, int]] = {
    Closed: (" ".join((*CLOSED[1:], COPY)), 503),
    Crowded: (CROWDED, 429),
    Unavailable: (BUSY, 503),
    Changed: (BUSY, 503),
    NameTaken: (BUSY, 503),
}
"""What keeps a right form from being taken: what the person reads, and the status."""


def show_form(request: Request, visitors: Visitors) -> Response:
    """GET /share: a fresh form."""
    query = read_query(request)
    kind = first(query, "kind") or "story"
    if kind not in {kind.value for kind in TAKEN_KINDS}:
        return notice(
            request, 404, "We cannot take this kind yet", "For now you can share a story."
        )
    if visitors.closed():
        return notice(request, 503, *CLOSED)
    if wants_json(request):
        return with_help({"kind": kind, "token": visitors.form_token()})
    wait = in_days(visitors.usual_wait())
    return share_form(visitors.form_token(), {}, {}, headers=FORM_CACHE, wait=wait)


def show_challenge(request: Request, visitors: Visitors) -> Response:
    """GET /challenge: the proof of work for one form, as altcha spells it.

    The token comes in a header: in an address it would lie in a proxy's log, beside who asked.
    """
    try:
        return as_json(visitors.challenge(request.headers.get("form-token", "")))
    except Forged as forged:
        return with_help({"errors": {"token": str(forged)}}, 422)


def send(request: Request, visitors: Visitors) -> Response:
    """POST /posts: store it once and hand out the receipt, or bring the form back."""
    try:
        given = read_form(request)
    except WrongTypes as wrong:
        errors = {**visitors.errors_in(wrong.given), **wrong.errors}
        return again(request, wrong.given, errors, first(wrong.given, "token"))
    token = first(given, "token")
    try:
        own = bool(first(given, "receipt").strip() or first(given, "put_away"))
        return _thanks(request, visitors, visitors.submit(given), own)
    except Refused as refused:
        fresh = visitors.form_token() if refused.needs_new_form else token
        return again(request, given, refused.errors, fresh)
    except FormUsed:
        return again(request, given, {"token": USED}, visitors.form_token())
    except tuple(NOT_NOW) as reason:
        words, status = NOT_NOW[type(reason)]
        marks = visitors.marks_in(given) if status == 503 else ()
        return again(request, given, {"": words}, token, status, marks)


def again(
    request: Request,
    given: Given,
    errors: Mapping[str, str],
    token: str,
    status: int = 422,
    marks: Collection[str] = (),
) -> Response:
    """The form once more, with everything that was typed."""
    headers = IN_A_MINUTE if status == 429 else {}
    if wants_json(request):
        return with_help({"errors": dict(errors), "token": token}, status, headers)
    return share_form(token, given, errors, status, headers, marks)


def _thanks(request: Request, visitors: Visitors, sent: Sent, own: bool) -> Response:
    put_away = visitors.words.put(sent.receipt)
    if wants_json(request):
        content = {
            "receipt": str(sent.receipt),
            "put_away": put_away,
            "id": sent.post.id,
            "state": sent.post.state.value,
            "pen_name": sent.post.pen_name,
            **for_programs(sent.post.marks),
        }
        return with_help(content, 201)
    return page(
        "api/sent.html",
        201,
        thanks=told(messages()["received"], visitors.usual_wait()),
        words=sent.receipt.words,
        put_away=put_away,
        pen_name=sent.post.pen_name,
        kept_under_own=own,
        **for_people(sent.post.marks),
    )
