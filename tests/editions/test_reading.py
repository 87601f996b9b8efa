"""A reader gets the edition in place, whole, from any thread and whatever happens meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from editions.press import FILE, Editions
from editions.reading import Pages, Unreadable
from tests.editions.on_disk import log_is_cut
from tests.editions.printed import print_edition


@pytest.fixture
def editions(tmp_path: Path) -> Editions:
    """A folder that is not there yet."""
    return Editions(tmp_path / "editions")


@pytest.fixture
def pages(editions: Editions) -> Pages:
    """Its readers."""
    return Pages(editions.folder)


def test_before_the_first_edition_there_is_nothing(editions: Editions, pages: Pages) -> None:
    assert pages.edition() is None
    assert pages.read("index.html") is None
    assert not editions.folder.exists()
    with editions.printing():
        assert pages.edition() is None
        assert pages.read("index.html") is None


def test_a_page_comes_with_its_hash(editions: Editions, pages: Pages) -> None:
    print_edition(editions, {"index.html": b"home"})
    assert pages.read("index.html") == (sha256(b"home").hexdigest(), b"home")
    assert pages.read("nowhere.html") is None
    assert pages.read("") is None


def test_all_pages_of_the_edition_in_place_are_listed_with_their_hashes(
    editions: Editions, pages: Pages
) -> None:
    assert pages.hashes() == {}
    print_edition(editions, {"index.html": b"home", "gone.html": b"gone"})
    print_edition(editions, {"index.html": b"home again"})
    assert pages.hashes() == {"index.html": sha256(b"home again").hexdigest()}


def test_every_edition_is_another(editions: Editions, pages: Pages) -> None:
    seen = []
    for site in ({"a": b"1"}, {"a": b"2"}, {"a": b"1"}):
        print_edition(editions, site)
        seen.append(pages.edition())
        print_edition(editions, site)
        assert pages.edition() == seen[-1]
    editions.roll_back()
    seen.append(pages.edition())
    editions.strike([b"2"])
    seen.append(pages.edition())
    assert len(set(seen)) == len(seen)
    assert None not in seen


def test_editions_begun_anew_are_others_although_they_count_alike(
    editions: Editions, pages: Pages
) -> None:
    print_edition(editions, {"a": b"1"})
    before = pages.edition()
    editions.start_anew()
    print_edition(editions, {"a": b"2"})
    assert pages.edition() not in (None, before)


def test_the_old_edition_is_read_until_there_is_one_in_the_new_file(
    editions: Editions, pages: Pages
) -> None:
    print_edition(editions, {"a": b"1"})
    assert pages.read("a")
    editions.start_anew()
    assert pages.read("a") == (sha256(b"1").hexdigest(), b"1")
    with editions.printing() as edition:
        edition.put("a", b"2")
        assert pages.read("a") == (sha256(b"1").hexdigest(), b"1")
        edition.commit()
    assert pages.read("a") == (sha256(b"2").hexdigest(), b"2")


def test_a_reader_can_change_nothing(editions: Editions, pages: Pages) -> None:
    print_edition(editions, {"a": b"1"})
    before = (editions.folder / FILE).read_bytes()
    for path in ("a'; DELETE FROM page; --", "../a", "a\0", "a" * 100_000):
        assert pages.read(path) is None
    assert pages.read("a")
    assert (editions.folder / FILE).read_bytes() == before


SITE = 20
"""Pages of an edition, each of which says which edition it is of."""


def whole(pages: Pages) -> set[bytes]:
    """What the pages say, when no other edition came while they were read."""
    while True:
        before = pages.edition()
        found = [pages.read(f"page-{n}") for n in range(SITE)]
        if pages.edition() == before:
            return {page[1][:8] if page else b"" for page in found}


def test_readers_see_whole_editions_while_others_come(editions: Editions, pages: Pages) -> None:
    def site(number: int) -> dict[str, bytes]:
        return {f"page-{n}": b"%08d" % number + b"x" * 3_000 for n in range(SITE)}

    print_edition(editions, site(0))
    over = threading.Event()
    seen: list[set[bytes]] = []

    def read() -> None:
        while not over.is_set():
            seen.append(whole(pages))

    with ThreadPoolExecutor(4) as readers:
        reading = [readers.submit(read) for _ in range(4)]
        try:
            for number in range(1, 25):
                print_edition(editions, site(number), keep=number % 2)
        finally:
            over.set()
    assert [one.result() for one in reading] == [None] * 4
    assert {len(said) for said in seen} == {1}
    assert len({min(said) for said in seen}) > 2
    assert whole(pages) == {b"%08d" % 24}


def test_the_log_is_cut_although_readers_hold_the_file_open(
    editions: Editions, pages: Pages
) -> None:
    print_edition(editions, {"a": b"1"})
    assert pages.read("a")
    print_edition(editions, {"a": b"2"})
    assert log_is_cut(editions.folder)
    assert pages.read("a") == (sha256(b"2").hexdigest(), b"2")


@pytest.mark.parametrize(
    "content", [b"no database" * 1_000, b"SQLite format 3\0" + b"\xff" * 5_000]
)
def test_a_file_that_cannot_be_read_says_so(editions: Editions, content: bytes) -> None:
    editions.folder.mkdir()
    (editions.folder / FILE).write_bytes(content)
    pages = Pages(editions.folder)
    for look in (pages.edition, lambda: pages.read("a")):
        with pytest.raises(Unreadable):
            look()


def test_a_file_without_tables_says_so(editions: Editions) -> None:
    editions.folder.mkdir()
    sqlite3.connect(editions.folder / FILE).execute("PRAGMA journal_mode = WAL").close()
    with pytest.raises(Unreadable):
        Pages(editions.folder).read("a")
