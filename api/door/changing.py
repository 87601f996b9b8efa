"""Changing a story that came back: the form with the author's own words, and sending it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from chalice.app import Request, Response

from api.door import receipt
from api.door.care import for_people, for_programs
from api.door.form import LABELS, Typed, said
from api.door.help_lines import with_help
from api.door.share import BUSY
from api.door.waiting import told
from doors.answers import page, wants_json
from doors.forms import WrongTypes, read_form, read_texts
from doors.messages import messages, paragraphs
from doors.own_words import own_words
from forum.given import Given, first
from forum.hands import Unknown
from forum.holders import Holders, Holding, Leave, Stale
from forum.post import Act, Post
from forum.rows import Unavailable
from forum.submission import LISTS
from forum.texts import Refused
from forum.vocabulary import VOCABULARY

TOO_LATE = (
    "This page had been open for more than 15 minutes. Your words are all here. "
    "Please type your six words once more, then send it."
)
NOT_FOUND = (
    "We found nothing for these words. Please check each word and their order. "
    "Your words are all here."
)
MOVED_ON = (
    "Something changed while this page was open, so nothing was sent. Your words are all here. "
    "Please read our message again, then send it if it still fits."
)
CLOSED_TO_CHANGE = (
    "This story cannot be changed just now, so nothing was sent. Perhaps you sent it from another "
    "page, or took it back. Your words are all here, so that you can copy what you want to keep."
)


def show_form(request: Request, holders: Holders) -> Response:
    """POST /receipt/change: the form, filled with the story as it could go on."""
    given = read_texts(request)
    may = receipt.leave(given, holders)
    try:
        held = holders.look_up(may)
        holding = held.of(first(given, "id"))
    except Unknown:
        return receipt.unknown(request, holders, may.typed)
    if Act.REVISE not in holding.acts:
        return receipt.stale(request, holders, may)
    fields = _fields(holding)
    if wants_json(request):
        return with_help(fields)
    return _form({**fields, "capability": [held.capability]}, {}, holding)


def revise(request: Request, holders: Holders) -> Response:
    """POST /receipt/revise: new words in place of the old, or the form with all that was typed."""
    try:
        given = read_form(request)
    except WrongTypes as wrong:
        return _again(request, holders, wrong.given, wrong.errors)
    may = receipt.leave(given, holders)
    try:
        post = holders.revise(first(given, "id"), first(given, "hash"), given, may)
    except Refused as refused:
        return _again(request, holders, given, refused.errors)
    except Unknown:
        return _unknown(request, given, may)
    except Stale:
        return _stale(request, holders, given)
    except Unavailable:
        return _answer(request, given, {"": BUSY}, None, 503)
    return _thanks(request, post, may, holders.usual_wait())


def _thanks(request: Request, post: Post, may: Leave, usual_wait: int | None) -> Response:
    if wants_json(request):
        return with_help({"id": post.id, "state": post.state.value, **for_programs(post.marks)})
    return page(
        "api/revised.html",
        thanks=told(messages()["received-again"], usual_wait),
        pen_name=post.pen_name,
        capability=may.capability,
        **for_people(post.marks),
    )


def _unknown(request: Request, given: Given, may: Leave) -> Response:
    """The form once more, with a place for the six words and everything else as it was."""
    words = NOT_FOUND if may.typed.strip() else TOO_LATE
    return _answer(request, given, {"receipt": words}, None, 404)


def _stale(request: Request, holders: Holders, given: Given) -> Response:
    """The form once more, about the story as it stands now, if that can still be changed."""
    given, holding = _held(holders, given)
    if holding is None or Act.REVISE not in holding.acts:
        return _answer(request, given, {"": CLOSED_TO_CHANGE}, None, 409, closed=True)
    now = {**given, "hash": [holding.hash or ""]}
    return _answer(request, now, {"": MOVED_ON}, holding, 409)


def _again(request: Request, holders: Holders, given: Given, errors: Mapping[str, str]) -> Response:
    given, holding = _held(holders, given)
    return _answer(request, given, errors, holding, 422)


def _held(holders: Holders, given: Given) -> tuple[Given, Holding | None]:
    """The form with leave to send it, so that nobody types six words twice, and its story.

    As it was, and no story, for whoever may not see one.
    """
    try:
        held = holders.look_up(receipt.leave(given, holders))
        return {**given, "capability": [held.capability]}, held.of(first(given, "id"))
    except (Unknown, Unavailable):  # what was typed comes back whatever the store does
        return given, None


def _answer(
    request: Request,
    given: Given,
    errors: Mapping[str, str],
    holding: Holding | None,
    status: int,
    *,
    closed: bool = False,
) -> Response:
    if wants_json(request):
        return with_help({"errors": dict(errors)}, status)
    return _form(given, errors, holding, status, closed=closed)


def _form(
    given: Given,
    errors: Mapping[str, str],
    holding: Holding | None,
    status: int = 200,
    *,
    closed: bool = False,
) -> Response:
    return page(
        "api/change.html",
        status,
        values=Typed(given),
        **said(errors),
        labels=LABELS,
        words=VOCABULARY,
        message=paragraphs(holding.message.words) if holding and holding.message else None,
        offered=receipt.offered(holding) if holding else None,
        ask_receipt="receipt" in errors,
        closed=closed,
    )


def _fields(holding: Holding) -> dict[str, list[str]]:
    """The story as a form: with the suggested text, where one was suggested."""
    text = holding.offer.text if holding.offer else holding.text
    fields = asdict(holding.post.fields)
    return {
        "id": [holding.post.id],
        "hash": [holding.hash or ""],
        "title": [text.title if text else ""],
        "body": [own_words(text) if text else ""],
        "stage": [fields["stage"]],
        "arc": [fields["arc"]],
        "findable": ["yes" if fields["findable"] else "no"],
        **{name: list(fields[listed]) for name, listed in LISTS.items()},
    }
