"""Help before everything else: what each answer adds for whoever may be in danger, or young."""

from __future__ import annotations

from typing import Any, Protocol

from doors.answers import help_lines
from doors.helplines import Line


class Marked(Protocol):
    """Words that were looked through for signs of danger."""

    @property
    def worrying(self) -> bool:
        """Whether somebody may be in danger now."""

    @property
    def young(self) -> bool:
        """Whether the writer may be under 18."""


def for_programs(marked: Marked) -> dict[str, Any]:
    """What every JSON answer to somebody's words says besides."""
    return {"worried": marked.worrying, "young": marked.young}


def youth_lines() -> list[Line]:
    """The lines for young people, of every country: where somebody is, is never guessed."""
    lines = (line for country in help_lines().countries for line in country.lines)
    return [line for line in lines if "youth" in line.topics]
