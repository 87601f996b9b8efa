"""The page of the months' totals: what the press wrote, in words, and nothing that it did not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_pages import numbers as reader
from story_pages.numbers import DECIDED, KINDS, Month, read_numbers

from forum.monthly import KINDS as COUNTED
from forum.monthly import SHOWN_FROM, numbers_file
from tests.doors.seen import Page
from tests.pages.pelican_runs import Built, build
from tests.pages.posts_folder import Up, lay_out, make_post

ADDRESS = "/how-it-goes/"
FULL = dict(zip(KINDS, (31, 12, 7, 5, 6), strict=True))


def make_month(month: str = "2026-10", **given: Any) -> dict[str, Any]:
    return {"month": month, "numbers": FULL, "fingerprint": "ab" * 32} | given


def put(posts: Path, months: Iterable[dict[str, Any]]) -> Path:
    """Lay the file beside the posts, as the press does; the file."""
    file = numbers_file(posts)
    file.write_text(json.dumps({"format": 1, "months": list(months)}), "utf-8")
    return file


def printed(folder: Path, *months: dict[str, Any], **env: str) -> Built:
    posts = lay_out(folder / "posts", [Up(make_post(1), 0)])
    if months:
        put(posts, months)
    return build(posts, folder / "site", **env)


def rows(page: Page, month: str) -> dict[str, str]:
    """What stands beside what, in the part of one month."""
    section = next(s for s in page.all("section") if s.given["aria-labelledby"] == f"month-{month}")
    inside = [one for one in page.all("dt", "dd") if section in one.around]
    words = [" ".join(one.text.split()) for one in inside]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_a_fresh_installation_says_that_there_is_nothing_yet(tmp_path: Path) -> None:
    for env in ({}, {"HANDRAIL_ENV": "production"}):
        edition = printed(tmp_path / str(len(env)), **env)
        assert "There are no numbers yet." in Page(edition.read(ADDRESS)).words
        assert edition.report["set_aside"] == []


def test_each_months_totals_stand_in_words_newest_first(tmp_path: Path) -> None:
    small = {**FULL, "not-published": None, "kept": None}
    none = dict.fromkeys(KINDS)
    edition = printed(
        tmp_path,
        make_month("2026-10"),
        make_month("2026-09", numbers=small),
        make_month("2026-08", numbers=none, fingerprint=""),
    )
    page = Page(edition.read(ADDRESS))
    months = [h.text for h in page.all("h2") if h.given.get("id", "").startswith("month-")]
    assert months == ["October 2026", "September 2026", "August 2026"]
    assert rows(page, "2026-10") == {
        "Read and decided": "50", "Approved": "31", "Sent back": "12", "Not published": "7",
        "Kept after a report": "5", "Taken down": "6", "Fingerprint": "ab" * 32,
    }  # fmt: skip
    assert rows(page, "2026-09") | {"Fingerprint": ""} == {
        "Read and decided": "at least 43", "Approved": "31", "Sent back": "12",
        "Not published": "fewer than 5", "Kept after a report": "fewer than 5",
        "Taken down": "6", "Fingerprint": "",
    }  # fmt: skip
    assert rows(page, "2026-08")["Read and decided"] == "too few to say"
    assert "Fingerprint" not in rows(page, "2026-08")


def test_the_same_file_makes_the_same_edition(tmp_path: Path) -> None:
    first = printed(tmp_path / "1", make_month())
    second = printed(tmp_path / "2", make_month())
    assert first.read(ADDRESS) == second.read(ADDRESS)


def test_how_we_moderate_leads_to_the_page(edition: Built) -> None:
    links = {a.given.get("href") for a in Page(edition.read("/how-we-moderate/")).all("a")}
    assert ADDRESS in links


def test_a_file_that_the_press_did_not_write_shows_nothing_and_stops_no_build(
    tmp_path: Path,
) -> None:
    edition = printed(tmp_path, make_month(numbers={**FULL, "approved": 3}))
    assert "There are no numbers yet." in Page(edition.read(ADDRESS)).words
    (left,) = edition.report["set_aside"]
    assert left == {"id": "posts-numbers.json", "why": "it is not what the press writes"}
    assert len(edition.pages()) > 5


BAD = {
    "a small number": [make_month(numbers={**FULL, "kept": 4})],
    "none": [make_month(numbers={**FULL, "kept": 0})],
    "less than none": [make_month(numbers={**FULL, "kept": -9})],
    "a number in words": [make_month(numbers={**FULL, "kept": "9"})],
    "a flag": [make_month(numbers={**FULL, "kept": True})],
    "a part of a number": [make_month(numbers={**FULL, "kept": 9.5})],
    "one number more": [make_month(numbers={**FULL, "escalated": 9})],
    "one number less": [make_month(numbers={k: FULL[k] for k in DECIDED})],
    "no month": [make_month("2026-13")],
    "a day": [make_month("2026-10-01")],
    "a tag": [make_month(fingerprint="<b>")],
    "the wrong order": [make_month("2026-09"), make_month("2026-10")],
    "one month twice": [make_month(), make_month()],
    "no list": 7,
    "a list of nothing": [None],
    "a list of lists": [[]],
}


@pytest.mark.parametrize("months", BAD.values(), ids=BAD)
def test_whatever_is_wrong_in_the_file_all_of_it_is_set_aside(tmp_path: Path, months: Any) -> None:
    file = tmp_path / "posts-numbers.json"
    file.write_text(json.dumps({"format": 1, "months": months}), "utf-8")
    found, (left,) = read_numbers(file)
    assert found == ()
    assert left.why == "it is not what the press writes"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"format": 2, "months": []}', b" " * 70_000, b"7"]
)
def test_a_file_that_is_no_such_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    assert read_numbers(tmp_path / "x.json")[1]


def test_a_folder_in_its_place_is_set_aside_and_none_is_only_empty(tmp_path: Path) -> None:
    assert read_numbers(tmp_path)[1]
    assert read_numbers(tmp_path / "missing.json") == ((), ())


@given(st.fixed_dictionaries({kind: st.none() | st.integers(5, 999) for kind in KINDS}))
def test_the_sum_that_is_shown_is_one_that_anybody_can_make_of_what_is_shown(
    numbers: dict[str, int | None],
) -> None:
    month = Month("2026-10", "", numbers)
    assert month.decided == sum(numbers[kind] or 0 for kind in DECIDED)
    assert month.whole is all(numbers[kind] is not None for kind in DECIDED)


def test_the_page_and_the_press_count_the_same_kinds_and_hide_the_same_numbers() -> None:
    assert tuple(COUNTED) == KINDS
    assert reader.SHOWN_FROM == SHOWN_FROM
