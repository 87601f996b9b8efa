"""What the site's plain pages ask of a reader, and leave in a browser: nothing unasked."""

from __future__ import annotations

import re

from tests.pages.pelican_runs import ROOT, Built

ASKING = ("form", "input", "textarea", "select", "button")
KEEPING = re.compile(r"cookie|localStorage|sessionStorage|indexedDB|caches|serviceWorker|beacon")


# These two ask, and their scripts alone read what is typed: neither form can send anything.
READ_BY_THE_BROWSER = {"/search/", "/yours/"}
KEEPERS = {"leave.js", "yours-keeping.js"}
"""Scripts that may keep something: that a tab was left, and what a reader said yes to."""


def test_no_plain_page_asks_for_anything_to_be_sent(edition: Built) -> None:
    pages = edition.pages()
    assert len(pages) > 100
    asking = {a for a, page in pages.items() if re.search(rf"<(?:{'|'.join(ASKING)})\b", page)}
    assert asking <= READ_BY_THE_BROWSER
    forms = [tag for address in asking for tag in re.findall(r"<form[^>]*>", pages[address])]
    assert not [tag for tag in forms if re.search(r"action=|method=\"(?!dialog)", tag)]


def test_no_plain_page_sets_a_cookie_and_two_scripts_alone_may_keep_something(
    edition: Built,
) -> None:
    """A page can set a cookie by a tag too."""
    folder = ROOT / "site/theme/static/js"
    scripts = {path.name: path.read_text("utf-8") for path in folder.glob("*.js")}
    assert {name for name, text in scripts.items() if KEEPING.search(text)} == KEEPERS
    assert not [name for name, text in scripts.items() if "cookie" in text]
    tags = [
        tag
        for page in edition.pages().values()
        for tag in re.findall(r"<(?:meta|script)[^>]*>", page)
    ]
    assert [tag for tag in tags if KEEPING.search(tag)] == []


def test_no_plain_page_waits_for_a_script(edition: Built) -> None:
    """Each comes from our theme, and runs when the page is there already."""
    tags = {t for page in edition.pages().values() for t in re.findall(r"<script[^>]*>", page)}
    own = re.compile(r'<script src="/theme/js/[a-z-]+\.js" (?:defer|type="module")>')
    assert tags
    assert [tag for tag in tags if not own.fullmatch(tag)] == []
