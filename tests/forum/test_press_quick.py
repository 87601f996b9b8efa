"""A quick run looks at the posts that something happened to, and misses nothing that did."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from forum.parts import part_file, part_of
from forum.post import Act, State, fingerprint, record_of
from forum.press import TooMuchWouldVanish
from forum.press_report import Summary
from forum.press_store import PressStore
from forum.rows import EditionRow
from forum.wiring import PRODUCTION_RULE
from tests.builders import make_post, make_text
from tests.forum.press_room import WHO, PressRoom, ids


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


# --- it costs what happened ----------------------------------------------------------------------


@dataclass
class Watched:
    """A store that is asked about a few posts, and about nothing else."""

    inner: PressStore
    asked: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def approved(self, post_ids: Collection[str] | None = None) -> Iterator[object]:
        assert post_ids is not None
        self.asked |= set(post_ids)
        return self.inner.approved(post_ids)

    def up(self, post_ids: Collection[str] | None = None) -> object:
        assert post_ids is not None
        self.asked |= set(post_ids)
        return self.inner.up(post_ids)

    def states(self, post_ids: Collection[str]) -> object:
        self.asked |= set(post_ids)
        return self.inner.states(list(post_ids))

    def count_up(self) -> int:
        raise AssertionError("nobody had to be counted")


def run_watched(room: PressRoom) -> tuple[set[str], Summary]:
    """A quick run, and the posts that the store was asked about in it."""
    store = Watched(room.store)
    press = replace(room.press(), store=store)  # type: ignore[arg-type]
    summary = press.run(lambda words: None)
    return store.asked, summary


def test_a_quick_run_asks_only_about_what_something_happened_to(room: PressRoom) -> None:
    put = room.put_up(*range(1, 9))
    room.run()
    assert run_watched(room)[0] == set()
    room.withdraw(put[0])
    room.hide(put[1])
    (new,) = room.put_up(20)
    asked, summary = run_watched(room)
    assert asked == {put[0], put[1], new}
    assert (set(summary.came_down), summary.went_up) == ({put[0], put[1]}, (new,))
    assert room.store.unpressed() == []


def test_a_quick_run_touches_no_file_but_those_of_its_posts_and_their_parts(
    room: PressRoom,
) -> None:
    """What it would not find was taken away: it does not even notice."""
    gone, new, *others = ids[:12]
    room.put_up(0, *range(2, 12))
    room.run()
    parts = {part_of(gone), part_of(new)}
    near = {post_id for post_id in others if part_of(post_id) in parts}
    missing = [f"{post_id}.json" for post_id in others]
    missing += [part_file(part_of(post_id)) for post_id in set(others) - near]
    for name in missing:
        (room.mirror.folder / name).unlink()
    room.withdraw(gone)
    room.put_up(1)
    summary = room.run()
    assert (summary.went_up, summary.came_down, summary.amiss) == ((new,), (gone,), ())
    assert not any((room.mirror.folder / name).exists() for name in missing)
    assert f"{new}.json" in room.files()


def test_a_post_that_waits_for_its_batch_is_looked_at_each_time(room: PressRoom) -> None:
    room.rule = PRODUCTION_RULE
    room.run()
    first, second = room.put_up(1, 2)
    for _ in range(2):
        assert run_watched(room)[0] == {first, second}
        assert room.store.unpressed() == sorted((first, second))
    room.clock.advance(days=2)
    assert set(room.run().went_up) == {first, second}
    assert room.store.unpressed() == []


# --- nothing is missed ---------------------------------------------------------------------------


def test_what_ends_as_it_should_be_recorded_while_readers_still_see_it_is_looked_at_again(
    room: PressRoom,
) -> None:
    """Hidden, taken down and put back in hiding while its page is made: the record is in order."""
    room.put_up(1)
    room.run()
    room.decide(Act.TAKE_DOWN, ids[1])
    room.desk.undo(ids[1], WHO)

    def meanwhile(words: str) -> None:
        if "Building" in words:
            room.hide(ids[1])
            room.decide(Act.TAKE_DOWN, ids[1])
            room.desk.undo(ids[1], WHO)

    room.press().run(meanwhile)
    assert ids[1] in room.printer.stories()
    assert (room.post(ids[1]).state, room.store.up()[ids[1]].shown) == (State.HIDDEN, False)
    room.run()
    assert room.printer.stories() == set()
    assert room.store.unpressed() == []


@pytest.mark.parametrize("everything", [False, True])
def test_words_that_are_erased_while_the_press_runs_go_up_nowhere(
    room: PressRoom, everything: bool
) -> None:
    room.put_up(1)
    room.run()
    room.put_up(2, 3)
    step = lambda words: "Writing" in words and room.withdraw(ids[2])  # noqa: E731 - one line
    summary = room.press().run(step, everything=everything)
    assert (ids[2], "it changed while the press ran") in summary.set_aside
    assert summary.went_up == (ids[3],)
    assert room.printer.stories() == {ids[1], ids[3]}
    assert ids[2] not in b"".join(room.files().values()).decode()
    assert not room.holders.is_up(ids[2])
    assert room.run().amiss == ()
    assert room.store.unpressed() == []


def test_a_post_under_an_id_that_we_never_give_is_left_out(room: PressRoom) -> None:
    """It would name a file, and a part of the manifest."""
    (good,) = room.put_up(1)
    strange = make_post(2, id="../../outside", state=State.APPROVED)
    room.add(replace(strange, approved_hash=fingerprint(record_of(strange, make_text()))))
    summary = room.run()
    assert room.printer.stories() == {good}
    assert summary.set_aside == ((strange.id, "its id is none of ours"),)


def test_what_was_lost_before_it_ever_went_up_is_unpressed_no_more(room: PressRoom) -> None:
    (post_id,) = room.put_up(1)
    room.lose(post_id)
    assert room.store.unpressed() == []


def test_too_many_that_vanish_are_counted_against_all_that_are_up(room: PressRoom) -> None:
    """As many as the guard asks about are gone, and are a fifth, or just more than a fifth."""
    put = room.put_up(*range(55))
    room.run()
    room.lose(*put[:11])
    assert len(room.run().came_down) == 11
    room.lose(*put[11:22])
    with pytest.raises(TooMuchWouldVanish, match="11 of 44 posts would vanish"):
        room.run()


def test_every_state_that_may_lead_back_keeps_its_place_in_a_quick_run(room: PressRoom) -> None:
    room.put_up(1, 2)
    room.run()
    before: dict[str, EditionRow] = dict(room.store.up())
    room.decide(Act.ASK_SECOND, ids[1])
    assert room.post(ids[1]).state is State.SECOND
    room.run()
    assert room.store.up() == before | {ids[1]: replace(before[ids[1]], hash="")}
    assert room.store.unpressed() == []
