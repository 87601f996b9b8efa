"""What the press asks of a printer: the new edition in place of the old one, whole, or an error."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

Aside = tuple[str, str]
"""A post that is left out, by its id or its file, and why."""


class PrintFailed(Exception):
    """The site could not be built; the last edition stays. The message ends the report."""


@dataclass(frozen=True)
class Printed:
    """What the printer made of the mirror."""

    set_aside: tuple[Aside, ...] = ()
    """Everything in the mirror that has no page now, new or not: the press takes the rest as up."""
    leftovers: tuple[str, ...] = ()
    """What lies among the editions and could not be removed, by name."""
    added: tuple[str, ...] = ()
    """Addresses of files that the edition before did not have; so are the next two."""
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    anew: bool = False
    """Whether every page was made again, whatever was known of the edition before."""
    health: Mapping[str, object] = field(default_factory=dict)
    """How the collection stands: its shares, its diversity, and `warnings`, each a sentence."""


class Printer(Protocol):
    """Builds the site from the mirror and puts the new edition in place of the old, whole."""

    def lock(self) -> AbstractContextManager[None]:
        """Only one press at a time holds this."""

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        """Build and put in place; with `purge`, no earlier edition may remain.

        Makes what differs from the edition before: with `everything`, also what may be behind for
        a day; with `anew`, every page. Raises `PrintFailed`.
        """

    def strike(self, post_ids: Collection[str]) -> None:
        """Take out of every edition each page that shows one of these, when none can be built.

        Raises `PrintFailed` when some could not be taken out, after all the others were.
        """
