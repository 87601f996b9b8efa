"""The file of helplines, row by row: a row that could mislead is refused, with its place.

Where a service has several numbers the first is `phone` and `tel`, and the others stand in
`also`, separated by semicolons. `strip` gives a row's place in the strip that every page
carries; blank keeps it to the help page. `source` is for whoever verifies and is never shown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from doors.tables import ID, Row, Rule, cells_of, matching, rows_of

COLUMNS = (
    "id", "country", "country_name", "name", "topics", "phone", "tel", "also", "sms_to",
    "sms_word", "answered_by", "hours", "always_open", "url", "confidence", "source",
    "verified_on", "verified_by", "strip",
)  # fmt: skip
OWN = "own-line"
UNSETTLED = "to be confirmed"


class HelplinesError(ValueError):
    """The file cannot be trusted; the message names the row and the column."""


@dataclass(frozen=True)
class Number:
    """One number: `shown` to people, `tel` dialled by their phone (digits, perhaps a first +)."""

    shown: str
    tel: str


@dataclass(frozen=True)
class Line:
    """One line of help, as readers may see it. Text that does not apply is ""."""

    id: str
    country: str
    country_name: str
    name: str
    topics: tuple[str, ...]
    phone: str
    tel: str
    also: tuple[Number, ...]
    sms_to: str
    sms_word: str
    answered_by: str
    hours: str
    always_open: bool
    url: str
    confidence: str
    source: str
    """Where the number was seen: for whoever verifies it. No page shows this."""
    verified_on: date | None
    verified_by: str
    strip: int | None

    @property
    def verified(self) -> bool:
        """Whether a named person has checked this row."""
        return self.verified_on is not None

    @property
    def settled(self) -> bool:
        """Whether it says when it is open and, if it is the operator's own, who answers."""
        said = f"{self.answered_by} {self.hours}".lower()
        return UNSETTLED not in said and (self.id != OWN or bool(self.answered_by))

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number to call, the main one first."""
        main = (Number(self.phone, self.tel),) if self.tel else ()
        return main + self.also


def read(path: Path) -> tuple[Line, ...]:
    """Every row of the file, shown or not; raise HelplinesError if any row is wrong."""
    lines = tuple(_line(*row) for row in rows_of(path, COLUMNS, HelplinesError))
    _check_together(lines, path)
    return lines


def _line(where: str, row: Row) -> Line:
    cells = cells_of(where, row, RULES, HelplinesError)
    _check_pairs(cells, f"{where} ({cells['id']!r})")
    return _from_cells(cells)


def _from_cells(cells: dict[str, str]) -> Line:
    day = cells["verified_on"]
    return Line(
        id=cells["id"],
        country=cells["country"],
        country_name=cells["country_name"],
        name=cells["name"],
        topics=_parts(cells["topics"]),
        phone=cells["phone"],
        tel=cells["tel"],
        also=tuple(Number(shown, _dialled(shown)) for shown in _parts(cells["also"])),
        sms_to=cells["sms_to"],
        sms_word=cells["sms_word"],
        answered_by=cells["answered_by"],
        hours=cells["hours"],
        always_open=cells["always_open"] == "yes",
        url=cells["url"],
        confidence=cells["confidence"],
        source=cells["source"],
        verified_on=date.fromisoformat(day) if day else None,
        verified_by=cells["verified_by"],
        strip=int(cells["strip"]) if cells["strip"] else None,
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _dialled(shown: str) -> str:
    return re.sub(r"[^0-9+]", "", shown)


def _are_numbers(cell: str) -> bool:
    parts = [(_SHOWN.fullmatch(part), NUMBER.fullmatch(_dialled(part))) for part in _parts(cell)]
    return all(shown and dialled for shown, dialled in parts)


def _is_name(cell: str) -> bool:
    return cell.isprintable() and len(cell) <= 80


def _is_day(cell: str) -> bool:
    try:
        return not cell or date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


# A remark to the verifier that strayed into a cell which readers see.
_REMARK = re.compile(r"\(check\)|^check\b|own knowledge", re.IGNORECASE)


def _has_no_remark(cell: str) -> bool:
    return not _REMARK.search(cell)


def _is_sentence(cell: str) -> bool:
    return bool(cell) and _has_no_remark(cell)


NUMBER = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
"""What a phone can dial: from the shortest crisis number to the longest that E.164 allows."""

_SHOWN = re.compile(r"[+(]?[0-9][-0-9() ]*", re.ASCII)


RULES = {
    "id": ID,
    "country": matching(r"[A-Z]{2}", "a two-letter country code"),
    "country_name": Rule(bool, "the country's name"),
    "name": Rule(_is_sentence, "the service's name, with no remarks"),
    "topics": matching(r"[a-z-]+(;[a-z-]+)*", "topics separated by semicolons"),
    "phone": matching(
        rf"({_SHOWN.pattern}(, then press [0-9])?)?", "a number, perhaps with a key to press"
    ),
    "tel": matching(rf"({NUMBER.pattern})?", "3 to 15 digits, with + only in front"),
    "also": Rule(_are_numbers, "numbers separated by semicolons"),
    "sms_to": matching(r"([0-9]{3,15})?", "3 to 15 digits"),
    "sms_word": matching(r"[A-Z]*", "one word in capitals"),
    "answered_by": Rule(_has_no_remark, "who answers, with no remarks"),
    "hours": Rule(_is_sentence, "plain words, with no remarks"),
    "always_open": matching(r"yes|no", "yes or no"),
    "url": matching(r"(https?://[^\s\"'<>]+)?", "a web address"),
    "confidence": matching(r"[ABC]", "A, B or C"),
    "source": Rule(bool, "where the number was seen"),
    "verified_on": Rule(_is_day, "a day like 2026-11-30, or blank"),
    "verified_by": Rule(_is_name, "a name on one line, up to 80 characters"),
    "strip": matching(r"([1-9][0-9]?)?", "a place in the strip, or blank"),
}


def _check_pairs(cells: dict[str, str], where: str) -> None:
    """Hold the columns of one row against each other; what is dialled must be what is shown."""
    phone, _, _ = cells["phone"].partition(",")  # "988, then press 1" dials 988
    complaints = {
        "tel": _dialled(phone) != cells["tel"],
        "sms_word": bool(cells["sms_word"]) and not cells["sms_to"],
        "url": not (cells["tel"] or cells["sms_to"] or cells["url"]),
        "verified_by": bool(cells["verified_on"]) != bool(cells["verified_by"]),
    }
    for column, wrong in complaints.items():
        if wrong:
            raise HelplinesError(f"{where}, column {column!r}: does not fit the rest of its row")


def _check_together(lines: Iterable[Line], path: Path) -> None:
    """Hold the rows against each other: one row an id and a place, one name a country."""
    ids: set[str] = set()
    places: set[int | None] = set()
    names: dict[str, str] = {}
    for line in lines:
        where = f"{path.name}, row {line.id!r}"
        if line.id in ids:
            raise HelplinesError(f"{where}, column 'id': used twice")
        if line.strip is not None and line.strip in places:
            raise HelplinesError(f"{where}, column 'strip': another row has this place")
        if names.setdefault(line.country, line.country_name) != line.country_name:
            raise HelplinesError(f"{where}, column 'country_name': differs from other rows")
        ids.add(line.id)
        places.add(line.strip)
