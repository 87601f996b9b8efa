"""Asking for a press run and seeing how it went. The press itself works elsewhere."""

from __future__ import annotations

from chalice.app import Response

from doors.answers import page, to
from forum.desk import Desk
from forum.ports import RunState
from moderation.door.guard import Person


def publish(desk: Desk) -> Response:
    """Ring the bell, and go to where the answer will show."""
    return to(f"/moderation/publish?ring={desk.publish()}")


def show(desk: Desk, person: Person, ring: str) -> Response:
    """How the run that answers this ring stands; the page looks again by itself until then."""
    run = desk.last_run()
    number = int(ring) if ring.isascii() and ring.isdigit() and len(ring) < 10 else 0
    answered = run is not None and run.rung >= number and run.state is not RunState.RUNNING
    headers = None if answered or not number else {"Refresh": "2"}
    return page(
        "desk/publish.html",
        headers=headers,
        person=person,
        run=run if answered else None,
        failed=answered and run is not None and run.state is RunState.FAILED,
        waiting=bool(number) and not answered,
    )
