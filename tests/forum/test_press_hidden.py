"""A story that readers reported: off every page at once, its places kept until it was read again.

What is kept comes back exactly where it was; what is not loses its places as anything else does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from forum.edition import Past, Plan, given_places, plan
from forum.post import Act, Post, State
from forum.press import MOST_UNEXPLAINED, TooMuchWouldVanish
from forum.printing import Printed, PrintFailed
from forum.wiring import DEVELOPMENT_RULE, PRODUCTION_RULE
from tests.builders import TODAY, make_edition_row, make_post
from tests.forum.press_room import (
    WHO,
    PaperPrinter,
    PressRoom,
    as_they_come,
    ids,
    make_candidate,
)


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


def put_up_three(room: PressRoom) -> tuple[str, str, str]:
    """Three stories that readers see, in every kind of list; there are earlier editions too."""
    fields = {"topics": ("alcohol", "grief"), "helped": ("nature",), "stage": "years-on"}
    first, second, third = (room.receive(number, **fields) for number in (1, 2, 3))
    for post_id in (first, second, third):
        room.approve(post_id)
    room.run()
    room.put_up(4)
    room.run()
    assert room.printer.earlier
    return first, second, third


# --- off the site -----------------------------------------------------------------------------


def test_a_hidden_story_loses_its_page_and_keeps_its_place_in_every_list(room: PressRoom) -> None:
    first, second, third = put_up_three(room)
    before = room.store.up()
    room.hide(second)
    assert room.store.wanted()
    summary = room.run()
    assert summary.came_down == (second,)
    assert room.printer.stories() == {first, third, ids[4]}
    assert room.printer.earlier == [], "no earlier edition shows it either"
    assert room.store.up() == before | {second: replace(before[second], hash="")}
    assert len(before[second].slots) == 5
    assert not room.holders.is_up(second)
    assert not room.store.wanted()


def test_as_long_as_it_is_hidden_no_edition_shows_it_or_tells_of_it_again(room: PressRoom) -> None:
    _, second, _ = put_up_three(room)
    room.hide(second)
    room.run()
    kept = room.store.up()[second]
    for number in range(10, 14):
        room.clock.advance(days=9)
        (new,) = room.put_up(number)
        summary = room.run()
        assert (summary.went_up, summary.came_down, summary.changed) == ((new,), (), ())
        assert second not in room.printer.stories()
        assert all(f"{second}.json" not in edition for edition in room.printer.earlier)
        assert room.store.up()[second] == kept
    places = [row.slots["stories"] for row in room.store.up().values()]
    assert len(set(places)) == len(places) == 8, "its place is nobody else's"


def test_a_page_that_an_undo_left_standing_is_in_no_edition_once_hidden(room: PressRoom) -> None:
    """The record says no more that it is up, and readers see it still."""
    _, second, _ = put_up_three(room)
    room.decide(Act.TAKE_DOWN, second)
    room.desk.undo(second, WHO)
    room.hide(second)
    room.run()
    assert second not in room.printer.stories()
    assert room.printer.earlier == []


# --- back on the site -------------------------------------------------------------------------


@pytest.mark.parametrize("pressed", [True, False])
def test_a_story_that_is_kept_comes_back_exactly_where_it_was(
    room: PressRoom, pressed: bool
) -> None:
    _, second, _ = put_up_three(room)
    before, readers = room.store.up(), room.printer.readers
    room.hide(second)
    if pressed:
        room.run()
        room.clock.advance(days=40)
        room.run()
    room.keep(second)
    summary = room.run()
    assert (room.store.up(), room.printer.readers) == (before, readers)
    assert summary.went_up == ((second,) if pressed else ())
    assert (summary.came_down, summary.changed, summary.waiting) == ((), (), 0)


def test_a_story_that_is_kept_waits_for_no_batch(room: PressRoom) -> None:
    first, second, third = put_up_three(room)
    room.hide(second)
    room.run()
    room.rule = PRODUCTION_RULE
    room.keep(second)
    assert room.run().went_up == (second,)
    assert {first, second, third} <= room.printer.stories()


def test_stories_that_come_and_go_meanwhile_do_not_move_it(room: PressRoom) -> None:
    first, second, third = put_up_three(room)
    before = room.store.up()
    room.hide(second)
    room.run()
    room.withdraw(first)
    new = room.put_up(20, 21)
    room.run()
    room.keep(second)
    room.run()
    assert room.store.up()[second] == before[second]
    assert room.store.up()[third] == before[third]
    assert room.printer.stories() == {second, third, ids[4], *new}


def test_kept_with_other_words_it_has_its_place_and_the_new_page(room: PressRoom) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()[second]
    room.hide(second)
    room.run()
    room.edit(second, "<p>Without the street.</p>")
    room.keep(second)
    assert room.run().went_up == (second,)
    after = room.store.up()[second]
    assert (after.slots, after.month) == (before.slots, before.month)
    assert after.hash == room.post(second).approved_hash != before.hash


def test_hidden_words_that_were_changed_unread_do_not_come_back(room: PressRoom) -> None:
    _, second, _ = put_up_three(room)
    room.hide(second)
    room.run()
    room.keep(second)
    room.edit(second, "<p>Something nobody read.</p>")
    summary = room.run()
    assert second not in room.printer.stories()
    assert summary.set_aside == ((second, "the stored text is not what was approved"),)


@pytest.mark.parametrize("pressed", [True, False])
def test_an_undo_of_keeping_it_takes_it_off_again_and_keeps_the_place(
    room: PressRoom, pressed: bool
) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()
    room.hide(second)
    room.run()
    room.keep(second)
    if pressed:
        room.run()
    room.desk.undo(second, WHO)
    assert room.store.wanted()
    room.run()
    assert second not in room.printer.stories()
    assert room.store.up() == before | {second: replace(before[second], hash="")}


@pytest.mark.parametrize("pressed", [True, False])
@pytest.mark.parametrize("act", [Act.TAKE_DOWN, Act.RETURN, Act.ESCALATE])
def test_an_undo_on_a_hidden_story_gives_it_the_place_it_had(
    room: PressRoom, act: Act, pressed: bool
) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()
    room.hide(second)
    room.run()
    room.decide(act, second)
    if pressed:
        room.run()
    room.desk.undo(second, WHO)
    room.run()
    assert second not in room.printer.stories()
    room.keep(second)
    room.run()
    assert room.store.up() == before


def test_an_undo_on_a_hidden_story_while_the_press_prints_keeps_the_place(
    room: PressRoom,
) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()
    room.hide(second)
    room.run()
    room.decide(Act.TAKE_DOWN, second)
    while_printing(room, lambda: room.desk.undo(second, WHO))
    room.run()
    room.keep(second)
    room.run()
    assert room.store.up() == before


# --- gone for good ----------------------------------------------------------------------------

Remove = Callable[[PressRoom, str], None]

REMOVALS: dict[str, Remove] = {
    "take down": lambda room, post_id: room.decide(Act.TAKE_DOWN, post_id),
    "return": lambda room, post_id: room.decide(Act.RETURN, post_id),
    "escalate": lambda room, post_id: room.decide(Act.ESCALATE, post_id),
    "withdraw": lambda room, post_id: room.withdraw(post_id),
    "lose": lambda room, post_id: room.lose(post_id),
}


@pytest.mark.parametrize("pressed", [True, False])
@pytest.mark.parametrize("removal", REMOVALS)
def test_every_way_out_of_hiding_drops_the_place(
    room: PressRoom, removal: str, pressed: bool
) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()
    room.hide(second)
    if pressed:
        room.run()
    REMOVALS[removal](room, second)
    if removal != "lose":
        assert room.store.wanted()
    room.run()
    assert room.store.up() == {i: row for i, row in before.items() if i != second}
    assert second not in room.printer.stories()
    assert room.printer.earlier == []


@pytest.mark.parametrize("removal", REMOVALS)
def test_every_way_off_the_site_still_drops_the_place(room: PressRoom, removal: str) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()
    if removal in ("return", "escalate"):
        room.hide(second)
    REMOVALS[removal](room, second)
    assert room.run().came_down == (second,)
    assert room.store.up() == {i: row for i, row in before.items() if i != second}


def test_what_was_taken_down_after_hiding_and_appealed_gets_a_new_place(room: PressRoom) -> None:
    _, second, _ = put_up_three(room)
    room.hide(second)
    room.run()
    room.decide(Act.TAKE_DOWN, second)
    room.run()
    room.appeal(second)
    room.approve(second, "kim")
    room.run()
    assert room.up()[second]["stories"] == 4, "a place given up is not given again"


# --- trouble ----------------------------------------------------------------------------------


def test_hiding_explains_itself_however_many_there_are(room: PressRoom) -> None:
    put = room.put_up(*range(MOST_UNEXPLAINED * 3))
    room.run()
    for post_id in put[:-1]:
        room.hide(post_id)
    assert len(room.run().came_down) == len(put) - 1
    room.lose(*put[: MOST_UNEXPLAINED + 1])
    with pytest.raises(TooMuchWouldVanish):
        room.run()


def test_a_run_that_fails_strikes_what_is_hidden_and_the_next_keeps_its_place(
    room: PressRoom,
) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()
    room.hide(second)
    room.printer.jam = PrintFailed("story.html is broken")
    with pytest.raises(PrintFailed):
        room.run()
    assert second not in room.printer.stories()
    room.printer.jam = None
    room.run()
    assert room.store.up() == before | {second: replace(before[second], hash="")}


class Meanwhile(PaperPrinter):
    """Something happens while the pages are made."""

    happens: Callable[[], object]

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        self.happens()
        return super().print_edition(purge, everything, anew)


def while_printing(room: PressRoom, happens: Callable[[], object]) -> None:
    """A run of the press in the middle of which this happens."""
    printer = Meanwhile(room.mirror.folder, room.printer.readers)
    printer.happens = happens
    room.press(printer).run(lambda words: None)
    room.printer.readers, room.printer.earlier = printer.readers, printer.earlier


def test_what_is_hidden_while_the_press_prints_comes_down_with_the_next_run(
    room: PressRoom,
) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()
    while_printing(room, lambda: room.hide(second))
    assert room.store.wanted()
    room.run()
    assert second not in room.printer.stories()
    assert room.store.up() == before | {second: replace(before[second], hash="")}


def test_what_is_kept_while_the_press_takes_it_off_is_back_with_the_next_run(
    room: PressRoom,
) -> None:
    _, second, _ = put_up_three(room)
    before = room.store.up()
    room.hide(second)
    while_printing(room, lambda: room.keep(second))
    assert second not in room.printer.stories()
    room.run()
    assert second in room.printer.stories()
    assert room.store.up() == before


# --- the arithmetic ---------------------------------------------------------------------------


def planned(posts: list[Post], past: Past) -> Plan:
    candidates = {post.id: make_candidate(post) for post in posts}
    return plan(candidates, past, DEVELOPMENT_RULE, TODAY, as_they_come)


def test_a_plan_drops_what_came_down_and_is_not_hidden() -> None:
    hidden, gone, waits = (make_edition_row(n) for n in (1, 2, 3))
    waits = replace(waits, hash="")
    past = Past(
        {row.post_id: row for row in (hidden, gone, waits)}, {"stories": 4}, [ids[1], ids[3]]
    )
    done = planned([], past)
    assert set(done.came_down) == {ids[1], ids[2]}
    assert done.dropped == [ids[2]]
    assert list(done.hidden) == [replace(hidden, hash=""), waits]
    assert done.rows == {}
    assert given_places(done, past) == []


def test_hidden_posts_that_were_never_up_have_no_place_to_keep() -> None:
    past = Past({}, {}, [ids[1]])
    assert planned([], past).hidden == ()


def test_a_place_without_a_page_goes_when_its_post_is_no_longer_hidden() -> None:
    row = make_edition_row(1, hash="")
    done = planned([], Past({row.post_id: row}, {"stories": 2}))
    assert (done.came_down, done.dropped) == ((ids[1],), [ids[1]])


def test_a_post_that_stays_up_is_not_hidden_whatever_the_record_says() -> None:
    post = make_post(1, state=State.APPROVED)
    first = planned([post], Past({}, {}))
    done = planned([post], Past(first.rows, {"stories": 1}, [post.id]))
    assert (done.came_down, done.hidden, done.rows) == ((), (), first.rows)
