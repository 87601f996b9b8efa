"""The lint over the site's own copy: what content/words.csv says to avoid, in whatever we say.

Authors' words are never held to it, and neither is what we only quote.
"""

from __future__ import annotations

import csv
import re

from tests.pages.hand_written import CONTENT

QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
"""Somebody's own words, or a word that we speak of."""
NAMES = (
    "Adult Children of Alcoholics",
    "Alcoholics Anonymous",
    "National Institute on Drug Abuse",
    "Substance Abuse and Mental Health Services Administration",
)
"""What others call themselves stays as it is."""


def read_avoided() -> tuple[str, ...]:
    """Each term to avoid."""
    with (CONTENT / "words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return tuple(term for row in rows for term in row["avoid"].split("; "))


AVOID = read_avoided()


def _any_of(terms: tuple[str, ...]) -> str:
    """The longest first, so that a term is named whole; an abbreviation only in its capitals."""
    ordered = sorted(terms, key=len, reverse=True)
    return "|".join(t if t.isupper() else f"(?i:{re.escape(t)})" for t in ordered)


_AVOIDED = re.compile(rf"\b({_any_of(AVOID)})s?\b")
_NAMED = re.compile("|".join(NAMES))


def hurtful(text: str) -> list[str]:
    """The avoided terms in a text, small letters all, in order."""
    ours = _NAMED.sub(" ", QUOTED.sub(" ", text))
    return [found[1].lower() for found in _AVOIDED.finditer(ours)]
