"""The moderators' door for tests: an app with its routes, a real store, and a browser's manners."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalice.app import Chalice, Response
from chalice.test import Client, HTTPResponse

from doors.views import kindly
from forum.people import People
from forum.person import FIRST_ROLES, Role
from forum.rows import Unavailable
from forum.store.sqlite import Database
from forum.store.sqlite_people import SqlitePeople
from forum.team import Team
from moderation.door import sign_in, team, you
from moderation.door.guard import Doorway, Person, guard
from tests.builders import FakeClock, make_keyring
from tests.doors.authenticator import SecurityKey

SITE = "http://localhost:8000"
OURS = {"Origin": SITE, "Sec-Fetch-Site": "same-origin"}
JSON = {"Content-Type": "application/json"}
PLAIN = "text/plain"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LONG_WORDS = "Thank you for telling this. <b>Please</b> leave the name of the town out."


@dataclass
class Door:
    """The app as lead to by a browser that keeps one cookie, and what stands behind it."""

    doorway: Doorway
    clock: FakeClock
    client: Client
    cookie: str = ""
    acts: list[str] = field(default_factory=list)
    broken: Exception | None = None
    """Why the doorway cannot be opened, if it cannot."""

    def opened(self) -> Doorway:
        """What the routes ask for at each request."""
        if self.broken:
            raise self.broken
        return self.doorway

    def another(self) -> Door:
        """The same door as another browser finds it, signed in to nothing."""
        return Door(self.doorway, self.clock, self.client)

    def get(self, path: str, **headers: str) -> HTTPResponse:
        return self.client.http.get(path, headers=self._with_cookie(headers))

    def post(self, path: str, body: object, **headers: str) -> HTTPResponse:
        """What the page's script sends; headers are named with underscores."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()} or OURS
        sent = self._with_cookie({**JSON, **named})
        answer = self.client.http.post(path, headers=sent, body=raw)
        self._keep_cookie(answer)
        return answer

    def send(self, path: str, origin: str = "null", **fields: object) -> HTTPResponse:
        """A form as a browser sends it under our referrer policy."""
        headers = self._with_cookie({**FORM, "Origin": origin})
        body = urlencode(fields, doseq=True).encode()
        answer = self.client.http.post(path, headers=headers, body=body)
        self._keep_cookie(answer)
        return answer

    def invite(self, roles: Collection[Role] = FIRST_ROLES) -> str:
        return self.doorway.people.invite("operator:test", roles)

    def creation(self, invitation: str, name: str = "Robin") -> dict[str, Any]:
        answer = self.post("/enrol/options", {"invitation": invitation, "name": name})
        return public_key(answer)

    def request(self) -> dict[str, Any]:
        return public_key(self.post("/sign-in/options", {}))

    def enrol(
        self, key: SecurityKey, name: str = "Robin", roles: Collection[Role] = FIRST_ROLES
    ) -> HTTPResponse:
        invitation = self.invite(roles)
        credential = key.make(self.creation(invitation, name))
        return self.post(
            "/enrol", {"invitation": invitation, "name": name, "credential": credential}
        )

    def sign_in(self, key: SecurityKey) -> HTTPResponse:
        return self.post("/sign-in", {"credential": key.sign(self.request())})

    def remove(self, key: SecurityKey) -> None:
        """Take whoever holds this key off the team."""
        Team(self.doorway.people).remove(key.user_handle.decode(), "operator:test")

    def csrf(self) -> str:
        found = re.search(r"csrf=(\S+)", self.get("/desk").body.decode())
        assert found
        return found.group(1)

    def _with_cookie(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, **({"Cookie": self.cookie} if self.cookie else {})}

    def _keep_cookie(self, answer: HTTPResponse) -> None:
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]


def public_key(answer: HTTPResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.body
    found: dict[str, Any] = answer.json_body["publicKey"]
    return found


def open_door(folder: Path, siteurl: str = SITE) -> Door:
    """An app with every route about people, and two guarded ones for readers behind them."""
    app, clock = Chalice("desk", configure_logs=False), FakeClock()
    store = SqlitePeople(Database(folder / "people.sqlite3"))
    doorway = Doorway(People(store, clock, os.urandom, make_keyring()), siteurl)
    door = Door(doorway, clock, Client(app))
    for routes in (sign_in, you, team):
        routes.add_routes(app, door.opened)
    answered_kindly, guarded = kindly(app), guard(app, door.opened)

    @app.route("/desk", methods=["GET"])
    @answered_kindly
    @guarded
    def desk(person: Person) -> Response:
        return Response(
            f"{person.moderator.name} csrf={person.csrf} ", {"Content-Type": "text/plain"}
        )

    @app.route("/posts/{post_id}", methods=["POST"], content_types=[FORM["Content-Type"]])
    @answered_kindly
    @guarded
    def decide(person: Person, post_id: str) -> Response:
        if post_id == "unavailable":
            raise Unavailable
        door.acts.append(f"{person.moderator.name} {post_id}")
        return Response("done")

    return door


def refused(answer: HTTPResponse, status: int) -> str:
    """The sentence of a refusal; nothing else may come with it."""
    assert answer.status_code == status, answer.body
    assert "Set-Cookie" not in answer.headers
    assert list(answer.json_body) == ["error"]
    sentence: str = answer.json_body["error"]
    assert sentence.endswith(".")
    return sentence


def enrolment(door: Door, key: SecurityKey, name: str = "Robin") -> dict[str, Any]:
    """A whole and true enrolment, not yet sent."""
    invitation = door.invite()
    made = key.make(door.creation(invitation, name))
    return {"invitation": invitation, "name": name, "credential": made}
