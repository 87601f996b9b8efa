"""What a run of the press says of itself: right in every number, and in plain words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forum.press_report import Summary
from forum.wiring import PRODUCTION_RULE
from tests.forum.press_room import PressRoom, ids

NOTHING = Summary((), (), (), 0, (), (), (), ())


NONE = "Pages: 0 new, 0 changed, 0 gone. It took 0.0 seconds."


def make_summary(**given: object) -> Summary:
    """A run that did nothing else."""
    return replace(NOTHING, **given)  # type: ignore[arg-type]


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, f"No story went up or came down. {NONE}"),
        (
            {"went_up": ("a",), "added_pages": ("x", "y"), "seconds": 0.04},
            "1 story went up. Pages: 2 new, 0 changed, 0 gone. It took 0.0 seconds.",
        ),
        (
            {"came_down": ("a", "b"), "changed_pages": ("x",), "removed_pages": ("y", "z")},
            "2 stories came down. Pages: 0 new, 1 changed, 2 gone. It took 0.0 seconds.",
        ),
        (
            {"went_up": ("a",), "came_down": ("b",), "changed": ("c", "d"), "waiting": 1},
            (
                "1 story went up, 1 story came down and 2 stories changed. "
                f"1 story waits for the next batch. {NONE}"
            ),
        ),
        (
            {"waiting": 3, "anew": True, "added_pages": ("x",), "seconds": 61.3},
            (
                "No story went up or came down. 3 stories wait for the next batch. "
                "Every page was made anew. Pages: 1 new, 0 changed, 0 gone. It took 61.3 seconds."
            ),
        ),
    ],
)
def test_a_run_is_told_in_a_paragraph(given: dict[str, object], said: str) -> None:
    assert make_summary(**given).words == said


def test_what_was_amiss_is_told_beside_it_a_sentence_each() -> None:
    summary = make_summary(set_aside=(("a", "it differs"),), rewritten=("b.json",))
    assert summary.amiss == (
        "a is left out: it differs.",
        "b.json was not what was approved; it is again.",
    )
    assert "left out" not in summary.words


def test_a_run_tells_its_pages_and_how_long_it_took(room: PressRoom) -> None:
    put = room.put_up(1, 2)
    room.run()
    room.withdraw(put[0])
    room.put_up(3)
    moments = iter((10.0, 12.5))
    press = replace(room.press(), timer=lambda: next(moments))
    summary = press.run(lambda words: None)
    assert summary.added_pages == (f"{ids[3]}.json",)
    assert summary.changed_pages == ("manifest.jsonl",)
    assert summary.removed_pages == (f"{ids[1]}.json",)
    assert (summary.seconds, summary.anew) == (2.5, False)


def test_a_run_tells_how_many_wait(room: PressRoom) -> None:
    room.rule = PRODUCTION_RULE
    room.put_up(1)
    assert "1 story waits for the next batch." in room.run().words


# --- two passes in one run ----------------------------------------------------------------------


def test_two_passes_are_told_as_what_they_did_together() -> None:
    first = make_summary(
        went_up=("a", "b"), came_down=("c", "d"), changed=("e",), rewritten=("x.json",)
    )
    later = make_summary(
        went_up=("c", "f"), came_down=("a",), changed=("b", "g"), waiting=2, anew=True
    )
    both = first.then(later)
    assert (both.went_up, both.came_down) == (("b", "f"), ("d",))
    assert both.changed == ("c", "e", "g"), "what went and came back is not what it was"
    assert (both.pages, both.waiting, both.anew) == (0, 2, True)
    assert both.rewritten == ("x.json",)


def test_pages_of_two_passes_are_told_as_against_the_edition_before_both() -> None:
    first = make_summary(added_pages=("a",), removed_pages=("b", "c"), changed_pages=("d",))
    later = make_summary(added_pages=("b",), removed_pages=("a", "d"), removed=("s.json",))
    both = first.then(later)
    assert (both.added_pages, both.changed_pages) == ((), ("b",))
    assert both.removed_pages == ("c", "d")
    assert both.pages == 3
    assert both.removed == ("s.json",)


def test_what_the_second_pass_mended_is_not_left_out_and_what_it_left_out_is_not_up() -> None:
    first = make_summary(went_up=("a", "b"), set_aside=(("z", "it differs"),))
    later = make_summary(set_aside=(("b", "odd"),), rewritten=("z.json",), leftovers=("old",))
    both = first.then(later)
    assert (both.went_up, both.set_aside) == (("a",), (("b", "odd"),))
    assert (both.rewritten, both.leftovers) == (("z.json",), ("old",))
