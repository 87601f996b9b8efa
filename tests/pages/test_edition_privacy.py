"""What the site's plain pages ask of a reader, and leave in a browser: nothing."""

from __future__ import annotations

import re

from tests.pages.pelican_runs import ROOT, Built

ASKING = ("form", "input", "textarea", "select", "button")
KEEPING = re.compile(r"cookie|localStorage|sessionStorage|indexedDB|caches|serviceWorker|beacon")


def test_no_plain_page_asks_for_anything(edition: Built) -> None:
    pages = edition.pages()
    assert len(pages) > 100
    asking = {a for a, page in pages.items() if re.search(rf"<(?:{'|'.join(ASKING)})\b", page)}
    assert asking == set()


def test_no_plain_page_and_no_script_keeps_anything_in_a_browser(edition: Built) -> None:
    """A page can set a cookie by a tag too."""
    scripts = [path.read_text("utf-8") for path in (ROOT / "site/theme/static/js").glob("*.js")]
    assert scripts
    tags = [
        tag
        for page in edition.pages().values()
        for tag in re.findall(r"<(?:meta|script)[^>]*>", page)
    ]
    assert [text for text in (*scripts, *tags) if KEEPING.search(text)] == []


def test_no_plain_page_runs_a_script(edition: Built) -> None:
    assert [a for a, page in edition.pages().items() if "<script" in page] == []
