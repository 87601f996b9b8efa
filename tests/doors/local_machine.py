"""A real house on a real loopback port, with a small Chalice app standing in for both doors."""

import http.client
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalice.app import Chalice, Response

from doors.helplines import load
from doors.logs import quieten
from editions.press import Editions
from editions.reading import Pages
from infra.local.checks import bind
from infra.local.door import Door
from infra.local.house import House
from infra.local.pages import KindPages, render
from infra.local.server import LocalServer
from infra.local.settings import ROOT
from infra.local.sheets import Sheets
from infra.local.static import StaticSite

FORM = "application/x-www-form-urlencoded"
HELP = load(ROOT / "content" / "helplines.csv", production=False)
PAGES = KindPages(render(HELP), HELP)


@dataclass(frozen=True)
class Heard:
    """An answer as it came over the wire."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Machine:
    """Where the house listens, and where its editions are."""

    port: int
    folder: Path

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Heard:
        """Send one request; header names are given with underscores."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Heard(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Heard:
        return self.ask("GET", path, **headers)

    def publish(self, pages: Mapping[str, str | bytes]) -> None:
        """Put an edition of these pages in place, and no others, the way the press does."""
        publish(self.folder, pages)


def publish(folder: Path, pages: Mapping[str, str | bytes]) -> None:
    """Put an edition of these pages, and no others, in place in a folder."""
    with Editions(folder).printing() as edition:
        for path in set(edition.paths()) - set(pages):
            edition.remove(path)
        for path, page in pages.items():
            edition.put(path, page if isinstance(page, bytes) else page.encode())
        edition.commit(keep=0)


def stand_in(name: str) -> Chalice:
    """A door with one route of each kind that the house must carry."""
    app = Chalice(app_name=name, env={})

    def page(text: str, **headers: Any) -> Response:
        return Response(text, headers={"Content-Type": "text/html; charset=utf-8", **headers})

    @app.route("/")
    def front() -> Response:
        return page(f"front of {name}", **{"Set-Cookie": ["a=1", "b=2"]})

    @app.route("/share")
    def share() -> Response:
        return page("form", **{"Cache-Control": "private, max-age=0"})

    @app.route("/echo/{word}", methods=["POST"], content_types=[FORM])
    def echo(word: str) -> dict[str, Any]:
        time.sleep(0.002)  # another thread's request comes in between
        request = app.current_request
        said = request.raw_body.decode("utf-8", "replace")
        return {"word": word, "body": said, "query": request.query_params, "name": name}

    @app.route("/headers", methods=["GET", "POST"], content_types=[FORM, "application/json"])
    def headers() -> dict[str, Any]:
        return {"seen": dict(app.current_request.headers), "all": app.current_request.to_dict()}

    @app.route("/broken", methods=["POST"], content_types=[FORM])
    def broken() -> None:
        raise ValueError(app.current_request.raw_body.decode())

    return app


@contextmanager
def running(folder: Path, acted: Callable[[], None] = lambda: None) -> Iterator[Machine]:
    """Serve in a thread; the log rule holds meanwhile."""
    before = logging.getLogRecordFactory(), threading.excepthook
    quieten()
    doors = {f"/{name}": Door(stand_in(name), f"/{name}", PAGES) for name in ("api", "moderation")}
    bound = bind("127.0.0.1", 0)
    house = House(doors, StaticSite(Sheets(Pages(folder)), PAGES), PAGES, acted)
    server = LocalServer(house, bound, PAGES)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Machine(bound.getsockname()[1], folder)
    finally:
        server.stop()
        thread.join(timeout=10)
        logging.setLogRecordFactory(before[0])
        threading.excepthook = before[1]
        logging.captureWarnings(capture=False)
