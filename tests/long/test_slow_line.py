"""On 2G, with nothing in the browser yet, the first line of a story can be read within two seconds.

So can whatever somebody came for: the numbers on the help page, the words of a guide.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests.journeys.house import House

ON_2G = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 250_000 / 8,
    "uploadThroughput": 50_000 / 8,
}
"""What browsers' own tools call regular 2G: 250 and 50 kbit/s, 300 ms for each answer."""
TO_FIRST_LINE = """(() => {
    const line = () => {
        const painted = performance.getEntriesByName("first-contentful-paint").length > 0;
        const there = document.querySelector(%s);
        if (painted && there) window.firstLine = performance.now();
        else requestAnimationFrame(line);
    };
    requestAnimationFrame(line);
})()"""
WITHIN = 2_000
"""Milliseconds."""
TRIES = 3
"""Whatever else the machine does makes it slower; nothing makes it faster than it is."""
PHONE = {"width": 360, "height": 740}


def waited(chromium: Browser, address: str, line: str) -> float:
    """Milliseconds until it can be read, in a browser of its own."""
    context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(TO_FIRST_LINE % json.dumps(line))
    speaking = context.new_cdp_session(page)
    speaking.send("Network.enable")
    speaking.send("Network.emulateNetworkConditions", ON_2G)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    found = float(page.evaluate("window.firstLine"))
    context.close()
    return found


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/stories/exampleyearslong/", ".story-body p"),
        ("/cravings/", "main p"),
        ("/help/", "main a[href^='tel:']"),
        ("/", "main .card"),
        ("/api/share", "main textarea"),
    ],
)
def test_the_first_line_is_there_within_two_seconds(
    chromium: Browser, house: House, path: str, line: str
) -> None:
    assert min(waited(chromium, house.site + path, line) for _ in range(TRIES)) <= WITHIN
