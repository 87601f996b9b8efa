"""What a receipt opens: the state of what was shared, the moderators' message, taking it back."""

from __future__ import annotations

from typing import Any

from chalice.app import Request, Response

from api.door.wording import COMING_DOWN, STATES, UP
from doors.answers import Errors, as_json, page, wants_json
from doors.forms import first, read_texts
from doors.wording import KINDS
from forum.hands import Unknown
from forum.post import Act, State
from forum.visitors import Holding, Holdings, Visitors

UNKNOWN = (
    "We found nothing. Please type your six words, and check each word and their order. "
    "If a page had been open for more than 15 minutes, nothing was changed. "
    "If everything was erased, there is nothing left to find."
)


def show_form() -> Response:
    """GET /receipt: where the six words are typed."""
    return page("api/receipt.html", errors=Errors())


def look_up(request: Request, visitors: Visitors) -> Response:
    """POST /receipt: everything under it, or the one answer for all that is unknown."""
    given = read_texts(request)
    try:
        holdings = visitors.look_up(first(given, "receipt"), first(given, "capability"))
    except Unknown:
        return _unknown(request)
    return _show(request, holdings)


def withdraw(request: Request, visitors: Visitors) -> Response:
    """POST /receipt/withdraw: take one post back."""
    given = read_texts(request)
    receipt, capability = first(given, "receipt"), first(given, "capability")
    try:
        post = visitors.withdraw(first(given, "id"), receipt, capability)
        if wants_json(request):
            return as_json({"id": post.id, "state": post.state.value})
        return _show(request, visitors.look_up(receipt, capability), just_withdrawn=True)
    except Unknown:
        return _unknown(request)


def _unknown(request: Request) -> Response:
    if wants_json(request):
        return as_json({"errors": {"receipt": UNKNOWN}}, 404)
    return page("api/receipt.html", 404, errors=Errors({"receipt": UNKNOWN}))


def _show(request: Request, holdings: Holdings, just_withdrawn: bool = False) -> Response:
    if wants_json(request):
        posts = [_for_programs(holding) for holding in holdings.posts]
        return as_json({"posts": posts, "capability": holdings.capability})
    return page(
        "api/posts.html",
        posts=[_for_people(holding) for holding in holdings.posts],
        capability=holdings.capability,
        just_withdrawn=just_withdrawn,
        coming_down=any(holding.coming_down for holding in holdings.posts),
    )


def _for_programs(holding: Holding) -> dict[str, Any]:
    post = holding.post
    return {
        "id": post.id,
        "kind": post.kind.value,
        "state": post.state.value,
        "pen_name": post.pen_name,
        "message": holding.message.words if holding.message else None,
        "offered": [],
        "replies": [],
        "published": holding.readable,
        "actions": sorted(act.value for act in holding.acts),
        "erased_on": holding.erased_on.isoformat() if holding.erased_on else None,
    }


def _for_people(holding: Holding) -> dict[str, Any]:
    post = holding.post
    label, words = STATES[post.state]
    if holding.readable:
        label, words = UP
    elif holding.coming_down:
        words = f"{words} {COMING_DOWN}"
    return {
        "id": post.id,
        "kind": KINDS[post.kind],
        "pen_name": post.pen_name,
        "state_label": label,
        "state_words": words,
        "message": holding.message.words.splitlines() if holding.message else None,
        "url": f"/stories/{post.id}/" if holding.readable else None,
        "erased_on": holding.erased_on,
        "gone": post.state is State.WITHDRAWN,
        "can_withdraw": Act.WITHDRAW in holding.acts,
    }
