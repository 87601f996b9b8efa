"""What is worked out side by side comes in its order, or not at all, and nobody is left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from story_pages.side_by_side import CopyDied, side_by_side

from tests.editions.on_disk import marked


@pytest.fixture(autouse=True)
def nobody_is_left_behind() -> Iterator[None]:
    """Every copy has ended when a test has."""
    before = set(_begun())
    yield
    assert set(_begun()) <= before


def _begun() -> list[str]:
    """The processes that this one began, zombies among them."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


@pytest.mark.parametrize("copies", [1, 2, 5])
@pytest.mark.parametrize("number", [0, 1, 2, 1_000])
def test_results_come_in_the_order_of_what_they_are_of(copies: int, number: int) -> None:
    made = list(side_by_side(lambda n: (n, os.getpid()), range(number), copies))
    assert [n for n, _ in made] == list(range(number))
    assert len({pid for _, pid in made} - {os.getpid()}) == min(copies, number)


def test_an_error_is_raised_where_its_result_would_be() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    made = side_by_side(work, range(6), 2)
    assert [next(made) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(made)


@pytest.mark.parametrize("size", [10, 10_000_000])
def test_who_stops_taking_waits_for_nobody(size: int) -> None:
    """Not even for a copy that has far more to give than a pipe holds."""
    made = side_by_side(lambda number: bytes(size), range(100), 3)
    next(made)
    made.close()


@pytest.mark.parametrize("before", [0, 3])
def test_a_copy_that_is_killed_is_told_of_in_words(before: int) -> None:
    def work(number: int) -> bytes:
        if number == before:
            os.kill(os.getpid(), signal.SIGKILL)
        return marked(number, 100)

    with pytest.raises(CopyDied, match=r"\w+ \w+") as died:
        list(side_by_side(work, range(8), 2))
    assert "mark" not in str(died.value)


def test_a_copy_that_is_killed_within_a_result_is_told_of_as_well() -> None:
    """The result is larger than a pipe: the copy is still giving it when it is killed."""
    made = side_by_side(lambda number: (os.getpid(), bytes(30_000_000)), range(2), 1)
    pid, _ = next(made)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(CopyDied):
        next(made)


def test_what_a_copy_changes_is_changed_nowhere_else() -> None:
    seen: list[int] = []
    assert list(side_by_side(seen.append, range(4), 2)) == [None] * 4
    assert seen == []
