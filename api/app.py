"""The visitors' door as a Chalice app: each route parses, calls one use case and answers."""

from __future__ import annotations

import json
from functools import cache, partial
from pathlib import Path

from chalice.app import Chalice, Response

import api.door
from api.door import changing, looking_over, receipt, reporting, share, typing_back
from doors import logs
from doors.answers import as_json
from doors.views import current, kindly
from forum import wiring
from forum.holders import Holders
from forum.post import Act
from forum.reports import Reports
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
    """The use cases of sharing, opened once in this process."""
    return wiring.open_visitors(wiring.settings())


@cache
def holders() -> Holders:
    """The use cases of whoever holds a receipt, opened once in this process."""
    return wiring.open_holders(wiring.settings())


@cache
def reports() -> Reports:
    """The use cases of readers who report, opened once in this process."""
    return wiring.open_reports(wiring.settings())


@app.route("/share", methods=["GET"])
@answered_kindly
def share_form() -> Response:
    """The form."""
    return share.show_form(current(app), visitors())


@app.route("/challenge", methods=["GET"])
@answered_kindly
def challenge() -> Response:
    """The proof of work for a form."""
    return share.show_challenge(current(app), visitors())


@app.route("/preview", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def preview() -> Response:
    """Before you share."""
    return looking_over.look_over(current(app), visitors())


@app.route("/posts", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def posts() -> Response:
    """Share a post."""
    return looking_over.send(current(app), visitors())


@app.route("/receipt", methods=["GET"])
@answered_kindly
def receipt_form() -> Response:
    """Where a receipt is typed."""
    return receipt.show_form()


@app.route("/receipt", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def receipt_look_up() -> Response:
    """What became of everything under a receipt."""
    return receipt.look_up(current(app), holders())


@app.route("/receipt/typed-back", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def receipt_typed_back() -> Response:
    """Whether the words were saved right."""
    return typing_back.check(current(app), visitors().words)


def _act(act: Act) -> Response:
    return receipt.act(current(app), holders(), act)


for _act_there in (Act.WITHDRAW, Act.ACCEPT, Act.REFUSE, Act.APPEAL):
    _path, _name = f"/receipt/{_act_there.value}", f"receipt_{_act_there.value}"
    app.route(_path, methods=["POST"], content_types=ANY_BODY, name=_name)(
        answered_kindly(partial(_act, _act_there))
    )


@app.route("/receipt/change", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def receipt_change() -> Response:
    """The form to change what came back."""
    return changing.show_form(current(app), holders())


@app.route("/receipt/revise", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def receipt_revise() -> Response:
    """Send it again, changed."""
    return changing.revise(current(app), holders())


@app.route("/receipt/erase", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def receipt_erase() -> Response:
    """Take everything back."""
    return receipt.erase(current(app), holders())


@app.route("/reports", methods=["GET"])
@answered_kindly
def report_form() -> Response:
    """The form to report a published post."""
    return reporting.show_form(current(app), reports())


@app.route("/reports", methods=["POST"], content_types=ANY_BODY)
@answered_kindly
def report() -> Response:
    """Report a published post."""
    return reporting.send(current(app), reports(), visitors().words)


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


wiring.open_early(visitors)
