"""Phone numbers, from digit runs found in one pass; the phone library sees at most twenty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from forum.screening.findings import Span
from forum.screening.helplines import are_helplines

REGIONS = ("US", "GB", "IE", "AU", "NZ", "IN", "ZA", "CA")
MOST_RUNS = 20

_RUN = re.compile(r"(?<![\w.,/])(?:\+|\()?\+?\d(?:[ ().\-]{0,3}\d){6,16}(?![\w])")
_DIGIT_WORDS = {word: str(digit) for digit, word in enumerate(
    "zero one two three four five six seven eight nine".split()
)}  # fmt: skip
_DIGIT_WORDS |= {"oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0"}
_TWICE = {"double": 2, "triple": 3, "treble": 3}
_SAID = "|".join([*_DIGIT_WORDS, *_TWICE, r"hundred", r"\d{1,4}"])
_SPELLED = re.compile(rf"\b(?:{_SAID})(?:[\s,.\-]{{1,3}}(?:{_SAID})\b){{4,20}}", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:call|ring|rang|text|phone|number|mobile|cell|whatsapp|tel|telephone|fax|landline|reach|"
    r"ph|no|line|dial|contact|bell|house phone|imo|viber)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,2}[-. /]\d{1,2}[-. /](?:19|20)?\d{2}|(?:19|20)\d{2}[-. ](?:\d{1,2}[-. ]\d{1,2}|(?:19|20)\d{2})"
)
_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?\(?[2-9]\d{2}\)?[ .-]{0,2}\d{3}[ .-]\d{4}")
_YEARS = re.compile(r"(?:(?:19|20)\d{2}[ .\-]{0,3}){2,}")


class TooManyNumbers(Exception):
    """More digit runs than a story has; the rest was not looked at."""


def phones(text: str) -> Iterator[Span]:
    """Phone numbers that are no helpline. Raises TooManyNumbers beyond MOST_RUNS runs."""
    asked = 0
    for match in _RUN.finditer(text):
        if not _possible(match[0]):
            continue
        asked += 1
        if asked > MOST_RUNS:
            raise TooManyNumbers
        if _is_phone(match[0], text[max(0, match.start() - 40) : match.start()]):
            yield Span(match.start(), match.end())
    yield from _said(text)


def _possible(run: str) -> bool:
    groups = re.findall(r"\d+", run)
    dated = _DATE.fullmatch(run.strip("() ")) or _YEARS.fullmatch(run)
    return not dated and not are_helplines(groups)


def _is_phone(run: str, before: str) -> bool:
    groups = re.findall(r"\d+", run)
    digits = "".join(groups)
    about = bool(_ABOUT.search(before))
    if len(groups) > 4 and max(map(len, groups)) <= 2:
        return len(digits) >= 9 and (about or max(map(len, groups)) == 1)
    if run.startswith("+") or _AMERICAN.fullmatch(run) or (about and len(digits) >= 7):
        return True
    if digits.startswith("0") and 9 <= len(digits) <= 11:
        return True
    grouped = len(groups) > 1 or len(digits) in (10, 11)
    return grouped and len(digits) >= 9 and _valid_somewhere(digits)


@lru_cache(maxsize=256)
def _valid_somewhere(digits: str) -> bool:
    for region in REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(digits, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _said(text: str) -> Iterator[Span]:
    """Numbers spelled out: "oh seven seven double zero nine..."."""
    for match in _SPELLED.finditer(text):
        groups = _heard(match[0])
        digits = "".join(groups)
        spoken = sum(not group.isdigit() for group in re.findall(r"\w+", match[0]))
        if 7 <= len(digits) <= 15 and spoken >= 3 and not are_helplines(groups):
            yield Span(match.start(), match.end())


def _heard(run: str) -> list[str]:
    groups: list[str] = []
    times = 1
    for word in re.findall(r"\w+", run.lower()):
        if word in _TWICE:
            times = _TWICE[word]
            continue
        groups.append("00" if word == "hundred" else _DIGIT_WORDS.get(word, word) * times)
        times = 1
    return groups
