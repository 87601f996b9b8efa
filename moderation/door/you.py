"""One's own page at the desk: passkeys, open sessions, and what one would rather not read.

Everything here is about the person who asks. No id in a form reaches anything of anybody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from chalice.app import Chalice, Request, Response

from doors.answers import as_json, page, to
from doors.forms import FORM, read_query, read_texts
from doors.views import current, kindly
from forum.belongings import Belongings, NotFound
from forum.given import first
from forum.person import EVERYBODY, BadName, Ceremony, LastPasskey, Passkey, Session
from forum.retention import SIGNED_IN_FOR
from forum.team import NothingToAgree, Team
from forum.vocabulary import VOCABULARY, slugs
from moderation.door import roles
from moderation.door.ceremony import creation_options, enrolled, read_answer
from moderation.door.guard import Doorway, Person, guard
from moderation.door.rest import my_day
from moderation.door.roughly import ago
from moderation.door.scripts import (
    Body,
    PersonsJsonView,
    add_persons_json_routes,
    words,
)

DONE: Mapping[str, str] = {
    "added": "Your new passkey is kept. You can sign in with it from now on.",
    "renamed": "It is called that now.",
    "removed": "That passkey is gone, and every other browser of yours is signed out.",
    "ended": "That browser is signed out.",
    "ended-others": "Every other browser of yours is signed out.",
    "kept": "Your choices are kept.",
    "stopped": "Stopped. Nobody can put another passkey in the place of yours.",
}
"""What was done, by the word in the address."""
PROBLEMS: Mapping[type[Exception], tuple[int, str]] = {
    NotFound: (404, "That was gone already."),
    NothingToAgree: (404, "That was over already. Your passkey is as it was."),
    LastPasskey: (409, "This is your last passkey, so it stays. Add another one first."),
}

View = Callable[[Doorway, Request, Person], Response]


def add_routes(app: Chalice, doorway: Callable[[], Doorway]) -> None:
    """Put every route of this module on the app; `doorway` is asked for at each request."""
    answered_kindly = kindly(app)

    def put(path: str, view: View, *, method: str = "POST", fresh: bool = False) -> None:
        guarded = guard(app, doorway, EVERYBODY, fresh=fresh)(
            lambda person: view(doorway(), current(app), person)
        )
        given = {} if method == "GET" else {"content_types": [FORM]}
        route = app.route(path, methods=[method], name=view.__name__, **given)
        route(answered_kindly(guarded))

    put("/you", show_you, method="GET")
    put("/you/passkeys/rename", rename_passkey)
    put("/you/passkeys/remove", remove_passkey, fresh=True)
    put("/you/sessions/end", end_session)
    put("/you/sessions/end-others", end_other_sessions)
    put("/you/choices", choose)
    put("/you/recovery/stop", stop_recovery)
    add_persons_json_routes(app, doorway, ANSWERS, EVERYBODY)


def show_you(doorway: Doorway, request: Request, person: Person) -> Response:
    """One's own page."""
    return _page(doorway, person, said=DONE.get(first(read_query(request), "done"), ""))


def passkey_options(doorway: Doorway, person: Person, body: Body) -> Response:
    """What a device is to make for one more passkey, and which it may hold already."""
    moderator, own = person.moderator, Belongings(doorway.people)
    challenge = own.adding_challenge(moderator.id)
    known = own.passkeys(moderator.id)
    options = creation_options(doorway.siteurl, challenge, moderator.name, known)
    return as_json({"publicKey": options})


def add_passkey(doorway: Doorway, person: Person, body: Body) -> Response:
    """Keep the passkey that was made for this person, and for nobody else."""
    answer = read_answer(body.get("credential"))
    challenge = doorway.people.spend_challenge(Ceremony.ADD, answer.challenge, person.moderator.id)
    passkey = enrolled(doorway.siteurl, challenge, answer)
    Belongings(doorway.people).add_passkey(passkey, words(body, "label"))
    return as_json({"next": f"{roles.YOU}?done=added"})


ANSWERS: Mapping[str, PersonsJsonView] = {
    "/you/passkeys/options": passkey_options,
    "/you/passkeys": add_passkey,
}
"""What the page's script may send, by path within the door."""


def rename_passkey(doorway: Doorway, request: Request, person: Person) -> Response:
    """Call one passkey something else."""
    given = read_texts(request)
    label, own = first(given, "label"), Belongings(doorway.people)
    try:
        own.rename_passkey(person.moderator.id, _credential(first(given, "passkey")), label)
    except BadName as error:
        return _page(doorway, person, 422, problem=str(error))
    except NotFound as error:
        return _problem(doorway, person, error)
    return _done("renamed")


def remove_passkey(doorway: Doorway, request: Request, person: Person) -> Response:
    """Take one way in off."""
    credential = _credential(first(read_texts(request), "passkey"))
    try:
        Belongings(doorway.people).remove_passkey(person.session, credential)
    except (NotFound, LastPasskey) as error:
        return _problem(doorway, person, error)
    return _done("removed")


def end_session(doorway: Doorway, request: Request, person: Person) -> Response:
    """Sign one browser out."""
    session_id = first(read_texts(request), "session")
    try:
        Belongings(doorway.people).end_session(person.moderator.id, session_id)
    except NotFound as error:
        return _problem(doorway, person, error)
    return _done("ended")


def end_other_sessions(doorway: Doorway, request: Request, person: Person) -> Response:
    """Sign every browser out but this one."""
    Belongings(doorway.people).end_other_sessions(person.session)
    return _done("ended-others")


def choose(doorway: Doorway, request: Request, person: Person) -> Response:
    """Keep what this person would rather be spared; what is no topic is worth nothing."""
    given = read_texts(request)
    opt_outs = sorted(slugs("topics") & set(given.get("topics", [])))
    folded, keys = first(given, "collapsed") == "yes", first(given, "keys") == "yes"
    own = Belongings(doorway.people)
    own.choose(person.moderator.id, opt_outs, collapsed=folded, keys=keys)
    return _done("kept")


def stop_recovery(doorway: Doorway, request: Request, person: Person) -> Response:
    """Say that one's passkey is not lost."""
    try:
        Team(doorway.people).stop_recovery(person.moderator.id)
    except NothingToAgree as error:
        return _problem(doorway, person, error)
    return _done("stopped")


def _page(
    doorway: Doorway, person: Person, status: int = 200, *, said: str = "", problem: str = ""
) -> Response:
    own, who = Belongings(doorway.people), person.moderator.id
    now = doorway.people.clock.now()
    return page(
        "desk/you.html",
        status,
        person=person,
        said=said,
        problem=problem,
        roles=roles.named(person.moderator.roles),
        passkeys=[_passkey(passkey) for passkey in own.passkeys(who)],
        sessions=[
            {
                "id": session.id,
                "this": session.id == person.session.id,
                "since": ago(_opened(session), now),
                "active": ago(session.seen, now),
            }
            for session in own.sessions(who)
        ],
        topics=VOCABULARY["topics"],
        my_day=my_day(doorway.today(who)) if doorway.today else None,
        lost=who in Team(doorway.people).in_doubt(),
    )


def _passkey(passkey: Passkey) -> Mapping[str, object]:
    return {"id": passkey.credential_id.hex(), "label": passkey.label, "day": passkey.day}


def _opened(session: Session) -> datetime:
    return session.until - SIGNED_IN_FOR


def _credential(typed: str) -> bytes:
    """The passkey that a form names; bytes that are nobody's for what names none."""
    try:
        return bytes.fromhex(typed)
    except ValueError:
        return b""


def _problem(doorway: Doorway, person: Person, error: Exception) -> Response:
    status, sentence = PROBLEMS[type(error)]
    return _page(doorway, person, status, problem=sentence)


def _done(what: str) -> Response:
    return to(f"{roles.YOU}?done={what}")
