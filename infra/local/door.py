"""A Chalice door behind this machine's server, standing where API Gateway stands in the cloud.

The gateway's rules are kept: routes carry no prefix, an unknown address is 403, and the door
learns nothing of who asks. A door's pages are never packed: they hold secrets beside echoed text.
"""

import base64
import threading
from collections.abc import Mapping
from typing import Any, Final, cast
from wsgiref.types import WSGIEnvironment

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import LocalChalice, LocalGateway, RouteMatcher

from doors.headers import Header, Headers, complete, for_door
from doors.logs import report
from infra.local.answer import Answer
from infra.local.pages import KindPages
from infra.local.sheets import segments

# All that a door may learn of a request. No address, agent, language, referrer or forwarding.
_HANDED_ON: Final = ("accept", "form-token", "origin", "sec-fetch-site", "sec-fetch-mode")
_WITH_A_BODY: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
# Chalice's own answer when a view raised. It reads: {"Code":"InternalServerError", ...}
_CRASHED: Final = b'{"Code":"InternalServerError"'


def handed_on(environ: WSGIEnvironment, *, cookies: bool, body: bool) -> dict[str, str]:
    """Return the headers that a door may see; a content type without a body is dropped."""
    names = {name: "HTTP_" + name.upper().replace("-", "_") for name in _HANDED_ON}
    names |= _WITH_A_BODY if body else {}
    names |= {"cookie": "HTTP_COOKIE"} if cookies else {}
    return {name: environ[key] for name, key in names.items() if environ.get(key)}


def one_request_a_thread(app: Chalice) -> Chalice:
    """Give each thread its own current request; as shipped, an app has one for all of them."""
    if not isinstance(app, LocalChalice):
        own = {"_THREAD_LOCAL": threading.local()}
        app.__class__ = cast(type[Chalice], type("ThreadedDoor", (LocalChalice, type(app)), own))
    return app


def _flatten(response: Mapping[str, Any]) -> Headers:
    said: dict[str, Any] = {**response.get("headers", {}), **response.get("multiValueHeaders", {})}
    pairs: list[Header] = []
    for name, value in said.items():
        values = value if isinstance(value, list) else [value]
        pairs.extend((name, str(one)) for one in values)
    if "content-type" not in {name.lower() for name, _ in pairs}:
        pairs.append(("Content-Type", "application/json"))
    return tuple(pair for pair in pairs if pair[0].lower() != "content-length")


def _body(response: Mapping[str, Any]) -> bytes:
    body = response.get("body") or b""
    if response.get("isBase64Encoded"):
        return base64.b64decode(body)
    return body.encode() if isinstance(body, str) else bytes(body)


class Door:
    """One Chalice app under one prefix, such as ``/api``."""

    def __init__(self, app: Chalice, prefix: str, pages: KindPages) -> None:
        """Make the app safe for threads and learn its routes."""
        self._app = one_request_a_thread(app)
        self._prefix = prefix
        self._pages = pages
        self._gateway = LocalGateway(self._app, Config())
        self._routes = RouteMatcher(list(app.routes))

    def answer(self, environ: WSGIEnvironment, path: str, body: bytes) -> Answer:
        """Return the door's answer to an outside path, its headers completed from the table."""
        accept = environ.get("HTTP_ACCEPT", "")
        inside = path.removeprefix(self._prefix)
        if not inside and self._prefix == "/moderation":
            return self._moved(path)
        allowed = self._allowed(inside or "/")
        if not allowed:
            return self._pages.answer(403, path, accept)
        if environ["REQUEST_METHOD"] not in allowed:
            return self._pages.answer(405, path, accept, (("Allow", ", ".join(allowed)),))
        return self._ask(environ, path, inside or "/", body)

    def _moved(self, path: str) -> Answer:
        table = for_door(path, https=self._pages.https)
        return Answer(308, complete((("Location", path + "/"),), table))

    def _allowed(self, inside: str) -> tuple[str, ...]:
        if segments(inside) is None:
            return ()
        try:
            route = self._routes.match_route(inside).route
        except ValueError:
            return ()
        return tuple(self._app.routes[route])

    def _ask(self, environ: WSGIEnvironment, path: str, inside: str, body: bytes) -> Answer:
        accept = environ.get("HTTP_ACCEPT", "")
        headers = handed_on(environ, cookies=self._prefix == "/moderation", body=bool(body))
        query = environ.get("QUERY_STRING", "")
        try:
            response = self._gateway.handle_request(
                environ["REQUEST_METHOD"],
                f"{inside}?{query}" if query else inside,
                headers,
                body or None,
            )
        except Exception as error:  # noqa: BLE001 - a door that breaks must still answer kindly
            report(error)
            return self._pages.answer(500, path, accept)
        finally:
            self._app.current_request = None  # no words wait in memory for the next request
        return self._pass_on(response, path, accept)

    def _pass_on(self, response: Mapping[str, Any], path: str, accept: str) -> Answer:
        body = _body(response)
        if response["statusCode"] == 500 and body.startswith(_CRASHED):
            return self._pages.answer(500, path, accept)
        table = for_door(path, https=self._pages.https)
        return Answer(response["statusCode"], complete(_flatten(response), table), body)
