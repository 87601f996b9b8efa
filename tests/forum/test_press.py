"""The press over a real store: what was approved is what is published, and removals go out."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.deciding import NeedsAnother, NoSuchPost, NothingToUndo
from forum.mirror import MANIFEST
from forum.post import (
    PRESSED_KINDS,
    Act,
    Kind,
    NotAllowed,
    State,
    canonical,
    fingerprint,
    record_of,
)
from forum.press import MOST_UNEXPLAINED, READ_AGAIN, Press, PrintFailed, TooMuchWouldVanish
from forum.rows import EditionRow, Run, RunState, Unavailable, Unreadable
from forum.settings import ROOT
from forum.wiring import PRODUCTION_RULE, read_examples
from tests.builders import make_post, make_text
from tests.forum.press_room import WHO, PressRoom, backwards, ids

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


ACTIONS = [
    *("share", "share", "withdraw", "hide", "keep", "second", "take-down", "appeal"),
    *("approve-again", "undo", "edit", "run", "run", "day"),
]


Places = Mapping[str, EditionRow]


class History:
    """Random days of a forum, and everything that must stay true through them."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.room = PressRoom(folder, shuffle=chance.shuffle)
        self.chance = chance
        self.shared: list[str] = []
        self.stays: Counter[str] = Counter()
        self.owners: dict[tuple[str, int], tuple[str, int]] = {}

    def act(self, action: str) -> None:
        """Do it to some post; what the table of moves does not allow does not happen."""
        room, post_id = self.room, self.chance.choice(self.shared) if self.shared else ""
        doing: dict[str, Callable[[], object]] = {
            "share": self.share,
            "run": self.run,
            "day": lambda: room.clock.advance(days=1),
            "withdraw": lambda: room.withdraw(post_id),
            "hide": lambda: room.hide(post_id),
            "keep": lambda: room.keep(post_id),
            "second": lambda: room.decide(Act.ASK_SECOND, post_id),
            "appeal": lambda: room.appeal(post_id),
            "undo": lambda: room.desk.undo(post_id, WHO),
            "take-down": lambda: room.decide(Act.TAKE_DOWN, post_id),
            "approve-again": lambda: room.approve(post_id, "kim"),
            "edit": lambda: self.edit(post_id),
        }
        if post_id or action in ("share", "run", "day"):
            with suppress(NotAllowed, NoSuchPost, NothingToUndo, NeedsAnother):
                doing[action]()

    def share(self) -> None:
        some = {
            name: tuple(slug for slug in slugs if self.chance.random() < 0.5)
            for name, slugs in {"topics": ("alcohol", "grief"), "helped": ("nature",)}.items()
        }
        post_id = self.room.receive(len(self.shared), **some)
        self.room.approve(post_id)
        self.shared.append(post_id)

    def edit(self, post_id: str) -> None:
        """Hidden, changed, and mostly kept as it is now."""
        self.room.hide(post_id)
        self.room.edit(post_id, f"<p>{self.chance.random()}</p>")
        if self.chance.random() < 0.8:
            self.room.keep(post_id)

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
        room.run()
    assert room.printer.readers == before
    assert (room.printer.printed, set(room.up())) == (1, {ids[1], ids[2]})


# The bell.


def test_a_run_answers_the_ring_it_was_asked_for(room: PressRoom) -> None:
    assert not room.store.wanted()
    ring = room.desk.publish()
    assert room.store.wanted()
    room.put_up(1)
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


# A run that dies is finished by the next.


class Killed(BaseException):
    """As a kill does, it ends everything and lets nobody clean up."""


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
    files = {p.name: p.read_bytes() for p in room.mirror.folder.iterdir()}
    other = [edition for edition in room.printer.earlier if edition != room.printer.readers]
    return room.store.up(), room.printer.readers, other, files


def test_wherever_a_run_is_killed_the_next_one_ends_the_same(tmp_path: Path) -> None:
    undisturbed = prepare(tmp_path / "0")
    undisturbed.run()
    wanted = end_state(undisturbed)
    died, at = True, 0
    while died:
        at += 1
        room = prepare(tmp_path / str(at))
        press, calls = deadly(room, at)
        try:
            press.run(lambda words: None)
            died = False
        except Killed:
            room.run()
        assert end_state(room) == wanted, f"killed at {calls[-1]}, call {at}"
        assert not room.store.wanted()
    assert {"record", "write", "print_edition", "put_run"} <= set(calls)


def test_until_a_killed_run_is_finished_nothing_says_that_it_is_down(tmp_path: Path) -> None:
    at, died = 0, True
    while died:
        at += 1
        room = prepare(tmp_path / str(at))
        press, calls = deadly(room, at)
        try:
            press.run(lambda words: None)
            died = False
        except Killed:
            seen = {i for i in room.printer.stories() if not room.holders.is_up(i)}
            assert seen == set(), f"killed at {calls[-1]}, call {at}"


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
    summary = room.run()
    assert summary.rewritten == (f"{post_id}.json",)
    assert summary.removed == ("stranger.json",)
    assert room.printer.stories() == {post_id}


def test_what_a_run_meant_to_do_is_not_told_as_a_repair(tmp_path: Path) -> None:
    summary = prepare(tmp_path).run()
    assert (summary.rewritten, summary.removed) == ((), ())
    assert (summary.changed, summary.went_up) == ((ids[4],), (ids[5],))
    assert set(summary.came_down) == {ids[2], ids[3]}
