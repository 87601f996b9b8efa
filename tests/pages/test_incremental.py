"""What a press prints that makes only what differs is, to the byte, what a clean build makes."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.editions.on_disk import quick_folder
from tests.pages.pelican_runs import ROOT, build_apart
from tests.pages.posts_folder import Record, Up, id_of, lay_out, make_post
from tests.pages.site_history import OFTEN, STEPS, History
from tests.pages.small_site import make_site

ONE = st.tuples(st.sampled_from((*STEPS, *OFTEN)), st.booleans())
"""A step, and whether it is printed by itself or together with the next."""


@contextmanager
def beginning(chance: random.Random) -> Iterator[History]:
    """A site with a few stories far apart in every list, printed once."""
    with quick_folder() as folder:
        history = History(make_site(folder / "site"), chance)
        for step in ("add_of_a_retired_word", *["add_far_on"] * 10, "add"):
            history.do(step)
        history.press()
        yield history


@settings(max_examples=8, deadline=None)
@given(
    steps=st.lists(ONE, min_size=10, max_size=16),
    chance=st.randoms(use_true_random=False),
)
def test_after_any_history_the_edition_is_a_clean_build(
    steps: list[tuple[str, bool]], chance: random.Random
) -> None:
    with beginning(chance) as history:
        for step, alone in steps:
            history.do(step)
            if alone:
                history.press()
        history.press()


def test_after_everything_that_can_happen_the_edition_is_a_clean_build() -> None:
    chance = random.Random(1)
    with beginning(chance) as history:
        for step in STEPS:
            history.do(step)
            history.press()


def test_an_edit_shows_everywhere_although_the_print_before_it_touched_nothing() -> None:
    with beginning(random.Random(2)) as history:
        for before in ("print_whole", "change_nothing_seen", "purge", "mend"):
            for step in (before, "edit", before, "withdraw_the_newest", before, "restore"):
                history.do(step)
                history.press()


def test_a_change_to_a_plugin_changes_the_pages_by_itself(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for room in ("site", "doors", "editions", "content"):
        shutil.copytree(ROOT / room, home / room, ignore=shutil.ignore_patterns("posts", "*.pyc"))
    shutil.copy(ROOT / "pelicanconf.py", home)
    posts = lay_out(tmp_path / "posts", [Up(make_post(n), n) for n in range(3)])

    def printed() -> Record:
        editions = str(tmp_path / "editions")
        built = build_apart(posts, tmp_path / "unused", home, EDITIONS=editions)
        assert built.code == 0, built.said
        return built.report

    assert printed()["whole"]
    assert not printed()["whole"]
    code = home / "site" / "plugins" / "story_pages" / "stories.py"
    before = code.read_text("utf-8")
    code.write_text(before.replace("WORDS_PER_MINUTE = 200", "WORDS_PER_MINUTE = 1"), "utf-8")
    again = printed()
    assert again["whole"]
    pages = {f"stories/{id_of(n)}/index.html" for n in range(3)}
    lists = {"stories/index.html", "stories/page/1/index.html", "index.html"}
    assert pages | lists <= set(again["changed"])
    assert "your-privacy/index.html" not in again["changed"]
