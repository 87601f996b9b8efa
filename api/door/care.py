"""Help before everything else: what each answer adds for whoever may be in danger, or young."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from doors.answers import help_lines
from forum import care


def for_programs(marks: Collection[str]) -> dict[str, Any]:
    """What every JSON answer to somebody's words says besides, by the rules that marked them."""
    return {"worried": care.worrying(marks), "young": care.young(marks)}


def for_people(marks: Collection[str]) -> dict[str, Any]:
    """The same for a page, with the lines for young people of every country: where somebody is, is
    never guessed."""
    lines = (line for country in help_lines().countries for line in country.lines)
    young = [line for line in lines if "youth" in line.topics]
    return {**for_programs(marks), "youth_lines": young}
