"""Who asks is left at the entry: no code of ours looks at an address, and no door is handed one."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from editions.reading import Pages
from infra.local.checks import bind
from infra.local.door import Door, handed_on
from infra.local.house import House
from infra.local.server import LocalServer
from infra.local.sheets import Sheets
from infra.local.static import StaticSite
from tests.doors.local_machine import FORM, PAGES, publish, stand_in
from tests.rules.house import HOUSE
from tests.rules.whole_product import ADDRESS_HEADERS, HEADERS

CANARY, CLAIMED, FROM = "xqvwhoasksvqx", "198.18.7.7", "127.77.200.9"
TELLING = {
    **dict.fromkeys(HEADERS, CANARY),
    **dict.fromkeys(ADDRESS_HEADERS, CLAIMED),
    "Forwarded": f"for={CLAIMED};by={CANARY}",
    "X-Forwarded-By": CLAIMED,
    "Host": f"{CANARY}.example",
    "Accept-Encoding": CANARY,
    "Cookie": f"a={CANARY}",
}
"""Headers that no door of visitors' may see."""
LISTED = {"Accept": "text/html", "Origin": "null", "Sec-Fetch-Site": "same-origin",
          "Sec-Fetch-Mode": "navigate"}  # fmt: skip
"""All that a door may see of a request without a body, beside its address and query."""
LOOKED_AT = {
    *("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_LENGTH", "CONTENT_TYPE"),
    *("wsgi.input", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH"),
    *("HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_MODE", "HTTP_COOKIE"),
    "HTTP_FORM_TOKEN",
}
"""All that our own code ever looks at of what the server has read."""
WHO_ASKS = re.compile(
    r"REMOTE_|X[-_]FORWARDED|X[-_]REAL|USER[-_]AGENT|sourceIp|source_ip|\"REFERER|client_addr", re.I
)


def house_of(folder: Path) -> House:
    """Both doors as stand-ins that tell all they see, and an edition of one page."""
    publish(folder, {"index.html": "home"})
    doors = {f"/{name}": Door(stand_in(name), f"/{name}", PAGES) for name in ("api", "moderation")}
    return House(doors, StaticSite(Sheets(Pages(folder)), PAGES), PAGES)


@contextmanager
def serving(app: WSGIApplication, host: str) -> Iterator[int]:
    """The real server in front of any application; its port."""
    bound = bind(host, 0)
    server = LocalServer(app, bound, PAGES)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield bound.getsockname()[1]
    finally:
        server.stop()
        thread.join(timeout=10)


def ask(host: str, port: int, path: str, **headers: str) -> tuple[int, bytes]:
    """Ask from an address of our own, telling everything."""
    source = (FROM if host == "127.0.0.1" else host, 0)
    with closing(HTTPConnection(host, port, timeout=10, source_address=source)) as line:
        line.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in {**TELLING, **LISTED, **headers}.items():
            line.putheader(name, value)
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.read()


def hosts() -> list[str]:
    """The loopback addresses that this machine has."""
    found = []
    for host in ("127.0.0.1", "::1"):
        try:
            bind(host, 0).close()
        except OSError:
            continue
        found.append(host)
    return found


@pytest.mark.parametrize("host", hosts())
def test_no_door_is_told_who_asks(tmp_path: Path, host: str) -> None:
    """Chalice's whole request, its context and identity too, is the same whoever asks."""
    with serving(house_of(tmp_path), host) as port:
        status, body = ask(host, port, "/api/headers")
        told = json.loads(body)
        at_desk = json.loads(ask(host, port, "/moderation/headers", Cookie="a=1")[1])
    assert status == 200
    assert told["seen"] == {name.lower(): value for name, value in LISTED.items()}
    assert at_desk["seen"] == {**told["seen"], "cookie": "a=1"}
    assert told["all"]["context"]["identity"] == {"sourceIp": "127.0.0.1"}
    for secret in (CANARY, CLAIMED, FROM, "::1"):
        assert secret not in body.decode()


def test_what_is_handed_on_is_a_list_and_nothing_is_on_it_by_chance() -> None:
    environ: WSGIEnvironment = {
        **{f"HTTP_{name.upper().replace('-', '_')}": "x" for name in {**TELLING, **LISTED}},
        **dict.fromkeys(("REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER"), FROM),
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": "3",
    }
    listed = {name.lower() for name in LISTED}
    assert set(handed_on(environ, cookies=False, body=False)) == listed
    assert set(handed_on(environ, cookies=True, body=False)) == {*listed, "cookie"}
    with_body = {*listed, "content-type", "content-length"}
    assert set(handed_on(environ, cookies=False, body=True)) == with_body


@pytest.mark.parametrize("host", hosts())
def test_the_server_drops_what_a_proxy_forwards(host: str) -> None:
    """It believes no header about where a request came from, and hands none of these on."""
    seen: dict[str, Any] = {}

    def app(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [("Content-Length", "0")])
        return []

    with serving(app, host) as port:
        ask(host, port, "/")
    forwarded = ("X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_FORWARDED_PORT")
    for name in (*forwarded, "X_FORWARDED_BY", "FORWARDED"):
        assert f"HTTP_{name}" not in seen
    assert not [name for name in seen if name.startswith("REMOTE_")]
    assert FROM not in str(seen)
    assert seen["wsgi.url_scheme"] == "http"


class Watched(dict[str, Any]):
    """What the server has read, noting all that is looked at."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        super().__init__(environ)
        self.looked_at: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.looked_at.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.looked_at.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.looked_at.add(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("everything was looked at")

    keys = values = items = copy = __iter__  # type: ignore[assignment]


def watched(house: WSGIApplication, port_of: str, *paths: str) -> set[str]:
    """What an application looks at when these pages are asked for."""
    looked_at: set[str] = set()

    def app(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        seen = Watched(environ)
        answer = list(house(seen, start))
        looked_at.update(seen.looked_at)
        return answer

    with serving(app, port_of) as port:
        for path in paths:
            assert ask(port_of, port, path)[0] in (200, 308, 403, 404, 405, 500)
    return looked_at


def test_no_code_of_ours_looks_at_who_asks(tmp_path: Path) -> None:
    """From the first line that the server calls to the door's last: it reads what is listed."""
    paths = ("/", "/nowhere", "/api/headers", "/api/broken", "/api/nowhere", "/moderation",
             "/moderation/headers", "/moderation/")  # fmt: skip
    looked_at = watched(house_of(tmp_path), "127.0.0.1", *paths)
    assert looked_at <= LOOKED_AT
    assert {"HTTP_ACCEPT", "HTTP_ORIGIN", "HTTP_COOKIE", "PATH_INFO"} <= looked_at


def test_a_look_at_who_asks_is_noticed() -> None:
    def curious(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        start("200 OK", [("Content-Length", "0")])
        environ.get("REMOTE_ADDR")
        return []

    assert watched(curious, "127.0.0.1", "/") == {"REMOTE_ADDR"}


def test_no_line_of_ours_names_what_tells_who_asks_but_to_drop_it() -> None:
    found = {name for name, module in HOUSE.items() if WHO_ASKS.search(module.text)}
    by_hand = ("infra.words", "infra.screening")
    # They visit the site, and are asked nothing by a visitor.
    asks_itself = {"infra.aws.commands.visiting", "infra.aws.commands.viewing"}
    served = {name for name in found if not name.startswith(by_hand)} - asks_itself
    assert served == {"infra.local.server"}


@pytest.mark.parametrize(
    "line",
    [
        'environ["REMOTE_ADDR"]',
        'headers.get("x-forwarded-for")',
        'context["identity"]["sourceIp"]',
        'environ["HTTP_USER_AGENT"]',
    ],
)
def test_such_a_line_is_caught(line: str) -> None:
    assert WHO_ASKS.search(line)


def test_the_loopback_network_has_many_addresses() -> None:
    """The tests above stand on it: a client can come from an address of its own."""
    with closing(socket.socket()) as one:
        one.bind((FROM, 0))
        assert one.getsockname()[0] == FROM
