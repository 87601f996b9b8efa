"""The words page: content/words.csv as people read it, and a file that could mislead is refused."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from words_page import COLUMNS, WordsError, grouped, read_words

from tests.doors.seen import Page
from tests.pages.hand_written import CONTENT, HIGHEST_GRADE, grade
from tests.pages.kind_words import AVOID, hurtful
from tests.pages.pelican_runs import Built
from tests.pages.small_site import Site

FILE = CONTENT / "words.csv"
WORDS = read_words(FILE)
ADDRESS = "words/index.html"

Row = dict[str, str]


def make_row(**given: str) -> Row:
    """A row that passes every rule, changed by what is given."""
    row = {
        "about": "People who fish",
        "avoid": "angler; rod-waver",
        "prefer": "person who fishes",
        "why": "A person does many things in a day.",
    }
    return row | given


def write_words(folder: Path, *rows: Row, columns: tuple[str, ...] = COLUMNS) -> Path:
    """A file of these rows in this folder."""
    path = folder / "words.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


# --- The list as it stands ----------------------------------------------------------------


def test_the_lint_and_the_page_read_the_same_words() -> None:
    assert tuple(phrase for word in WORDS for phrase in word.avoid) == AVOID


def test_what_we_say_instead_and_why_needs_none_of_those_words() -> None:
    assert [word for word in WORDS if hurtful(" ".join((*word.prefer, word.why)))] == []


def test_the_reasons_read_at_grade_eight_or_below() -> None:
    assert grade("\n".join(word.why for word in WORDS)) <= HIGHEST_GRADE


# --- The reader ---------------------------------------------------------------------------


def test_a_row_is_read_phrase_by_phrase(tmp_path: Path) -> None:
    (word,) = read_words(write_words(tmp_path, make_row(prefer="person who fishes; fisher")))
    assert word.avoid == ("angler", "rod-waver")
    assert word.prefer == ("person who fishes", "fisher")


def test_rows_are_grouped_under_their_headings_in_the_files_order(tmp_path: Path) -> None:
    rows = (
        make_row(),
        make_row(avoid="netter"),
        make_row(about="The sea's people", avoid="salt"),
    )
    groups = grouped(read_words(write_words(tmp_path, *rows)))
    assert [(group.heading, group.slug, len(group.words)) for group in groups] == [
        ("People who fish", "people-who-fish", 2),
        ("The sea's people", "the-seas-people", 1),
    ]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"about": ""}, "line 2: each of the columns needs words"),
        ({"why": ""}, "line 2: each of the columns needs words"),
        ({"about": "<b>fish"}, "line 2, column 'about': '<b>fish' is no heading"),
        ({"avoid": "angler;rod"}, "line 2, column 'avoid': 'angler;rod' is no plain phrase"),
        ({"avoid": "angler; "}, "line 2, column 'avoid': '' is no plain phrase"),
        ({"avoid": "a.*"}, "line 2, column 'avoid': 'a.*' is no plain phrase"),
        ({"prefer": "<i>fisher</i>"}, "column 'prefer': '<i>fisher</i>' is no plain phrase"),
        ({"why": "because"}, "line 2, column 'why': 'because' is no whole sentence"),
        ({"why": "It <b>hurts</b>."}, "is no whole sentence"),
        ({"avoid": "angler; Angler"}, "column 'avoid': 'angler' stands twice"),
    ],
)
def test_a_row_that_could_mislead_is_refused_with_its_place(
    tmp_path: Path, given: Row, complaint: str
) -> None:
    with pytest.raises(WordsError) as refused:
        read_words(write_words(tmp_path, make_row(**given)))
    assert str(refused.value).startswith("words.csv")
    assert complaint in str(refused.value)


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WordsError, match="the columns must be about, avoid, prefer, why"):
        read_words(write_words(tmp_path, make_row(), columns=("avoid", "prefer", "why")))
    with pytest.raises(WordsError, match="there is no row"):
        read_words(write_words(tmp_path))
    path = write_words(tmp_path, make_row())
    path.write_bytes(path.read_bytes() + b"a,b,c,d,e\n")
    with pytest.raises(WordsError, match="line 3"):
        read_words(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(WordsError, match="not a CSV file in UTF-8"):
        read_words(path)


def test_the_rows_of_a_heading_stand_together(tmp_path: Path) -> None:
    rows = (make_row(), make_row(about="Boats", avoid="tub"), make_row(avoid="netter"))
    with pytest.raises(WordsError, match="the rows of 'People who fish' do not stand together"):
        read_words(write_words(tmp_path, *rows))


# --- The page -----------------------------------------------------------------------------


def test_the_page_shows_every_word_with_what_we_say_and_why(edition: Built) -> None:
    page = Page(edition.read("/words/"))
    shown = " ".join(page.one("article").text.split())
    for word in WORDS:
        assert f"{', or '.join(word.prefer)} in place of" in shown
        assert all(f"“{phrase}”" in shown for phrase in word.avoid)
        assert word.why in shown


def test_the_page_says_that_authors_words_are_their_own(edition: Built) -> None:
    said = edition.read("/words/")
    assert "your words for yourself are yours" in said
    assert said.index("your words for yourself are yours") < said.index("in place of")


def shows_words(site: Site, *rows: Row, **given: Any) -> str:
    """The words page of a site with these rows, once printed."""
    settings = {"WORDS": str(write_words(site.folder, *rows)), **given}
    site.print(**settings)
    return site.shown()[ADDRESS].decode()


def test_a_change_of_the_words_makes_their_page_anew_and_no_story(site: Site) -> None:
    (site.by_hand / "words.md").write_bytes((CONTENT / "pages" / "words.md").read_bytes())
    assert "“rod-waver”" in shows_words(site, make_row())
    before = site.shown()
    assert "“netter”" in shows_words(site, make_row(avoid="netter"))
    after = site.shown()
    assert [path for path in after if after[path] != before[path]] == [ADDRESS]


def test_a_file_that_is_wrong_stops_the_build_and_leaves_the_site_as_it_was(site: Site) -> None:
    (site.by_hand / "words.md").write_bytes((CONTENT / "pages" / "words.md").read_bytes())
    before = shows_words(site, make_row())
    with pytest.raises(WordsError, match="no whole sentence"):
        shows_words(site, make_row(why="because"))
    assert site.shown()[ADDRESS].decode() == before
