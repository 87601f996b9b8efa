"""The press looks at everything when it is asked to, and when files are not as it left them."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from forum.monthly import Monthly, numbers_file
from forum.parts import MANIFEST, part_file, part_of
from forum.printing import Printed
from forum.settings import ROOT
from forum.store.sqlite_figures import SqliteFigures
from forum.wiring import read_examples
from tests.builders import make_id
from tests.forum.press_room import PaperPrinter, Picky, PressRoom, ids


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


def test_the_first_run_of_all_looks_at_everything_once(room: PressRoom) -> None:
    (post_id,) = room.put_up(1)
    room.sql("DELETE FROM unpressed")
    told: list[str] = []
    assert room.press().run(told.append).went_up == (post_id,)
    assert len(told) == len(set(told)) == 3


def harm_part(room: PressRoom, post_id: str) -> str:
    """Somebody changed the file of the part that a post is in; its name."""
    name = part_file(part_of(post_id))
    path = room.mirror.folder / name
    path.write_bytes(path.read_bytes().replace(b"2026-11", b"1999-01"))
    return name


def old_manifest(room: PressRoom, post_id: str) -> None:
    """Leave the folder as the version before left it."""
    shutil.rmtree(room.mirror.folder / "parts")
    row = room.store.up()[post_id]
    line = {"hash": row.hash, "id": post_id, "month": row.month, "slots": dict(row.slots)}
    lines = [{"format": 1, "posts": 1}, line]
    text = "".join(json.dumps(one, sort_keys=True) + "\n" for one in lines)
    (room.mirror.folder / MANIFEST).write_text(text)


@pytest.mark.parametrize("harm", [harm_part, old_manifest])
def test_a_folder_that_is_not_what_its_manifest_says_is_made_anew_in_the_same_run(
    room: PressRoom, harm: object
) -> None:
    post_id, near = ids[1], make_id(next(n for n in range(2, 9999) if near_to_first(n)))
    room.put_up(1)
    room.run()
    room.edit(post_id, "<p>Only a look at everything finds this.</p>")
    room.sql("DELETE FROM unpressed")
    told = harm(room, post_id)  # type: ignore[operator]
    room.put_up(next(n for n in range(2, 9999) if make_id(n) == near))
    summary = room.run()
    assert (summary.went_up, summary.came_down) == ((near,), (post_id,))
    assert summary.rewritten == ((told,) if told else ())
    assert set(room.files()) == {MANIFEST, f"{near}.json", part_file(part_of(near))}
    assert room.printer.anew == [False, False]


def near_to_first(number: int) -> bool:
    """Whether this post is in the same part as the first."""
    return part_of(make_id(number)) == part_of(ids[1])


@dataclass
class Careful(PaperPrinter):
    """A printer that holds each post's file against its line, as the real one does."""

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        printed = super().print_edition(purge, everything, anew)
        lines = [
            json.loads(line)
            for path in self.posts.glob("parts/*.jsonl")
            for line in path.read_text().splitlines()
        ]
        bad = [line["id"] for line in lines if not self.is_good(line["id"], line["hash"])]
        for post_id in bad:
            self.readers.pop(f"{post_id}.json", None)
        return replace(printed, set_aside=tuple((post_id, "it differs") for post_id in bad))

    def is_good(self, post_id: str, hash: str) -> bool:
        return hashlib.sha256(self.readers.get(f"{post_id}.json", b"")).hexdigest() == hash


def test_a_file_changed_by_hand_is_mended_by_the_run_whose_printer_finds_it(
    room: PressRoom,
) -> None:
    room.printer = Careful(room.mirror.folder)
    post_id, gone = room.put_up(1, 2)
    room.run()
    whole = room.files()[f"{post_id}.json"]
    (room.mirror.folder / f"{post_id}.json").write_text("{}")
    room.withdraw(gone)
    (new,) = room.put_up(3)
    summary = room.run()
    assert room.files()[f"{post_id}.json"] == room.printer.readers[f"{post_id}.json"] == whole
    assert (summary.went_up, summary.came_down) == ((new,), (gone,))
    assert (summary.rewritten, summary.set_aside) == ((f"{post_id}.json",), ())
    assert room.holders.is_up(post_id)
    assert room.printer.printed == 3


def test_a_post_that_the_printer_never_takes_costs_one_look_at_everything_and_no_more(
    room: PressRoom,
) -> None:
    room.printer = Picky(room.mirror.folder, aside={ids[1]})
    room.put_up(1, 2)
    room.printer.aside = set()
    room.run()
    room.printer.aside = {ids[1]}
    printed = []
    for _ in range(3):
        room.run()
        printed.append(room.printer.printed)
        assert not room.holders.is_up(ids[1])
    assert printed == [3, 4, 5]


def test_an_example_that_the_printer_does_not_take_costs_no_look_at_everything(
    room: PressRoom,
) -> None:
    room.run()
    room.examples = read_examples(ROOT / "content" / "examples")[:2]
    room.printer = Picky(room.mirror.folder, aside={room.examples[0].id})
    assert room.run().went_up == (room.examples[1].id,)
    assert room.printer.printed == 1


def test_every_page_is_made_anew_for_whoever_asks_for_that_and_for_no_look(
    room: PressRoom,
) -> None:
    room.put_up(1)
    assert not room.run().anew
    assert not room.run(everything=True).anew
    assert room.run(anew=True).anew
    assert room.printer.anew == [False, False, True]


def test_what_may_be_behind_for_a_day_is_made_by_every_look_at_everything_and_by_no_other_run(
    room: PressRoom,
) -> None:
    room.put_up(1)
    room.run()
    for asked in ({}, {"everything": True}, {}, {"anew": True}):
        room.put_up(1 + len(room.printer.everything))
        room.run(**asked)
    assert room.printer.everything == [True, False, True, False, True]


@dataclass
class Grumbling(PaperPrinter):
    """A printer that can make nothing of the file of totals."""

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        aside = (numbers_file(self.posts).name, "it cannot be read")
        return replace(super().print_edition(purge, everything, anew), set_aside=(aside,))


def test_totals_that_cannot_be_printed_are_no_reason_to_look_at_every_post(
    room: PressRoom,
) -> None:
    room.printer = Grumbling(room.mirror.folder)
    numbers = Monthly(SqliteFigures(room.database), numbers_file(room.mirror.folder))
    press = replace(room.press(), numbers=numbers)
    for printed in (1, 2):
        assert press.run(lambda words: None).amiss == (
            "posts-numbers.json is left out: it cannot be read.",
        )
        assert room.printer.printed == printed


def test_what_only_a_look_at_everything_finds_is_settled_by_it_too(room: PressRoom) -> None:
    room.put_up(1, 2)
    room.run()
    room.hide(ids[1])
    room.put_up(3)
    room.sql("DELETE FROM unpressed")
    summary = room.run(everything=True)
    assert (summary.went_up, summary.came_down) == ((ids[3],), (ids[1],))
    assert room.store.unpressed() == []
