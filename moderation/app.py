"""The moderators' door as a Chalice app: every route but signing in is guarded."""

from __future__ import annotations

import secrets
from functools import cache, partial, wraps

from chalice.app import Chalice, Response

from doors import logs
from doors.forms import first, read_query
from doors.views import current, kindly
from forum import wiring
from forum.desk import Desk
from forum.people import moderators
from forum.post import Act
from moderation.door import publishing, queue, reading, sign_in
from moderation.door.guard import Doorway, Person, guard

app = Chalice(app_name="handrail-moderation")
app.debug = False
logs.quieten()

FORM = ["application/x-www-form-urlencoded"]


@cache
def doorway() -> Doorway:
    """All that letting somebody in depends on, opened once in this process."""
    chosen = wiring.settings()
    people, keyring = wiring.open_people(chosen), wiring.session_keyring(chosen)
    return Doorway(people, wiring.CLOCK, secrets.token_bytes, keyring, chosen.siteurl)


@cache
def desk() -> Desk:
    """The use cases, opened once in this process."""
    return wiring.open_desk(wiring.settings())


def names() -> dict[str, str]:
    """Moderators' names by id."""
    return {moderator.id: moderator.name for moderator in moderators(doorway().store)}


answered_kindly = kindly(app)
guarded = guard(app, doorway)
sign_in.add_routes(app, doorway)


@app.route("/", methods=["GET"])
@answered_kindly
@guarded
def show_queue(person: Person) -> Response:
    """What waits to be read."""
    return queue.show(current(app), desk(), person, names())


@app.route("/post/{post_id}", methods=["GET"])
@answered_kindly
@guarded
def read(person: Person, post_id: str) -> Response:
    """One post."""
    return reading.show(desk(), person, names(), post_id)


@app.route("/post/{post_id}/claim", methods=["POST"], content_types=FORM)
@answered_kindly
@guarded
def claim(person: Person, post_id: str) -> Response:
    """Take it to read."""
    return reading.claim(desk(), person, names(), post_id)


@app.route("/post/{post_id}/release", methods=["POST"], content_types=FORM)
@answered_kindly
@guarded
def release(person: Person, post_id: str) -> Response:
    """Give it back to the queue."""
    return reading.release(desk(), person, post_id)


@app.route("/post/{post_id}/undo", methods=["POST"], content_types=FORM)
@answered_kindly
@guarded
def undo(person: Person, post_id: str) -> Response:
    """Take a decision back."""
    return reading.undo(desk(), person, names(), post_id)


def _decide(act: Act, person: Person, post_id: str) -> Response:
    return reading.decide(act, current(app), desk(), person, names(), post_id)


for _act in (Act.APPROVE, Act.RETURN, Act.DECLINE, Act.TAKE_DOWN):
    _view = wraps(_decide)(partial(_decide, _act))
    _path, _name = f"/post/{{post_id}}/{_act.value}", _act.value.replace("-", "_")
    app.route(_path, methods=["POST"], content_types=FORM, name=_name)(
        answered_kindly(guarded(_view))
    )


@app.route("/publish", methods=["POST"], content_types=FORM)
@answered_kindly
@guarded
def publish(person: Person) -> Response:
    """Ask for a press run."""
    return publishing.publish(desk())


@app.route("/publish", methods=["GET"])
@answered_kindly
@guarded
def published(person: Person) -> Response:
    """How it went."""
    return publishing.show(desk(), person, first(read_query(current(app)), "ring"))
