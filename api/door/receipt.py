"""What a receipt opens: how everything under it stands, and what its holder can do about that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalice.app import Request, Response

from api.door.help_lines import with_help
from api.door.waiting import told_words
from api.door.wording import COMING_DOWN, DONE, DOWN, REASONS, REPORTS, STALE, STATES, UP, Said
from doors.answers import Errors, notice, page, wants_json
from doors.forms import read_texts
from doors.messages import messages, paragraphs
from doors.own_words import changed_words, own_words
from doors.wording import KINDS
from forum.given import Given, first
from forum.hands import Unknown
from forum.holders import Holders, Holding, Holdings, Leave, Reported, Stale
from forum.post import WAITING, Act, Post, State, Text
from forum.rows import Offer
from forum.spelling import spelling

UNKNOWN = "We found nothing. Please type your six words, and check each word and their order."
PERHAPS = (
    "Did you press a button on a page older than 15 minutes? Then nothing was changed: "
    "type your words again. If you had everything erased, there is nothing left to find."
)

Done = Callable[[Given, Leave], Post]
"""Does one act on one post, as the form asks; raises what the use case raises."""


def show_form() -> Response:
    """GET /receipt: where the six words are typed."""
    return page("api/receipt.html", errors=Errors(), perhaps="", spelling=None, mended="")


def look_up(request: Request, holders: Holders) -> Response:
    """POST /receipt: everything under it, or the one answer for all that is unknown."""
    given = read_texts(request)
    try:
        return show(request, holders.look_up(leave(given, holders)))
    except Unknown:
        return unknown(request, holders, first(given, "receipt"))


def act(request: Request, holders: Holders, wanted: Act) -> Response:
    """POST /receipt/ACT: do it to one post, and show how everything stands then."""
    given = read_texts(request)
    may = leave(given, holders)
    try:
        done = _acts(holders)[wanted](given, may)
    except Stale:
        return stale(request, holders, may)
    except Unknown:
        return unknown(request, holders, may.typed)
    if wants_json(request):
        return with_help({"id": done.id, "state": done.state.value})
    try:
        holdings = holders.look_up(may)
        return show(request, holdings, _told(wanted, holdings.of(done.id)))
    except Unknown:  # the quarter of an hour ended between the two; what was asked is done
        return notice(request, 200, *DONE[wanted])


def erase(request: Request, holders: Holders) -> Response:
    """POST /receipt/erase: take everything back, and forget the receipt."""
    given = read_texts(request)
    try:
        holders.erase(leave(given, holders))
    except Unknown:
        return unknown(request, holders, first(given, "receipt"))
    if wants_json(request):
        return with_help({"erased": True})
    return page("api/erased.html", erased=messages()["erased"])


def leave(given: Given, holders: Holders) -> Leave:
    """What a form shows for its leave to act: typed words, mended ones, or a capability."""
    mended = holders.words.take(first(given, "put_away"))
    typed = first(given, "receipt") or (str(mended) if mended else "")
    return Leave(typed, first(given, "capability"))


def unknown(request: Request, holders: Holders, typed: str) -> Response:
    """One answer for every receipt that opens nothing, and what the word list alone can tell."""
    if wants_json(request):
        return with_help({"errors": {"receipt": f"{UNKNOWN} {PERHAPS}"}}, 404)
    told = spelling(typed) if typed.strip() else None
    return page(
        "api/receipt.html",
        404,
        errors=Errors({"receipt": UNKNOWN}),
        perhaps=PERHAPS,
        spelling=told,
        mended=holders.words.put(told.mended) if told and told.mended else "",
    )


def show(
    request: Request, holdings: Holdings, told: Said | None = None, status: int = 200
) -> Response:
    """Everything under a receipt; `told` is a heading and sentences about what was just done."""
    if wants_json(request):
        posts = [_for_programs(holding) for holding in holdings.posts]
        reports = [_report_for_programs(reported) for reported in holdings.reports]
        content = {"posts": posts, "reports": reports, "capability": holdings.capability}
        return with_help(content, status)
    return page(
        "api/posts.html",
        status,
        posts=[_for_people(holding, holdings.usual_wait) for holding in holdings.posts],
        reports=[_report_for_people(reported) for reported in holdings.reports],
        capability=holdings.capability,
        told=told,
        second_look=messages()["second-look"],
    )


def stale(request: Request, holders: Holders, may: Leave) -> Response:
    """Nothing was changed: how everything stands now."""
    if wants_json(request):
        return with_help({"errors": {"": " ".join(STALE)}}, 409)
    return show(request, holders.look_up(may), STALE, 409)


def _told(done: Act, holding: Holding) -> Said:
    """What there is to say about an act on this post, now that it is done."""
    if done is Act.ACCEPT and holding.post.state is State.SECOND:
        return DONE[Act.AGREE]
    return DOWN if done is Act.WITHDRAW and holding.coming_down else DONE[done]


def _acts(holders: Holders) -> Mapping[Act, Done]:
    return {
        Act.WITHDRAW: lambda given, may: holders.withdraw(first(given, "id"), may),
        Act.APPEAL: lambda given, may: holders.appeal(first(given, "id"), may),
        Act.ACCEPT: lambda given, may: holders.accept(
            first(given, "id"), first(given, "hash"), may
        ),
        Act.REFUSE: lambda given, may: holders.refuse(
            first(given, "id"), first(given, "hash"), may
        ),
    }


def _for_programs(holding: Holding) -> dict[str, Any]:
    post, offer = holding.post, holding.offer
    return {
        "id": post.id,
        "kind": post.kind.value,
        "state": post.state.value,
        "pen_name": post.pen_name,
        "title": holding.text.title if holding.text else None,
        "body": own_words(holding.text) if holding.text else None,
        "hash": holding.hash,
        "message": holding.message.words if holding.message else None,
        "offered": [_offer_for_programs(offer)] if offer else [],
        "replies": [],
        "published": holding.readable,
        "edited": [_edit_for_programs(holding.original)] if holding.original else [],
        "actions": sorted({_named(act) for act in holding.acts}),
        "erased_on": holding.erased_on.isoformat() if holding.erased_on else None,
    }


def _named(act: Act) -> str:
    """What may be done, as its address is called; whoever agrees accepts."""
    return str((Act.ACCEPT if act is Act.AGREE else act).value)


def _edit_for_programs(original: Text) -> dict[str, Any]:
    return {"title": original.title, "body": own_words(original)}


def _offer_for_programs(offer: Offer) -> dict[str, Any]:
    return {"hash": offer.hash, "title": offer.text.title, "body": own_words(offer.text)}


def _report_for_programs(reported: Reported) -> dict[str, Any]:
    report = reported.report
    return {
        "id": report.id,
        "reason": report.reason.value,
        "state": report.state.value,
        "erased_on": reported.erased_on.isoformat() if reported.erased_on else None,
    }


def _for_people(holding: Holding, usual_wait: int | None) -> dict[str, Any]:
    post, may = holding.post, {_named(act) for act in holding.acts}
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
        "state_words": told_words(words, usual_wait),
        "message": paragraphs(holding.message.words) if holding.message else None,
        "offer": offered(holding),
        "edited": edited(holding),
        "hash": holding.hash,
        "url": f"/stories/{post.id}/" if holding.readable else None,
        "erased_on": holding.erased_on,
        "gone": post.state is State.WITHDRAWN,
        "waits": post.state in WAITING,
        "can": {act.value: act.value in may for act in Act},
    }


def offered(holding: Holding) -> Mapping[str, Any] | None:
    """What would change in title and text, if changes are offered."""
    if not (holding.offer and holding.text):
        return None
    return changed_words(holding.text, holding.offer.text)


def edited(holding: Holding) -> Mapping[str, Any] | None:
    """What moderators took out since, because it could tell who somebody is."""
    if not (holding.original and holding.text) or holding.offer:
        return None
    return changed_words(holding.original, holding.text)


def _report_for_people(reported: Reported) -> dict[str, Any]:
    label, words = REPORTS[reported.report.state]
    return {
        "reason": REASONS[reported.report.reason],
        "state_label": label,
        "state_words": words,
        "erased_on": reported.erased_on,
    }
