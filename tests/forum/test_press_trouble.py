"""The press in trouble: whatever breaks, what was taken back comes down, and nobody is misled."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from forum.press import Press
from forum.press_report import MOST_WORDS, Summary
from forum.press_store import PressStore
from forum.printing import Printed, PrintFailed
from forum.rows import Run, RunState, Unavailable
from tests.builders import make_id
from tests.forum.press_room import PaperPrinter, PressRoom, ids


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


UNREADABLE = [
    "UPDATE posts SET fields = '{\"mood\": 1}' WHERE id = ?",
    "UPDATE posts SET fields = '[]' WHERE id = ?",
    "UPDATE posts SET fields = '{\"topics\": 5}' WHERE id = ?",
    'UPDATE posts SET fields = \'{"topics": [1, "grief"]}\' WHERE id = ?',
    "UPDATE posts SET fields = '' WHERE id = ?",
    "UPDATE posts SET marks = '5' WHERE id = ?",
    "UPDATE posts SET day = 'Monday' WHERE id = ?",
    "UPDATE posts SET kind = 'poem' WHERE id = ?",
    "UPDATE texts SET html = x'ff' WHERE post_id = ?",
    "UPDATE texts SET removed = '{' WHERE post_id = ?",
    "UPDATE texts SET html = CAST(x'ff' AS TEXT) WHERE post_id = ?",
]


@pytest.mark.parametrize("damage", UNREADABLE)
def test_one_unreadable_row_is_set_aside_and_blocks_nothing(room: PressRoom, damage: str) -> None:
    """Somebody with the database does not tell the press: whatever they did, a whole look finds."""
    bad, gone, _ = room.put_up(1, 2, 3)
    room.run()
    room.withdraw(gone)
    room.sql(damage, bad)
    room.put_up(4)
    summary = room.run(everything=True)
    assert room.printer.stories() == {ids[3], ids[4]}
    assert summary.set_aside == ((bad, "the stored row cannot be read"),)


def test_a_state_or_a_place_that_cannot_be_read_blocks_nothing(room: PressRoom) -> None:
    strange, gone, stays = room.put_up(1, 2, 3)
    room.run()
    room.sql("UPDATE posts SET state = 'mislaid' WHERE id = ?", strange)
    room.sql("UPDATE editions SET slots = '[' WHERE post_id = ?", stays)
    room.withdraw(gone)
    assert set(room.run(everything=True).came_down) == {strange, gone}
    assert room.printer.stories() == {stays}
    assert room.up()[stays]["stories"] == 3, "a place that was lost is given anew, not twice"


@dataclass
class Failing:
    """A store in which some calls fail."""

    inner: PressStore
    calls: Collection[str]

    def __getattr__(self, name: str) -> object:
        if name in self.calls:
            return self.fail
        return getattr(self.inner, name)

    def fail(self, *_: object) -> None:
        raise Unavailable("the disk is full")


@pytest.mark.parametrize("call", ["put_run", "approved", "next_slots", "record", "rung"])
def test_whatever_fails_in_a_run_what_was_taken_back_is_struck(room: PressRoom, call: str) -> None:
    stays, gone, hidden = room.put_up(1, 2, 3)
    room.run()
    room.withdraw(gone)
    room.hide(hidden)
    broken: Press = replace(room.press(), store=Failing(room.store, {call}))  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        broken.run(lambda words: None)
    assert room.printer.stories() == {stays}
    assert room.store.wanted()


class Stuck(PaperPrinter):
    """Can neither print nor strike."""

    def strike(self, post_ids: Collection[str]) -> None:
        raise PrintFailed("nothing can be removed")


def test_a_strike_that_fails_does_not_hide_what_failed_first(room: PressRoom) -> None:
    (gone,) = room.put_up(1)
    room.run()
    room.withdraw(gone)
    room.printer.__class__ = Stuck
    room.printer.jam = ZeroDivisionError("in a template")
    with pytest.raises(ZeroDivisionError):
        room.run()
    rung = room.store.rung()
    assert room.desk.last_run() == Run(rung, RunState.FAILED, 0, 0, "ZeroDivisionError")


# Nobody is sent to a page that is not there.


def test_a_failed_build_leaves_new_stories_not_up_and_keeps_their_places(room: PressRoom) -> None:
    room.put_up(1)
    room.run()
    (new,) = room.put_up(2)
    room.printer.jam = PrintFailed("story.html is broken")
    for _ in range(3):
        with pytest.raises(PrintFailed):
            room.run()
        assert not room.holders.is_up(new)
        assert room.holders.is_up(ids[1])
    room.printer.jam = None
    summary = room.run()
    assert (summary.went_up, summary.changed) == ((new,), ())
    assert room.holders.is_up(new)
    assert room.up()[new]["stories"] == 1, "a build that fails uses up no places"


def test_a_story_that_is_taken_back_before_its_build_worked_never_goes_up(room: PressRoom) -> None:
    (new,) = room.put_up(1)
    room.printer.jam = PrintFailed("story.html is broken")
    with pytest.raises(PrintFailed):
        room.run()
    room.printer.jam = None
    room.withdraw(new)
    assert room.run().came_down == (new,)
    assert (room.printer.stories(), room.up()) == (set(), {})


@dataclass
class Choosy(PaperPrinter):
    """Sets posts aside for reasons of its own."""

    aside: dict[str, str] = field(default_factory=dict)

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        printed = super().print_edition(purge, everything, anew)
        for post_id in self.aside:
            self.readers.pop(f"{post_id}.json", None)
        return replace(printed, set_aside=tuple(self.aside.items()), leftovers=("building-1",))


def choosy(room: PressRoom, aside: dict[str, str]) -> Callable[..., Summary]:
    """A run with a printer that leaves these out."""
    room.printer = Choosy(room.mirror.folder, aside=aside)
    return room.run


def test_what_the_printer_left_out_is_not_up_and_keeps_its_place(room: PressRoom) -> None:
    run = choosy(room, {make_id(1): "its file is missing", "manifest.jsonl": "line 3"})
    bad, good = room.put_up(1, 2)
    for went_up in ((good,), ()):
        assert run().went_up == went_up
        assert room.holders.is_up(good)
        assert not room.holders.is_up(bad)
    before = room.up()
    assert choosy(room, {})().went_up == (bad,)
    assert room.holders.is_up(bad)
    assert room.up() == before


# What a run found amiss is kept, and shown.


GONE = "stranger.json had no business in content/posts; it is gone."


def test_a_run_keeps_what_it_found_amiss(room: PressRoom) -> None:
    first, second = room.put_up(1, 2)
    run = choosy(room, {first: "its file is missing"})
    run(everything=True)
    room.edit(second, "<p>In Saltmarsh Lane.</p>")
    (room.mirror.folder / f"{first}.json").write_text("{}")
    (room.mirror.folder / "stranger.json").write_text("{}")
    run(everything=True)
    last = room.desk.last_run()
    assert last is not None
    assert last.state is RunState.DONE
    assert last.words.splitlines() == [
        f"{second} is left out: the stored text is not what was approved.",
        f"{first} is left out: its file is missing.",
        f"{first}.json was not what was approved; it is again.",
        GONE,
        "building-1 could not be removed from the editions.",
    ]


def test_what_a_look_at_everything_mended_is_told_until_the_next(room: PressRoom) -> None:
    room.put_up(1)
    room.run()
    (room.mirror.folder / "stranger.json").write_text("{}")
    for run, words, mended in (
        (lambda: room.run(everything=True), [GONE], [GONE]),
        (room.run, [], [GONE]),
        (lambda: room.run(everything=True), [], []),
    ):
        run()
        last = room.desk.last_run()
        assert last is not None
        assert (last.words.splitlines(), last.mended.splitlines()) == (words, mended)


def test_however_much_is_amiss_a_run_keeps_a_pageful(room: PressRoom) -> None:
    choosy(room, {make_id(n): "its file is missing" for n in range(200)})()
    last = room.desk.last_run()
    assert last is not None
    assert len(last.words) == MOST_WORDS


def test_a_file_with_a_name_that_is_no_text_fails_no_run(room: PressRoom) -> None:
    room.run()
    (room.mirror.folder / "caf\udce9.json").write_text("{}")
    room.run(everything=True)
    last = room.desk.last_run()
    assert last is not None
    assert "caf?.json had no business" in last.words
