"""What was taken down is nowhere in the bytes on the disk, as soon as that is done."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editions.press import Editions
from editions.reading import Pages
from tests.editions.churn import churn
from tests.editions.on_disk import log_is_cut, marked, marks, marks_on_disk, quick_folder
from tests.editions.printed import print_edition

SIZES = st.sampled_from([10, 500, 1_000, 3_900, 4_096, 20_000]) | st.integers(10, 60_000)
PAGE = st.tuples(st.integers(0, 7), SIZES)
"""Which page, and how long its text is: every page of the database, and many of them."""
EDITION = st.lists(PAGE | st.integers(0, 7), min_size=1, max_size=8)
"""Pages that are put, and the numbers of those that are removed."""


@settings(max_examples=25, deadline=None)
@given(
    history=st.lists(st.tuples(EDITION, st.sampled_from([0, 0, 1])), min_size=2, max_size=8),
    read_meanwhile=st.booleans(),
)
def test_after_any_history_only_what_is_up_or_kept_is_on_the_disk(
    history: list[tuple[list[tuple[int, int] | int], int]], read_meanwhile: bool
) -> None:
    with quick_folder() as folder:
        editions, born = Editions(folder), 0
        readers = Pages(editions.folder)
        now: dict[str, bytes] = {}
        for happens, keep in history:
            before, now = now, dict(now)
            for number, one in enumerate(happens, start=born):
                if isinstance(one, int):
                    now.pop(f"page-{one}", None)
                else:
                    now[f"page-{one[0]}"] = marked(number, one[1])
            born += len(happens)
            print_edition(editions, now, keep)
            if read_meanwhile:
                assert [path for path in now if not readers.read(path)] == []
            assert log_is_cut(editions.folder)
            held = marks(*now.values(), *(before.values() if keep else ()))
            found = marks_on_disk(editions.folder)
            assert marks(*now.values()) <= found
            if now != before or not keep:
                assert found <= held


SMALL = (10, 100, 500, 900)
"""Bytes: rows so short would lie where SQLite moves them about, were they not padded."""


@pytest.mark.parametrize("seed", range(2))
def test_no_scrap_is_left_where_a_row_only_passed_through(seed: int) -> None:
    churn(random.Random(seed), pages=60, editions=8, sizes=SMALL)


def dropped(editions: Editions) -> None:
    """A print that is given up when much of it is on the disk already."""
    with editions.printing() as edition:
        for number in range(200):
            edition.put(f"more-{number}", marked(1_000 + number, 30_000))


WAYS: dict[str, Callable[[Editions], object]] = {
    "taken down": lambda editions: print_edition(editions, {"a": marked(1, 20_000)}, keep=0),
    "struck": lambda editions: editions.strike([b"mark2ends"]),
    "given up": dropped,
    "begun anew": lambda editions: editions.start_anew(),
}


@pytest.mark.parametrize("read_meanwhile", [False, True])
@pytest.mark.parametrize("name", WAYS)
def test_no_scrap_of_what_went_is_left(tmp_path: Path, name: str, read_meanwhile: bool) -> None:
    editions, pages = Editions(tmp_path), Pages(tmp_path)
    print_edition(editions, {"a": marked(1, 20_000)})
    if name != "given up":
        print_edition(editions, {"a": marked(1, 20_000), "b": marked(2, 50_000)})
    if read_meanwhile:
        assert pages.read("a")
    WAYS[name](editions)
    assert marks_on_disk(tmp_path) <= {b"mark1ends"}


def test_an_edition_that_is_kept_can_still_be_found(tmp_path: Path) -> None:
    """So these tests would find what is left."""
    editions = Editions(tmp_path)
    print_edition(editions, {"a": marked(1, 20_000)})
    print_edition(editions, {"a": marked(2, 20_000)}, keep=1)
    assert marks_on_disk(tmp_path) == {b"mark1ends", b"mark2ends"}
