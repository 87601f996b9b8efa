"""A take-down that is taken back: the story goes up again by itself, in the place it had."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.post import Act
from forum.printing import Printed
from forum.store.sqlite_press import SqlitePress
from tests.forum.press_room import WHO, PaperPrinter, PressRoom


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


def asks(room: PressRoom) -> bool:
    """Whether the bell asks for a run."""
    return SqlitePress(room.database).wanted()


@pytest.mark.parametrize("pressed", [True, False])
def test_a_take_down_taken_back_leaves_everything_as_it_was(room: PressRoom, pressed: bool) -> None:
    _, second, _ = room.put_up(1, 2, 3)
    room.run()
    before, readers = room.store.up(), room.printer.readers
    room.clock.advance(days=40)
    room.decide(Act.TAKE_DOWN, second)
    if pressed:
        room.run()
        assert second not in room.printer.stories()
    room.desk.undo(second, WHO)
    assert asks(room)
    summary = room.run()
    assert (room.store.up(), room.printer.readers) == (before, readers)
    assert (summary.waiting, summary.rewritten, summary.removed) == (0, (), ())
    assert not asks(room)


def test_an_undo_while_the_press_prints_keeps_the_place(room: PressRoom) -> None:
    first, second, third = room.put_up(1, 2, 3)
    room.run()
    before = room.store.up()
    room.decide(Act.TAKE_DOWN, second)

    class Slow(PaperPrinter):
        """The moderator thinks again while the pages are made."""

        def print_edition(
            self, purge: bool, everything: bool = False, anew: bool = False
        ) -> Printed:
            room.desk.undo(second, WHO)
            return super().print_edition(purge, everything, anew)

    room.press(Slow(room.mirror.folder)).run(lambda words: None)
    assert asks(room)
    room.run()
    assert room.store.up() == before
    assert room.printer.stories() == {first, second, third}


def test_what_was_brought_back_can_be_taken_down_for_good(room: PressRoom) -> None:
    (post_id,) = room.put_up(1)
    room.run()
    room.decide(Act.TAKE_DOWN, post_id)
    room.run()
    room.desk.undo(post_id, WHO)
    room.decide(Act.TAKE_DOWN, post_id)
    room.run()
    assert (room.store.up(), room.printer.stories()) == ({}, set())
    room.clock.advance(minutes=2)
    room.run()
    assert room.store.up() == {}


def test_an_undo_of_what_was_never_up_gives_it_no_place(room: PressRoom) -> None:
    (post_id,) = room.put_up(1)
    room.decide(Act.TAKE_DOWN, post_id)
    room.desk.undo(post_id, WHO)
    assert room.store.up() == {}
    assert room.run().went_up == (post_id,)
