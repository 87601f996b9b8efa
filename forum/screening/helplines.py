"""Which numbers are helplines: those are never marked, however they are written."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

_PATH = Path(__file__).with_name("helplines.csv")
_MORE = Path(__file__).with_name("lists") / "more_helplines.txt"
_FIELDS = ("phone", "tel", "also", "sms_to")
_GROUPS = re.compile(r"[\d ()+-]*\d")
_COUNTRY = frozenset(
    "1 44 353 61 64 33 49 34 31 32 41 43 47 45 46 358 39 36 30 91 27 65 55 52 54 81 82 852 60 63 254 "
    "972".split()
)


def _national(digits: str) -> str:
    return digits.lstrip("0")


def _read(path: Path) -> frozenset[str]:
    with path.open(encoding="utf-8", newline="") as file:
        written = [row[field] for row in csv.DictReader(file) for field in _FIELDS]
    written += [line for line in _MORE.read_text("utf-8").splitlines() if line[0] != "#"]
    runs = (
        run for cell in written for part in re.split("[;,]", cell) for run in _GROUPS.findall(part)
    )
    digits = (re.sub(r"\D", "", run) for run in runs)
    return frozenset(_national(run) for run in digits if len(run) > 1)


HELPLINES: frozenset[str] = _read(_PATH)
"""The digits of every helpline, ours and other known ones, without leading zeros."""


def is_helpline(digits: str) -> bool:
    """Whether the digits are a helpline's, with or without a country code or leading zero."""
    bare = _national(digits)
    if bare in HELPLINES:
        return True
    codes = (bare[:size] for size in (1, 2, 3))
    known = (code for code in codes if code in _COUNTRY)
    if any(_national(bare[len(code) :]) in HELPLINES for code in known):
        return True
    return any(code + bare in HELPLINES for code in ("1", "44", "91", "254", "61", "64"))


def are_helplines(groups: Sequence[str]) -> bool:
    """Whether groups of digits in a row are nothing but helplines: "116 123 0800 068 4141"."""
    reached = {0}
    for end in range(1, len(groups) + 1):
        if any(is_helpline("".join(groups[start:end])) for start in reached if end - start <= 7):
            reached.add(end)
    return len(groups) in reached
