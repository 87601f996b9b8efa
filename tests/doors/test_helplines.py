"""The helplines: every number can be dialled, and production shows only what was checked."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from doors.helpline_rows import COLUMNS, NUMBER
from doors.helplines import FILE, HelpLines, HelplinesError, Line, load, read
from tests.doors.help_rows import Row, checked, make_directory, make_own, make_row, write_rows

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "site" / "theme" / "templates"
LINES = read(FILE)
OLD_NUMBERS = ("08457909090", "09001130113", "141", "18002738255", "18334564566")

Write = Callable[[list[Row]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return lambda rows: write_rows(tmp_path, *rows, make_directory())


def strip_of(help_lines: HelpLines) -> str:
    """The strip as every page of the doors carries it."""
    folder = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=folder, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("help_strip.html").render(help=help_lines)


def help_page_of(help_lines: HelpLines) -> str:
    """The help page as Pelican makes it, without its prose."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    page = {"title": "Get help now", "content": ""}
    return environment.get_template("help_page.html").render(help=help_lines, page=page)


def in_words(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def shown(help_lines: HelpLines) -> Iterator[Line]:
    """Every line with a number that a page would show."""
    yield from help_lines.strip
    yield from (line for country in help_lines.countries for line in country.lines)
    if help_lines.own:
        yield help_lines.own


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_every_line_can_be_reached_and_says_when_it_is_open(line: Line) -> None:
    for number in line.numbers:
        assert NUMBER.fullmatch(number.tel)
        assert re.sub(r"\D", "", number.shown.partition(", then press")[0]) == number.tel.lstrip(
            "+"
        )
    assert re.fullmatch(r"([0-9]{3,15})?", line.sms_to)
    assert line.hours
    assert line.numbers or line.sms_to or line.url
    assert line.source
    assert line.confidence in "ABC"


def test_no_remark_to_the_verifier_reaches_a_reader() -> None:
    for line in LINES:
        said = f"{line.name} {line.phone} {line.hours}".lower()
        assert not re.search(r"\(check|own knowledge|24/7|n/a", said), line.id


def test_no_number_known_to_be_out_of_date_is_listed() -> None:
    listed = {number.tel for line in LINES for number in line.numbers}
    assert not listed & set(OLD_NUMBERS)


def test_the_strip_leads_with_988_samaritans_and_a_text_line() -> None:
    strip = load(FILE, production=False).strip
    assert [line.id for line in strip][:3] == ["us-988", "gb-samaritans", "us-crisis-text-line"]
    assert (strip[2].sms_word, strip[2].sms_to) == ("HOME", "741741")
    assert len(strip) <= 4
    assert all(line.always_open for line in strip)


def test_outside_production_only_well_sourced_rows_show_and_are_said_to_be_unverified() -> None:
    help_lines = load(FILE, production=False)
    assert help_lines.unverified
    assert {line.confidence for line in shown(help_lines) if line is not help_lines.own} == {"A"}


def test_the_own_line_says_that_its_hours_are_not_known() -> None:
    own = load(FILE, production=False).own
    assert own is not None
    assert (own.phone, own.tel, own.always_open) == ("833-846-5669", "8338465669", False)
    assert own.hours == "hours to be confirmed by the operator"
    assert not own.settled


def test_production_shows_nothing_that_was_not_verified() -> None:
    help_lines = load(FILE, production=True)
    assert all(line.verified for line in shown(help_lines))
    assert not help_lines.unverified


def test_with_nothing_verified_production_still_has_emergency_words_and_a_directory(
    write: Write,
) -> None:
    help_lines = load(write([make_row(strip="1")]), production=True)
    assert (help_lines.strip, help_lines.countries, help_lines.own) == ((), (), None)
    assert "911" in help_lines.emergency
    assert help_lines.directory.url == "https://findahelpline.com"


def test_a_verified_row_shows_in_production_with_its_day(write: Write) -> None:
    rows = [checked(make_row(strip="1", confidence="C")), make_row(id="gb-lead", strip="2")]
    help_lines = load(write(rows), production=True)
    assert [line.id for line in help_lines.strip] == ["gb-listeners"]
    assert help_lines.strip[0].verified_on == date(2026, 11, 2)
    assert [country.name for country in help_lines.countries] == ["United Kingdom"]


def test_a_check_from_long_ago_takes_no_number_away_from_a_person_who_needs_one(
    write: Write,
) -> None:
    help_lines = load(write([checked(make_row(strip="1"), date(2020, 1, 1))]), production=True)
    assert [line.id for line in help_lines.strip] == ["gb-listeners"]


def test_the_own_line_stands_after_the_crisis_lines_with_who_answers_and_when(
    write: Write,
) -> None:
    rows = [checked(make_own()), checked(make_row(strip="1"))]
    help_lines = load(write(rows), production=True)
    label = "Our own line: 833-555-0100 (answered by trained peers, every day, 6 pm to 10 pm)"
    strip = in_words(strip_of(help_lines))
    assert label in strip
    assert strip.index("116 123") < strip.index("833-555-0100") < strip.index("In danger now?")
    page = in_words(help_page_of(help_lines).rpartition("</aside>")[2])
    assert page.index("116 123") < page.index("Our own line 833-555-0100 answered by trained peers")


@pytest.mark.parametrize(
    "missing",
    [
        {"answered_by": ""},
        {"answered_by": "to be confirmed"},
        {"hours": "Hours To Be Confirmed by the operator"},
    ],
)
def test_production_shows_no_own_line_that_does_not_say_who_answers_and_when(
    write: Write, missing: Row
) -> None:
    assert load(write([checked(make_own(**missing))]), production=True).own is None
    assert load(write([checked(make_own())]), production=True).own is not None


def test_the_own_number_stands_in_one_file_of_the_product_and_no_other() -> None:
    (own,) = (line for line in LINES if line.id == "own-line")
    loosely = re.compile(r"[\s.()/-]{0,3}".join(own.tel).encode())
    holding = {path for path in files_of_the_product() if loosely.search(path.read_bytes())}
    assert holding == {ROOT / "content" / "helplines.csv"}


def files_of_the_product() -> Iterator[Path]:
    """Every file that is run, shown or read, behind its links; what is made here is not one."""
    rooms = ("api", "content", "docs", "doors", "forum", "infra", "moderation", "site")
    made_here = {"__pycache__", "posts"}
    for room in rooms:
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and made_here.isdisjoint(path.parts):
                yield path.resolve()
    yield from (path for path in ROOT.iterdir() if path.is_file())


def test_where_a_number_was_seen_is_shown_on_no_page() -> None:
    assert "source" in {field.name for field in fields(Line)}
    showing = [p for p in TEMPLATES.rglob("*.html") if ".source" in p.read_text("utf-8")]
    assert showing == []


def test_a_strip_without_lines_holds_no_empty_list(write: Write) -> None:
    nothing = load(write([]), production=True)
    for page in (strip_of(nothing), help_page_of(nothing)):
        assert "911" in page
        assert "https://findahelpline.com" in page
        assert not re.search(r"<ul[^>]*>\s*</ul>", page)
    assert "Numbers, by country" not in help_page_of(nothing)


def test_the_help_page_leads_to_every_country_and_guesses_none() -> None:
    help_lines = load(FILE, production=False)
    page = help_page_of(help_lines)
    offered = re.findall(r'<a href="#country-([A-Z]{2})">', page)
    assert offered == re.findall(r'<h3 id="country-([A-Z]{2})">', page)
    assert offered == [country.code for country in help_lines.countries]


def test_the_strip_keeps_its_order_with_lines_that_never_close_first(write: Write) -> None:
    rows = [
        make_row(id="days-only", strip="1", always_open="no", hours="weekdays"),
        make_row(id="third", strip="3"),
        make_row(id="second", strip="2"),
        make_row(id="not-in-the-strip"),
    ]
    strip = load(write(rows), production=False).strip
    assert [line.id for line in strip] == ["second", "third", "days-only"]


def test_countries_stand_in_order_of_name_each_once() -> None:
    names = [country.name for country in load(FILE, production=False).countries]
    assert names == sorted(set(names))
    assert "Anywhere" not in names


def test_what_serves_anywhere_stands_after_every_country(write: Write) -> None:
    anywhere = make_row(id="zz-anywhere", country="ZZ", country_name="Anywhere")
    countries = load(write([anywhere, make_row()]), production=False).countries
    assert [country.name for country in countries] == ["United Kingdom", "Anywhere"]


def test_a_service_with_several_numbers_lists_them_all() -> None:
    germany = next(line for line in LINES if line.country == "DE")
    assert [number.tel for number in germany.numbers] == ["08001110111", "08001110222", "116123"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", "GB Listeners"),
        ("country", "Britain"),
        ("country_name", ""),
        ("name", "Listeners (check)"),
        ("topics", "distress, suicide"),
        ("phone", "116 123 or 116 124"),
        ("phone", "call us"),
        ("tel", "116 123"),
        ("tel", "116"),
        ("tel", "12"),
        ("tel", "1" * 16),
        ("tel", "116124"),
        ("tel", ""),
        ("tel", "١١٦١٢٣"),
        ("also", "call us"),
        ("also", "116 124; call 116 125"),
        ("also", "12"),
        ("sms_to", "HOME to 741741"),
        ("sms_to", "12"),
        ("sms_word", "HOME"),
        ("answered_by", "peers (check)"),
        ("hours", ""),
        ("hours", "check"),
        ("always_open", "perhaps"),
        ("url", "javascript:alert(1)"),
        ("confidence", "sure"),
        ("source", ""),
        ("verified_on", "2/11/2026"),
        ("verified_by", "somebody, some day"),
        ("verified_by", "two\nlines"),
        ("verified_by", "a" * 81),
        ("strip", "first"),
    ],
)
def test_a_corrupt_row_names_itself_and_its_column(write: Write, column: str, cell: str) -> None:
    with pytest.raises(HelplinesError) as error:
        read(write([make_row(**({"id": "gb-broken", column: cell}))]))
    assert f"column '{column}'" in str(error.value)
    assert "gb-broken" in str(error.value) or column == "id"


@pytest.mark.parametrize(
    ("second", "column"),
    [
        (make_row(), "id"),
        (make_row(id="other", strip="1"), "strip"),
        (make_row(id="other", country_name="England"), "country_name"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    write: Write, second: Row, column: str
) -> None:
    with pytest.raises(HelplinesError, match=f"column '{column}'"):
        read(write([make_row(strip="1"), second]))


def test_a_row_with_a_missing_cell_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "helplines.csv"
    path.write_text(",".join(COLUMNS) + "\nus-988,US\n", encoding="utf-8")
    with pytest.raises(HelplinesError, match=r"line 2 .'us-988'.: too many or too few columns"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"id,name\n", b"\xff\xfe\x00"])
def test_a_file_that_is_not_the_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "helplines.csv"
    path.write_bytes(content)
    with pytest.raises(HelplinesError):
        load(path, production=True)


def test_a_file_without_the_directory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "helplines.csv"
    path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    with pytest.raises(HelplinesError, match="find-a-helpline"):
        load(path, production=False)
