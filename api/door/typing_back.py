"""Typing the six words back, to be sure they were saved: no store is asked, nothing is kept."""

from __future__ import annotations

from chalice.app import Request, Response

from api.door.help_lines import with_help
from doors.answers import page, wants_json
from doors.forms import read_texts
from forum.given import first
from forum.spelling import PutAway

TOO_LATE = (
    "That was more than 15 minutes ago, so we cannot compare them any more. "
    "Type your words where receipts are looked up: if that finds what you sent, they are right."
)


def check(request: Request, words: PutAway) -> Response:
    """POST /receipt/typed-back: whether the typed words are the ones that were shown."""
    given = read_texts(request)
    token = first(given, "put_away")
    compared = words.compared(token, first(given, "receipt"))
    if wants_json(request):
        if compared is None:
            return with_help({"errors": {"put_away": TOO_LATE}}, 422)
        return with_help({"right": compared.right, "wrong": list(compared.wrong)})
    return page(
        "api/typed_back.html",
        200 if compared else 422,
        compared=compared,
        put_away=token,
        too_late=TOO_LATE,
    )
