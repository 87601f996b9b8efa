"""The helplines: no number reaches a page in production that a person has not checked.

One file, content/helplines.csv, one row a line of help. A row counts as verified once a
person has dialled or looked it up on the service's own site and filled `verified_on` and
`verified_by`. Until then it is a lead: outside production the well-sourced ones (confidence
A: number and hours seen on an official page) show under one sentence that says so.

The row `own-line` is the operator's own number, and the only place that knows it. `answered_by` and
`hours` say who answers and when; until both are filled in it does not show in production.

A check that has grown old takes no line down: on a bad night a number that worked a year ago is
likelier to help than none. The operator is told instead, and cannot deploy (see `doctor`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from doors.helpline_rows import OWN, HelplinesError, Line, read

__all__ = ("Country", "HelpLines", "HelplinesError", "Line", "load", "placed_first", "read")

FILE = Path(__file__).with_name("helplines.csv")
"""The one file: in a checkout a link to content/helplines.csv, in a bundle a copy of it."""

STRIP_LENGTH = 4
ANYWHERE = "ZZ"
DIRECTORY = "find-a-helpline"

# Kept here and not in the file: the strip must hold even if nothing in the file is verified.
EMERGENCY_NUMBERS = (
    ("911", "US, Canada"), ("999", "UK"), ("112", "Europe"), ("000", "Australia"),
    ("111", "New Zealand"),
)  # fmt: skip
"""The number to call in danger, and where: the strip's, on every page."""
EMERGENCY = "In danger now? Call your emergency number: {}.".format(
    ", ".join(f"{number} ({where})" for number, where in EMERGENCY_NUMBERS)
)
IN_DANGER = {
    "AU": "000", "BR": "192", "CA": "911", "DE": "112", "ES": "112", "FR": "112", "GB": "999",
    "IE": "112", "NL": "112", "NZ": "111", "SG": "995", "US": "911", "ZA": "112",
}  # fmt: skip
"""The number that brings an ambulance, by country: each government's own, and as old as phones."""


@dataclass(frozen=True)
class Country:
    """One country's lines, in the file's order. `code` is ISO 3166-1, or ZZ for anywhere."""

    code: str
    name: str
    lines: tuple[Line, ...]

    @property
    def emergency(self) -> str:
        """The number to call in danger; "" where it is not known here."""
        return IN_DANGER.get(self.code, "")


@dataclass(frozen=True)
class HelpLines:
    """What a page may show. `own` is None where the operator's own line may not show."""

    strip: tuple[Line, ...]
    emergency: str
    emergency_numbers: tuple[tuple[str, str], ...]
    directory: Line
    own: Line | None
    countries: tuple[Country, ...]
    unverified: bool

    def for_programs(self) -> dict[str, Any]:
        """The strip as JSON; the directory is a website and stands in it whatever is verified."""
        shown = (*self.strip, *((self.own,) if self.own else ()), self.directory)
        told = ("name", "answered_by", "country", "phone", "sms_to", "sms_word", "hours", "url")
        return {
            "emergency": self.emergency,
            "lines": [{name: getattr(line, name) for name in told} for line in shown],
            "verified": not self.unverified,
        }


def load(path: Path, *, production: bool) -> HelpLines:
    """Read the file and keep what may show here; raise HelplinesError if any row is wrong.

    The directory is a website and shows everywhere, so that the strip is never empty.
    """
    lines = read(path)
    shown = [line for line in lines if _may_show(line, production)]
    listed = [line for line in shown if line.id not in (OWN, DIRECTORY)]
    return HelpLines(
        strip=placed_first(listed)[:STRIP_LENGTH],
        emergency=EMERGENCY,
        emergency_numbers=EMERGENCY_NUMBERS,
        directory=_find(lines, DIRECTORY, path),
        own=next((line for line in shown if line.id == OWN), None),
        countries=_countries(listed),
        unverified=not production and not all(line.verified for line in shown),
    )


def _may_show(line: Line, production: bool) -> bool:
    if production:
        return line.verified and line.settled
    return line.verified or line.confidence == "A" or line.id == OWN


def placed_first(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that have a place in the strip: those that never close first, then by place."""
    placed = [(line.strip, line) for line in lines if line.strip is not None]
    placed.sort(key=lambda place: (not place[1].always_open, place[0]))
    return tuple(line for _, line in placed)


def _countries(lines: Iterable[Line]) -> tuple[Country, ...]:
    ordered = sorted(lines, key=_country_order)
    return tuple(
        Country(code, name, tuple(group))
        for (_, name, code), group in groupby(ordered, key=_country_order)
    )


def _country_order(line: Line) -> tuple[bool, str, str]:
    """By name, and what serves anywhere last."""
    return line.country == ANYWHERE, line.country_name, line.country


def _find(lines: Iterable[Line], wanted: str, path: Path) -> Line:
    for line in lines:
        if line.id == wanted:
            return line
    raise HelplinesError(f"{path.name}, column 'id': no row is called {wanted!r}")
