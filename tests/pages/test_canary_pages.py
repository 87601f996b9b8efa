"""A canary has a page of its own, and nothing on the site leads to it or remembers it."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.editions.on_disk import quick_folder
from tests.pages.posts_folder import Up, make_post
from tests.pages.site_history import History
from tests.pages.small_site import make_site

CANARY = make_post(
    777, kind="canary", title="A canary", topics=[], stage="", arc="", helped=[], findable=False
)
PAGE = f"stories/{CANARY['id']}/index.html"


def test_a_canary_has_a_page_and_no_page_leads_there() -> None:
    with quick_folder() as folder:
        history = History(make_site(folder / "site"), random.Random(3))
        history.do("add_many")
        history.press()
        before = dict(history.shown)
        for step in ("change_nothing_seen", "print_whole", "change_nothing_seen"):
            history.site.put(Up(CANARY, 0))
            history.do(step)
            history.press()
            assert b"A canary" in history.shown[PAGE]
            others = {path: page for path, page in history.shown.items() if path != PAGE}
            assert [p for p, page in others.items() if CANARY["id"].encode() in page] == []
            assert others.keys() == before.keys()
        history.site.put(replace(Up(CANARY, 0), record={**CANARY, "title": "Another"}))
        history.press()
        assert b"Another" in history.shown[PAGE]
        del history.site.ups[CANARY["id"]]
        history.press()
        assert PAGE not in history.shown
        assert history.shown.keys() == before.keys()


def test_a_canary_may_stand_in_no_list_and_a_story_must() -> None:
    with quick_folder() as folder:
        history = History(make_site(folder / "site"), random.Random(4))
        history.do("add")
        listed = Up(make_post(778, kind="canary"), 0)
        unlisted = Up(make_post(779), 0)
        history.site.put(_with(listed, {"stories": 5}), _with(unlisted, {}))
        history.press()
        assert not {f"stories/{up.id}/index.html" for up in (listed, unlisted)} & {*history.shown}


def _with(up: Up, slots: dict[str, int]) -> Up:
    class Placed(Up):
        def slots(self) -> dict[str, int]:
            return slots

    return Placed(up.record, up.slot)
