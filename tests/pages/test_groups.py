"""The page about groups: what it leads to was looked at lately, and its file misleads nobody."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader
from outside_groups import COLUMNS, SECTIONS, SLUGS, Directory, GroupsError, directory, read

from doors.helplines import read as read_help_lines
from tests.doors.seen import Page
from tests.pages.pelican_runs import ROOT, Built, build
from tests.pages.posts_folder import Up, lay_out, make_post
from tests.pages.search_answers import settled
from tests.pages.small_site import Site

Row = dict[str, str]

FILE = ROOT / "content" / "groups.csv"
GROUPS = read(FILE)
WITHIN = ("2025-11-23", "2026-11-24")
"""The days of a check that counts, for a build on 23 November 2026."""


def make_row(**given: str) -> Row:
    """A row that nobody has checked yet, changed by what is given."""
    row = {
        "id": "bench",
        "name": "The Bench",
        "about": "People who sit on a bench. Free.",
        "for": "alcohol;grief",
        "format": "in person;online",
        "countries": "Ireland;United Kingdom",
        "url": "https://bench.example/find-a-bench",
        "checked_on": "",
        "verified": "no",
        "source": "seen from the road",
    }
    return row | given


def checked(on: str = "2026-11-02", **given: str) -> Row:
    """A row once somebody has looked."""
    return make_row(checked_on=on, verified="yes", **given)


def other(number: int = 2, **given: str) -> Row:
    """Another row, with an id and an address of its own."""
    url = f"https://bench-{number}.example/"
    return make_row(**{"id": f"bench-{number}", "url": url} | given)


def write(folder: Path, *rows: Row) -> Path:
    path = folder / "groups.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def shown(file: Path, within: tuple[str, str] = WITHIN, *, production: bool = False) -> Directory:
    return directory({"GROUPS": file, "GROUPS_CHECKED": within, "PRODUCTION": production})


def ids_of(found: Directory) -> list[str]:
    return [group.id for section in found.sections for group in section.groups]


# --- The file ----------------------------------------------------------------------------


def test_a_good_row_is_read_as_it_stands(tmp_path: Path) -> None:
    (group,) = read(write(tmp_path, checked()))
    assert (group.id, group.name, group.checked_on) == ("bench", "The Bench", "2026-11-02")
    assert group.serves == ("alcohol", "grief")
    assert group.formats == ("in person", "online")
    assert group.countries == ("Ireland", "United Kingdom")
    assert group.url == "https://bench.example/find-a-bench"


BAD = [
    ("id", "Bench"),
    ("id", "bench two"),
    ("id", ""),
    ("name", ""),
    ("name", "The\nBench"),
    ("name", "b" * 61),
    ("about", ""),
    ("about", "People who sit on a bench"),
    ("about", "Come and sit with us!"),
    ("about", "Tired? Come and sit with us."),
    ("about", "A bench. By the road. It is green."),
    ("about", f"A {'long ' * 40}bench."),
    ("for", ""),
    ("for", "benches"),
    ("for", "alcohol;alcohol"),
    ("for", "alcohol,grief"),
    ("format", ""),
    ("format", "by post"),
    ("format", "online;online"),
    ("countries", ""),
    ("countries", "IE"),
    ("countries", "Ireland, United Kingdom"),
    ("countries", "Ireland;Ireland"),
    ("countries", "Ireland;Anywhere"),
    ("url", ""),
    ("url", "bench.example"),
    ("url", "https://bench.example"),
    ("url", "http://bench.example/"),
    ("url", "https://bench.example/?from=handrail"),
    ("url", "https://bench.example/#join"),
    ("url", "https://me@bench.example/"),
    ("url", "javascript:alert(1)"),
    ("checked_on", "2 November 2026"),
    ("checked_on", "2026-13-01"),
    ("checked_on", "2026-11-32"),
    ("verified", ""),
    ("verified", "maybe"),
    ("source", ""),
]


@pytest.mark.parametrize(("column", "cell"), BAD)
def test_a_bad_cell_is_refused_with_its_row_and_column(
    tmp_path: Path, column: str, cell: str
) -> None:
    rows = (other(), make_row(**{column: cell}))
    named = rf"groups\.csv, line \d+ \('{rows[1]['id']}'\), column '{column}': "
    with pytest.raises(GroupsError, match=named):
        read(write(tmp_path, *rows))


@pytest.mark.parametrize("row", [make_row(verified="yes"), make_row(checked_on="2026-11-02")])
def test_a_row_is_verified_on_a_day_or_not_at_all(tmp_path: Path, row: Row) -> None:
    with pytest.raises(GroupsError, match=r"line 2 \('bench'\), column 'verified'"):
        read(write(tmp_path, row))


@pytest.mark.parametrize(
    ("again", "column"),
    [(make_row(url="https://other.example/"), "id"), (make_row(id="other"), "url")],
)
def test_no_two_rows_share_an_id_or_an_address(tmp_path: Path, again: Row, column: str) -> None:
    with pytest.raises(GroupsError, match=rf"row '{again['id']}', column '{column}': used twice"):
        read(write(tmp_path, make_row(), again))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,name\nbench,The Bench\n", "the columns must be id, name, about"),
        (",".join(COLUMNS).encode() + b"\nbench,The Bench\n", r"line 2 \('bench'\): too many or"),
        (",".join(COLUMNS).encode() + b"\n" + b"a," * 11 + b"\n", r"line 2 \('a'\): too many or"),
        (b"\xff\xfe", "is not a CSV file in UTF-8"),
        (",".join(COLUMNS).encode() + b'\n"bench', "is not a CSV file in UTF-8"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "groups.csv"
    path.write_bytes(content)
    with pytest.raises(GroupsError, match=said):
        read(path)


# --- What may show -----------------------------------------------------------------------


def test_in_production_a_row_shows_only_once_somebody_has_looked(tmp_path: Path) -> None:
    file = write(tmp_path, checked(), other())
    assert ids_of(shown(file, production=True)) == ["bench"]
    assert not shown(file, production=True).unchecked


def test_elsewhere_a_row_shows_before_and_the_page_is_told_so(tmp_path: Path) -> None:
    file = write(tmp_path, checked(), other())
    assert ids_of(shown(file)) == ["bench", "bench-2"]
    assert shown(file).unchecked


@pytest.mark.parametrize("production", [True, False])
@pytest.mark.parametrize(
    ("on", "counts"),
    [
        ("2025-11-22", False),
        ("2025-11-23", True),
        ("2026-11-23", True),
        ("2026-11-24", True),  # where it was made it was tomorrow already
        ("2026-11-25", False),
        ("2062-11-02", False),  # meant for 2026
    ],
)
def test_a_check_that_has_grown_old_or_is_yet_to_come_takes_a_row_down(
    tmp_path: Path, on: str, counts: bool, production: bool
) -> None:
    found = shown(write(tmp_path, checked(on)), production=production)
    assert ids_of(found) == (["bench"] if counts else [])
    assert not found.unchecked


def test_a_row_stands_once_under_what_it_is_for_first(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        other(1, **{"for": "supporting-someone;alcohol"}),
        other(2, **{"for": "grief;supporting-someone"}),
        other(3, **{"for": "opioids;gambling"}),
    )
    under = {part.heading: [group.id for group in part.groups] for part in shown(file).sections}
    assert under == {
        "Alcohol and other drugs": ["bench-3"],
        "Grief": ["bench-2"],
        "For family and friends": ["bench-1"],
    }
    assert list(under) == [heading for heading in SECTIONS if heading in under]


def test_every_topic_has_a_heading_and_so_has_supporting_someone() -> None:
    vocabulary = json.loads((ROOT / "content" / "vocabulary.json").read_text("utf-8"))
    topics = [word["slug"] for word in vocabulary["topics"]]
    assert "supporting-someone" in {word["slug"] for word in vocabulary["stages"]}
    assert sorted(SLUGS) == sorted([*topics, "supporting-someone"])


# --- The file that the house comes with ---------------------------------------------------


def test_nothing_in_the_file_passes_for_checked_that_was_not() -> None:
    assert [group.id for group in GROUPS if group.checked_on] == []
    assert ids_of(shown(FILE, production=True)) == []


def test_there_is_something_for_most_and_for_those_who_love_them() -> None:
    assert len(GROUPS) >= 20
    served = {slug for group in GROUPS for slug in group.serves}
    assert served == set(SLUGS)
    assert [part.heading for part in shown(FILE).sections] == list(SECTIONS)


def test_a_country_is_called_here_as_it_is_among_the_help_lines() -> None:
    lines = read_help_lines(ROOT / "content" / "helplines.csv")
    named = {country for group in GROUPS for country in group.countries}
    assert named <= {line.country_name for line in lines}


def test_each_row_says_what_it_costs() -> None:
    silent = [
        group.id for group in GROUPS if not any(w in group.about.lower() for w in ("free", "gift"))
    ]
    assert silent == []


# --- The page ----------------------------------------------------------------------------

RESOURCE = "<body>{% block after_words %}{% endblock %}</body>"


def page_of(found: Directory | None) -> Page:
    """The page's own part, in a frame that holds nothing else."""
    theme = FileSystemLoader(ROOT / "site" / "theme" / "templates")
    loader = ChoiceLoader([DictLoader({"resource.html": RESOURCE}), theme])
    environment = Environment(loader=loader, autoescape=True)
    page: dict[str, Any] = {"title": "Groups", "content": "<p>Words.</p>"}
    if found:
        page["outside_groups"] = found
    return Page(environment.get_template("groups.html").render(page=page))


def test_the_page_shows_each_with_where_and_how(tmp_path: Path) -> None:
    page = page_of(shown(write(tmp_path, checked(name="Bench & Co"), other())))
    links = {link.given["href"]: link.given["rel"] for link in page.all("a")}
    assert links == dict.fromkeys(
        ("https://bench.example/find-a-bench", "https://bench-2.example/"),
        "noreferrer noopener external",
    )
    assert "Bench & Co People who sit on a bench. Free. Ireland, United Kingdom" in page.words
    assert "in person, online" in page.words
    assert "Nobody here has checked all of these yet." in page.words
    assert "seen from the road" not in page.words


def test_where_all_were_checked_the_page_does_not_say_otherwise(tmp_path: Path) -> None:
    page = page_of(shown(write(tmp_path, checked()), production=True))
    assert "The Bench" in page.words
    assert "Nobody here has checked" not in page.words


def test_with_nothing_to_show_the_page_says_why_and_leads_to_help(tmp_path: Path) -> None:
    for found in (None, shown(write(tmp_path, make_row()), production=True)):
        page = page_of(found)
        assert "We name a place only once a person has looked at it within a year." in page.words
        assert [link.given["href"] for link in page.all("a")] == ["/help/"]


# --- In a build --------------------------------------------------------------------------

BY_HAND = "Title: {0}\nSlug: {0}\nTemplate: {1}\nSummary: Some.\n\n{0} in words.\n"


def printed(folder: Path, *rows: Row, **given: Any) -> Built:
    """A site of two pages by hand, one of which lists groups."""
    pages = folder / "content" / "pages"
    pages.mkdir(parents=True)
    (pages / "groups.md").write_text(BY_HAND.format("groups", "groups"))
    (pages / "about.md").write_text(BY_HAND.format("about", "page"))
    settings: dict[str, Any] = {
        "PATH": str(folder / "content"),
        "PAGE_PATHS": ["pages"],
        "GROUPS": write(folder, *rows),
        "GROUPS_CHECKED": WITHIN,
    }
    posts = lay_out(folder / "posts", [Up(make_post(1), 0)])
    return build(posts, folder / "site", **settings | given)


def test_a_build_shows_them_on_their_page_and_on_no_other(tmp_path: Path) -> None:
    pages = printed(tmp_path, checked()).pages()
    assert [address for address, page in pages.items() if "The Bench" in page] == ["/groups/"]


def test_a_build_for_production_shows_no_row_that_nobody_checked(tmp_path: Path) -> None:
    page = printed(tmp_path, make_row(), HANDRAIL_ENV="production").read("/groups/")
    assert "The Bench" not in page
    assert "There is no list here just now." in page


def test_a_bad_row_fails_the_build(tmp_path: Path) -> None:
    with pytest.raises(GroupsError, match=r"line 2 \('bench'\), column 'url'"):
        printed(tmp_path, make_row(url="http://bench.example/"))


# --- As days pass ------------------------------------------------------------------------

LATER = ("2025-12-01", "2026-12-02")


def changed(site: Site, within: tuple[str, str]) -> list[str]:
    """What a run of another day makes anew; the edition is then as a clean build of that day."""
    site.settings["GROUPS_CHECKED"] = within
    report = site.print()
    assert settled(site.shown()) == settled(site.clean()[0])
    assert not report["whole"]
    return [path for name in ("added", "changed", "removed") for path in report[name]]


def test_a_check_that_grows_old_changes_its_page_that_day_and_nothing_else(site: Site) -> None:
    (site.by_hand / "groups.md").write_text(BY_HAND.format("groups", "groups"))
    file = write(
        site.folder, checked("2025-11-30"), other(2, checked_on="2026-11-02", verified="yes")
    )
    site.settings |= {"GROUPS": file, "GROUPS_CHECKED": WITHIN}
    site.print()
    before = site.shown()
    assert b"bench.example" in before["groups/index.html"]
    assert changed(site, ("2025-11-24", "2026-11-25")) == []
    assert changed(site, LATER) == ["groups/index.html"]
    assert b"https://bench.example" not in site.shown()["groups/index.html"]
    assert b"https://bench-2.example" in site.shown()["groups/index.html"]


def test_a_row_that_somebody_checks_comes_up_with_the_next_run(site: Site) -> None:
    (site.by_hand / "groups.md").write_text(BY_HAND.format("groups", "groups"))
    file = write(site.folder, make_row())
    site.settings |= {"GROUPS": file, "GROUPS_CHECKED": WITHIN, "PRODUCTION": True}
    site.print()
    assert b"bench.example" not in site.shown()["groups/index.html"]
    write(site.folder, checked())
    assert changed(site, WITHIN) == ["groups/index.html"]
    assert b"bench.example" in site.shown()["groups/index.html"]
