"""The whole product for the leak test: the real house, and people whose browsers tell everything.

Whatever they send carries a canary, and whatever they hear is kept, byte for byte.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from forum.lockbox import new_identity
from tests.doors.local_machine import FORM
from tests.doors.seen import Page
from tests.journeys import house as journeys
from tests.rules.canaries import BEHIND, CLAIMED, CLAIMED_SIX, Canaries

JSON = "application/json"
ADDRESS_HEADERS = (
    *("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Originating-IP"),
    *("True-Client-IP", "CF-Connecting-IP", "CF-Connecting-IPv6", "Fastly-Client-IP"),
    *("X-Envoy-External-Address", "X-Remote-Addr", "X-ProxyUser-Ip", "Client-IP"),
    *("X-AppEngine-User-IP", "CloudFront-Viewer-Address"),
)
HEADERS = (
    *("User-Agent", "Referer", "Accept-Language", "Accept-Charset", "Authorization", "From"),
    *("Proxy-Authorization", "Via", "If-None-Match", "If-Modified-Since", "If-Range", "Range"),
    *("DNT", "Sec-GPC", "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform", "Sec-CH-UA-Model"),
    *("Sec-CH-UA-Full-Version-List", "Sec-CH-Prefers-Color-Scheme", "Sec-Fetch-Dest", "ECT"),
    *("Sec-Fetch-User", "Sec-Fetch-Mode", "Save-Data", "Viewport-Width", "Device-Memory", "RTT"),
    *("Downlink", "Priority", "Pragma", "Cache-Control", "TE", "X-Requested-With", "Warning"),
    *("X-Request-ID", "X-Correlation-ID", "X-Amzn-Trace-Id", "Traceparent", "Tracestate"),
    *("X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix"),
    *("X-Forwarded-Server", "X-Forwarded-By", "X-Original-URL", "X-Rewrite-URL", "X-Geo-City"),
    *("X-HTTP-Method-Override", "CF-IPCountry", "X-Api-Key", "X-Device-Id", "X-Invented-Here"),
)
FORM_AGE = 3.2
"""Seconds after which a form may come back."""


@dataclass(frozen=True)
class Told:
    """One answer, with who asked what."""

    who: str
    asked: str
    raw: bytes

    @property
    def place(self) -> str:
        """How a fault names it."""
        return f"the answer to {self.who}: {self.asked}"


@dataclass(frozen=True)
class Heard:
    """An answer as the person reads it."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def page(self) -> Page:
        return Page(self.text)

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Whole(journeys.House):
    """The running product with a home and a place for temporary files of its own."""

    canaries: Canaries = field(default_factory=Canaries)
    told: list[Told] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    started: int = 0
    """How often."""
    made_home: int = 0
    """When, in nanoseconds: any named file ever made in a folder changes its time."""
    backup_keys: tuple[str, str] = field(default_factory=new_identity)
    """What opens a backup, which is nowhere on the machine; and what locks it."""
    commanded: list[tuple[str, ...]] = field(default_factory=list)
    """What was typed at the operator's terminal."""

    @property
    def home(self) -> Path:
        """Where a program would keep a cache, or a temporary file."""
        return self.folder.parent / "home"

    @property
    def store(self) -> Path:
        """The database's file."""
        return self.folder / "handrail.sqlite3"

    def start(self) -> None:
        """Start, and return once it answers."""
        super().start()
        self.started += 1

    def person(self, name: str) -> Person:
        """Somebody, the same each time."""
        if name not in self.people:
            self.people[name] = Person(self, name, len(self.people) + 1)
        return self.people[name]

    def operator(self, *words: str, given: str = "", status: int = 0) -> str:
        """A command at the operator's terminal; what that printed is kept beside the log."""
        self.commanded.append(words)
        done = self.python("-m", "moderation", *words, given=given)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def python(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run Python with the house's own environment."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=journeys.ROOT,
            env=self.environ,
            input=given,
            capture_output=True,
            text=True,
            timeout=journeys.PATIENCE,
            check=False,
        )
        number = len(list(self.folder.parent.glob("printed-*")))
        printed = self.folder.parent / f"printed-{number}"
        printed.write_text(done.stdout + done.stderr, "utf-8")
        return done

    def kill_a_build(self) -> None:
        """Begin to make everything anew at the terminal, and end that as it writes the pages."""
        press = subprocess.Popen(
            [sys.executable, "-m", "moderation", "publish", "--full"],
            cwd=journeys.ROOT,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(lambda: list(self.folder.glob("editions/building-*/*")))
        os.killpg(press.pid, signal.SIGKILL)
        press.wait()

    def sql(self, statement: str, *values: str) -> list[list[Any]]:
        """Act on the store behind everyone's back, from a process of its own; the rows found."""
        script = (
            "import json, sqlite3, sys; path, what, values = json.load(sys.stdin); "
            "store = sqlite3.connect(path, timeout=10); found = store.execute(what, values); "
            "print(json.dumps(found.fetchall())); store.commit()"
        )
        given = json.dumps([str(self.store), statement, values])
        done = subprocess.run(
            [sys.executable, "-c", script], input=given, text=True, check=True, capture_output=True
        )
        found: list[list[Any]] = json.loads(done.stdout)
        return found

    def idle(self) -> None:
        """Wait until every ring is answered, and the press that stays has nothing to do."""
        counter = "SELECT coalesce(max(value), 0) FROM counters WHERE name = ?"
        until(lambda: self.sql(counter, "press-answered") >= self.sql(counter, "press-rung"))
        until(self._rests)

    def _rests(self) -> bool:
        """Whether none of the processes that the server began has done anything for a moment."""
        assert self.process
        threads = Path(f"/proc/{self.process.pid}/task")

        def done() -> list[list[str]]:
            begun = [child for thread in threads.iterdir() for child in _children(thread).split()]
            return [_seconds_of(child) for child in begun]

        before = done()
        time.sleep(0.5)
        return done() == before

    def snapshot(self, name: str) -> Path:
        """A copy of everything at rest, as it is at this moment."""
        copy = self.folder.parent.parent / name
        shutil.copytree(self.folder.parent, copy, symlinks=True)
        return copy

    @property
    def environ(self) -> dict[str, str]:
        """What its processes are given."""
        return self._environment()

    def _environment(self) -> dict[str, str]:
        if not self.made_home:
            self.home.mkdir()
            self.made_home = self.home.stat().st_mtime_ns
        ours = {"HOME": str(self.home), "TMPDIR": str(self.home), "PYTHONDONTWRITEBYTECODE": "1"}
        limits = {"HANDRAIL_UNPROVEN_A_MINUTE": "7", "HANDRAIL_BUDDY_FIRST": "1"}
        _, key = self.backup_keys
        copies = {"HANDRAIL_BACKUPS": str(self.folder / "backups"), "HANDRAIL_BACKUP_TO": key}
        return {**super()._environment(), **ours, **limits, **copies}


def _children(thread: Path) -> str:
    """The processes that a thread began and that still run; none when it has ended itself."""
    with suppress(OSError):
        return (thread / "children").read_text()
    return ""


def _seconds_of(process: str) -> list[str]:
    """The process's times of work, as the system tells them."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return []


def until(true: Any, patience: float = journeys.PATIENCE) -> None:
    """Look again and again; fail when it never comes true."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


@dataclass
class Person:
    """Somebody at an address of their own, whose browser gives away all it can."""

    house: Whole
    name: str
    number: int
    cookie: str = ""
    at_desk: bool = False
    sent: Iterator[int] = field(default_factory=itertools.count)

    def word(self, what: str) -> str:
        """A canary of this person's."""
        return self.house.canaries.word(f"{self.name}: {what}")

    def core(self, what: str) -> str:
        """The same, letters alone."""
        return self.house.canaries.core(f"{self.name}: {what}")

    def lettered(self, what: str) -> str:
        """The same, no digit among them."""
        return self.house.canaries.lettered(f"{self.name}: {what}")

    @property
    def address(self) -> str:
        """Where their device is."""
        return self.house.canaries.address(self.name, f"{BEHIND}.{self.number}.9")

    @property
    def given_away(self) -> dict[str, bytes]:
        """Every header that tells something, each with a canary or an address of its own."""
        told = {name: self.word(name).encode("latin-1") for name in HEADERS}
        for place, name in enumerate((*ADDRESS_HEADERS, "Forwarded"), 1):
            told[name] = self._claimed(name, place).encode()
        host = self.core("Forwarded host")
        told["Forwarded"] = b'for="[%s]";host=%s' % (told["Forwarded"], host.encode())
        cookie = f"{self.cookie + '; ' if self.cookie else ''}seen={self.core('Cookie')}"
        return told | {"Cookie": cookie.encode()}

    def _claimed(self, name: str, place: int) -> str:
        """The address that a header claims: one of the visitors', or one of the desk's."""
        whose = "the desk" if self.at_desk else "a visitor"
        side = 1 if self.at_desk else 2
        claimed = f"{CLAIMED_SIX}:{side}::{place}" if place % 2 else f"{CLAIMED}.{side}.{place}"
        return self.house.canaries.address(f"{whose}: {name}", claimed)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Heard:
        """Send one request; header names are given with underscores."""
        query = f"{quote(self.word('query name'))}={quote(self.word('query'))}"
        whole = f"{path}{'&' if '?' in path else '?'}{query}"
        said = self.given_away | {
            "Host": f"{self.core('Host')}.example".encode(),
            "Origin": f"https://{self.core('Origin')}.example".encode(),
            "Accept": f"text/html, text/{self.core('Accept')};q=0.1".encode(),
            "Accept-Encoding": f"gzip, {self.core('Accept-Encoding')}".encode(),
            **{name.replace("_", "-"): value.encode("latin-1") for name, value in headers.items()},
        }
        if body or method == "POST":
            said["Content-Length"] = str(len(body)).encode()
        with closing(self._line()) as line:
            line.putrequest(method, whole, skip_host=True, skip_accept_encoding=True)
            for name, value in said.items():
                line.putheader(name, value)
            line.endheaders(body)
            answer = line.getresponse()
            heard = Heard(answer.status, answer.headers, answer.read())
        head = f"{answer.status} {answer.reason}\n{answer.headers}".encode("latin-1")
        self._keep(f"{method} {path}", head + heard.body)
        return heard

    def get(self, path: str, **headers: str) -> Heard:
        """Open a page."""
        return self.ask("GET", path, b"", **headers)

    def send(self, path: str, fields: Mapping[str, Any], **headers: str) -> Heard:
        """Send a form, with a field that nobody asked for."""
        whole = {**fields, self.core("field"): self.word("field's value")}
        return self.ask(
            "POST", path, urlencode(whole, doseq=True).encode(), Content_Type=FORM, **headers
        )

    def tell(self, path: str, content: Mapping[str, Any], **headers: str) -> Heard:
        """Send JSON, and ask for JSON."""
        whole = {**content, self.core("field"): self.word("field's value")}
        named = {"Content_Type": JSON, "Accept": f"{JSON}, x/{self.core('Accept')}", **headers}
        return self.ask("POST", path, json.dumps(whole).encode(), **named)

    def raw(self, asked: str, *sent: bytes) -> bytes:
        """Send bytes as they are; all that comes back."""
        received = b""
        with self.connected() as line, suppress(OSError):  # cut off, after an answer or before
            for part in sent:
                line.sendall(part)
            line.shutdown(socket.SHUT_WR)
            while more := line.recv(65536):
                received += more
        self._keep(asked, received)
        return received

    def hangs_up(self, sent: bytes) -> None:
        """Send the beginning of something, and cut the line."""
        with self.connected() as line, suppress(OSError):  # it may be quicker than we are
            line.sendall(sent)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """A bare connection from this person's address."""
        there = ("127.0.0.1", self.house.port)
        with closing(socket.create_connection(there, 10, (self.address, 0))) as line:
            yield line

    def secret(self, what: str, text: str) -> str:
        """Note something that opens or proves something."""
        return self.house.canaries.secret(f"{self.name}: {what} {next(self.sent)}", text)

    def _line(self) -> HTTPConnection:
        source = (self.address, 0)
        return HTTPConnection("127.0.0.1", self.house.port, timeout=20, source_address=source)

    def _keep(self, asked: str, raw: bytes) -> None:
        self.house.told.append(Told(self.name, asked, raw))
