"""The months' totals are shown only as the press wrote them; whatever else they say shows nothing.

The file lies beside the folder of posts. A number that is too small to be shown is not in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from story_pages.manifest import SetAside, matches

FORMAT = 1
LARGEST_FILE = 64 * 1024
"""Bytes: far over a year of months."""
SHOWN_FROM = 5
"""The smallest number that is shown."""
DECIDED = ("approved", "sent-back", "not-published")
"""What a post that was read for the first time can come to: their sum is what was decided."""
KINDS = (*DECIDED, "kept", "taken-down")

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_FINGERPRINT = re.compile(r"(?:[0-9a-f]{64})?")
_HIGHEST = 10_000_000


@dataclass(frozen=True, slots=True)
class Month:
    """One month that is over; None stands for a number under five."""

    month: str
    fingerprint: str
    numbers: Mapping[str, int | None]

    @property
    def decided(self) -> int:
        """The sum of what is shown of the decisions; so it tells nothing of what is not."""
        return sum(self.numbers[kind] or 0 for kind in DECIDED)

    @property
    def whole(self) -> bool:
        """Whether that is all of them."""
        return all(self.numbers[kind] is not None for kind in DECIDED)


def read_numbers(path: Path) -> tuple[tuple[Month, ...], tuple[SetAside, ...]]:
    """The months, newest first, and what is wrong with the file; a missing one is only empty."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        return (), (SetAside(path.name, f"it cannot be read: {error.strerror}"),)
    months = _months(content)
    if months is None:
        return (), (SetAside(path.name, "it is not what the press writes"),)
    return months, ()


def _months(content: bytes) -> tuple[Month, ...] | None:
    try:
        found = json.loads(content)
        months = tuple(_month(entry) for entry in found["months"])
    except (ValueError, RecursionError, TypeError, KeyError):
        return None
    names = [month.month for month in months]
    in_order = names == sorted(set(names), reverse=True)
    return months if found["format"] == FORMAT and in_order else None


def _month(entry: Any) -> Month:
    """One month of the file; raise `ValueError` where it is none."""
    numbers = entry["numbers"]
    right = (
        matches(_MONTH, entry["month"])
        and matches(_FINGERPRINT, entry["fingerprint"])
        and set(numbers) == set(KINDS)
        and all(number is None or _may_be_shown(number) for number in numbers.values())
    )
    if not right:
        raise ValueError
    return Month(entry["month"], entry["fingerprint"], {kind: numbers[kind] for kind in KINDS})


def _may_be_shown(number: object) -> bool:
    return type(number) is int and SHOWN_FROM <= number <= _HIGHEST
