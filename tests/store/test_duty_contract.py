"""What every adapter of the port of looking after moderators promises."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from forum.duty import Duty, DutyStore
from forum.rows import Changed, NotEnrolled
from tests.builders import NOON, days
from tests.forum.duty_kept import make_duty
from tests.store.adapters import Stores
from tests.store.people_given import by, make_invitation, make_moderator, make_passkey

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


@pytest.fixture
def desk(stores: Stores) -> Desk:
    for name in ("robin", "sam"):
        passkey = make_passkey(credential_id=name.encode(), moderator=name)
        stores.people.put_invitation(make_invitation(), by())
        stores.people.enrol(b"digest", NOON, make_moderator(id=name, name=name), passkey)
    return Desk(
        stores.duty,
        lambda: stores.again().duty,
        lambda name: stores.people.remove(name, by()),
    )


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
