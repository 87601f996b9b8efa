"""Which marks mean that help must come before everything else."""

from __future__ import annotations

from collections.abc import Collection

PRESENT_DANGER = frozenset({"SUI-1", "SUI-2", "HARM-1"})
"""Screening rules that may mean present danger to the writer or somebody near them. A pact or
cheering somebody on (SUI-6) waits for two readers as well, but says little of the writer."""
MINOR = "MIN-1"
"""The screening rule that finds a writer who may be under 18."""


def worrying(marks: Collection[str]) -> bool:
    """Whether somebody may be in danger now, as far as rule ids can tell."""
    return not PRESENT_DANGER.isdisjoint(marks)


def young(marks: Collection[str]) -> bool:
    """Whether the writer may be under 18, as far as rule ids can tell."""
    return MINOR in marks
