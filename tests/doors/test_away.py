"""The page for when nothing of the site answers stands alone, and help comes first on it."""

from __future__ import annotations

import re

from infra.local import away
from infra.local.pages import render, render_away
from tests.doors.local_machine import HELP

PAGE = render_away(HELP, "https://elsewhere.example/").decode()


def test_help_comes_before_all_else() -> None:
    order = [PAGE.index(words) for words in ("emergency number", 'href="tel:988"', "<h1>")]
    assert order == sorted(order)


def test_it_asks_for_nothing_that_would_not_come_and_leads_nowhere_that_is_down() -> None:
    for tag in ("<link", "<script", "<img", "style="):
        assert tag not in PAGE
    inside = re.findall(r'href="(/[^"]*)"', PAGE)
    assert inside == ["/"], "the home page, for when it is back"
    assert 'href="https://elsewhere.example/"' in PAGE


def test_the_words_are_those_that_the_cloud_shows() -> None:
    (words,) = re.findall(r"<p>(It is not you\..*?)</p>", PAGE)
    assert words in render(HELP)[502].decode()


def test_without_a_folder_it_says_so_and_writes_nothing() -> None:
    assert away.main([]) == 1
