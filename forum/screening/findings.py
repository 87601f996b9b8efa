"""What screening hands back: places in the author's own text, and never a judgement of it."""

from __future__ import annotations

from dataclasses import dataclass

from forum.route import GRAVITY, Route

__all__ = ("Finding", "Findings", "Route", "Span", "worst_route")


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch of text, in characters from its start."""

    start: int
    end: int

    def touches(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Finding:
    """One marked stretch: the rule's id and family, its route, where it is, what to say instead.

    `start` and `end` count characters of the text as it was given.
    """

    rule: str
    family: str
    route: Route
    start: int
    end: int
    suggest: str


@dataclass(frozen=True)
class Findings:
    """All that was found, in order of place.

    `screened` is False when part of the text could not be read (another language than English, a
    limit met, a check that failed): such a post is held for a person. `language` is a code such
    as "en", or "und" where it cannot be told.
    """

    found: tuple[Finding, ...]
    screened: bool
    language: str


def worst_route(findings: Findings) -> Route | None:
    """The gravest route among the findings, or None where there is none.

    None is no verdict on the text: a text that is not `screened` is held whatever this says.
    """
    routes = {finding.route for finding in findings.found}
    return next((route for route in GRAVITY if route in routes), None)
