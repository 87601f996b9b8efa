"""What every view of both doors stands in: the request at hand, and a kind page if it breaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from chalice.app import Chalice, Request, Response

from doors import logs
from doors.answers import notice
from doors.forms import Unreadable
from forum.rows import Changed, Unavailable

View = Callable[..., Response]

BUSY = "We cannot reach our store just now. Please go back and try again in a minute."
BROKEN = "It was not you. Please go back and try again; what you typed may still be there."


def current(app: Chalice) -> Request:
    """The request that the app is answering."""
    if app.current_request is None:
        raise RuntimeError("no request is being answered")
    return app.current_request


def kindly(app: Chalice) -> Callable[[View], View]:
    """A decorator: what goes wrong in a view is a page with help; nothing sent is logged."""

    def answered_kindly(view: View) -> View:
        @wraps(view)
        def answer(*arguments: object, **path: str) -> Response:
            try:
                return view(*arguments, **path)
            except Unreadable as error:
                return notice(current(app), error.status, "We could not take that", error.words)
            except (Unavailable, Changed):
                return notice(current(app), 503, "Please try again in a minute", BUSY)
            except Exception as error:  # noqa: BLE001 - a view that breaks must answer kindly
                logs.report(error)
                return notice(current(app), 500, "Something went wrong on our side", BROKEN)

        return answer

    return answered_kindly
