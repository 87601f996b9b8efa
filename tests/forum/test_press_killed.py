"""A run that dies is finished by the next, wherever it died; nobody is told a lie meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from forum.press import Press
from tests.forum.failing_disk import Killed, disk_until
from tests.forum.press_room import PressRoom, ids

both = pytest.mark.parametrize("over_all", [False, True], ids=["quick", "everything"])
"""Whether the run that dies looks at everything. The one after it looks at what is unpressed."""


@dataclass
class Deadly:
    """A part of the press that dies at the given call; the calls are counted over all parts."""

    inner: Any
    calls: list[str]
    last: int

    def __getattr__(self, name: str) -> Any:
        part = getattr(self.inner, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self.calls.append(name)
            if len(self.calls) == self.last:
                raise Killed
            return part(*arguments, **named)

        return call


def deadly(room: PressRoom, last: int) -> tuple[Press, list[str]]:
    """A press that is killed as it begins its call number `last`."""
    calls: list[str] = []
    press = room.press()
    parts: dict[str, Any] = {
        name: Deadly(getattr(press, name), calls, last) for name in ("store", "mirror", "printer")
    }
    return replace(press, **parts), calls


def prepare(folder: Path) -> PressRoom:
    """Four are up and have been for two editions; one goes, one changes, one is new."""
    room = PressRoom(folder)
    _, gone, hidden, edited = room.put_up(1, 2, 3, 4)
    room.run()
    room.run()
    room.withdraw(gone)
    room.hide(hidden)
    room.hide(edited)
    room.edit(edited, "<p>Without the town.</p>")
    room.keep(edited)
    room.put_up(5)
    return room


def end_state(room: PressRoom) -> tuple[object, ...]:
    """Everything that must be the same however often a run died before."""
    other = [edition for edition in room.printer.earlier if edition != room.printer.readers]
    return room.store.up(), room.store.unpressed(), room.printer.readers, other, room.files()


Prepare = Callable[[Path], PressRoom]


def deaths(folder: Path, prepare: Prepare, over_all: bool) -> Iterator[tuple[PressRoom, str, bool]]:
    """A room after a run that was killed at its first call, one at its second, and so on.

    With where that was, and whether it was killed at all: the last one was not.
    """
    at, died = 0, True
    while died:
        at += 1
        room = prepare(folder / str(at))
        press, calls = deadly(room, at)
        try:
            press.run(lambda words: None, everything=over_all)
            died = False
        except Killed:
            pass
        yield room, f"{at}: {calls[-1]}", died


@both
def test_wherever_a_run_is_killed_the_next_one_ends_the_same(
    tmp_path: Path, over_all: bool
) -> None:
    undisturbed = prepare(tmp_path / "undisturbed")
    undisturbed.run()
    wanted = end_state(undisturbed)
    killed_at = set()
    for room, where, died in deaths(tmp_path, prepare, over_all):
        if died:
            room.run()
        assert end_state(room) == wanted, where
        assert not room.store.wanted()
        killed_at.add(where.split()[1])
    written = "write" if over_all else "amend"
    assert {"record", written, "print_edition", "put_run"} <= killed_at


@both
def test_until_a_killed_run_is_finished_nothing_says_that_it_is_down(
    tmp_path: Path, over_all: bool
) -> None:
    for room, where, _ in deaths(tmp_path, prepare, over_all):
        seen = {i for i in room.printer.stories() if not room.holders.is_up(i)}
        assert seen == set(), where


def prepare_what_nobody_noted(folder: Path) -> PressRoom:
    """A row was changed so that no quick run would notice; a look at everything does."""
    room = prepare(folder)
    room.run()
    room.sql("UPDATE posts SET marks = '5' WHERE id = ?", ids[1])
    room.put_up(6)
    assert ids[1] not in room.store.unpressed()
    return room


def test_what_only_a_killed_look_at_everything_had_found_is_finished_by_a_quick_run(
    tmp_path: Path,
) -> None:
    """Else the page would be gone, and the record would say for long that it is up."""
    undisturbed = prepare_what_nobody_noted(tmp_path / "undisturbed")
    undisturbed.run(everything=True)
    assert ids[1] not in undisturbed.store.up()
    found = False
    for room, where, died in deaths(tmp_path, prepare_what_nobody_noted, over_all=True):
        found = found or "write" in where
        if died:
            room.run()
        if found:
            assert end_state(room) == end_state(undisturbed), where
        assert {i for i, row in room.store.up().items() if row.shown} == room.printer.stories()
    assert found


@both
def test_whatever_the_disk_had_done_when_a_run_was_killed_the_next_one_ends_the_same(
    tmp_path: Path, over_all: bool
) -> None:
    undisturbed = prepare(tmp_path / "undisturbed")
    undisturbed.run()
    at, died = 0, True
    while died:
        at += 1
        room = prepare(tmp_path / str(at))
        with disk_until(at, Killed) as asked:
            try:
                room.run(everything=over_all)
                died = False
            except Killed:
                pass
        if died:
            room.run()
        assert end_state(room) == end_state(undisturbed), f"{at}: {asked[-1]}"
    assert at > 15


def test_what_a_run_meant_to_do_is_not_told_as_a_repair(tmp_path: Path) -> None:
    for over_all in (False, True):
        summary = prepare(tmp_path / str(over_all)).run(everything=over_all)
        assert (summary.rewritten, summary.removed) == ((), ())
        assert (summary.changed, summary.went_up) == ((ids[4],), (ids[5],))
        assert set(summary.came_down) == {ids[2], ids[3]}
