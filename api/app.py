"""The visitors' door as a Chalice app: each route parses, calls one use case and answers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from chalice.app import Chalice, Response

import api.door
from api.door import receipt, share
from doors import logs
from doors.answers import as_json
from doors.views import current, kindly
from forum import wiring
from forum.visitors import Visitors

app = Chalice(app_name="handrail-api")
app.debug = False
logs.quieten()
answered_kindly = kindly(app)

ANY_BODY = ["*/*"]
"""The door judges the kind of a body itself, so that a refusal is a kind page too."""
OPENAPI = Path(api.door.__file__).with_name("openapi.json")


@cache
def visitors() -> Visitors:
    """The use cases, opened once in this process."""
    return wiring.open_visitors(wiring.settings())


@app.route("/share", methods=["GET"])
@answered_kindly
def share_form() -> Response:
    """The form."""
    return share.show_form(current(app), visitors())


@app.route("/posts", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def posts() -> Response:
    """Share a post."""
    return share.send(current(app), visitors())


@app.route("/receipt", methods=["GET"])
@answered_kindly
def receipt_form() -> Response:
    """Where a receipt is typed."""
    return receipt.show_form()


@app.route("/receipt", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def receipt_look_up() -> Response:
    """What became of everything under a receipt."""
    return receipt.look_up(current(app), visitors())


@app.route("/receipt/withdraw", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def receipt_withdraw() -> Response:
    """Take one post back."""
    return receipt.withdraw(current(app), visitors())


@app.route("/health", methods=["GET"])
@answered_kindly
def health() -> Response:
    """Alive, and the store answers."""
    return as_json({"ok": True, "open": not visitors().closed()})


@app.route("/openapi.json", methods=["GET"])
@answered_kindly
def openapi() -> Response:
    """What this door understands."""
    return as_json(json.loads(OPENAPI.read_text("utf-8")))
