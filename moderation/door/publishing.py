"""Asking for a press run and seeing how it went. The press itself works elsewhere."""

from __future__ import annotations

from chalice.app import Response

from doors.answers import page, to
from doors.forms import number
from forum.rows import RunState
from moderation.door.at_desk import AtDesk


def publish(at: AtDesk) -> Response:
    """Ring the bell, and go to where the answer will show."""
    return to(f"/moderation/publish?ring={at.desk.publish()}")


def show(at: AtDesk, ring: str) -> Response:
    """How the run that answers this ring stands; the page looks again by itself until then."""
    run, awaited = at.desk.last_run(), number(ring) or 0
    answered = run is not None and run.rung >= awaited and run.state is not RunState.RUNNING
    headers = None if answered or not awaited else {"Refresh": "2"}
    return page(
        "desk/publish.html",
        headers=headers,
        person=at.person,
        run=run if answered else None,
        failed=answered and run is not None and run.state is RunState.FAILED,
        amiss=run.words.splitlines() if run and run.state is RunState.DONE else (),
        waiting=bool(awaited) and not answered,
    )
