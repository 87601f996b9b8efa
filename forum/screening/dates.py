"""Exact calendar dates: a day with its month; a month or a year alone is no date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.screening.alternatives import one_of
from forum.screening.findings import Span

_MONTH = (
    one_of(
        "jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|sept|september|oct|october|"
        "nov|november|dec|december"
    )
    + r"\.?"
)
_UNITS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth".split("|")
_DAY_WORD = one_of(
    [
        *_UNITS,
        *"tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth".split(
            "|"
        ),
        *"nineteenth|twentieth|thirtieth|thirty first|thirty-first".split("|"),
        *(f"twenty{gap}{unit}" for gap in " -" for unit in _UNITS),
    ]
)
_DAY = r"(?:[0-3]?\d(?:st|nd|rd|th)?)"
_YEAR = r"(?:,?\s?'?(?:19|20)?\d{2}\b)"
_FIGURES = re.compile(
    r"(?<![\d/.-])(?:(?P<d>\d{1,2})(?P<s>[/.-])(?P<m>\d{1,2})(?P=s)(?P<y>(?:19|20)?\d{2})"
    r"|(?P<y2>(?:19|20)\d{2})(?P<s2>[/.-])(?P<m2>\d{1,2})(?P=s2)(?P<d2>\d{1,2}))(?![\d/])"
)
_DAY_MONTH = re.compile(
    rf"\b(?:{_DAY}(?:\s(?:day\s)?of)?|{_DAY_WORD}\s(?:day\s)?of(?:\sthe)?)\s{_MONTH}\b(?P<year>{_YEAR})?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}\s(?!(?:2nd|second|third|first) (?:chance|thought|hand|home|nature|round|time|year|child|help|wind))(?:the\s)?(?:{_DAY}(?!\d|%|\s?(?:of us|people|months|years|weeks|days|kg|miles))"
    rf"|{_DAY_WORD})\b(?P<year>{_YEAR})?",
    re.IGNORECASE,
)
_HOLIDAY = re.compile(
    r"(?:4(?:th)?|fourth) (?:of )?july|july (?:4(?:th)?|fourth|the fourth)|(?:24|25|26)(?:th)? (?:of )?dec"
    r"|dec\w* (?:24|25|26)|(?:31(?:st)?) (?:of )?dec|dec\w* 31|(?:1st|1|first) (?:of )?jan|jan\w* 1(?:st)?\b"
    r"|(?:14(?:th)?) (?:of )?feb|feb\w* 14|(?:17(?:th)?) (?:of )?mar|(?:31(?:st)?) (?:of )?oct",
    re.IGNORECASE,
)
_YEARED = re.compile(r"(?:19|20)\d\d")
_FEAST = re.compile(
    r"\b(?:christmas(?: eve| day)?|xmas(?: eve| day)?|boxing day|new year'?s? (?:eve|day)|hogmanay|valentine'?s(?: day)?|"
    r"halloween|hallowe'en|st\.? patrick'?s day|paddy'?s day|easter (?:sunday|monday)|good friday|thanksgiving|"
    r"bonfire night|anzac day|australia day|canada day|mother'?s day|father'?s day|st\.? stephen'?s day|diwali|"
    r"independence day|labou?r day|memorial day|burns night|waitangi day|freedom day|heritage day),? (?:of |in |back in )?'?(?:19|20)\d{2}\b",
    re.IGNORECASE,
)
"""A feast is a date once its year is told."""


def dates(text: str) -> Iterator[Span]:
    """Exact dates, in figures or words. A feast everyone keeps counts only with its year."""
    for match in _FIGURES.finditer(text):
        if _is_date(match):
            yield Span(match.start(), match.end())
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            if match["year"] or (not _HOLIDAY.match(match[0]) and _really(match[0])):
                yield Span(match.start(), match.end())
    if _YEARED.search(text):
        yield from (Span(match.start(), match.end()) for match in _FEAST.finditer(text))


def _is_date(match: re.Match[str]) -> bool:
    day, month = int(match["d"] or match["d2"]), int(match["m"] or match["m2"])
    in_order = 1 <= day <= 31 and 1 <= month <= 12
    return in_order or (1 <= month <= 31 and 1 <= day <= 12)


def _really(said: str) -> bool:
    """ "second may" and "may 3" in lower case are more often words than dates."""
    month = re.search(r"[A-Za-z]{3,}", said)
    lone = re.search(r"\b(?:may|mar|march|dec|sep|jan)\b", said) is not None
    return month is not None and (
        not lone or re.search(r"\d(?:st|nd|rd|th)|\bof\b", said) is not None
    )
