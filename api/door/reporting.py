"""Reporting a published post: a reader asks us to look again, without an account."""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Request, Response

from api.door.care import for_people, for_programs
from api.door.form import Typed, said
from api.door.help_lines import with_help
from api.door.share import IN_A_MINUTE, NOT_NOW, USED
from api.door.wording import REASONS
from doors.answers import notice, page, wants_json
from doors.forms import WrongTypes, read_form, read_query
from forum.given import Given, first
from forum.races import FormUsed
from forum.reports import Received, Reports
from forum.rows import NotUp
from forum.spelling import PutAway
from forum.texts import Refused

LABELS = {"reason": "What is wrong", "words": "In your own words"}
NOT_UP = (
    "This story is not on the site",
    "It may have come down already. Then there is nothing more you need to do.",
)


def show_form(request: Request, reports: Reports) -> Response:
    """GET /reports?id=ID: the form about one post."""
    post_id = first(read_query(request), "id")
    try:
        token = reports.form_token(post_id)
    except NotUp:
        return notice(request, 404, *NOT_UP)
    if wants_json(request):
        return with_help({"id": post_id, "token": token})
    return _form(token, {"id": [post_id]}, {})


def send(request: Request, reports: Reports, words: PutAway) -> Response:
    """POST /reports: keep it once and answer with its own receipt, or bring the form back."""
    try:
        given = read_form(request)
    except WrongTypes as wrong:
        return _again(request, wrong.given, wrong.errors, first(wrong.given, "token"))
    token = first(given, "token")
    try:
        return _thanks(request, reports.report(given), words)
    except NotUp:
        return _not_up(request, first(given, "words"))
    except Refused as refused:
        fresh = reports.fresh_token() if refused.needs_new_form else token
        return _again(request, given, refused.errors, fresh)
    except FormUsed:
        return _again(request, given, {"token": USED}, reports.fresh_token())
    except tuple(NOT_NOW) as reason:
        sentence, status = NOT_NOW[type(reason)]
        return _again(request, given, {"": sentence}, token, status)


def _not_up(request: Request, kept: str) -> Response:
    """The story has gone meanwhile; nobody's words go with it."""
    if wants_json(request):
        return notice(request, 404, *NOT_UP)
    heading, sentence = NOT_UP
    return page("api/not_up.html", 404, heading=heading, sentence=sentence, kept=kept)


def _thanks(request: Request, received: Received, words: PutAway) -> Response:
    put_away = words.put(received.receipt)
    if wants_json(request):
        content = {
            "receipt": str(received.receipt),
            "put_away": put_away,
            "id": received.report.id,
            "state": received.report.state.value,
            **for_programs(received.marks),
        }
        return with_help(content, 201)
    return page(
        "api/reported.html",
        201,
        words=received.receipt.words,
        put_away=put_away,
        **for_people(received.marks),
    )


def _again(
    request: Request, given: Given, errors: Mapping[str, str], token: str, status: int = 422
) -> Response:
    headers = IN_A_MINUTE if status == 429 else {}
    if wants_json(request):
        return with_help({"errors": dict(errors), "token": token}, status, headers)
    return _form(token, given, errors, status, headers)


def _form(
    token: str,
    given: Given,
    errors: Mapping[str, str],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return page(
        "api/report.html",
        status,
        headers,
        token=token,
        values=Typed(given),
        **said(errors),
        labels=LABELS,
        reasons=[{"slug": reason.value, "label": words} for reason, words in REASONS.items()],
    )
