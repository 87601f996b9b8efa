"""The press over a real store: what was approved is what is published, and removals go out."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.parts import MANIFEST
from forum.post import (
    PRESSED_KINDS,
    Act,
    Kind,
    State,
    canonical,
    fingerprint,
    record_of,
)
from forum.press import MOST_UNEXPLAINED, TooMuchWouldVanish
from forum.press_look import READ_AGAIN
from forum.printing import PrintFailed
from forum.rows import EditionRow, Run, RunState, Unavailable, Unreadable
from forum.settings import ROOT
from forum.wiring import PRODUCTION_RULE, read_examples
from tests.builders import make_post, make_text
from tests.forum.press_history import ACTIONS, Days
from tests.forum.press_room import PressRoom, backwards, ids

EXAMPLES = read_examples(ROOT / "content" / "examples")


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


# What goes up is what was approved.


def test_an_approved_story_is_there_for_readers_byte_for_byte(room: PressRoom) -> None:
    (post_id,) = room.put_up(1)
    summary = room.run()
    assert summary.went_up == (post_id,)
    printed = room.printer.readers[f"{post_id}.json"]
    assert hashlib.sha256(printed).hexdigest() == room.post(post_id).approved_hash


def test_only_approved_stories_go_up(room: PressRoom) -> None:
    for number, state in enumerate(State):
        post = make_post(number, state=state)
        room.add(replace(post, approved_hash=fingerprint(record_of(post, make_text()))))
    room.run()
    approved = list(State).index(State.APPROVED)
    assert room.printer.stories() == {ids[approved]}


def test_only_kinds_on_the_presss_own_list_go_up(room: PressRoom) -> None:
    for number, kind in enumerate(Kind):
        post = make_post(number, kind=kind, state=State.APPROVED)
        room.add(replace(post, approved_hash=fingerprint(record_of(post, make_text()))))
    summary = room.run()
    pressed = {ids[n] for n, kind in enumerate(Kind) if kind in PRESSED_KINDS}
    assert room.printer.stories() == pressed
    aside = {post_id for post_id, why in summary.set_aside if "never published" in why}
    assert aside == {ids[n] for n in range(len(Kind))} - pressed


def test_a_text_changed_after_approval_is_set_aside_and_reported(room: PressRoom) -> None:
    first, second = room.put_up(1, 2)
    room.edit(second, "<p>Something nobody read.</p>")
    summary = room.run()
    assert room.printer.stories() == {first}
    assert summary.set_aside == ((second, "the stored text is not what was approved"),)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE texts SET title = 'x' WHERE post_id = ?",
        "UPDATE posts SET pen_name = 'Somebody Real' WHERE id = ?",
        "UPDATE posts SET fields = replace(fields, 'alcohol', 'grief') WHERE id = ?",
        "UPDATE posts SET approved_hash = NULL WHERE id = ?",
    ],
)
def test_no_published_field_can_be_changed_behind_the_decision(
    room: PressRoom, tampering: str
) -> None:
    (post_id,) = room.put_up(1)
    room.run()
    room.sql(tampering, post_id)
    summary = room.run()
    assert room.printer.stories() == set()
    assert [entry[0] for entry in summary.set_aside] == [post_id]


def test_removals_go_out_beside_a_post_that_is_set_aside(room: PressRoom) -> None:
    first, second, third = room.put_up(1, 2, 3)
    room.run()
    room.edit(first, "<p>Changed.</p>")
    room.withdraw(second)
    summary = room.run()
    assert set(summary.came_down) == {first, second}
    assert room.printer.stories() == {third}
    assert room.printer.earlier == []


def test_after_an_agreed_edit_the_words_taken_out_are_in_no_earlier_edition(
    room: PressRoom,
) -> None:
    (post_id,) = room.put_up(1)
    room.edit(post_id, "<p>In Saltmarsh Lane.</p>")
    room.hide(post_id)
    room.keep(post_id)
    room.run()
    room.hide(post_id)
    room.edit(post_id, "<p>At home.</p>")
    room.keep(post_id)
    assert room.run().changed == (post_id,)
    editions = [room.printer.readers, *room.printer.earlier]
    assert not [e for e in editions for content in e.values() if b"Saltmarsh" in content]


def test_a_batch_waits_for_its_rule_and_the_count_is_told(room: PressRoom) -> None:
    room.rule = PRODUCTION_RULE
    room.put_up(1)
    room.clock.advance(days=2)
    assert (room.run().waiting, room.printer.stories()) == (1, set())
    room.put_up(2)
    room.clock.advance(days=2)
    assert room.run().waiting == 0
    assert room.printer.stories() == {ids[1], ids[2]}


def test_the_order_on_the_page_is_the_shuffles(room: PressRoom) -> None:
    room.shuffle = backwards
    given = room.put_up(1, 2, 3)
    room.run()
    in_order = sorted(given, key=lambda i: room.up()[i]["stories"])
    assert in_order == sorted(given, reverse=True)


# Places are for good.


def test_a_hidden_post_keeps_its_place_through_a_second_reading(room: PressRoom) -> None:
    first, second = room.put_up(1, 2)
    room.run()
    places = room.up()
    room.hide(first)
    room.run()
    room.decide(Act.ASK_SECOND, first)
    room.run()
    assert room.up() == places
    room.approve(first, "kim")
    assert room.run().went_up == (first,)
    assert room.up() == places
    assert room.printer.stories() == {first, second}


Places = Mapping[str, EditionRow]


class History(Days):
    """Random days of a forum, and everything that must stay true through them."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        super().__init__(PressRoom(folder, shuffle=chance.shuffle), chance)
        self.stays: Counter[str] = Counter()
        self.owners: dict[tuple[str, int], tuple[str, int]] = {}

    def run(self) -> None:
        before = self.room.store.up()
        self.room.run()
        for post_id, row in self.room.store.up().items():
            if post_id in before:
                assert (row.slots, row.month) == (before[post_id].slots, before[post_id].month)
            else:
                self.stays[post_id] += 1
            for place in row.slots.items():
                owner = (post_id, self.stays[post_id])
                assert self.owners.setdefault(place, owner) == owner, "a place was given twice"
        self.only_what_is_to_be_read_again_keeps_a_place_without_a_page(before)
        self.readers_see_exactly_what_is_approved()

    def only_what_is_to_be_read_again_keeps_a_place_without_a_page(self, before: Places) -> None:
        up = self.room.store.up()
        states = self.room.store.states(self.shared)
        hidden = {i: row for i, row in before.items() if states[i] in READ_AGAIN}
        kept = {post_id: row for post_id, row in up.items() if not row.shown}
        assert kept == {post_id: replace(row, hash="") for post_id, row in hidden.items()}
        assert {states[post_id] for post_id in up.keys() - kept.keys()} <= {State.APPROVED}

    def readers_see_exactly_what_is_approved(self) -> None:
        approved = {
            f"{post.id}.json": canonical(record_of(post, text))
            for found in self.room.store.approved()
            if not isinstance(found, Unreadable)
            for post, text in [found]
        }
        readers = {n: c for n, c in self.room.printer.readers.items() if n != MANIFEST}
        assert readers == approved
        for edition in self.room.printer.earlier:
            assert all(approved[name] == c for name, c in edition.items() if name != MANIFEST)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(ACTIONS), max_size=25), st.randoms(use_true_random=False))
def test_through_any_history_a_place_is_given_once_and_nothing_else_moves(
    actions: list[str], chance: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder), chance)
        for action in (*actions, "run"):
            history.act(action)
        history.room.database.close()


# Nothing blocks a removal, and nothing vanishes without a reason.


@pytest.mark.parametrize(("lost", "of"), [(MOST_UNEXPLAINED + 1, 54), (40, 40)])
def test_the_press_refuses_when_too_much_would_vanish_without_a_reason(
    room: PressRoom, lost: int, of: int
) -> None:
    put = room.put_up(*range(of))
    room.run()
    before, rung = dict(room.printer.readers), room.desk.publish()
    room.lose(*put[:lost])
    told = f"{lost} of {of} posts would vanish without a reason"
    with pytest.raises(TooMuchWouldVanish, match=told):
        room.run()
    assert room.printer.readers == before
    assert set(room.up()) == set(put)
    last = room.desk.last_run()
    assert last is not None
    assert (last.rung, last.state) == (rung, RunState.FAILED)
    assert "please look at the store" in last.words
    assert room.store.wanted()


@pytest.mark.parametrize(("lost", "of"), [(MOST_UNEXPLAINED, 12), (MOST_UNEXPLAINED + 1, 55)])
def test_a_few_or_a_small_part_may_vanish(room: PressRoom, lost: int, of: int) -> None:
    put = room.put_up(*range(of))
    room.run()
    room.lose(*put[:lost])
    assert set(room.run().came_down) == set(put[:lost])


def test_a_refused_run_still_takes_down_what_its_author_took_back(room: PressRoom) -> None:
    put = room.put_up(*range(MOST_UNEXPLAINED + 2))
    room.run()
    room.withdraw(put[0])
    room.lose(*put[1:])
    with pytest.raises(TooMuchWouldVanish):
        room.run()
    assert f"{put[0]}.json" not in room.printer.readers
    assert f"{put[1]}.json" in room.printer.readers
    assert room.store.wanted()


def test_texts_that_no_longer_match_count_as_unexplained(room: PressRoom) -> None:
    put = room.put_up(*range(MOST_UNEXPLAINED + 1))
    room.run()
    for post_id in put:
        room.edit(post_id, "<p>All changed at once.</p>")
    with pytest.raises(TooMuchWouldVanish):
        room.run()


def test_any_number_of_explained_removals_goes_out(room: PressRoom) -> None:
    put = room.put_up(*range(40))
    room.run()
    for number, post_id in enumerate(put[:39]):
        remove = (room.hide, partial(room.decide, Act.TAKE_DOWN), room.withdraw)[number % 3]
        remove(post_id)
    assert len(room.run().came_down) == 39
    assert room.printer.stories() == {put[39]}


def test_explained_removals_do_not_count_towards_a_refusal(room: PressRoom) -> None:
    put = room.put_up(*range(40))
    room.run()
    room.lose(*put[:MOST_UNEXPLAINED])
    for post_id in put[MOST_UNEXPLAINED:39]:
        room.withdraw(post_id)
    room.run()
    assert room.printer.stories() == {put[39]}


def test_when_the_store_cannot_answer_nothing_is_printed(room: PressRoom) -> None:
    room.put_up(1, 2)
    room.run()
    before = dict(room.printer.readers)
    room.sql("DROP TABLE texts")
    with pytest.raises(Unavailable):
        room.run(everything=True)
    assert room.printer.readers == before
    assert (room.printer.printed, set(room.up())) == (1, {ids[1], ids[2]})


# The bell.


def test_a_run_answers_the_ring_it_was_asked_for(room: PressRoom) -> None:
    assert not room.store.wanted()
    room.put_up(1)
    ring = room.desk.publish()
    assert room.store.wanted()
    room.run()
    assert room.desk.last_run() == Run(ring, RunState.DONE, 1, 0, "")
    assert not room.store.wanted()


def test_a_withdrawal_rings_by_itself_once_the_story_may_be_seen(room: PressRoom) -> None:
    waiting = room.receive(1)
    room.withdraw(waiting)
    assert not room.store.wanted()
    (post_id,) = room.put_up(2)
    room.run()
    room.withdraw(post_id)
    assert room.store.wanted()


def test_a_ring_during_a_run_is_answered_by_the_next(room: PressRoom) -> None:
    put = room.put_up(1, 2)
    room.run()
    room.withdraw(put[0])
    room.press().run(lambda words: "Building" in words and room.withdraw(put[1]))
    assert room.store.wanted()
    assert room.run().came_down == (put[1],)
    assert not room.store.wanted()


def test_a_failed_print_keeps_the_edition_and_leaves_the_ring_waiting(room: PressRoom) -> None:
    kept, gone = room.put_up(1, 2)
    room.run()
    room.withdraw(gone)
    room.printer.jam = PrintFailed("story.html is broken")
    with pytest.raises(PrintFailed):
        room.run()
    last = room.desk.last_run()
    assert last is not None
    assert (last.state, last.words) == (RunState.FAILED, "PrintFailed")
    assert room.store.wanted()
    assert room.holders.is_up(gone), "readers still see it, so nobody may be told otherwise"
    room.printer.jam = None
    assert room.run().came_down == (gone,)
    assert room.printer.stories() == {kept}
    assert room.printer.earlier == []
    assert not room.holders.is_up(gone)


def test_a_folder_that_cannot_be_written_is_a_failed_print(tmp_path: Path) -> None:
    room = PressRoom(tmp_path)
    room.put_up(1)
    (tmp_path / "posts").write_text("a file where the folder should be")
    with pytest.raises(PrintFailed, match=r"posts cannot be written: File exists\."):
        room.run()


# Examples.


def test_examples_are_up_in_development_and_gone_in_production(room: PressRoom) -> None:
    room.put_up(1)
    room.examples = EXAMPLES
    room.run()
    shown = {record.id for record in EXAMPLES}
    assert room.printer.stories() == shown | {ids[1]}
    room.examples = ()
    assert set(room.run().came_down) == shown
    assert room.printer.stories() == {ids[1]}
    assert room.printer.earlier == []


def test_no_more_examples_ship_than_may_leave_without_a_reason() -> None:
    """Going to production takes them all down, and no post of the store explains that."""
    assert 0 < len(EXAMPLES) <= MOST_UNEXPLAINED


def test_every_example_says_so_in_its_own_record() -> None:
    assert all(record.example for record in EXAMPLES)
    assert len({record.id for record in EXAMPLES}) == len(EXAMPLES)


# The mirror's repairs are told.


def test_a_file_edited_by_hand_is_put_right_and_named(room: PressRoom) -> None:
    (post_id,) = room.put_up(1)
    room.run()
    (room.mirror.folder / f"{post_id}.json").write_text("{}")
    (room.mirror.folder / "stranger.json").write_text("{}")
    summary = room.run(everything=True)
    assert summary.rewritten == (f"{post_id}.json",)
    assert summary.removed == ("stranger.json",)
    assert room.printer.stories() == {post_id}
