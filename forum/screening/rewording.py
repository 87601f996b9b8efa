"""What could stand in place of a mark, so that the author's sentence still reads as theirs.

Most rules have one rewording for every mark. A name, a place, an institution and a date are looked
at with the words before them; a name that only follows "my sister" is simply taken out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from forum.screening.findings import Span

Reworded = tuple[Span, str]
"""The stretch to replace, perhaps a little wider than the mark, and what could stand there."""

_TITLE = re.compile(
    r"\b(?P<title>Dr|Doctor|Nurse|Sister|Father|Pastor|Rev|Professor|Prof|Judge|Officer|Mr|Mrs|Ms|Miss)\.? $"
)
_ROLES = {
    "dr": "my doctor", "doctor": "my doctor", "nurse": "my nurse", "father": "my priest",
    "pastor": "my pastor", "rev": "my minister", "professor": "my teacher", "prof": "my teacher",
    "judge": "the judge", "officer": "an officer",
}  # fmt: skip
_CALLED = re.compile(
    r"\b(?:called|named|nicknamed|known as|calls? me|goes by|go by) $", re.IGNORECASE
)
_MY_NAME = re.compile(r"\bname(?:'s| is| was) $", re.IGNORECASE)
_I_AM = re.compile(r"\b(?:i'?m|i am|it's|this is|as) $", re.IGNORECASE)
_BESIDE_NAME = re.compile(
    r"(?:\b(?:and|or|with|to|from|by|for|at|of|met|told|rang|love|thanks?) |[.!?:\n\"] ?|^)$"
)
_OUR = re.compile(r"\bour $", re.IGNORECASE)
_IS = re.compile(r"(?:\b(?:is|was|number|no\.?|ref)|[:#]) $", re.IGNORECASE)
_DATES = {"on": "a day some years ago", "since": "that day"}
_COMMA = re.compile(r"\w, $")
_THE = re.compile(r"\b(?:the|this|that|our|my|her|his|their) $", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:an?) $", re.IGNORECASE)
_KINDS = (
    (r"rehab|recovery|treatment|priory|detox|turning point|phoenix|hazelden|odyssey|sober", "a treatment centre"),
    (r"hospital|infirmary|clinic|ward|hospice|medical|surgery|royal|maudsley|bethlem|unit", "a hospital"),
    (r"universit|\buni\b|college|polytechnic|institute|academy", "a college"),
    (r"school|primary|secondary|high|kindergarten|nursery", "a school"),
    (r"prison|jail|gaol|hmp|hmyoi|yoi|penitentiary|correctional|fci|detention", "a prison"),
    (r"church|cathedral|chapel|mosque|masjid|temple|synagogue|gurdwara|parish|abbey", "a place of worship"),
    (r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day", "a weekly meeting"),
    (r"regiment|battalion|infantry|marines|rifles|guards|raf|hms|brigade|navy|corps", "a unit"),
)  # fmt: skip


def reworded(rule: str, text: str, span: Span, usual: str) -> Reworded:
    """Where to reword, and how; `usual` is what the rule suggests when nothing else is known."""
    before = text[max(0, span.start - 24) : span.start]
    chosen = _CHOICES.get(rule)
    return chosen(text, span, before) if chosen else (span, usual)


def _person(text: str, span: Span, before: str) -> Reworded:
    title = _TITLE.search(before)
    if title:
        role = _ROLES.get(title["title"].lower(), "someone I know")
        return Span(span.start - len(title[0]), span.end), role
    for pattern, words in (
        (_MY_NAME, "one I'll keep to myself"),
        (_CALLED, "something lovely"),
        (_I_AM, "someone like you"),
        (_BESIDE_NAME, "a friend"),
        (_OUR, "own"),
        (_COMMA, "who I won't name"),
    ):
        if pattern.search(before):
            return span, words
    return span, ""


def _institution(text: str, span: Span, before: str) -> Reworded:
    name = text[span.start : span.end]
    kind = next((words for said, words in _KINDS if re.search(said, name, re.IGNORECASE)), "")
    return span, _without_article(kind or "a place I knew", before)


def _home(text: str, span: Span, before: str) -> Reworded:
    if _ARTICLE.search(before):
        return span, "small-town"
    return span, _without_article("a small town", before)


def _date(text: str, span: Span, before: str) -> Reworded:
    said = re.search(r"\b(on|since) $", before, re.IGNORECASE)
    return span, _DATES[said[1].lower()] if said else "some years ago"


def _number(text: str, span: Span, before: str) -> Reworded:
    return span, "one I'll keep to myself" if _IS.search(before) else "my number"


def _account(text: str, span: Span, before: str) -> Reworded:
    return span, "someone on there" if _I_AM.search(before) else "my account"


def _without_article(words: str, before: str) -> str:
    taken = _THE.search(before) or _ARTICLE.search(before)
    return words.removeprefix("a ") if taken else words


_CHOICES: dict[str, Callable[[str, Span, str], Reworded]] = {
    "PII-3": _account, "PII-6": _date, "PII-7": _person, "PII-8": _institution, "PII-9": _home,
    "PII-11": _number,
}  # fmt: skip
