"""Two people, or one with two windows, act at once: whoever loses the race runs again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from forum.rows import Changed

TRIES = 5
"""How often a lost race is run again before the person is told."""

Result = TypeVar("Result")


def settled(attempt: Callable[[], Result]) -> Result:
    """Run the attempt again when somebody changed a row meanwhile; raise `Changed` in the end."""
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except Changed:
            continue
    return attempt()
