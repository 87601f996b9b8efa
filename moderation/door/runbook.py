"""What to do when somebody may be in danger, step by step, and the pause after it."""

from __future__ import annotations

from chalice.app import Request, Response

from doors.answers import page
from doors.forms import read_query
from forum.deciding import NoSuchPost
from forum.given import first
from forum.post import State
from moderation.door import rest
from moderation.door.at_desk import AtDesk
from moderation.door.queue import done


def show(at: AtDesk) -> Response:
    """The steps, for whoever wants to read them before they need them."""
    return page("desk/runbook.html", person=at.person)


def pause(request: Request, at: AtDesk) -> Response:
    """A few minutes after an urgent post; its decision can still be taken back."""
    post_id = first(read_query(request), "done")
    undoable = post_id if post_id and done(at, post_id) else ""
    return rest.pause(at, at.standing, undoable, _escalated(at, post_id))


def _escalated(at: AtDesk, post_id: str) -> str:
    """The same id, if this post waits for somebody to take the other steps."""
    try:
        post = at.desk.deciding.post(post_id)
    except NoSuchPost:
        return ""
    return post_id if post.state is State.ESCALATED else ""
