"""Through the real proxy everything is as it is without it, and it keeps and passes on nothing."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode

import pytest

from doors.headers import DOOR, STATIC
from infra.local.checks import bind
from tests.doors.local_machine import FORM, publish
from tests.doors.proxied import NAME, SITE, VISITOR, Proxy, proxied, without
from tests.doors.served import House, served

STORY = "stories/kept/index.html"
PATH_CANARY = "pathmarmaladecanary"
HSTS = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
TELLING = {
    "User_Agent": "agentcanary",
    "Referer": "https://referrercanary.example/",
    "Accept_Language": "languagecanary",
    "X_Forwarded_For": "198.51.100.7",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    publish(folder / "editions", {"index.html": "home", "404.html": "nothing", STORY: "a story"})
    with served(folder, HANDRAIL_SITEURL=SITE) as house:
        yield house


@pytest.fixture(scope="module")
def proxy(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with proxied(tmp_path_factory.mktemp("proxy") / "kept", house.port) as proxy:
        yield proxy


def test_a_story_and_the_form_come_through_with_every_header_once(proxy: Proxy) -> None:
    story, form = proxy.ask("GET", "/stories/kept/"), proxy.ask("GET", "/api/share?kind=story")
    assert (story.status, story.text) == (200, "a story")
    assert (form.status, "<form" in form.text) == (200, True)
    for heard, table in ((story, STATIC), (form, DOOR)):
        for name, value in (*table, HSTS):
            assert heard.headers.get_all(name) == [value], name
        assert {"Server", "Via", "Alt-Svc-Used"}.isdisjoint(heard.headers)


def test_a_story_can_be_shared_through_it_and_nothing_tells_who_did(
    proxy: Proxy, house: House
) -> None:
    fields = house.story()
    heard = proxy.ask(
        "POST",
        "/api/posts",
        urlencode(fields, doseq=True),
        Content_Type=FORM,
        Accept="application/json",
        **TELLING,
    )
    assert heard.status == 201, heard.text
    assert json.loads(heard.body)["receipt"]
    kept = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    for told in (VISITOR, *TELLING.values()):
        assert told.encode() not in kept
        assert told.encode() not in proxy.written()


@pytest.mark.parametrize("size", [100_000, 2_000_000])
def test_what_is_too_long_is_refused_with_words(proxy: Proxy, size: int) -> None:
    heard = proxy.ask("POST", "/api/posts", b"body=" + b"a" * size, Content_Type=FORM)
    assert heard.status == 413
    assert "emergency number" in heard.text


def test_what_is_far_too_long_is_refused_with_the_words_for_that(proxy: Proxy) -> None:
    """The proxy itself ends it, and trying again would never help."""
    heard = proxy.ask("POST", "/api/posts", b"a" * 8_000_001, Content_Type=FORM)
    assert heard.status in (413, 502), "Caddy has changed its mind about that"
    assert "That was too long to send" in heard.text


def test_who_comes_without_tls_is_sent_to_the_same_page_with_it(proxy: Proxy) -> None:
    heard = proxy.ask_plainly("/stories/kept/")
    assert heard.status == 308
    assert heard.headers["Location"] == f"https://{NAME}/stories/kept/"


def test_no_file_holds_who_asked_or_for_what(proxy: Proxy, house: House) -> None:
    assert proxy.ask("GET", f"/{PATH_CANARY}/?q={PATH_CANARY}", **TELLING).status == 404
    proxy.ask_plainly(f"/{PATH_CANARY}/")
    written = proxy.written()
    assert b"Caddyfile" in written, "a search that finds nothing shows nothing"
    for told in (VISITOR, PATH_CANARY, *TELLING.values()):
        assert told.encode() not in written
        assert told not in house.log


class Overheard(BaseHTTPRequestHandler):
    """In the forum's place: it writes down every header that the proxy passes on."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(str(self.headers))
        self.send_response(204)
        self.end_headers()

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing: this is a test's own server."""


def test_the_forum_is_not_told_who_asks(tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), Overheard) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            with proxied(tmp_path / "kept", listening.server_port) as proxy:
                assert proxy.ask("GET", "/", **TELLING).status == 204
        finally:
            listening.shutdown()
            thread.join()
    last = Overheard.seen[-1]
    assert f"Host: {NAME}" in last
    for told in (VISITOR, "Forwarded", *TELLING.values()):
        assert told not in last


def port_of(taken: socket.socket) -> int:
    return int(taken.getsockname()[1])


def test_while_the_forum_is_down_people_get_help_and_still_nothing_is_written(
    tmp_path: Path,
) -> None:
    with bind("127.0.0.1", 0) as nobody, proxied(tmp_path / "kept", port_of(nobody)) as proxy:
        heard = proxy.ask("POST", f"/api/{PATH_CANARY}", "body=x", Content_Type=FORM, **TELLING)
        written = proxy.written()
    assert heard.status == 502
    assert "emergency number" in heard.text
    assert "most browsers still have your words" in heard.text
    for name, value in (*DOOR, HSTS):
        if name != "Permissions-Policy" and not name.startswith("Cross-Origin"):
            assert heard.headers.get_all(name) == [value], name
    assert VISITOR.encode() not in written
    assert PATH_CANARY.encode() not in written


def without_the_page(text: str) -> str:
    return without(r"\n\thandle_errors \{.*?\n\t\}", text)


def without_the_rule_too(text: str) -> str:
    return without_the_page(without(r"\t\texclude http\n", text))


@pytest.mark.parametrize(
    ("spoiled", "told"), [(without_the_page, False), (without_the_rule_too, True)]
)
def test_it_is_the_rule_about_the_log_that_keeps_visitors_out_of_it(
    spoiled: Callable[[str], str], told: bool, tmp_path: Path
) -> None:
    with (
        bind("127.0.0.1", 0) as nobody,
        proxied(tmp_path / "kept", port_of(nobody), spoiled) as proxy,
    ):
        proxy.ask("GET", f"/{PATH_CANARY}/")
        written = proxy.written()
    assert (VISITOR.encode() in written, PATH_CANARY.encode() in written) == (told, told)
