"""The visitors' door over a DynamoDB that has a bad day: no word is lost, and none stored twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from chalice.app import Chalice, Response
from chalice.test import Client, HTTPResponse

from api.door import looking_over
from doors.views import current, kindly
from forum.intake import Intake
from forum.lanes import Lanes, Rate
from forum.visitors import Visitors
from tests.doors.seen import Page
from tests.forum.visitors_door import Door
from tests.store.dynamodb_bad_days import Forum, forum_in
from tests.store.failing_dynamodb import Day, Failing, failing

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
EVERYTHING = ("GetItem", "BatchGetItem", "TransactWriteItems")


@pytest.fixture(scope="module")
def cloud() -> Iterator[Failing]:
    with failing() as cloud:
        yield cloud


@pytest.fixture
def forum(cloud: Failing, tmp_path: Path) -> Forum:
    cloud.clear_up()
    return forum_in(tmp_path, cloud)


@pytest.fixture
def door(forum: Forum, tmp_path: Path) -> Door:
    """The door, with the lanes that all its machines share."""
    door, lane = forum.door(tmp_path), forum.stores().on.lane
    lanes = Lanes(*(lane(name, Rate(100, 100)) for name in ("proven", "unproven", "reports")))
    return replace(door, visitors=replace(door.visitors, intake=Intake(lanes, 1_000)))


def send(visitors: Visitors, form: Mapping[str, Sequence[str]], accept: str = "") -> HTTPResponse:
    """Send the form to a door of one route."""
    app = Chalice("one-route")

    @app.route("/posts", methods=["POST"], content_types=["*/*"])
    @kindly(app)
    def posts() -> Response:
        return looking_over.send(current(app), visitors)

    with Client(app) as client:
        headers = {**FORM, "Accept": accept or "text/html"}
        body = urlencode(form, doseq=True).encode()
        return client.http.post("/posts", headers=headers, body=body)


def test_while_the_store_does_not_answer_everything_typed_comes_back(
    forum: Forum, door: Door
) -> None:
    form = door.form(body="I want to end it all tonight. But <b>today</b> I walked.")
    forum.cloud.always = dict.fromkeys(EVERYTHING, Day.THROTTLED)
    heard = send(door.visitors, form)
    again = Page(heard.body.decode()).would_send()
    assert heard.status_code == 503
    assert {name: again[name] for name in ("title", "body", "topic", "stage", "token")} == {
        name: list(form[name]) for name in ("title", "body", "topic", "stage", "token")
    }
    told = send(door.visitors, form, "application/json")
    assert (told.status_code, list(json.loads(told.body)["errors"])) == (503, [""])
    forum.cloud.always = {}
    assert send(door.visitors, again).status_code == 201, "the same form can be sent again"


def test_a_story_that_was_stored_without_an_answer_is_not_stored_again(
    forum: Forum, door: Door
) -> None:
    form = door.form()
    forum.cloud.always = {"TransactWriteItems": Day.LOST}
    heard = send(door.visitors, form, "application/json")
    assert heard.status_code == 503
    forum.cloud.always = {}
    first, second = (send(door.visitors, form, "application/json") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    told = [{**json.loads(one.body), "put_away": ""} for one in (first, second)]
    assert told[0] == told[1], "the same six words, sealed anew"
    assert sum(forum.beside().desk.counts().values()) == 1
