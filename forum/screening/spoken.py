"""Digits said in words, wholly or in part, and what they come to when dialled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_UNITS = {word: str(digit) for digit, word in enumerate(
    "zero one two three four five six seven eight nine".split()
)}  # fmt: skip
_UNITS |= {"oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "niner": "9"}
_TEENS = {word: str(number) for number, word in enumerate(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 10
)}  # fmt: skip
_TENS = {word: str(number) for number, word in enumerate(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
)}  # fmt: skip
_TWICE = {"double": 2, "dbl": 2, "triple": 3, "treble": 3}
_WORDS = {*_UNITS, *_TEENS, *_TENS, *_TWICE, "hundred", "thousand"}
_SAID = "|".join(sorted(_WORDS, key=len, reverse=True))
_ONE = rf"(?:(?:{_SAID})(?![a-z])|\d{{1,6}})"
_GLUED = rf"(?:(?:{_SAID})(?=\d|\W|$)|\d{{1,6}})"
_BRIDGE = (
    r"(?:[\s,.\-]{1,3}(?:and |then |and then |plus |followed by |after that |second half |and the rest is |and ends |last (?:two|three|four|bit) |"
    r"the rest is |ends? (?:in |with )?|ending (?:in |with )?|finish(?:es|ing) )?|)"
)
_RUNS = re.compile(
    rf"(?<![\w.,/])(?:(?:\+|plus )\s?)?{_ONE}(?:{_BRIDGE}{_GLUED}){{2,20}}(?![\w])", re.IGNORECASE
)
_WORDED = re.compile(r"(?!and\b)[a-z]{2}|\bo\b", re.IGNORECASE)
_DECIMAL = re.compile(r"(?<!\d)\d\.\d")
_PIECE = re.compile(r"\d+|[a-z]+", re.IGNORECASE)


def runs(text: str) -> Iterator[re.Match[str]]:
    """Stretches of number words and digits in a row; of digits alone, those with commas between."""
    for match in _RUNS.finditer(text):
        if _DECIMAL.search(match[0]):
            continue
        if _WORDED.search(match[0]) or "," in match[0]:
            yield match


def heard(run: str) -> list[str]:
    """What was said, group by group: "double seven" is "77", "two hundred and twelve" is "212"."""
    groups: list[str] = []
    times, tens, joined = 1, False, False
    for piece in _PIECE.findall(run.lower()):
        if piece in _TWICE:
            times = _TWICE[piece]
        elif piece == "and":
            joined = bool(groups) and groups[-1].endswith("00")
        elif piece in ("hundred", "thousand"):
            groups.append(groups.pop() + "00" if groups and piece == "hundred" else "000")
        elif piece.isdigit() or piece in _WORDS:
            _hear(groups, _digits(piece) * times, after_tens=tens, joined=joined)
            times, joined = 1, False
        tens = piece in _TENS
    return groups


def _digits(piece: str) -> str:
    if piece in _TENS:
        return _TENS[piece] + "0"
    return _UNITS.get(piece) or _TEENS.get(piece) or piece


def _hear(groups: list[str], digits: str, *, after_tens: bool, joined: bool) -> None:
    """Add digits to what was heard, inside the number before where they belong there."""
    if after_tens and len(digits) == 1 and digits != "0":
        groups[-1] = groups[-1][:-1] + digits
    elif joined and len(digits) <= 2:
        groups[-1] = groups[-1][: -len(digits)] + digits
    else:
        groups.append(digits)


def counts_up(groups: list[str]) -> bool:
    """Whether numbers in a row climb or fall by even steps, as in counting aloud, or are all one."""
    steps = [int(late) - int(early) for early, late in pairwise(groups)]
    alike = sum(step == steps[0] != 0 for step in steps)
    if len(steps) > 1 and len(groups[0]) > 1 and len(set(groups)) == 1:
        return True
    return len(steps) > 1 and alike >= len(steps) - (len(steps) > 4)
