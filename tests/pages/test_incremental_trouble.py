"""Whatever is broken, the edition stays or goes on, and nobody sees what was not approved."""

from __future__ import annotations

import json
import resource
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from story_pages import BrokenTemplate, StillThere
from story_pages.manifest import ManifestError

from editions.press import FILE, CannotPrint, NothingToGoBackTo
from tests.editions.on_disk import marks, marks_on_disk
from tests.pages.posts_folder import Up, canonical, id_of, lay_out, lines_of, make_post, vouch
from tests.pages.search_answers import settled
from tests.pages.small_site import MARKED, Site, marked_story, page_of

# --- Posts and their manifest -----------------------------------------------------------------


def pages(paths: list[str]) -> list[str]:
    """What of it are pages; the files of the search are spread as it suits."""
    return [path for path in paths if not path.startswith("search/")]


def test_a_withdrawal_goes_through_whatever_else_is_broken_among_the_posts(site: Site) -> None:
    site.take_down(id_of(1))
    site.put(Up(make_post(8), 8, file=b"{"), Up(make_post(9), 9, file=b""))
    report = site.print()
    assert pages(report["removed"]) == [page_of(1)]
    assert {left["id"] for left in report["set_aside"]} == {id_of(8), id_of(9)}
    assert site.print()["set_aside"] == report["set_aside"]
    assert marks_on_disk(site.editions.folder) == marks(*site.shown().values())


def test_a_file_that_was_mended_goes_up_although_the_manifest_is_as_it_was(site: Site) -> None:
    site.put(Up(make_post(8), 8, file=b"{"))
    site.print()
    site.put(Up(make_post(8), 8))
    report = site.print()
    assert pages(report["added"]) == [page_of(8)]
    assert report["set_aside"] == []
    assert settled(site.shown()) == settled(site.clean()[0])


@pytest.mark.parametrize("apart", [False, True], ids=["warm", "cold"])
def test_what_was_changed_by_hand_is_never_shown_when_its_neighbour_comes(
    site: Site, apart: bool
) -> None:
    """A press that has kept what was approved may go on showing that; any other lets it go."""
    approved = site.shown()[page_of(2)]
    site.put(marked_story(MARKED))
    lay_out(site.posts, site.ups.values())
    (site.posts / f"{id_of(2)}.json").write_bytes(canonical(make_post(2, title="Not approved")))
    report = site.print_apart().report if apart else site.print_as_it_lies()
    shown = site.shown()
    assert page_of(MARKED) in shown
    assert b"Not approved" not in b"".join(shown.values())
    if apart:
        assert [left["id"] for left in report["set_aside"]] == [id_of(2)]
        assert settled(shown) == settled(site.clean()[0])
    else:
        own = marked_story(2).record["title"].encode()
        assert own in approved
        assert own in shown.get(page_of(2), approved)
    site.print(EDITION_WHOLE=True)
    assert settled(site.shown()) == settled(site.clean()[0])


@pytest.mark.parametrize("edited", range(MARKED))
def test_a_page_is_made_although_a_story_that_it_would_lead_to_turns_out_bad(
    site: Site, edited: int
) -> None:
    """In whatever order they are looked at: ids say nothing of places."""
    spoiled = (edited + 1) % MARKED
    up = site.ups[id_of(edited)]
    site.put(replace(up, record={**up.record, "title": "Edited"}))
    lay_out(site.posts, site.ups.values())
    (site.posts / f"{id_of(spoiled)}.json").write_bytes(b"{")
    report = site.print_apart().report
    assert [left["id"] for left in report["set_aside"]] == [id_of(spoiled)]
    assert b"Edited" in site.shown()[page_of(edited)]
    assert settled(site.shown()) == settled(site.clean()[0])


def test_the_same_id_twice_is_shown_as_it_was_named_first(site: Site) -> None:
    part = site.posts / "parts" / f"{id_of(2)[:2]}.jsonl"
    first = part.read_bytes()
    part.write_bytes(first + lines_of({**marked_story(2).line(), "slots": {"stories": 400}}))
    vouch(site.posts)
    report = site.print_as_it_lies()
    assert [left["id"] for left in report["set_aside"]] == [f"{part.parent.name}/{part.name}:2"]
    assert (report["stories"], report["added"], report["removed"]) == (MARKED, [], [])
    assert settled(site.shown()) == settled(site.clean()[0])


def test_a_part_that_is_not_what_the_manifest_says_is_noticed_when_it_is_read(site: Site) -> None:
    part = site.posts / "parts" / f"{id_of(2)[:2]}.jsonl"
    before = site.shown()
    part.write_bytes(part.read_bytes() + b"{}\n")
    assert site.print_as_it_lies()["set_aside"] == []
    assert site.shown() == before
    report = site.print_as_it_lies(EDITION_WHOLE=True)
    assert f"parts/{part.name}" in {left["id"] for left in report["set_aside"]}
    assert page_of(2) not in site.shown()
    assert pages(site.print()["added"]) == [page_of(2)]
    assert settled(site.shown()) == settled(before)


def test_what_a_whole_run_set_aside_the_next_run_still_names(site: Site) -> None:
    (site.posts / "stranger.json").write_bytes(b"x")
    named = site.print_as_it_lies(EDITION_WHOLE=True)["set_aside"]
    assert [left["id"] for left in named] == ["stranger"]
    assert site.print_as_it_lies()["set_aside"] == named


NO_MANIFESTS: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda file: file.write_bytes(b""),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-30]),
    "without its last lines": lambda file: file.write_bytes(file.read_bytes().rpartition(b"{")[0]),
    "of another format": lambda file: file.write_bytes(lines_of({"format": 1, "posts": 0})),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("name", NO_MANIFESTS)
def test_without_a_manifest_the_edition_stays(site: Site, name: str) -> None:
    before, manifest = site.shown(), site.posts / "manifest.jsonl"
    NO_MANIFESTS[name](manifest)
    with pytest.raises(ManifestError, match="manifest"):
        site.print_as_it_lies()
    assert site.shown() == before
    if manifest.is_dir():
        manifest.rmdir()
    site.print()
    assert site.shown() == before


def test_who_goes_back_sees_the_edition_before_until_the_next_is_printed(site: Site) -> None:
    before = site.shown()
    site.put(marked_story(MARKED))
    site.print()
    after = site.shown()
    site.editions.roll_back()
    assert site.shown() == before
    assert site.print()["whole"]
    assert settled(site.shown()) == settled(after)


@pytest.mark.parametrize("given", [{}, {"EDITION_WHOLE": True}], ids=["what differs", "all"])
def test_nobody_can_go_back_to_what_was_withdrawn_or_was_other(
    site: Site, given: dict[str, bool]
) -> None:
    site.take_down(id_of(1))
    site.print(**given)
    with pytest.raises(NothingToGoBackTo):
        site.editions.roll_back()
    site.put(Up(make_post(2, title="Other words"), 2))
    site.print(**given)
    with pytest.raises(NothingToGoBackTo):
        site.editions.roll_back()
    assert marks_on_disk(site.editions.folder) == marks(*site.shown().values())


def test_when_every_post_is_gone_so_is_every_word_of_them(site: Site) -> None:
    site.ups.clear()
    assert site.print()["removed"]
    assert settled(site.shown()) == settled(site.clean()[0])
    assert marks_on_disk(site.editions.folder) == set()


def test_five_hundred_tiny_posts_and_an_enormous_one_go_up_together(site: Site) -> None:
    longest = f"<p>{'a word ' * 14_284}</p>"
    tiny = (Up(make_post(n, title="", body="a", topics=[]), n) for n in range(100, 600))
    site.put(*tiny, Up(make_post(600, body=longest), 600))
    report = site.print()
    assert (report["stories"], report["set_aside"]) == (MARKED + 501, [])
    assert len(longest) > 99_900
    assert longest.encode() in site.shown()[page_of(600)]
    assert settled(site.shown()) == settled(site.clean()[0])
    site.put(Up(make_post(601), 601))
    assert len(site.print()["changed"]) < 20


# --- What was kept from before ----------------------------------------------------------------


def with_other_columns(file: Path) -> None:
    """The catalogue of another version; what the editions themselves are made of is as it was."""
    with sqlite3.connect(file) as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        own = {name for (name,) in found} - {"edition", "page", "sheet"}
        assert own
        for name in own:
            connection.execute(f"DROP TABLE {name}")
            connection.execute(f"CREATE TABLE {name} (other TEXT)")
    connection.close()


MADE_ANEW = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""By these codes a printer knows that no later run could use the file either."""
UNUSABLE: dict[str, Callable[[Path], object]] = {
    "another version's": with_other_columns,
    "no database": lambda file: file.write_bytes(b"This is no database. " * 500),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:9_000]),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_editions_that_cannot_be_used_say_so_and_can_be_made_anew(site: Site, name: str) -> None:
    UNUSABLE[name](site.editions.folder / FILE)
    site.put(marked_story(MARKED))
    with pytest.raises(sqlite3.DatabaseError) as unusable:
        site.print()
    assert unusable.value.sqlite_errorcode & 0xFF in MADE_ANEW
    site.editions.start_anew()
    assert site.print()["whole"]
    assert settled(site.shown()) == settled(site.clean()[0])


def test_compiled_templates_that_cannot_be_used_are_compiled_anew(site: Site) -> None:
    compiled = [p for p in (site.editions.folder / "compiled").rglob("*") if p.is_file()]
    assert compiled
    for number, file in enumerate(compiled):
        file.write_bytes(file.read_bytes()[: 20 + number * 7] if number % 2 else b"")
    site.put(marked_story(MARKED))
    assert site.print_apart(EDITION_WHOLE=True).code == 0
    lay_out(site.posts, site.ups.values())
    added = site.print_apart(EDITION_WHOLE=True).report["added"]
    assert pages(added) == [page_of(MARKED)]
    assert settled(site.shown()) == settled(site.clean()[0])


def test_no_word_of_a_story_is_kept_but_in_the_editions_themselves(site: Site) -> None:
    lay_out(site.posts, site.ups.values())
    site.print(EDITION_WHOLE=True)
    kept = [path for path in site.editions.folder.iterdir() if not path.name.startswith(FILE)]
    assert [path.name for path in kept] == ["compiled"]
    assert any(path.is_file() for path in kept[0].rglob("*"))
    assert marks_on_disk(kept[0]) == set()
    site.ups.clear()
    site.print()
    assert marks_on_disk(site.editions.folder) == set()


def test_a_run_that_fails_holds_nothing_for_the_next(site: Site) -> None:
    words = site.vocabulary.read_bytes()
    site.vocabulary.write_bytes(b"{")
    with pytest.raises(json.JSONDecodeError) as failed:
        site.print()
    assert failed.value.__traceback__  # whoever keeps the error keeps all that it came through
    site.vocabulary.write_bytes(words)
    connection = sqlite3.connect(site.editions.folder / FILE, timeout=0)
    connection.execute("BEGIN IMMEDIATE")
    connection.close()
    assert list(site.editions.folder.glob("building-*")) == []


def test_a_disk_that_fills_up_leaves_the_edition_as_it_was(site: Site) -> None:
    """A limit on the length of files stands for it: SQLite cannot write its log any further."""
    before = site.shown()
    site.put(*(Up(make_post(n, body="<p>" + "word " * 10_000 + "</p>"), n) for n in range(20, 60)))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, limits[1]))
    try:
        with pytest.raises((sqlite3.OperationalError, OSError)):
            site.print()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert site.shown() == before
    site.print()
    assert settled(site.shown()) == settled(site.clean()[0])
    assert site.log_is_empty()


def test_what_goes_wrong_is_one_kind_of_error_for_whoever_prints() -> None:
    assert all(issubclass(one, CannotPrint) for one in (BrokenTemplate, ManifestError, StillThere))
