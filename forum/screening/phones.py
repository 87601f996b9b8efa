"""Phone numbers, from digit runs found in one pass; the phone library sees at most twenty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from forum.screening.findings import Span
from forum.screening.helplines import are_helplines
from forum.screening.spoken import counts_up, heard, runs

REGIONS = ("US", "GB", "IE", "AU", "NZ", "IN", "ZA", "CA")
MOST_RUNS = 20

_RUN = re.compile(
    r"(?<![\w.,/])(?:\+|\()?\+?\d(?:(?:[ ().\-]{0,3}| ?/ ?|[ ,.\-]{0,2}\n ?)\d){5,16}(?![\w])"
)
_MINGLED = re.compile(r"\d[OolI]|[OolI]\d")
_AS_DIGIT = re.compile(r"\b(?=[OolI]*\d)[\dOolI]+\b")
_TYPED = str.maketrans("OolI", "0011")
_ABOUT = re.compile(
    r"\b(?:call|ring|rang|text|phone|number|mobile|mob|cell|whatsapp|tel|telephone|fax|landline|reach|"
    r"ph|no|line|dial|contact|bell|house phone|imo|viber|signal|telegram|zapp?|sms|digits|buzz|area code)\b",
    re.IGNORECASE,
)
_SURELY = re.compile(
    r"\b(?:(?:my|me) (?:new )?(?:number|mobile|mob|cell|phone|landline|digits|whatsapp|sms)\b.{0,12}"
    r"|(?:mobile|landline|phone|whatsapp|tel|ph|cell)(?: number| no)?(?: is|:|=|\.)[^.]{0,24}"
    r"|(?:call|ring|text|phone|whatsapp|reach|dial|buzz|bell) (?:me|us)\b.{0,16})$",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT_AFTER = re.compile(
    r".{0,24}\b(?:whatsapp|(?:text|call|ring|message|msg|phone) (?:me|us|after|before|any|only|don'?t|late)\b|my (?:number|mobile|cell)|telegram|"
    r"number|viber|signal)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,2}[-. /]\d{1,2}[-. /](?:19|20)?\d{2}|(?:19|20)\d{2}[-. ](?:\d{1,2}[-. ]\d{1,2}|(?:19|20)\d{2})"
)
_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?\(?[2-9]\d{2}\)?[ .-]{0,2}\d{3}[ .-]\d{4}")
_YEARS = re.compile(r"(?:(?:19|20)\d{2}[ .\-/\n]{0,3}){2,}")
_FREE = re.compile(r"\+?1?8(?:00|33|44|55|66|77|88)\d{7}|(?:\+?44|0)80[08]\d{6,7}|0?1?800\d{6}")
"""Free numbers in the US, Canada, Britain, Ireland and Australia: a service's, never a person's."""


class TooManyNumbers(Exception):
    """More digit runs than a story has; the rest was not looked at."""


def phones(text: str) -> Iterator[Span]:
    """Phone numbers that are no helpline. Raises TooManyNumbers beyond MOST_RUNS runs."""
    asked = 0
    figures = _AS_DIGIT.sub(_as_digits, text) if _MINGLED.search(text) else text
    for match in _RUN.finditer(figures):
        if not _possible(match[0]):
            continue
        asked += 1
        if asked > MOST_RUNS:
            raise TooManyNumbers
        before = text[max(0, match.start() - 40) : match.start()]
        if _is_phone(match[0], before, text[match.end() : match.end() + 40]):
            yield Span(match.start(), match.end())
    yield from _said(figures)


def _as_digits(letters: re.Match[str]) -> str:
    return letters[0].translate(_TYPED)


def _possible(run: str) -> bool:
    groups = re.findall(r"\d+", run)
    dated = _DATE.fullmatch(run.strip("() ")) or _YEARS.fullmatch(run)
    return not dated and not are_helplines(groups) and not _FREE.fullmatch("".join(groups))


def _is_phone(run: str, before: str, after: str) -> bool:
    groups = re.findall(r"\d+", run)
    digits = "".join(groups)
    if len(digits) < 7:
        return len(groups) <= 3 and _SURELY.search(before) is not None
    about = bool(_ABOUT.search(before) or _ABOUT_AFTER.match(after))
    if "/" in run or "\n" in run:
        return digits.startswith("0") and len(groups) <= 4 and _of_one_number(digits, about)
    if run.startswith("+") or _AMERICAN.fullmatch(run):
        return True
    if len(groups) > 4 and max(map(len, groups)) <= 2:
        return _in_small_groups(groups, digits, about)
    return about or _of_one_number(digits, about) or _grouped(groups, digits)


def _in_small_groups(groups: list[str], digits: str, about: bool) -> bool:
    """ "0 7 7 0 0 9", "06 12 34 56 78": nothing that counts, scores or adds up."""
    single = max(map(len, groups)) == 1
    even = min(map(len, groups)) == 2 and digits.startswith("0") and len(digits) == 10
    enough = len(digits) >= (7 if about else 9)
    return even or (enough and (about or (single and not counts_up(groups))))


def _of_one_number(digits: str, about: bool) -> bool:
    most = 15 if digits.startswith("00") else 12
    return digits.startswith("0") and (8 if about else 9) <= len(digits) <= most


def _grouped(groups: list[str], digits: str) -> bool:
    together = (len(groups) > 1 and len(set(groups)) > 1) or len(digits) in (10, 11)
    return together and len(digits) >= 9 and _valid_somewhere(digits)


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
    """Numbers spelled out in whole or in part: "oh seven seven double zero nine..."."""
    for run in runs(text):
        groups = heard(run[0])
        digits = "".join(groups)
        before = text[max(0, run.start() - 40) : run.start()]
        if _sounds_dialled(run[0], groups, before, text[run.end() : run.end() + 40]) and not (
            are_helplines(groups) or _FREE.fullmatch(digits)
        ):
            yield Span(run.start(), run.end())


def _sounds_dialled(run: str, groups: list[str], before: str, after: str) -> bool:
    """Long enough, opening as a number does or said to be one, and no counting aloud."""
    digits = "".join(groups)
    about = bool(_ABOUT.search(before) or _ABOUT_AFTER.match(after))
    if not 7 <= len(digits) <= 15 or (counts_up(groups) and not about):
        return False
    opens = digits.startswith("0") or run.startswith(("+", "plus"))
    if not any(map(str.isalpha, run.replace("and", ""))):
        alone = max(map(len, groups)) == 1 and re.search(r"\d \d", run) is not None
        return alone or (digits.startswith("0") and 9 <= len(digits) <= 12)
    single = sum(len(group) <= 1 for group in groups)
    return (opens and len(digits) >= 9) or about or single >= 7 or _doubled(run, digits)


def _doubled(run: str, digits: str) -> bool:
    """ "double seven" is how numbers are dialled, not how things are counted."""
    return len(digits) >= 9 and re.search(r"\b(?:double|triple|treble)\b", run, re.I) is not None
