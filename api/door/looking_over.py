"""Before you share: an author's own words with what could identify them, to change or to leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from chalice.app import Request, Response

from api.door import share
from api.door.care import for_people, for_programs
from api.door.form import LABELS, sent_on, share_form
from api.door.help_lines import with_help
from api.door.share import BUSY, again
from doors.answers import page, wants_json
from doors.forms import WrongTypes, number, read_form, read_texts
from forum.given import Given, first
from forum.preview import Preview, Spot
from forum.rows import Unavailable
from forum.texts import Refused
from forum.visitors import Visitors


@dataclass(frozen=True)
class Stretch:
    """A stretch of somebody's words, and the spot that it is, if any."""

    words: str
    spot: Spot | None = None


def look_over(request: Request, visitors: Visitors) -> Response:
    """POST /preview: mark, and put what was accepted in place; or back to the form."""
    try:
        given = read_form(request)
    except WrongTypes as wrong:
        errors = {**visitors.errors_in(wrong.given), **wrong.errors}
        return again(request, wrong.given, errors, first(wrong.given, "token"))
    token = first(given, "token") or visitors.form_token()
    if first(given, "go") == "back" and not wants_json(request):
        return share_form(token, given, {})
    accepted = [n for n in map(number, given.get("accept", ())) if n is not None]
    try:
        shown = visitors.preview(given, accepted)
        put_away = visitors.put_away(given)
    except Refused as refused:
        return again(request, given, refused.errors, token)
    except Unavailable:
        return again(request, given, {"": BUSY}, token, 503)
    if wants_json(request):
        return with_help(_for_programs(shown))
    kept = {**given, "title": [shown.title], "body": [shown.body], "token": [token]}
    return _page(shown, kept, put_away)


def send(request: Request, visitors: Visitors) -> Response:
    """POST /posts: share it. Where boxes were ticked and not yet put in place, they come first."""
    ticked = not wants_json(request) and any(read_texts(request).get("accept", ()))
    return look_over(request, visitors) if ticked else share.send(request, visitors)


def _page(shown: Preview, given: Given, put_away: str) -> Response:
    return page(
        "api/preview.html",
        title=list(_stretches(shown.title, shown.in_field("title"))),
        paragraphs=list(_stretches(shown.body, shown.in_field("body"))),
        spots=shown.spots,
        carried=sent_on({**given, "pow": []}),
        put_away=put_away,
        missing={LABELS.get(name, ""): words for name, words in shown.missing.items()},
        changed=shown.changed,
        **for_people(shown.marks),
    )


def _stretches(text: str, spots: tuple[Spot, ...]) -> Iterator[Stretch]:
    """The text cut where spots begin and end."""
    at = 0
    for spot in spots:
        yield Stretch(text[at : spot.start])
        yield Stretch(text[spot.start : spot.end], spot)
        at = spot.end
    yield Stretch(text[at:])


def _for_programs(shown: Preview) -> dict[str, Any]:
    spots = [asdict(spot) for spot in shown.spots]
    return {"title": shown.title, "body": shown.body, "spots": spots, **for_programs(shown.marks)}
