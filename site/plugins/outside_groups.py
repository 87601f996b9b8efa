"""Pelican plugin: the page about groups leads outside only to what was looked at within a year.

One file, content/groups.csv, one row a place where groups can be found. A row counts as checked
once somebody has been on its site and filled `checked_on` and `verified`. In production no other
row shows; elsewhere those still to be checked do, under one sentence that says so. Unlike a help
line, a row goes when its check has grown old: a number that worked a year ago may be better than
none, a place that has closed or begun to sell things is worse than none.

From which day on a check counts is a setting: nothing that makes a page asks what day it is. What
shows is given to the page itself, so that no other page can come to depend on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pelican.generators import PagesGenerator
from pelican.plugins import signals

from doors.tables import ID, Row, Rule, cells_of, matching, rows_of

TEMPLATE = "groups"
"""Pages with this template are given what shows, as `page.outside_groups`."""

ANYWHERE = "Anywhere"
FORMATS = ("in person", "online", "phone")
COLUMNS = (
    "id", "name", "about", "for", "format", "countries", "url", "checked_on", "verified", "source",
)  # fmt: skip

SECTIONS = {
    "Alcohol and other drugs": ("alcohol", "opioids", "stimulants", "cannabis"),
    "Gambling": ("gambling",),
    "Mental health": ("depression", "anxiety", "psychosis", "self-harm", "trauma"),
    "Eating and body": ("eating",),
    "Grief": ("grief",),
    "For family and friends": ("supporting-someone",),
}
"""In this order: a row stands where the first slug of its `for` does. All but the last are topics
of the vocabulary; the last is its stage for people who support someone.
"""
SLUGS = tuple(slug for slugs in SECTIONS.values() for slug in slugs)


class GroupsError(ValueError):
    """The file cannot be trusted; the message names the row and the column."""


@dataclass(frozen=True)
class Group:
    """One place where groups can be found, as readers may see it."""

    id: str
    name: str
    about: str
    serves: tuple[str, ...]
    formats: tuple[str, ...]
    countries: tuple[str, ...]
    url: str
    checked_on: str
    """The day of its check, as in 2026-11-30; "" if there was none."""
    source: str
    """Where the row comes from: for whoever checks it. No page shows this."""

    def may_show(self, first: str, last: str, production: bool) -> bool:
        """Whether its check is of these days or, outside production, is still to come."""
        return first <= self.checked_on <= last if self.checked_on else not production


class Section(NamedTuple):
    """Groups under one heading, in the file's order."""

    heading: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Directory:
    """What the page shows today. `unchecked`: some of it nobody has looked at yet."""

    sections: tuple[Section, ...]
    unchecked: bool


def directory(settings: Mapping[str, Any]) -> Directory:
    """What these settings let show; raise GroupsError if any row is wrong.

    `GROUPS_CHECKED` are the first and the last day of a check that counts. The repr tells all that
    shows: a page made of the same repr is the same page, whatever the day.
    """
    (first, last), production = settings["GROUPS_CHECKED"], bool(settings["PRODUCTION"])
    rows = read(Path(settings["GROUPS"]))
    groups = [group for group in rows if group.may_show(first, last, production)]
    named = ((heading, _standing_under(slugs, groups)) for heading, slugs in SECTIONS.items())
    return Directory(
        sections=tuple(Section(heading, under) for heading, under in named if under),
        unchecked=any(not group.checked_on for group in groups),
    )


def _standing_under(slugs: tuple[str, ...], groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(group for group in groups if group.serves[0] in slugs)


def read(path: Path) -> tuple[Group, ...]:
    """Every row of the file, shown or not; raise GroupsError if any row is wrong."""
    groups = tuple(_group(*row) for row in rows_of(path, COLUMNS, GroupsError))
    _check_together(groups, path)
    return groups


def _group(where: str, row: Row) -> Group:
    cells = cells_of(where, row, RULES, GroupsError)
    if (cells["verified"] == "yes") != bool(cells["checked_on"]):
        complaint = "a row is verified on the day it was checked, and a day stands for a check"
        raise GroupsError(f"{where} ({cells['id']!r}), column 'verified': {complaint}")
    return _from_cells(cells)


def _from_cells(cells: dict[str, str]) -> Group:
    return Group(
        id=cells["id"],
        name=cells["name"],
        about=cells["about"],
        serves=_parts(cells["for"]),
        formats=_parts(cells["format"]),
        countries=_parts(cells["countries"]),
        url=cells["url"],
        checked_on=cells["checked_on"],
        source=cells["source"],
    )


def _check_together(groups: Iterable[Group], path: Path) -> None:
    """Hold the rows against each other: one row an id, one row an address."""
    seen: set[tuple[str, str]] = set()
    for group in groups:
        for column, cell in (("id", group.id), ("url", group.url)):
            if (column, cell) in seen:
                raise GroupsError(f"{path.name}, row {group.id!r}, column {column!r}: used twice")
            seen.add((column, cell))


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";"))


def _some_of(known: tuple[str, ...]) -> Rule:
    """One or more of these, each once."""
    return Rule(
        lambda cell: _each_once(_parts(cell)) and set(_parts(cell)) <= set(known),
        f"some of {', '.join(known)}, each once, separated by semicolons",
    )


def _each_once(parts: tuple[str, ...]) -> bool:
    return all(parts) and len(set(parts)) == len(parts)


def _is_name(cell: str) -> bool:
    return bool(cell) and cell.isprintable() and len(cell) <= 60


def _are_sentences(cell: str) -> bool:
    """Up to two plain sentences: a third, or a mark that shouts, is an advert's way to talk."""
    few = (
        cell.endswith(".") and len(re.findall(r"[.] ", cell)) <= 1 and not re.search(r"[!?]", cell)
    )
    return few and cell.isprintable() and len(cell) <= 200


def _are_countries(cell: str) -> bool:
    parts = _parts(cell)
    return (
        _each_once(parts)
        and all(_COUNTRY.fullmatch(part) for part in parts)
        and (ANYWHERE not in parts or len(parts) == 1)
    )


_COUNTRY = re.compile(r"[A-Z][a-z]+( (and|of|the|[A-Z][a-z]+))*", re.ASCII)

RULES = {
    "id": ID,
    "name": Rule(_is_name, "the name on one line, up to 60 characters"),
    "about": Rule(_are_sentences, "one or two plain sentences, up to 200 characters"),
    "for": _some_of(SLUGS),
    "format": _some_of(FORMATS),
    "countries": Rule(_are_countries, f"countries' names separated by semicolons, or {ANYWHERE}"),
    "url": matching(
        r"https://[a-z0-9-]+(\.[a-z0-9-]+)+/([A-Za-z0-9/._-]*)",
        "an https address with nothing after its path",
    ),
    "checked_on": matching(
        r"(20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?", "a day like 2026-11-30, or blank"
    ),
    "verified": matching(r"yes|no", "yes or no"),
    "source": Rule(bool, "where the row comes from"),
}


def _give_groups(generator: PagesGenerator) -> None:
    """Let each page that lists groups have them. A broken file fails the build."""
    for page in generator.pages:
        if page.template == TEMPLATE:
            page.outside_groups = directory(generator.settings)


def register() -> None:
    """Hook in once the pages are read; Pelican calls this once."""
    signals.page_generator_finalized.connect(_give_groups)
