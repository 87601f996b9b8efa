"""The real house in a process of its own: both doors, a small edition, one loopback port.

Every answer that comes through `House.ask` is held against what must be so of all of them:
the table of headers, the help strip before the page, and the published document.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs

from doors.headers import DOOR, for_door
from doors.logs import quieten
from forum import admission
from forum.keys import Keyring, read_keyring
from forum.settings import LIMITS, MOST_OF_ANYTHING, ROOT, read_settings
from forum.store import sqlite
from infra.local.assemble import open_house
from infra.local.checks import bind, open_store
from infra.local.settings import Settings, share
from tests.doors.local_machine import FORM, Heard, Machine, publish
from tests.doors.seen import LEAVING

JSON = "application/json"
DOCUMENT: dict[str, Any] = json.loads((ROOT / "api/door/openapi.json").read_text("utf-8"))
SINGLE = ("title", "stage", "arc", "to", "findable", "receipt", "consent", "kind", "token", "body")
LISTS = ("topic", "helped", "about_me", "content_note")
EVERY = (*SINGLE, *LISTS, "website")
SCRIPT = '<script src="/theme/js/share.js" type="module"></script>'
WITH_SCRIPT = ("/api/share", "/api/preview", "/api/posts")
"""Addresses whose pages can be a form to share."""
CANARY = "marmaladecanary"
BODY = "I stopped counting days, and started counting walks. It got lighter, slowly."
BUSY_MS = 400
"""How long this house waits for a locked store, unless told; the real one waits longer."""
ENOUGH = timedelta(seconds=10)
"""How old a form is when these tests send it."""
WIDE = dict.fromkeys(LIMITS.values(), str(MOST_OF_ANYTHING))
"""Limits that no test meets unless it means to."""


@dataclass(frozen=True)
class House(Machine):
    """Where the house listens and where it keeps its things; what a browser can do with it."""

    process: int

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Heard:
        """Send one request, and hold the answer against what holds for every answer."""
        heard = super().ask(method, path, body, **headers)
        if path.startswith("/api/"):
            hold_to_the_rules(method, path.partition("?")[0], heard)
        return heard

    def send(self, path: str, fields: Any, **headers: str) -> Heard:
        """Send fields the way a browser sends a form; a list is sent as repeated fields."""
        return self.ask("POST", path, urlencode(fields, doseq=True), Content_Type=FORM, **headers)

    def tell(self, path: str, fields: Any, **headers: str) -> Heard:
        """Send JSON, and ask for JSON."""
        body = fields if isinstance(fields, (bytes, str)) else json.dumps(fields)
        raw = body.encode() if isinstance(body, str) else body
        return self.ask("POST", path, raw, **{"Content_Type": JSON, "Accept": JSON, **headers})

    def raw(self, head: bytes, *sent: bytes) -> bytes:
        """Send bytes as they are, "\\n" in the head for a line end; all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(head.replace(b"\n", b"\r\n"))
            for part in sent:
                connection.sendall(part)
            received = b""
            while more := connection.recv(65536):
                received += more
            return received

    def token(self, age: timedelta = ENOUGH, keys: str = "forms") -> str:
        """A form's token as this house would have signed it that long ago."""
        return admission.issue(self.keyring(keys), datetime.now(UTC) - age, os.urandom)

    def keyring(self, purpose: str) -> Keyring:
        """One of the secrets that the house made for itself."""
        return kept_keyring(self.folder / "keys" / purpose)

    def story(self, **changed: Any) -> dict[str, Any]:
        """A form that can be taken as it is; None leaves a field out."""
        whole = {"kind": "story", "body": BODY, "consent": "yes", "token": self.token()} | changed
        return {name: value for name, value in whole.items() if value is not None}

    def shared(self, **changed: Any) -> dict[str, Any]:
        """Share a story; what the door told about it."""
        heard = self.tell("/api/posts", self.story(**changed))
        assert heard.status == 201, heard.text
        told: dict[str, Any] = json.loads(heard.body)
        return told

    @contextmanager
    def store(self) -> Iterator[sqlite3.Connection]:
        """The store's own file, opened beside the house."""
        path = self.folder / "handrail.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
            yield connection

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.store() as store:
            return int(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def set_closed(self, closed: bool) -> None:
        """Close the form, or open it again."""
        with self.store() as store:
            store.execute("INSERT OR REPLACE INTO counters VALUES ('closed', ?)", (int(closed),))

    @property
    def log(self) -> str:
        """Everything the house has printed so far."""
        return (self.folder / "log").read_text("utf-8")


@cache
def kept_keyring(path: Path) -> Keyring:
    """The secrets in a file; a house never changes them."""
    return read_keyring(path.read_text("ascii"))


def hold_to_the_rules(method: str, path: str, heard: Heard) -> None:
    """What is so of every answer of the visitors' door, whatever was asked."""
    hold_to_the_table(method, path, heard)
    kind = heard.headers.get_content_type()
    if kind == JSON:
        hold_to_the_document(method, path, heard)
    else:
        assert kind == "text/html", kind
        assert heard.headers.get_content_charset() == "utf-8"
        page = without_our_script(path, heard.text)
        strip, main = page.find('<aside class="help"'), page.find("<main")
        assert 0 < strip < main, "no help before the page"
        assert "emergency number" in page[strip:main]
        assert not re.search(r"<style|<script|\son\w+=|\sstyle=|javascript:", tags_of(page))


def hold_to_the_table(method: str, path: str, heard: Heard) -> None:
    """The security headers, once each; never kept, but for the form itself."""
    for name, value in DOOR:
        assert heard.headers.get_all(name) == [value], name
    keeps = "private, max-age=0" if is_the_form(method, path, heard) else "no-store"
    assert heard.headers.get_all("Cache-Control") == [keeps]
    for name in ("Set-Cookie", "Server", "ETag", "Last-Modified", "Access-Control-Allow-Origin"):
        assert name not in heard.headers
    assert {name for name, _ in for_door(path)} <= set(heard.headers)


def is_the_form(method: str, path: str, heard: Heard) -> bool:
    """The one page that a browser may show again."""
    page = heard.headers.get_content_type() == "text/html"
    return (method, path, heard.status, page) == ("GET", "/api/share", 200, True)


def hold_to_the_document(method: str, path: str, heard: Heard) -> None:
    """A JSON answer has the shape that the published document gives for its status."""
    operation = DOCUMENT["paths"].get(path.removeprefix("/api"), {}).get(method.lower())
    if operation is None:
        assert heard.status in (403, 405)
        schema: Mapping[str, Any] = {"$ref": "#/components/schemas/Notice"}
    else:
        answer = documented(operation, heard.status)
        assert set(answer.get("headers", {})) <= set(heard.headers)
        schema = answer["content"][JSON]["schema"]
    validator(json.dumps(schema)).validate(json.loads(heard.body))


@cache
def validator(schema: str) -> Any:
    """What holds JSON against a schema of the document, which is written as JSON itself."""
    whole = {**json.loads(schema), "components": DOCUMENT["components"]}
    return jsonschema_rs.validator_for(whole, validate_formats=True)


def documented(operation: Mapping[str, Any], status: int) -> Mapping[str, Any]:
    """What the published document says of one answer."""
    answer: Mapping[str, Any] = operation["responses"][str(status)]
    named = answer.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["responses"][named] if named else answer


def without_our_script(path: str, page: str) -> str:
    """The page without the scripts it may load, each once, in its head: that with which to leave,
    and a form to share its own."""
    head, body = page.split("</head>", 1)
    assert head.count(LEAVING) == 1
    head = head.replace(LEAVING, "", 1)
    return head.replace(SCRIPT, "", 1 if path in WITH_SCRIPT else 0) + "</head>" + body


def tags_of(page: str) -> str:
    """The tags of a page without the words between them and without what people typed."""
    tags = re.findall(r"<[^>]*>", page)
    return "\n".join(re.sub(r' value="[^"]*"', "", tag) for tag in tags)


@contextmanager
def served(folder: Path, **environ: str) -> Iterator[House]:
    """A house that keeps everything under `folder`, also what another left there.

    Stopped at the end, and it must stop well.
    """
    if not (folder / "editions").exists():
        publish(folder / "editions", {"index.html": "home", "404.html": "There is nothing here."})
    settings = {
        **{name: value for name, value in os.environ.items() if "HANDRAIL" not in name},
        "HANDRAIL_DATA": str(folder),
        "HANDRAIL_POSTS": str(folder / "posts"),
        **WIDE,
        **environ,
    }
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "tests.doors.served"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=log
        )
    try:
        assert process.stdout
        said = process.stdout.readline()
        assert said, (folder / "log").read_text("utf-8")
        yield House(int(said), folder, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        left, _ = process.communicate(timeout=15)
        assert (process.returncode, left) == (0, b"")


def main() -> None:
    """In the house's own process: open it on a free port, say which, and serve until stopped."""
    quieten()
    logging.getLogger().setLevel(os.environ.get("HANDRAIL_TEST_LOG", "WARNING"))
    busy_ms = int(os.environ.get("HANDRAIL_TEST_BUSY_MS", BUSY_MS))
    sqlite.Database = partial(sqlite.Database, busy_ms=busy_ms)  # all else is as it really is
    bound = bind("127.0.0.1", 0)
    port = bound.getsockname()[1]
    settings = Settings("127.0.0.1", port, read_settings(os.environ))
    share(settings)
    open_store(settings)
    server = open_house(settings, bound, acted=lambda: None)
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    print(port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
