"""What only a withdrawn story had leaves the large index, wherever the story stood."""

from __future__ import annotations

import pytest
from story_pages.search_large import Large, directory_of
from story_pages.search_lines import line_of
from story_pages.search_paths import DIRECTORY, piece_path
from story_pages.search_pieces import piece_of


def large_with(slot: int) -> Large:
    """A large index in which one slot has two words of its own."""
    lines = {f"word{n}": line_of([[slot + 1, slot + 2], [], [], []]) for n in range(9)}
    lines["zzname"] = line_of([[], [], [], [slot]])
    lines["zzonly"] = line_of([[slot], [], [], []])
    piece = piece_of(lines)
    files = {DIRECTORY: directory_of([piece]), piece_path(piece.name): piece.body}
    return Large({path: body.encode() for path, body in files.items()}.get)


@pytest.mark.parametrize("slots", [range(200), range(2_000, 2_100), range(55_200, 55_400)])
def test_the_words_of_one_story_go_with_it_whatever_its_slot(slots: range) -> None:
    left = [
        slot
        for slot in slots
        if any("zz" in piece.body or not piece.body for piece in large_with(slot).rid_of({slot}))
    ]
    assert left == []


def test_what_another_story_has_too_stays_until_the_daily_run() -> None:
    (piece,) = large_with(7).rid_of({8})
    assert piece.body == ""
