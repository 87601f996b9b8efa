"""The visitors' door as a Chalice app: each route parses, calls one use case and answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from chalice.app import Chalice, Request, Response

import api.door
from api.door import receipt, share
from doors import logs
from doors.answers import as_json, notice
from doors.forms import Unreadable
from forum import wiring
from forum.ports import Unavailable
from forum.visitors import Visitors

app = Chalice(app_name="handrail-api")
app.debug = False
logs.quieten()

ANY_BODY = ["*/*"]
"""The door judges the kind of a body itself, so that a refusal is a kind page too."""
OPENAPI = Path(api.door.__file__).with_name("openapi.json")


@cache
def visitors() -> Visitors:
    """The use cases, opened once in this process."""
    return wiring.open_visitors(wiring.settings())


def request() -> Request:
    """The request being answered."""
    assert app.current_request is not None
    return app.current_request


def kindly(view: Callable[[], Response]) -> Callable[[], Response]:
    """Turn what went wrong into a page with help; nothing of the request is logged."""

    @wraps(view)
    def answer() -> Response:
        try:
            return view()
        except Unreadable as error:
            return notice(request(), error.status, "We could not take that", error.words)
        except Unavailable:
            words = "We cannot reach our store just now. Please go back and try again in a minute."
            return notice(request(), 503, "Please try again in a minute", words)
        except Exception as error:
            logs.report(error)
            words = "It was not you. Please go back and try again; what you typed may still be there."
            return notice(request(), 500, "Something went wrong on our side", words)

    return answer


@app.route("/share", methods=["GET"])
@kindly
def share_form() -> Response:
    """The form."""
    return share.show_form(request(), visitors())


@app.route("/posts", methods=["POST"], content_types=ANY_BODY)
@kindly
def posts() -> Response:
    """Share a post."""
    return share.send(request(), visitors())


@app.route("/receipt", methods=["GET"])
@kindly
def receipt_form() -> Response:
    """Where a receipt is typed."""
    return receipt.show_form()


@app.route("/receipt", methods=["POST"], content_types=ANY_BODY)
@kindly
def receipt_look_up() -> Response:
    """What became of everything under a receipt."""
    return receipt.look_up(request(), visitors())


@app.route("/receipt/withdraw", methods=["POST"], content_types=ANY_BODY)
@kindly
def receipt_withdraw() -> Response:
    """Take one post back."""
    return receipt.withdraw(request(), visitors())


@app.route("/health", methods=["GET"])
@kindly
def health() -> Response:
    """Alive, and the store answers."""
    return as_json({"ok": True, "open": not visitors().closed()})


@app.route("/openapi.json", methods=["GET"])
@kindly
def openapi() -> Response:
    """What this door understands."""
    return as_json(json.loads(OPENAPI.read_text("utf-8")))
