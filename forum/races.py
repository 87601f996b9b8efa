"""Two people, or one with two windows, act at once: whoever loses the race runs again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from forum.rows import AlreadySpent, Changed

TRIES = 5
"""How often a lost race is run again before the person is told."""

Result = TypeVar("Result")


class FormUsed(Exception):
    """This form already sent something else; a fresh one is needed, with the text kept."""


def settled(attempt: Callable[[], Result]) -> Result:
    """Run the attempt again when somebody changed a row meanwhile; raise `Changed` in the end."""
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except Changed:
            continue
    return attempt()


def taken_once(before: Callable[[], Result | None], take: Callable[[], Result]) -> Result:
    """What `before` finds of a form that was sent already, or what `take` makes of it now.

    Raises `FormUsed` where another form used it up at this moment.
    """
    try:
        return before() or take()
    except AlreadySpent:
        found = before()
        if found is None:
            raise FormUsed from None
        return found
