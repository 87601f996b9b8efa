"""The moderators' door as a Chalice app: every route but signing in is guarded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial, wraps

from chalice.app import Chalice, Response

from doors import logs
from doors.forms import read_query
from doors.views import current, kindly
from forum import wiring
from forum.desk import Desk
from forum.given import first
from forum.post import Act
from moderation.door import alike, offers, publishing, queue, reading, sign_in
from moderation.door.at_desk import AtDesk
from moderation.door.guard import Doorway, Person, guard

app = Chalice(app_name="handrail-moderation")
app.debug = False
logs.quieten()

FORM = ["application/x-www-form-urlencoded"]


@cache
def doorway() -> Doorway:
    """All that letting somebody in depends on, opened once in this process."""
    chosen = wiring.settings()
    return Doorway(wiring.open_people(chosen), chosen.siteurl)


@cache
def desk() -> Desk:
    """The use cases, opened once in this process."""
    return wiring.open_desk(wiring.settings())


def names() -> Mapping[str, str]:
    """Moderators' names by id."""
    return {moderator.id: moderator.name for moderator in doorway().people.moderators()}


answered_kindly = kindly(app)
guarded = guard(app, doorway)
sign_in.add_routes(app, doorway)


def at_the_desk(view: Callable[..., Response]) -> Callable[..., Response]:
    """A decorator for the desk's views: only for moderators, and kind when something breaks."""

    @wraps(view)
    def seated(person: Person, **path: str) -> Response:
        return view(AtDesk(desk(), person, names()), **path)

    return answered_kindly(guarded(seated))


@app.route("/", methods=["GET"])
@at_the_desk
def show_queue(at: AtDesk) -> Response:
    """What waits to be read."""
    return queue.show(current(app), at)


@app.route("/post/{post_id}", methods=["GET"])
@at_the_desk
def read(at: AtDesk, post_id: str) -> Response:
    """One post."""
    return reading.show(at, post_id)


@app.route("/post/{post_id}/claim", methods=["POST"], content_types=FORM)
@at_the_desk
def claim(at: AtDesk, post_id: str) -> Response:
    """Take it to read."""
    return reading.claim(at, post_id)


@app.route("/post/{post_id}/release", methods=["POST"], content_types=FORM)
@at_the_desk
def release(at: AtDesk, post_id: str) -> Response:
    """Give it back to the queue."""
    return reading.release(at, post_id)


@app.route("/post/{post_id}/undo", methods=["POST"], content_types=FORM)
@at_the_desk
def undo(at: AtDesk, post_id: str) -> Response:
    """Take a decision back."""
    return reading.undo(at, post_id)


def _decide(act: Act, at: AtDesk, post_id: str) -> Response:
    return reading.decide(act, current(app), at, post_id)


for _act in (Act.APPROVE, Act.KEEP, Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.TAKE_DOWN):
    _path, _name = f"/post/{{post_id}}/{_act.value}", _act.value.replace("-", "_")
    app.route(_path, methods=["POST"], content_types=FORM, name=_name)(
        at_the_desk(partial(_decide, _act))
    )


@app.route("/post/{post_id}/offer", methods=["POST"], content_types=FORM)
@at_the_desk
def offer(at: AtDesk, post_id: str) -> Response:
    """Suggest changes to its author."""
    return offers.offer(current(app), at, post_id)


@app.route("/post/{post_id}/alike", methods=["GET"])
@at_the_desk
def show_alike(at: AtDesk, post_id: str) -> Response:
    """Unread posts that read almost like it."""
    return alike.show(at, post_id)


@app.route("/alike/decline", methods=["POST"], content_types=FORM)
@at_the_desk
def decline_alike(at: AtDesk) -> Response:
    """Decline some of those as one."""
    return alike.decline(current(app), at)


@app.route("/undo", methods=["POST"], content_types=FORM)
@at_the_desk
def undo_alike(at: AtDesk) -> Response:
    """Take that back as one."""
    return alike.undo(current(app), at)


@app.route("/publish", methods=["POST"], content_types=FORM)
@at_the_desk
def publish(at: AtDesk) -> Response:
    """Ask for a press run."""
    return publishing.publish(at)


@app.route("/publish", methods=["GET"])
@at_the_desk
def published(at: AtDesk) -> Response:
    """How it went."""
    return publishing.show(at, first(read_query(current(app)), "ring"))
