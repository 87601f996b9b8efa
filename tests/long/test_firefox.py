"""A second browser, with an engine of its own, reads the site: Firefox, as Debian ships it."""

from __future__ import annotations

import json

from tests.journeys.house import House
from tests.long.checkers import INSTALLED, PINNED, printed_by

STORY = "/stories/exampleradiooff2/"


def test_firefox_shows_the_pages_finds_a_story_and_searches(house: House) -> None:
    said = printed_by("node", PINNED / "firefox.mjs", INSTALLED, house.site, STORY, may_find=False)
    seen = json.loads(said.splitlines()[-1])
    assert seen["wrong"] == []
    assert all(seen["headings"].values()), seen["headings"]
    assert len(seen["headings"]) == 12
    assert "radio" in seen["headings"]["story"]
    assert seen["line"]
    assert "Atkinson" in seen["font"]
    assert seen["leaves"].startswith("https://")
    assert [title for title in seen["found"] if "radio" in title]
