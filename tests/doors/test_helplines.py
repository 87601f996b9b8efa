"""The helplines: every number can be dialled, and production shows only what was checked."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from doors.helplines import COLUMNS, HelpLines, HelplinesError, Line, load, read

FILE = Path(__file__).parents[2] / "content" / "helplines.csv"
LINES = read(FILE)
OLD_NUMBERS = ("08457909090", "09001130113", "141", "18002738255", "18334564566")

Row = dict[str, str]
Write = Callable[[list[Row]], Path]


def make_row(**given: str) -> Row:
    """A row that passes every rule, changed by what is given."""
    row = dict.fromkeys(COLUMNS, "") | {
        "id": "gb-listeners",
        "country": "GB",
        "country_name": "United Kingdom",
        "name": "Listeners",
        "topics": "distress",
        "phone": "116 123",
        "tel": "116123",
        "hours": "24 hours a day",
        "always_open": "yes",
        "confidence": "A",
        "source": "seen on their site",
    }
    return row | given


def make_directory() -> Row:
    """The directory row, without which no file is whole."""
    website = {"phone": "", "tel": "", "url": "https://findahelpline.com"}
    anywhere = {"country": "ZZ", "country_name": "Anywhere"}
    return make_row(id="find-a-helpline", name="Find A Helpline", **website, **anywhere)


def make_checked(**given: str) -> Row:
    """A row that a person has verified."""
    return make_row(verified_on="2026-11-02", verified_by="safety lead", **given)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_rows(rows: list[Row]) -> Path:
        path = tmp_path / "helplines.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows([*rows, make_directory()])
        return path

    return write_rows


def shown(help_lines: HelpLines) -> Iterator[Line]:
    """Every line with a number that a page would show."""
    yield from help_lines.strip
    yield from (line for country in help_lines.countries for line in country.lines)
    if help_lines.own:
        yield help_lines.own


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_every_line_can_be_reached_and_says_when_it_is_open(line: Line) -> None:
    assert all(re.fullmatch(r"\+?[0-9]+", number.tel) for number in line.numbers)
    assert all(re.sub(r"\D", "", n.shown).startswith(n.tel.lstrip("+")) for n in line.numbers)
    assert re.fullmatch(r"[0-9]*", line.sms_to)
    assert line.hours
    assert line.numbers or line.sms_to or line.url


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
    rows = [make_checked(strip="1", confidence="C"), make_row(id="gb-lead", strip="2")]
    help_lines = load(write(rows), production=True)
    assert [line.id for line in help_lines.strip] == ["gb-listeners"]
    assert help_lines.strip[0].verified_on == date(2026, 11, 2)
    assert [country.name for country in help_lines.countries] == ["United Kingdom"]


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
        ("tel", "116 123"),
        ("tel", "116124"),
        ("tel", ""),
        ("tel", "١١٦١٢٣"),
        ("also", "call us"),
        ("sms_to", "HOME to 741741"),
        ("sms_word", "HOME"),
        ("hours", ""),
        ("hours", "check"),
        ("always_open", "perhaps"),
        ("url", "javascript:alert(1)"),
        ("confidence", "sure"),
        ("source", ""),
        ("verified_on", "2/11/2026"),
        ("verified_by", "somebody, some day"),
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
