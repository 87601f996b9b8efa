"""What it takes to show one story: here, under an Isso thread, and in a default Pelican theme.

The same words in one run, each time in a browser that has nothing yet: bytes and requests of all
that a page loads, and how long somebody on 2G waits for the first line of the story.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from statistics import median
from typing import Any, Final

from accepted_posts import EXAMPLE
from playwright.sync_api import Browser, Page, Request, sync_playwright
from servers import BENCH, Server, environment, handrail, install_isso, isso

from tests.journeys.conftest import CHROMIUM, QUIET

ROUNDS: Final = 3
PHONE: Final = {"width": 360, "height": 740}
ON_2G: Final = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 250_000 / 8,
    "uploadThroughput": 50_000 / 8,
}
"""What browsers' own tools call regular 2G: 250 and 50 kbit/s, 300 ms for each answer."""
TO_FIRST_LINE: Final = """(() => {
    const line = () => {
        const painted = performance.getEntriesByName("first-contentful-paint").length > 0;
        const there = document.querySelector(%s);
        if (painted && there) window.firstLine = performance.now();
        else requestAnimationFrame(line);
    };
    requestAnimationFrame(line);
})()"""
"""Notes when there has been a paint and the line is there: never early, at most a frame late."""
PACKED: Final = ("text/", "application/javascript", "application/json")
Tell = Callable[[str], None]
Answer = tuple[int, str, bytes]
"""A status, a kind of content and the content."""


@dataclass(frozen=True)
class Shown:
    """A page that shows the story."""

    name: str
    address: str
    line: str
    """What the first line of the story is found by."""


@dataclass(frozen=True)
class Weight:
    """What one showing took."""

    bytes: int
    """Of all bodies as they travel, fonts and pictures too."""
    without_fonts: int
    html_css: int
    script: int
    headers: int
    requests: int
    elsewhere: int
    """Requests to any other site."""


def measure(tell: Tell) -> dict[str, Any]:
    """Every page in turns; the table, and how many times more the others take."""
    install_isso()
    scratch = BENCH / "reading"
    shutil.rmtree(scratch, ignore_errors=True)
    story = json.loads(EXAMPLE.read_text("utf-8"))
    with (
        handrail(scratch / "handrail") as ours,
        isso(scratch / "isso") as thread,
        in_front(partial(asked_of, thread)) as front,
        in_front(partial(lying_in, pelican(scratch / "pelican", story))) as theme,
    ):
        post(thread, story["body"])
        pages = (
            Shown("handrail", ours_at(ours), ".story-body p"),
            Shown("isso demo", f"http://127.0.0.1:{thread.port}/demo/index.html", ".isso-text p"),
            Shown("isso, small script, packed", f"{front}/demo/index.html", ".isso-text p"),
            Shown("pelican, packed", f"{theme}/story.html", ".entry-content p"),
        )
        found = shown(pages, tell)
    shutil.rmtree(scratch)
    return found


def shown(pages: Sequence[Shown], tell: Tell) -> dict[str, Any]:
    """Open all of them, round after round."""
    waits: dict[str, list[float]] = {one.name: [] for one in pages}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        weights = {one.name: weigh(browser, one) for one in pages}
        for _ in range(ROUNDS):
            for one in pages:
                waits[one.name].append(waited(browser, one))
        browser.close()
    found = {
        one.name: {
            **vars(weights[one.name]),
            "first_line_on_2g_s": round(median(waits[one.name]), 2),
        }
        for one in pages
    }
    ratios = times_more(found)
    table(found, tell)
    tell("times as much as here:")
    table(ratios, tell)
    return {"pages": found, "times_as_much": ratios}


def table(rows: Mapping[str, Mapping[str, float]], tell: Tell) -> None:
    """Print a line for each page, a column for each figure."""
    names = list(dict.fromkeys(figure for figures in rows.values() for figure in figures))
    tell(" " * 26 + " ".join(f"{name:>18}" for name in names))
    for page, figures in rows.items():
        tell(f"{page:26}" + " ".join(f"{figures.get(name, ''):>18}" for name in names))


def times_more(found: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Each of the others by ours, where ours is not nothing."""
    ours = found["handrail"]
    return {
        name: {
            figure: round(value / ours[figure], 2)
            for figure, value in figures.items()
            if ours[figure]
        }
        for name, figures in found.items()
        if name != "handrail"
    }


@contextmanager
def opened(browser: Browser, one: Shown, **network: object) -> Iterator[tuple[Page, list[Request]]]:
    """The page in a browser that has nothing yet, once all of it is there; what it asked for."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2)  # type: ignore[arg-type]
    asked: list[Request] = []

    def finished(request: Request) -> None:
        asked.append(request)

    page = context.new_page()
    page.on("requestfinished", finished)
    page.add_init_script(TO_FIRST_LINE % json.dumps(one.line))
    if network:
        speaking = context.new_cdp_session(page)
        speaking.send("Network.enable")
        speaking.send("Network.emulateNetworkConditions", dict(network))
    page.goto(one.address, wait_until="networkidle", timeout=120_000)
    page.locator(one.line).first.wait_for()
    yield page, asked
    context.close()


def weigh(browser: Browser, one: Shown) -> Weight:
    """Everything that it loads."""
    with opened(browser, one) as (_, asked):
        sizes = [(request, request.sizes()) for request in asked]
    home = "/".join(one.address.split("/")[:3]) + "/"

    def body(*kinds: str) -> int:
        return sum(s["responseBodySize"] for r, s in sizes if not kinds or r.resource_type in kinds)

    return Weight(
        bytes=body(),
        without_fonts=body() - body("font"),
        html_css=body("document", "stylesheet"),
        script=body("script"),
        headers=sum(size["responseHeadersSize"] for _, size in sizes),
        requests=len(sizes),
        elsewhere=sum(not request.url.startswith(home) for request, _ in sizes),
    )


def waited(browser: Browser, one: Shown) -> float:
    """Seconds on 2G until the first line of the story can be read."""
    with opened(browser, one, **ON_2G) as (page, _):
        return float(page.evaluate("window.firstLine")) / 1000


def ours_at(server: Server) -> str:
    """The address of the story in the forum: the example by this name is among its first."""
    title = json.loads(EXAMPLE.read_text("utf-8"))["title"]
    for path in sorted((server.folder / "posts").glob("*.json")):
        if json.loads(path.read_text("utf-8"))["title"] == title:
            return f"http://127.0.0.1:{server.port}/stories/{path.stem}/"
    raise RuntimeError(f"{title} is not among the stories")


def post(server: Server, html: str) -> None:
    """Put the story under Isso's demo page, and let it show."""
    words = html.replace("</p>", "\n\n").replace("<p>", "")
    sent = json.dumps({"text": words, "title": "Isso Test"}).encode()
    address = f"http://127.0.0.1:{server.port}/new?uri=/demo/index.html"
    asked = urllib.request.Request(address, sent, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=10):
        pass
    with closing(sqlite3.connect(server.folder / "comments.db")) as store:
        store.execute("UPDATE comments SET mode = 1")
        store.commit()


def pelican(folder: Path, story: Mapping[str, Any]) -> Path:
    """A site of this one story by Pelican as it comes; the folder of its pages."""
    (folder / "content").mkdir(parents=True)
    head = f"Title: {story['title']}\nDate: 2026-11-01\nSlug: story\nCategory: Stories\n\n"
    (folder / "content" / "story.md").write_text(head + story["body"], "utf-8")
    command = [sys.executable, "-m", "pelican", "content", "--output", "output", "--quiet"]
    subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)
    return folder / "output"


def lying_in(folder: Path, path: str, _: bytes | None) -> Answer:
    """A file of a folder."""
    file = folder / path[1:]
    if not file.is_file():
        return 404, "text/plain", b""
    return 200, guess_type(path)[0] or "application/octet-stream", file.read_bytes()


def asked_of(server: Server, path: str, sent: bytes | None) -> Answer:
    """What Isso answers, its demo page with the script that it has for visitors."""
    kind = {"Content-Type": "application/json"} if sent is not None else {}
    asked = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", sent, kind)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            body = answer.read().replace(b"js/embed.dev.js", b"js/embed.min.js")
            return answer.status, answer.headers["Content-Type"], body
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers["Content-Type"], refused.read()


@contextmanager
def in_front(ask: Callable[[str, bytes | None], Answer]) -> Iterator[str]:
    """A server that packs what it is given, as the one in front of a site does; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(None)

        def do_POST(self) -> None:
            self.answer(self.rfile.read(int(self.headers["Content-Length"])))

        def answer(self, sent: bytes | None) -> None:
            status, kind, body = ask(self.path, sent)
            packed = kind.startswith(PACKED)
            body = gzip.compress(body, 9) if packed else body
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    began = time.monotonic()
    measure(lambda line: print(line, flush=True))
    print(f"({time.monotonic() - began:.0f} s)")
