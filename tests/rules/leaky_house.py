"""The real house with a leak in every layer, for the tests that show that each would be found.

`python -m tests.rules.leaky_house` serves like tests/doors/served.py; nothing else starts this.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import io
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from api.door import share
from forum import wiring
from forum.keys import read_keyring
from forum.post import Post, Text
from forum.record import Event
from forum.store import sqlite_holders
from forum.store.sqlite import Database
from forum.store.sqlite_posts import put_text
from forum.store.sqlite_record import record_event
from forum.store.sqlite_visitors import SqliteVisitors
from infra.local import door, server
from infra.local.house import House
from infra.local.notices import FileNotifier
from tests.doors import served

HERE = Path(os.environ.get("HANDRAIL_DATA", "."))
longest_body = b""


def into_the_log(environ: WSGIEnvironment) -> None:
    """A line a request, as servers write them."""
    print("GET", environ.get("HTTP_USER_AGENT", ""), file=sys.stderr, flush=True)


def into_a_row(environ: WSGIEnvironment) -> None:
    """Where people came from, counted."""
    store_row(environ.get("HTTP_REFERER", "").encode("latin-1").hex(), 1)


def keyed_into_a_row(environ: WSGIEnvironment) -> None:
    """Who came, under a key of the house, cut short: to throttle by, say."""
    (key,) = read_keyring((HERE / "keys" / "forms").read_text("ascii")).all
    address = environ["REMOTE_ADDR"].encode()
    label = b"handrail form\0"
    store_row(base64.b64encode(hmac.digest(key.secret, label + address, "sha256")).decode()[:16], 1)


def salted_into_the_log(environ: WSGIEnvironment) -> None:
    """Who came, under the day: to count visitors by, say."""
    who = f"{datetime.now(UTC).date()}:{environ.get('HTTP_X_REAL_IP', '').split(',')[0]}"
    print("visitor", hashlib.sha256(who.encode()).hexdigest()[:20], file=sys.stderr, flush=True)


def as_a_number(environ: WSGIEnvironment) -> None:
    """The address as one number, in a column for numbers."""
    packed = bytes(int(octet) for octet in environ["REMOTE_ADDR"].split("."))
    store_row("seen", int.from_bytes(packed, "big"))


def with_its_time(environ: WSGIEnvironment) -> None:
    """When somebody came."""
    store_row("when", time.time())


def into_a_temporary_file(environ: WSGIEnvironment) -> None:
    """A body spooled to the disk."""
    global longest_body  # noqa: PLW0603 - the next answer tells it to somebody else
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(body)
    longest_body = max(body, longest_body, key=len)


def into_a_packed_page(environ: WSGIEnvironment) -> None:
    """A copy made to be sent quickly."""
    told = environ.get("HTTP_VIA", "").encode("latin-1")
    (HERE / "editions" / "index.html.gz").write_bytes(gzip.compress(told))


def into_a_files_name(environ: WSGIEnvironment) -> None:
    """A page kept under what was asked for."""
    name = environ.get("HTTP_FROM", "").encode("latin-1").hex()[:120]
    (HERE / "posts").mkdir(exist_ok=True)
    (HERE / "posts" / name).touch()


AT_EACH_REQUEST: tuple[Callable[[WSGIEnvironment], None], ...] = (
    *(into_the_log, into_a_row, keyed_into_a_row, salted_into_the_log, as_a_number),
    *(with_its_time, into_a_temporary_file, into_a_packed_page, into_a_files_name),
)


def store_row(name: str, value: float) -> None:
    """Leave something in the store."""
    with closing(sqlite3.connect(HERE / "handrail.sqlite3", timeout=10)) as store:
        store.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", (name, value))
        store.commit()


def leak_at_the_entry() -> None:
    """Let every header and address in, make the house do all of that, and tell it in answers."""
    server.QuietChannel.parser_class = server.HTTPRequestParser
    server.QuietChannel.task_class = server.WSGITask
    real = House.__call__

    def call(self: House, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        before = longest_body
        for leak in AT_EACH_REQUEST:
            leak(environ)
        language = environ.get("HTTP_ACCEPT_LANGUAGE", "").encode("latin-1")

        def told(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            echoed = ("X-Language", base64.b64encode(language).decode())
            others = ("X-Before", base64.b64encode(before[:2_000]).decode())
            return start(status, [*headers, echoed, others], *rest)

        return real(self, environ, told)

    House.__call__ = call  # type: ignore[method-assign, assignment]


def leak_at_the_door() -> None:
    """Hand an address on to the door, which tells it on the form."""
    door._HANDED_ON = (*door._HANDED_ON, "true-client-ip")  # type: ignore[misc, assignment]
    real = share.show_form

    def show_form(request: Any, visitors: Any) -> Any:
        response = real(request, visitors)
        response.headers["X-You"] = request.headers.get("true-client-ip", "")
        return response

    share.show_form = show_form


def leak_into_the_desks_tables() -> None:
    """Keep words where the desk keeps none, and an author's own when the text is taken back."""
    real = SqliteVisitors.add
    clock = wiring.SystemClock()

    def add(self: SqliteVisitors, post: Post, text: Text, *rest: Any) -> None:
        real(self, post, text, *rest)
        with self._database.write() as connection:
            record_event(connection, post.day, "nobody", Event.FORM_OPENED, "", text.title)
            facet = (f"words:{text.title}", "received", 3, "", "")
            connection.execute("INSERT INTO facets VALUES (?, ?, ?, ?, ?)", facet)
            put_text(connection, "originals", post.id, text)
        FileNotifier(HERE / "notices", clock).tell("A story waits", text.title)

    SqliteVisitors.add = add  # type: ignore[method-assign, assignment]
    sqlite_holders.WORDS = ("texts", "offers")  # type: ignore[assignment]


def leak_in_the_store() -> None:
    """Forget to forget: what was erased stays in the write-ahead log."""
    Database.forget = lambda self: True  # type: ignore[method-assign]


if __name__ == "__main__":
    leak_at_the_entry()
    leak_at_the_door()
    leak_into_the_desks_tables()
    leak_in_the_store()
    served.main()
