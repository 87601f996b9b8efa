"""The lint over the site's own copy: what content/words.csv says to avoid, in whatever we say.

Authors' words are never held to it, and neither is what we only quote.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable

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


def read_avoided(because: str = "") -> tuple[str, ...]:
    """Each term to avoid; with `because`, only those whose reason has it."""
    with (CONTENT / "words.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, strict=True) if because in row["why"]]
    return tuple(term for row in rows for term in row["avoid"].split("; "))


AVOID = read_avoided()
INSULTS = frozenset(read_avoided("insult"))
"""What nobody is to be called even where nobody reads it."""


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


def not_to_be_found_by(words: Iterable[str]) -> list[str]:
    """Those that cannot stand among the words that a search only matches and nobody is shown.

    People look for themselves in words that we would not use of them ("alcoholic", "relapse"), so
    here the lint asks less: single words in small letters, none of them twice, and no insult.
    """
    given = list(words)
    plain = {word for word in given if re.fullmatch(r"[a-z0-9]{2,24}", word)} - INSULTS
    return [word for at, word in enumerate(given) if word not in plain or word in given[:at]]
