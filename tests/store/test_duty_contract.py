"""What every adapter of the port of looking after moderators promises."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from forum.duty import Duty, DutyStore
from forum.rows import Changed, NotEnrolled
from forum.store.sqlite import Database
from forum.store.sqlite_duty import SqliteDuty
from tests.builders import NOON, days
from tests.forum.duty_kept import make_duty

FULL = make_duty(
    seen=NOON.replace(microsecond=123_457),
    heavy=4,
    heavy_in_a_row=2,
    seconds=1234.567891,
    in_a_row_seconds=0.1 + 0.2,
    rest_until=NOON + timedelta(minutes=5),
)


@dataclass
class Desk:
    """The port over an empty store in which robin and sam are enrolled."""

    store: DutyStore
    again: Callable[[], DutyStore]
    """The same store as another process sees it."""
    remove: Callable[[str], object]
    """Take a moderator off the team."""


def open_sqlite(folder: Path) -> Desk:
    def opened() -> Database:
        return Database(folder / "handrail.sqlite3")

    def run(statement: str, *values: str) -> None:
        with database.write() as connection:
            connection.execute(statement, values)

    database = opened()
    for name in ("robin", "sam"):
        run(
            "INSERT INTO moderators (id, name, folded, day) VALUES (?, ?, ?, '2026-11-23')",
            *(name, name, name),
        )
    return Desk(
        SqliteDuty(database),
        lambda: SqliteDuty(opened()),
        lambda name: run("DELETE FROM moderators WHERE id = ?", name),
    )


ADAPTERS: dict[str, Callable[[Path], Desk]] = {"sqlite": open_sqlite}


@pytest.fixture(params=sorted(ADAPTERS))
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    return ADAPTERS[request.param](tmp_path)


@pytest.mark.parametrize("duty", [make_duty(), FULL])
def test_a_day_comes_back_whole(desk: Desk, duty: Duty) -> None:
    assert desk.store.duty("robin") is None
    desk.store.put_duty(duty, None)
    assert desk.store.duty("robin") == duty
    assert desk.again().duty("robin") == duty
    assert desk.store.duty("sam") is None


@pytest.mark.parametrize("before", [make_duty(), FULL])
def test_a_row_is_replaced_by_whoever_read_it_last(desk: Desk, before: Duty) -> None:
    desk.store.put_duty(before, None)
    after = make_duty(day=days(1), seen=NOON + timedelta(days=1), heavy=1)
    desk.again().put_duty(after, before)
    assert desk.store.duty("robin") == after


CHANGES = [
    {"day": days(1)},
    {"seen": NOON + timedelta(microseconds=1)},
    {"heavy": 5},
    {"heavy_in_a_row": 3},
    {"seconds": 1.5},
    {"in_a_row_seconds": 1.5},
    {"rest_until": NOON},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_a_row_that_changed_in_any_way_is_not_replaced(
    desk: Desk, change: dict[str, object]
) -> None:
    read = make_duty()
    now = replace(read, **change)  # type: ignore[arg-type]
    desk.store.put_duty(now, None)
    with pytest.raises(Changed):
        desk.store.put_duty(make_duty(heavy=9), read)
    assert desk.store.duty("robin") == now


def test_a_row_that_another_made_first_is_not_replaced(desk: Desk) -> None:
    desk.store.put_duty(FULL, None)
    with pytest.raises(Changed):
        desk.store.put_duty(make_duty(), None)
    assert desk.store.duty("robin") == FULL


def test_a_row_that_was_erased_meanwhile_does_not_come_back(desk: Desk) -> None:
    desk.store.put_duty(FULL, None)
    desk.store.erase_duty(days(1))
    with pytest.raises(Changed):
        desk.store.put_duty(make_duty(), FULL)
    assert desk.store.duty("robin") is None


def test_of_eight_windows_that_change_a_row_at_once_one_does(desk: Desk) -> None:
    desk.store.put_duty(make_duty(), None)

    def attempt(number: int) -> bool:
        try:
            desk.store.put_duty(make_duty(heavy=number), make_duty())
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(1, 9))) == 1


def test_nobody_has_a_day_who_is_not_enrolled(desk: Desk) -> None:
    with pytest.raises(NotEnrolled):
        desk.store.put_duty(make_duty(moderator="nobody"), None)


def test_whoever_leaves_the_team_takes_their_day_along(desk: Desk) -> None:
    desk.store.put_duty(FULL, None)
    desk.remove("robin")
    assert desk.store.duty("robin") is None
    with pytest.raises(Changed):
        desk.store.put_duty(make_duty(), FULL)


def test_days_that_are_over_are_erased_and_no_other(desk: Desk) -> None:
    desk.store.put_duty(FULL, None)
    desk.store.put_duty(make_duty(moderator="sam", day=days(1)), None)
    assert desk.store.erase_duty(days(0)) == 0
    assert desk.store.erase_duty(days(1)) == 1
    assert desk.store.duty("robin") is None
    assert desk.store.duty("sam")
    assert desk.store.erase_duty(days(1)) == 0
