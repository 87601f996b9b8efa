"""What everybody may know: months that are over, and nothing from which a small number follows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.figures import Done, Wait
from forum.monthly import KINDS, SHOWN_FROM, Monthly, fingerprint, numbers_file, shown
from forum.post import Act
from forum.rows import Verdict
from tests.builders import TODAY

acts = st.dictionaries(st.sampled_from(sorted(Act, key=lambda act: act.value)), st.integers(0, 30))
ONE_KIND = [(kind, act) for kind, acts in KINDS.items() for act in sorted(acts, key=str)]


@dataclass
class Counted:
    """A store that says what it is told to say."""

    by_day: dict[Done, int] = field(default_factory=dict)
    links: dict[date, str] = field(default_factory=dict)
    first: date | None = date(2026, 9, 14)

    def done(self, first: date, last: date) -> Mapping[Done, int]:
        return {done: n for done, n in self.by_day.items() if first <= done[0] <= last}

    def began(self) -> date | None:
        return self.first

    def link(self, last: date) -> str:
        return next((self.links[day] for day in sorted(self.links)[::-1] if day <= last), "")

    def waiting(self) -> Mapping[tuple[date, bool], int]:
        raise AssertionError

    def waits(self, what: Wait, first: date, last: date) -> Mapping[int, int]:
        raise AssertionError

    def verdicts(self, first: date) -> Mapping[tuple[str, Verdict], int]:
        raise AssertionError


def written(store: Counted, folder: Path, today: date = TODAY) -> bytes:
    """The file as the press writes it on this day."""
    Monthly(store, folder / "numbers.json").write(today)
    return (folder / "numbers.json").read_bytes()


def months(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(content)["months"]
    return found


# --- no small number ---------------------------------------------------------------------------


@given(acts)
def test_a_number_under_five_is_not_there_and_every_other_is(found: dict[Act, int]) -> None:
    told = shown({(TODAY, act): number for act, number in found.items()})
    for kind, of_kind in KINDS.items():
        number = sum(found.get(act, 0) for act in of_kind)
        assert told[kind] == (number if number >= SHOWN_FROM else None)


@given(acts, acts, st.integers(0, 4), st.sampled_from(ONE_KIND))
def test_nothing_that_is_shown_changes_with_a_number_that_is_not(
    before: dict[Act, int], month: dict[Act, int], other: int, changed: tuple[str, Act]
) -> None:
    """Whatever a hidden number is, all that leaves the store stays: so nobody can work it out."""
    kind, act = changed
    days = {(date(2026, 9, 20), act): n for act, n in before.items()}
    days |= {(date(2026, 10, 20), act): n for act, n in month.items()}
    small = {day: n for day, n in days.items() if day[0].month != 10 or day[1] not in KINDS[kind]}

    def leaves(number: int) -> list[dict[str, int | None]]:
        store = Counted({**small, (date(2026, 10, 20), act): number})
        firsts = [(date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 9, 1), date(2026, 9, 30))]
        return [shown(store.done(*month)) for month in firsts]

    assert leaves(other) == leaves(0)


def test_what_is_counted_and_hidden_stands_nowhere_else_in_the_file(tmp_path: Path) -> None:
    def file_of(escalated: int, declined: int) -> bytes:
        done = {(date(2026, 10, 9), Act.ESCALATE): escalated}
        return written(Counted({**done, (date(2026, 10, 9), Act.DECLINE): declined}), tmp_path)

    assert file_of(4, 0) == file_of(0, 0) == file_of(1, 3)
    assert file_of(4, 1) == file_of(0, 5) != file_of(0, 4)


def test_a_month_in_which_nothing_was_recorded_looks_like_any_other(tmp_path: Path) -> None:
    store = Counted(links={date(2026, 9, 20): "a" * 64})
    october, september = months(written(store, tmp_path))
    assert october["numbers"] == september["numbers"] == dict.fromkeys(KINDS)
    assert october["fingerprint"] != september["fingerprint"]


def test_a_fingerprint_is_the_months_own_and_holds_the_last_link() -> None:
    assert fingerprint("2026-10", "a" * 64) != fingerprint("2026-09", "a" * 64)
    assert fingerprint("2026-10", "a" * 64) != fingerprint("2026-10", "b" * 64)
    assert fingerprint("2026-10", "") == ""


def test_every_decision_that_authors_hear_of_is_counted_once() -> None:
    counted = [act for acts in KINDS.values() for act in acts]
    assert len(counted) == len(set(counted))
    assert set(counted) == {
        *(Act.APPROVE, Act.OFFER, Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.KEEP, Act.TAKE_DOWN),
    }


# --- which months --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 11, 30), "2026-10"),
        (date(2026, 12, 1), "2026-10"),
        (date(2026, 12, 2), "2026-11"),
        (date(2027, 1, 1), "2026-11"),
        (date(2027, 1, 2), "2026-12"),
    ],
)
def test_a_month_is_told_a_day_after_its_end(tmp_path: Path, today: date, newest: str) -> None:
    assert months(written(Counted(), tmp_path, today))[0]["month"] == newest


def test_months_go_back_to_the_first_row_and_no_further_than_a_year(tmp_path: Path) -> None:
    assert [m["month"] for m in months(written(Counted(), tmp_path))] == ["2026-10", "2026-09"]
    long_ago = Counted(first=date(2020, 1, 1))
    told = [month["month"] for month in months(written(long_ago, tmp_path))]
    assert (len(told), told[0], told[-1]) == (12, "2026-10", "2025-11")


@pytest.mark.parametrize("began", [None, TODAY])
def test_a_fresh_installation_has_no_month_to_tell_of(tmp_path: Path, began: date | None) -> None:
    assert months(written(Counted(first=began), tmp_path)) == []


def test_every_day_of_a_month_is_counted_in_it_and_no_other(tmp_path: Path) -> None:
    every = [date(2026, 9, 1) + timedelta(days=number) for number in range(61)]
    store = Counted({(day, Act.APPROVE): 1 for day in every})
    october, september = months(written(store, tmp_path))
    assert (september["numbers"]["approved"], october["numbers"]["approved"]) == (30, 31)


def test_the_file_keeps_every_byte_until_a_month_ends(tmp_path: Path) -> None:
    store = Counted(links={date(2026, 9, 20): "a" * 64})
    first = written(store, tmp_path, date(2026, 11, 2))
    as_it_was = (tmp_path / "numbers.json").stat()
    store.by_day = {(date(2026, 11, 5), Act.APPROVE): 50}
    assert written(store, tmp_path, date(2026, 12, 1)) == first
    assert (tmp_path / "numbers.json").stat().st_ino == as_it_was.st_ino, "it was written again"
    assert written(store, tmp_path, date(2026, 12, 2)) != first


def test_two_installations_side_by_side_have_a_file_each() -> None:
    assert numbers_file(Path("/srv/a/posts")) == Path("/srv/a/posts-numbers.json")
    assert numbers_file(Path("/srv/one")) != numbers_file(Path("/srv/two"))
