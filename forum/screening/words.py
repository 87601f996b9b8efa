"""Words as people type them, each brought to the forms the lexicon knows; every table is small."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_LISTS = Path(__file__).with_name("lexicon")
_VOWELS = frozenset("aeiouy")
_RUN = re.compile(r"(.)\1{2,}")
_LEET = str.maketrans("013457@$!|+8", "oieastasilt8")
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS: dict[str, float] = {word: value for value, word in enumerate(_ONES)}
NUMBERS |= {word: 20 + 10 * place for place, word in enumerate(_TENS)}
NUMBERS |= {"fourty": 40, "ninty": 90, "half": 0.5, "dozen": 12, "dozens": 24, "quarter": 0.25}
SCALES = {"hundred": 100.0, "thousand": 1000.0, "grand": 1000.0, "hundreds": 200.0}
SCALES |= {"thousands": 2000.0, "million": 1e6, "k": 1000.0}
"""Spelled-out numbers and what they multiply by."""


def _pairs(name: str) -> dict[str, str]:
    """Read `form = meaning` lines."""
    lines = (line.split("#")[0] for line in (_LISTS / name).read_text("utf-8").splitlines())
    cut = (line.partition("=") for line in lines if "=" in line)
    return {form.strip(): meaning.strip() for form, _, meaning in cut}


SPELLINGS: dict[str, tuple[str, ...]] = {
    form: tuple(said.split()) for form, said in _pairs("spellings.txt").items()
}
"""Text-speak, contractions and dialect spellings, each with the words it stands for."""
IRREGULAR: dict[str, str] = {
    form: lemma
    for lemma, forms in _pairs("irregular.txt").items()
    for form in forms.replace("/", " ").split()
}
"""An irregular form to its lemma."""
PAST: frozenset[str] = frozenset(
    form for forms in _pairs("irregular.txt").values() for form in forms.split("/")[0].split()
)
"""Irregular past forms: those before the slash."""


_SHORTEST = {"s": 1}
"""A stem longer than this is left before an ending; so that "shed" is no form of "she"."""


@lru_cache(maxsize=8192)
def lemmas(form: str) -> tuple[str, ...]:
    """The form itself, then what it may be a form of: "tablets" also gives "tablet"."""
    if form in IRREGULAR:
        return (form, IRREGULAR[form])
    found = [form]
    for suffix, endings in _SUFFIXES:
        if form.endswith(suffix) and len(form) > len(suffix) + _SHORTEST.get(suffix, 2):
            stem = form[: -len(suffix)]
            found.extend(stem + ending for ending in endings)
            found.extend(_undoubled(stem, suffix))
    return tuple(dict.fromkeys(found))


_SUFFIXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ies", ("y", "ie")),
    ("ied", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ed", ("", "e")),
    ("ing", ("", "e")),
    ("in", ("", "e")),
)


def _undoubled(stem: str, suffix: str) -> list[str]:
    doubled = suffix in ("ed", "ing", "in") and len(stem) > 2 and stem[-1] == stem[-2]
    return [stem[:-1]] if doubled else []


@lru_cache(maxsize=8192)
def is_past(form: str) -> bool:
    """Whether the form reads as a past tense."""
    return form in PAST or (form.endswith("ed") and len(form) > 4 and form not in _NOT_PAST)


_NOT_PAST = frozenset(
    "need indeed speed hundred naked wicked breed bleed tired scared bored exhausted terrified worried "
    "ashamed relieved disappointed gutted excited drained trapped frightened determined prepared "
    "supposed red bed shed sacred gifted rugged fed weed seed feed greed overwhelmed married armed "
    "allowed tempted loaded addicted depressed devastated".split()
)


def unleet(form: str) -> str:
    """Read digits and signs as the letters they stand for: "d1e" as "die"."""
    return form.translate(_LEET)


@lru_cache(maxsize=4096)
def unstretched(form: str) -> tuple[str, ...]:
    """Read "sooo" as "soo" and "so"; nothing for a word that is not stretched."""
    if not _RUN.search(form):
        return ()
    return _RUN.sub(r"\1\1", form), _RUN.sub(r"\1", form)


@lru_cache(maxsize=4096)
def value(form: str) -> float | None:
    """What a number is worth, in digits or spelled out; None for any other word."""
    if form[:1].isdigit():
        return _digits(form)
    return NUMBERS.get(form)


def _digits(form: str) -> float | None:
    head = re.match(r"\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,4})?", form)
    return float(head[0].replace(",", "")) if head else None
