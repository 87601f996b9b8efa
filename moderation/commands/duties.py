"""Who answers for this forum: by name, for every day, and with the law read by somebody.

The operator fills one file in. Nobody may be let in before that is done.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from forum.person import Moderator, Role

FILE = Path(__file__).resolve().parents[2] / "content" / "duties.toml"
LASTS = timedelta(days=365)
"""Laws change: so long a reading is good."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSES = "closes-the-form"
LAWS: Mapping[str, str] = {
    "data-protection": "data protection",
    "duty-to-report": "the duty to report danger",
    "online-safety": "the duties of a site that shows what others wrote",
}
"""Each part of the law that somebody must have read, in words."""

Given = Mapping[str, Any]


def read_duties(path: Path = FILE) -> Given:
    """What the operator filled in; nothing where there is no file.

    Raises OSError, or ValueError for a file that is no TOML.
    """
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def wanting(given: Given, people: Collection[Moderator], today: date) -> list[str]:
    """What is still to be done before anybody may be let in, in sentences."""
    return [*_safety_lead(given, people), *_rota(given), *_law(given, today)]


def _safety_lead(given: Given, people: Collection[Moderator]) -> Iterator[str]:
    if not _said(given, "safety-lead", "name"):
        yield "Nobody is named who decides when somebody may be in danger."
    if not _said(given, "safety-lead", "second"):
        yield "Nobody is named who stands in for the safety lead."
    if not any(Role.SAFETY_LEAD in one.roles for one in people):
        yield "Nobody at the desk is enrolled as a safety lead."


def _rota(given: Given) -> Iterator[str]:
    empty = [day.capitalize() for day in DAYS if not _said(given, "rota", day)]
    if empty:
        yield f"Nobody reads on {', '.join(empty)}."
    if not _said(given, "rota", CLOSES):
        yield "Nobody is named who closes the form when nobody can read."


def _law(given: Given, today: date) -> Iterator[str]:
    for name, words in LAWS.items():
        day = _day(given, name)
        if not _said(given, "law", name, "read-by") or day is None:
            yield f"Nobody has read what the law says about {words}."
        elif day > today:
            yield f"The day on which {words} was read has not come yet."
        elif today - day > LASTS:
            yield f"It is over a year since somebody read what the law says about {words}."


def _day(given: Given, law: str) -> date | None:
    try:
        return date.fromisoformat(_said(given, "law", law, "on"))
    except ValueError:
        return None


def _said(given: Given, *path: str) -> str:
    """The words at the end of this path; "" for anything else. A date may stand without quotes."""
    found: object = given
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, date):
        return found.isoformat()
    return found.strip() if isinstance(found, str) else ""
