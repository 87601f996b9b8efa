"""An edition is what was put, whole or not at all; its difference is what has to be sent out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editions.press import FILE, Difference, Editions, NothingToGoBackTo
from editions.reading import Pages
from tests.editions.on_disk import log_is_cut, quick_folder
from tests.editions.printed import Site, difference, print_edition, served, shown


@pytest.fixture
def editions(tmp_path: Path) -> Editions:
    """A folder that is not there yet."""
    return Editions(tmp_path / "editions")


def test_an_edition_is_what_was_put(editions: Editions) -> None:
    site = {"index.html": b"home", "stories/a/index.html": b"", "theme/a.svg": b"\0\xff" * 9_000}
    assert print_edition(editions, site).added == tuple(sorted(site))
    assert shown(editions) == served(editions.folder, *site) == site


def test_what_is_not_committed_has_never_been(editions: Editions) -> None:
    print_edition(editions, {"a": b"1", "b": b"1"})
    with editions.printing() as edition:
        edition.put("a", b"2")
        edition.remove("b")
        edition.put("c", b"2")
        assert edition.read("a") == b"2"
        assert sorted(edition.paths()) == ["a", "c"]
        assert served(editions.folder, "a", "b", "c") == {"a": b"1", "b": b"1"}
    assert shown(editions) == {"a": b"1", "b": b"1"}


def test_what_fails_halfway_has_never_been(editions: Editions) -> None:
    def fail() -> None:
        with editions.printing() as edition:
            edition.put("a", b"2")
            raise KeyError

    print_edition(editions, {"a": b"1"})
    with pytest.raises(KeyError):
        fail()
    assert shown(editions) == {"a": b"1"}
    assert print_edition(editions, {"a": b"3"}).changed == ("a",)


def test_an_edition_says_what_the_last_was_made_of(editions: Editions) -> None:
    print_edition(editions, {"a": b"1"}, made_of="this")
    with editions.printing() as edition:
        assert edition.made_of == "this"
    editions.strike([b"1"])
    with editions.printing() as edition:
        assert edition.made_of == ""


BODIES = st.sampled_from([b"", b"one", b"two", b"three" * 1_000, b"four" * 10_000])
PATHS = st.sampled_from(["index.html", "stories/a/index.html", "stories/b/index.html", "x/y.xml"])
PUTS = st.lists(st.tuples(PATHS, st.none() | BODIES), max_size=8)
"""Pages in the order in which they are put; None is removed."""
HISTORY = st.lists(st.tuples(PUTS, st.sampled_from([0, 1, 1])) | st.just("back"), max_size=10)


class Known:
    """What the editions should be, kept as plain as can be."""

    def __init__(self) -> None:
        self.now: dict[str, bytes] = {}
        self.before: dict[str, bytes] | None = None
        self.first = True

    def become(self, site: dict[str, bytes], keep: int) -> Difference:
        """There is another edition; how it differs."""
        made = difference(self.now, site)
        if made.pages:
            self.before = None if self.first else self.now
            self.now, self.first = site, False
        if not keep:
            self.before = None
        return made


@settings(max_examples=60, deadline=None)
@given(HISTORY)
def test_after_any_history_the_difference_is_what_has_to_be_sent(
    history: list[tuple[list[tuple[str, bytes | None]], int] | str],
) -> None:
    with quick_folder() as folder:
        editions, known = Editions(folder), Known()
        for happens in history:
            number = Pages(editions.folder).edition()
            if isinstance(happens, str):
                went_back(editions, known)
            else:
                came_to_be(editions, known, *happens)
            assert shown(editions) == served(editions.folder, *known.now) == known.now
            if known.before is None and known.first:
                assert Pages(editions.folder).edition() == number


def came_to_be(
    editions: Editions, known: Known, puts: list[tuple[str, bytes | None]], keep: int
) -> None:
    """Print an edition, putting page by page."""
    before, site = Pages(editions.folder).edition(), dict(known.now)
    with editions.printing() as edition:
        for path, body in puts:
            if body is None:
                site.pop(path, None)
                edition.remove(path)
            else:
                site[path] = body
                edition.put(path, body)
        made = edition.commit(keep=keep)
    assert made == known.become(site, keep)
    assert (Pages(editions.folder).edition() != before) is bool(made.pages)


def went_back(editions: Editions, known: Known) -> None:
    """Show the edition before, if one is kept."""
    if known.before is None:
        with pytest.raises(NothingToGoBackTo):
            editions.roll_back()
        return
    assert editions.roll_back() == known.become(dict(known.before), keep=1)


def test_the_first_edition_has_nothing_before_it(editions: Editions) -> None:
    for _ in range(2):
        with pytest.raises(NothingToGoBackTo):
            editions.roll_back()
        print_edition(editions, {"a": b"1"})
    assert shown(editions) == {"a": b"1"}


def test_going_back_twice_shows_the_newest_again(editions: Editions) -> None:
    print_edition(editions, {"a": b"1", "b": b"1"})
    print_edition(editions, {"a": b"2", "c": b"2"})
    made = editions.roll_back()
    assert made == Difference(added=("b",), changed=("a",), removed=("c",))
    assert shown(editions) == {"a": b"1", "b": b"1"}
    editions.roll_back()
    assert shown(editions) == {"a": b"2", "c": b"2"}


def test_nothing_that_was_purged_can_be_gone_back_to(editions: Editions) -> None:
    print_edition(editions, {"a": b"1", "gone": b"1"})
    print_edition(editions, {"a": b"1"}, keep=0)
    with pytest.raises(NothingToGoBackTo):
        editions.roll_back()
    print_edition(editions, {"a": b"1", "b": b"1"})
    editions.roll_back()
    assert shown(editions) == {"a": b"1"}


def test_a_purge_of_an_unchanged_edition_drops_the_one_before(editions: Editions) -> None:
    print_edition(editions, {"a": b"1"})
    print_edition(editions, {"a": b"2"})
    assert print_edition(editions, {"a": b"2"}, keep=0) == Difference()
    with pytest.raises(NothingToGoBackTo):
        editions.roll_back()


def size(editions: Editions) -> int:
    """The bytes that the editions take."""
    return (editions.folder / FILE).stat().st_size


def test_an_edition_before_is_kept_at_the_cost_of_what_changed(editions: Editions) -> None:
    site: Site = {f"page-{n}": b"words of this page " * 1_000 for n in range(60)}
    print_edition(editions, {path: f"{path} ".encode() + body for path, body in site.items()})
    whole = size(editions)
    for number in range(30):
        with editions.printing() as edition:
            edition.put("page-7", f"{number} ".encode() + site["page-7"])
            edition.commit()
    assert whole > 60 * 19_000
    assert size(editions) - whole < 5 * 19_000
    editions.roll_back()
    assert shown(editions)["page-7"].startswith(b"28 ")


def test_a_struck_word_stands_on_no_page_of_any_edition(editions: Editions) -> None:
    print_edition(editions, {"a": b"the word", "b": b"another", "c": b"first"})
    print_edition(editions, {"a": b"the word", "b": b"another", "c": b"has the word too"})
    print_edition(editions, {"a": b"clean", "b": b"another", "c": b"has the word too"})
    assert editions.strike([b"the word", b"nowhere"]) == 2
    assert shown(editions) == {"a": b"clean", "b": b"another"}
    with pytest.raises(NothingToGoBackTo):
        editions.roll_back()


def test_striking_no_word_strikes_nothing(editions: Editions) -> None:
    print_edition(editions, {"a": b"1"}, made_of="this")
    assert editions.strike([]) == 0
    assert editions.strike([b"2"]) == 0
    assert shown(editions) == {"a": b"1"}


def test_a_page_whose_bytes_have_changed_by_themselves_is_named(editions: Editions) -> None:
    print_edition(editions, {"a": b"1", "b": b"1" * 9_000})
    assert editions.unsound() == []
    file = editions.folder / FILE
    file.write_bytes(file.read_bytes().replace(b"1" * 100, b"2" * 100))
    assert editions.unsound() == ["b"]


def test_the_room_of_what_went_is_given_back(editions: Editions) -> None:
    print_edition(editions, {f"page-{n}": b"words " * 5_000 for n in range(30)})
    print_edition(editions, {"page-1": b"words " * 5_000}, keep=0)
    whole = size(editions)
    editions.compact()
    assert size(editions) < whole / 5
    assert shown(editions) == {"page-1": b"words " * 5_000}


def test_room_is_given_back_although_a_reader_is_there(editions: Editions) -> None:
    print_edition(editions, {f"page-{n}": b"words " * 5_000 for n in range(30)})
    pages = Pages(editions.folder)
    assert pages.read("page-1")
    print_edition(editions, {"page-1": b"words " * 5_000}, keep=0)
    whole = size(editions)
    editions.compact()
    assert size(editions) < whole / 5
    assert log_is_cut(editions.folder)
    assert pages.read("page-2") is None


def test_what_a_killed_build_left_is_swept_away(editions: Editions) -> None:
    print_edition(editions, {"a": b"1"})
    scratch = [editions.scratch(), editions.scratch()]
    for folder in scratch:
        (folder / "theme").mkdir(parents=True)
        (folder / "theme" / "x.css").write_bytes(b"x")
    assert editions.tidy() == ()
    assert len(set(scratch)) == 2
    assert not any(folder.exists() for folder in scratch)
    assert shown(editions) == {"a": b"1"}
