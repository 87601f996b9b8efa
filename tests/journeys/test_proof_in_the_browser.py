"""While somebody writes, their browser finds a proof that the forum takes; nothing waits for it.

The form stands alone here, in front of the real scripts, the real headers and a real browser.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from json import dumps
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, Page, expect

from doors.headers import CONTENT_SECURITY_POLICY, for_door, for_static
from forum import admission
from forum.proof import challenge, proven
from tests.builders import NOON, make_keyring
from tests.journeys.conftest import PATIENCE
from tests.journeys.witness import Witness

THEME = Path(__file__).parents[2] / "site" / "theme" / "static"
RING = make_keyring(purpose="forms")
LATER = NOON + timedelta(minutes=5)
MODULE, CLASSIC = 'type="module"', "defer"
PAGE = """<!doctype html>
<html lang="en">
<head><title>A form</title><script {script} src="/theme/js/share.js"></script></head>
<body>
<p>{note}</p>
<form method="post" action="/api/posts" data-share>
<input type="hidden" name="token" value="{token}"><input type="hidden" name="pow" value="">
<label>Your story <textarea name="body">{body}</textarea></label><button>Send</button>
</form>
</body>
</html>"""


def nonce_of(token: str) -> bytes:
    return admission.admit(RING, token, LATER).nonce


@dataclass
class Stand:
    """A door with one form, and all that came to it."""

    script: str = MODULE
    answers: str = "200 OK"
    may_answer: Event = field(default_factory=Event)
    asked: list[str] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path, kind, status = environ["PATH_INFO"], "text/html; charset=utf-8", "200 OK"
        if path.startswith("/theme/"):
            start(status, list(for_static(path)))
            return [(THEME / path.removeprefix("/theme/")).read_bytes()]
        if path == "/api/challenge":
            kind, status, body = "application/json", self.answers, self._work(environ)
        elif path == "/api/posts":
            status, body = self._take(environ)
        else:
            body = self._form("Take your time.")
        start(status, [("Content-Type", kind), *for_door(path)])
        return [body.encode()]

    def _form(self, note: str, body: str = "") -> str:
        token = admission.issue(RING, NOON, secrets.token_bytes)
        return PAGE.format(script=self.script, note=note, token=token, body=escape(body))

    def _work(self, environ: WSGIEnvironment) -> str:
        token = environ["HTTP_FORM_TOKEN"]
        assert not environ["QUERY_STRING"], "a token in an address lies in the logs of proxies"
        self.asked.append(token)
        self.may_answer.wait(PATIENCE / 1000)
        return dumps(challenge(RING, nonce_of(token), NOON))

    def _take(self, environ: WSGIEnvironment) -> tuple[str, str]:
        raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        given = {name: value for name, (value,) in parse_qs(raw, keep_blank_values=True).items()}
        self.sent.append(given)
        if "?" in given["body"]:
            return "422 Unprocessable Content", self._form("Please look again.", given["body"])
        return "201 Created", "<!doctype html><title>Thank you</title><p>Thank you."


class Crowd(ThreadingMixIn, WSGIServer):
    """A browser opens more than one connection."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Nothing is logged here either."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class Writer:
    """Somebody in front of the form."""

    page: Page
    stand: Stand
    site: str

    @property
    def token(self) -> str:
        return self.page.locator("[name=token]").input_value()

    def opens_the_form(self) -> None:
        arrived = self.page.goto(self.site)
        assert arrived is not None
        assert arrived.headers["content-security-policy"] == CONTENT_SECURITY_POLICY

    def writes(self, words: str) -> None:
        self.page.get_by_label("Your story").fill(words)

    def waits_for_a_proof(self) -> str:
        place = self.page.locator("[name=pow]")
        expect(place).not_to_have_value("")
        return place.input_value()

    def sends(self) -> dict[str, str]:
        self.page.get_by_role("button", name="Send").click()
        expect(self.page.get_by_text("Thank you.")).to_be_visible()
        return self.stand.sent[-1]


@pytest.fixture
def stand() -> Stand:
    """A stand that answers at once."""
    stand = Stand()
    stand.may_answer.set()
    return stand


@pytest.fixture
def writer(chromium: Browser, stand: Stand) -> Iterator[Writer]:
    """Somebody in a browser where nothing unwanted may happen."""
    with make_server("127.0.0.1", 0, stand, Crowd, Quiet) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        host = f"127.0.0.1:{server.server_port}"
        witness, context = Witness(host), chromium.new_context()
        context.set_default_timeout(PATIENCE)
        witness.watch(context)
        yield Writer(context.new_page(), stand, f"http://{host}/")
        context.close()
        stand.may_answer.set()
        server.shutdown()
        thread.join()
    assert witness.seen == []


@pytest.mark.parametrize("script", [MODULE, CLASSIC])
def test_the_browser_finds_a_proof_that_the_forum_takes(writer: Writer, script: str) -> None:
    writer.stand.script = script
    writer.opens_the_form()
    writer.writes("It got lighter, slowly.")
    proof = writer.waits_for_a_proof()
    given = writer.sends()
    assert given["pow"] == proof
    assert writer.stand.asked == [given["token"]]
    assert proven(RING, proof, nonce_of(given["token"]), LATER)
    assert not proven(RING, proof, secrets.token_bytes(admission.NONCE), LATER)


def test_the_person_notices_nothing(writer: Writer) -> None:
    writer.stand.may_answer.clear()
    writer.opens_the_form()
    writer.writes("Half a sent")
    before = writer.page.locator("body").inner_html()
    writer.stand.may_answer.set()
    proof = writer.waits_for_a_proof()
    writer.page.keyboard.type("ence")
    expect(writer.page.get_by_label("Your story")).to_have_value("Half a sentence")
    after = writer.page.locator("body").inner_html()
    assert after.replace(f'value="{proof}"', 'value=""') == before
    assert writer.page.context.storage_state() == {"cookies": [], "origins": []}
    assert writer.page.evaluate("sessionStorage.length") == 0


def test_a_form_that_is_sent_before_the_proof_is_found_goes_without_one(writer: Writer) -> None:
    writer.stand.may_answer.clear()
    writer.opens_the_form()
    writer.writes("I want this sent now.")
    given = writer.sends()
    assert given["pow"] == ""
    assert given["body"] == "I want this sent now."


@pytest.mark.parametrize("answers", ["403 Forbidden", "429 Too Many Requests", "500 Broken"])
def test_a_form_goes_without_a_proof_when_there_is_no_work_to_be_had(
    writer: Writer, answers: str
) -> None:
    writer.stand.answers = answers
    with writer.page.expect_response("**/api/challenge"):
        writer.opens_the_form()
    writer.page.evaluate("fetch('/theme/js/share.js').then((answer) => answer.text())")
    assert writer.page.workers == [], "and nothing works on what is no work"
    writer.writes("It got lighter, slowly.")
    assert writer.sends()["pow"] == ""


def test_a_form_that_comes_back_gets_a_proof_of_its_own(writer: Writer) -> None:
    writer.opens_the_form()
    writer.writes("What now?")
    first, old = writer.waits_for_a_proof(), writer.token
    writer.page.get_by_role("button", name="Send").click()
    expect(writer.page.get_by_text("Please look again.")).to_be_visible()
    second, new = writer.waits_for_a_proof(), writer.token
    assert new != old
    assert proven(RING, second, nonce_of(new), LATER)
    assert not proven(RING, first, nonce_of(new), LATER)
    assert writer.page.get_by_label("Your story").input_value() == "What now?"


def test_a_page_that_back_brings_again_works_as_before(writer: Writer) -> None:
    writer.opens_the_form()
    writer.writes("It got lighter, slowly.")
    writer.waits_for_a_proof()
    writer.sends()
    writer.page.go_back()
    writer.writes("It got lighter, and stayed so.")
    writer.waits_for_a_proof()
    given = writer.sends()
    assert given["body"] == "It got lighter, and stayed so."
    assert proven(RING, given["pow"], nonce_of(given["token"]), LATER)


@pytest.mark.parametrize("missing", ["crypto", "Worker"])
def test_a_browser_that_cannot_do_the_work_asks_for_none(writer: Writer, missing: str) -> None:
    """So it is with plain http at any other name than localhost."""
    writer.page.add_init_script(
        f"Object.defineProperty(window, '{missing}', {{ value: undefined }})"
    )
    writer.opens_the_form()
    writer.writes("It got lighter, slowly.")
    assert writer.sends()["pow"] == ""
    assert writer.stand.asked == []
