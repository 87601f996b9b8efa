"""The search at a size: what its files cost to make, and what a reader's first search fetches.

BENCH_LARGE says that a hundred thousand stories are wanted too.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright
from publish_plain import Plain, plain
from publish_rounds import LARGE, LARGE_SIZE, SIZE, SMALL_SIZE, Tell
from publish_tales import tales
from servers import ROOT

from doors.headers import for_static
from editions.press import Editions
from editions.reading import Pages
from infra.local.sheets import Sheets

CHROMIUM: Final = "/usr/bin/chromium"
WITHOUT: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
SEARCHES: Final = ("hope", "family sleep", "drinking", "first meeting after work", "ph")
"""What somebody types; the first two were measured with Pagefind, too."""
TIMED: Final = """() => new Promise((done) => {
    const status = document.querySelector("[data-status]");
    const begun = performance.now();
    const seen = new MutationObserver(() => {
        if (["", "Looking…"].includes(status.textContent)) return;
        seen.disconnect();
        done(Math.round(performance.now() - begun));
    });
    seen.observe(status, { childList: true });
    document.querySelector("form[data-search]").requestSubmit();
})"""


def measure(tell: Tell) -> dict[str, Any]:
    """Every size."""
    sizes = (SMALL_SIZE, SIZE, *((LARGE_SIZE,) if LARGE else ()))
    return {str(size): at(size, tell) for size in sizes}


def at(size: int, tell: Tell) -> dict[str, Any]:
    """One size."""
    words = alone(size)
    tell(f"{size}: {words}")
    with plain(size) as site:
        whole = site.build()
        tell(f"{size}, a whole build, search included: {whole}")
        files = weight(site.editions)
        tell(f"{size}: {files}")
        typed = {words: searched(site, words, tell) for words in SEARCHES}
        daily = renewed(site)
        tell(f"{size}: {daily}")
    return {"words": words, "whole": vars(whole), "files": files, "typed": typed, "daily": daily}


def alone(size: int) -> dict[str, float]:
    """What the words of all stories take, and the large index made of them, in a copy of this
    process: seconds of CPU, and megabytes more than before.
    """
    taking, giving = os.pipe()
    copy = os.fork()
    if not copy:
        try:
            os.write(giving, json.dumps(_alone(size)).encode())
        finally:
            os._exit(0)
    os.close(giving)
    with os.fdopen(taking) as said:
        told: dict[str, float] = json.loads(said.read())
    os.waitpid(copy, 0)
    return told


def _alone(size: int) -> dict[str, float]:
    sys.path.insert(0, str(ROOT / "site" / "plugins"))
    from story_pages.search_pieces import Gathered, pieces_of  # noqa: PLC0415 - where Pelican finds it
    from story_pages.search_words import weighed  # noqa: PLC0415 - where Pelican finds it
    from story_pages.stories import plain_text  # noqa: PLC0415 - where Pelican finds it

    gathered, spent, taken = Gathered(), 0.0, 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for one in tales(range(size)):
        over, body = (one.title, one.pen_name, *one.topics, one.stage), one.html
        begun = time.process_time()
        terms = weighed(over, plain_text(body))
        spent += time.process_time() - begun
        begun = time.process_time()
        gathered.take(one.number, terms)
        taken += time.process_time() - begun
    begun = time.process_time()
    pieces = sum(1 for _ in pieces_of(gathered.lines()))
    made = time.process_time() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "words cpu s": round(spent, 2),
        "gathered cpu s": round(taken, 2),
        "index cpu s": round(made, 2),
        "pieces": pieces,
        "MB more": round((most - before) / 1024),
    }


def weight(editions: Path) -> dict[str, int]:
    """How many files the search has, and how many bytes."""
    with Editions(editions).printing() as edition:
        paths = [path for path in edition.paths() if path.startswith("search/")]
        sizes = {path: len(edition.read(path) or b"") for path in paths}
    terms = [size for path, size in sizes.items() if path.startswith("search/terms/")]
    return {
        "files": len(sizes),
        "kB": sum(sizes.values()) // 1000,
        "pieces": len(terms),
        "kB of pieces": sum(terms) // 1000,
        "largest piece kB": max(terms) // 1000,
    }


def renewed(site: Plain) -> dict[str, float]:
    """One story more, and one less, without the large index and then with it: seconds of CPU."""
    found = {}
    for name, act in (("added", site.add), ("withdrawn", lambda: site.withdraw(7))):
        act()
        found[name] = round(site.build().cpu_s, 2)
    found["nothing new"] = round(site.build().cpu_s, 2)
    daily = site.build("--extra-settings", "EDITION_SEARCH=true")
    return {**found, "large index anew": round(daily.cpu_s, 2), "its MB": round(daily.most_mb)}


@dataclass
class Served:
    """The pages of an edition, packed as readers get them, and what was fetched."""

    sheets: Sheets
    fetched: list[tuple[str, int]] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Answer on a port of this machine; the address."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                sheet = served.sheets.at(self.path, "br")
                body = sheet.body if sheet else b""
                served.fetched.append((self.path, len(body)))
                self.send_response(200 if sheet else 404)
                for name, value in for_static(self.path):
                    self.send_header(name, value)
                if sheet:
                    self.send_header("Content-Encoding", "br")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def searched(site: Plain, words: str, tell: Tell) -> dict[str, Any]:
    """A first search, by somebody whose browser has nothing yet but the page."""
    served = Served(Sheets(Pages(site.editions)))
    with served.listening() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(WITHOUT))
        page = browser.new_page()
        page.goto(f"{address}/search/")
        page.wait_for_load_state("networkidle")
        served.fetched.clear()
        took = timed(page, words)
        first = list(served.fetched)
        again = timed(page, words)
        said = page.locator("[data-status]").inner_text()
        browser.close()
    told = {
        "bytes": sum(size for _, size in first),
        "requests": len(first),
        "bytes of words": sum(size for path, size in first if "/terms/" in path),
        "bytes of stories": sum(size for path, size in first if "/told/" in path),
        "ms": took,
        "ms again": again,
        "said": said,
    }
    tell(f"{site.corpus.size}, {words!r}: {told}")
    return told


def timed(page: Page, words: str) -> float:
    """Type it and press Enter: milliseconds until the answer stands there."""
    page.get_by_label("Words to look for").fill(words)
    return float(page.evaluate(TIMED))


if __name__ == "__main__":
    measure(lambda line: print(line, flush=True))
