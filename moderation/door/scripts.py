"""What a page's script may ask of the door: JSON from a page of ours, JSON back, never a surprise.

The answer is what the view made, else `{"error": "a plain sentence"}` for the person.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, NoReturn

from chalice.app import Chalice, Request, Response

from doors import logs
from doors.answers import as_json
from doors.forms import JSON, raw_body
from doors.views import current
from forum.belongings import TooManyPasskeys
from forum.people import ChallengeSpent, CopiedPasskey
from forum.person import BadName, Role
from forum.rows import (
    Changed,
    InvitationSpent,
    NotEnrolled,
    PasskeyTaken,
    PersonNameTaken,
    Unavailable,
)
from moderation.door.ceremony import Refused
from moderation.door.guard import (
    CSRF_FIELD,
    Doorway,
    Person,
    Rule,
    TurnedAway,
    admit,
    marked,
    must_mean_it,
    surely_ours,
)

BODY_LIMIT = 65_536
"""Bytes of JSON that are looked at."""

Body = dict[str, Any]
JsonView = Callable[[Doorway, Request, Body], Response]
PersonsJsonView = Callable[[Doorway, Person, Body], Response]


class Malformed(Exception):
    """The body is not what the page's script sends."""


class TooLong(Exception):
    """The body is over `BODY_LIMIT`."""


class FromElsewhere(Exception):
    """No page of ours sent this."""


PROBLEMS: Mapping[type[Exception], tuple[int, str]] = {
    Malformed: (400, "That did not arrive whole. Load the page again and try once more."),
    TooLong: (413, "That was longer than any passkey's answer. Load the page again."),
    FromElsewhere: (403, "That did not come from this page. Open the page again and try there."),
    ChallengeSpent: (400, "That took too long or was sent twice. Please try again."),
    Refused: (403, "That passkey does not open this door. Try another one if you have it."),
    CopiedPasskey: (
        403,
        "This passkey may have been copied, so it was refused. Please tell whoever runs the site.",
    ),
    NotEnrolled: (403, "This passkey belonged to someone who is not a moderator here any more."),
    Changed: (409, "This passkey was just used somewhere else. Please try again."),
    InvitationSpent: (410, "This link was already used or has run out. Ask for a new one."),
    PersonNameTaken: (409, "Another moderator goes by that name. Please choose another."),
    PasskeyTaken: (409, "This passkey is already enrolled. You can sign in with it."),
    TooManyPasskeys: (
        409,
        "You have ten passkeys, which is the most. Please remove one first.",
    ),
    Unavailable: (503, "We cannot save anything just now. Please try again in a minute."),
}
"""What each failure is to a browser: a status and a sentence for the person."""
REASONS: Mapping[str, str] = {
    "ended": "You are signed out. Please sign in again, then come back to this page.",
    "not-yours": "This is not for you to change. Please ask a coordinator.",
    "old-page": "That page was out of date. Load it again and try once more.",
    "not-fresh": "You signed in a while ago. Please sign in again, then come back to this page.",
}
"""Why the guard turned a script away."""
BROKEN = "Something went wrong on our side. It was not you. Please load the page and try again."


def add_json_routes(
    app: Chalice, doorway: Callable[[], Doorway], views: Mapping[str, JsonView]
) -> None:
    """Put views that anybody's page may ask on the app, by path within the door."""
    for path, view in views.items():
        _route(app, path, view)(_answering(app, doorway, view))


def add_persons_json_routes(
    app: Chalice,
    doorway: Callable[[], Doorway],
    views: Mapping[str, PersonsJsonView],
    needs: Collection[Role],
) -> None:
    """Put views on the app that only these roles reach, signed in a short while ago."""
    rule = Rule(frozenset(needs), fresh=True)
    for path, view in views.items():
        guarded = _answering(app, doorway, functools.partial(_for_a_person, view, rule))
        _route(app, path, view)(marked(guarded, rule))


def words(body: Body, name: str) -> str:
    """The text under this name; raise `Malformed` if there is none."""
    value = body.get(name)
    if not isinstance(value, str):
        raise Malformed
    return value


def _route(app: Chalice, path: str, view: Any) -> Callable[[Callable[[], Response]], object]:
    return app.route(path, methods=["POST"], content_types=[JSON], name=view.__name__)


def _answering(
    app: Chalice, doorway: Callable[[], Doorway], view: JsonView
) -> Callable[[], Response]:
    return lambda: _answer(view, doorway, current(app))


def _for_a_person(
    view: PersonsJsonView, rule: Rule, way: Doorway, request: Request, body: Body
) -> Response:
    person = admit(way, request, rule)
    must_mean_it(way, person, rule, words(body, CSRF_FIELD))
    return view(way, person, body)


def _answer(view: JsonView, doorway: Callable[[], Doorway], request: Request) -> Response:
    """The view's answer, or the problem it met as a status and a sentence."""
    try:
        way = doorway()
        if not surely_ours(request, way.siteurl):
            raise FromElsewhere
        return view(way, request, _read_body(request))
    except BadName as error:
        return as_json({"error": str(error)}, 422)
    except TurnedAway as turned:
        return as_json({"error": REASONS[turned.reason]}, turned.status)
    except tuple(PROBLEMS) as error:
        status, sentence = next(PROBLEMS[kind] for kind in PROBLEMS if isinstance(error, kind))
        return as_json({"error": sentence}, status)
    except Exception as error:  # noqa: BLE001 - a script too must get an answer it can show
        logs.report(error)
        return as_json({"error": BROKEN}, 500)


def _read_body(request: Request) -> Body:
    """The JSON object in the request; raise `Malformed` or `TooLong`."""
    raw = raw_body(request)
    if len(raw) > BODY_LIMIT:
        raise TooLong
    try:
        body = json.loads(raw, object_pairs_hook=_without_repeats, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(body, dict):
        raise Malformed
    return body


def _without_repeats(pairs: list[tuple[str, Any]]) -> Body:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed
    return found


def _refuse(constant: str) -> NoReturn:
    raise Malformed
