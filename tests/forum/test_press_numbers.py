"""The press prints the months' totals with the posts, and lets them stand in no removal's way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from forum.monthly import Monthly, numbers_file
from forum.press import Press
from forum.press_report import Summary
from forum.rows import Unavailable
from forum.store.sqlite_figures import SqliteFigures
from tests.forum.press_room import PressRoom


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


def press_with(room: PressRoom, numbers: Monthly | None = None) -> Press:
    file = numbers_file(room.mirror.folder)
    return replace(room.press(), numbers=numbers or Monthly(SqliteFigures(room.database), file))


def run(press: Press) -> Summary:
    return press.run(lambda words: None)


def test_the_totals_lie_beside_the_posts_and_never_among_them(room: PressRoom) -> None:
    room.put_up(*range(6))
    room.clock.advance(days=20)
    assert run(press_with(room)).amiss == ()
    found = json.loads(numbers_file(room.mirror.folder).read_text("utf-8"))
    (november,) = found["months"]
    assert (november["month"], november["numbers"]["approved"]) == ("2026-11", 6)
    assert run(press_with(room)).amiss == ()
    files = {path.suffix for path in room.mirror.folder.rglob("*") if path.is_file()}
    assert files == {".json", ".jsonl"}


@dataclass(frozen=True)
class Broken(Monthly):
    """Totals that cannot be written."""

    error: Exception = field(default_factory=Unavailable)

    def write(self, today: date) -> None:
        raise self.error


@pytest.mark.parametrize("error", [Unavailable(), OSError("full"), ValueError("nonsense")])
def test_totals_that_cannot_be_written_are_told_and_keep_no_page_up(
    room: PressRoom, error: Exception
) -> None:
    (gone,) = room.put_up(1)
    run(press_with(room))
    room.withdraw(gone)
    numbers = Broken(SqliteFigures(room.database), room.folder / "x.json", error)
    summary = run(press_with(room, numbers))
    assert gone not in room.printer.stories()
    assert summary.came_down == (gone,)
    (said,) = summary.amiss
    why = f"it cannot be written ({type(error).__name__})."
    assert said == f"x.json is left out: {why}"


def test_a_press_without_totals_prints_as_before(room: PressRoom) -> None:
    room.put_up(1)
    assert room.run().amiss == ()
    assert not numbers_file(room.mirror.folder).exists()
