"""Words changed on a post that is up change for readers, and come back with an undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.post import Act, State
from tests.forum.press_room import PressRoom

MAIL = "It helped to talk. You can write to me@example.org whenever the nights are long."
NAME = "My sister Priya Sharma drove me home that night, and I slept for the first time in weeks."


@pytest.fixture
def room(tmp_path: Path) -> PressRoom:
    return PressRoom(tmp_path)


def up(room: PressRoom, body: str = MAIL) -> str:
    """A story that readers see, every mark of it kept."""
    post_id = room.submit(1, body)
    room.review(post_id, who="kim")
    room.run()
    return post_id


def read(room: PressRoom, post_id: str) -> str:
    """What readers see of it; "" if nothing."""
    return room.printer.readers.get(f"{post_id}.json", b"").decode()


@pytest.mark.parametrize("hidden", [False, True])
def test_what_is_taken_out_of_a_post_that_is_up_is_gone_for_readers_unasked(
    room: PressRoom, hidden: bool
) -> None:
    post_id = up(room)
    places = room.up()
    if hidden:
        room.hide(post_id)
    rung = room.store.rung()
    kept = room.review(post_id, "us")
    assert kept.state is State.APPROVED
    assert room.store.rung() == rung + 1, "nobody has to remember to publish"
    room.run()
    assert "me@example.org" not in read(room, post_id)
    assert "write to us" in read(room, post_id)
    assert room.printer.earlier == [], "no earlier edition keeps the words"
    assert room.up() == places


@pytest.mark.parametrize("pressed", [False, True])
def test_an_edit_taken_back_is_taken_back_for_readers(room: PressRoom, pressed: bool) -> None:
    post_id = up(room)
    before, places = read(room, post_id), room.up()
    room.review(post_id, "us")
    if pressed:
        room.run()
    rung = room.store.rung()
    room.desk.undo(post_id, "robin")
    assert room.store.rung() > rung, "readers may see the edit by now"
    room.run()
    assert (read(room, post_id), room.up()) == (before, places)


def test_names_taken_out_of_a_post_that_is_up_take_it_down_until_somebody_else_has_read_it(
    room: PressRoom,
) -> None:
    post_id = up(room, NAME)
    rung, places = room.store.rung(), room.up()
    assert room.review(post_id, "my sister").state is State.SECOND
    assert room.store.rung() == rung + 1
    room.run()
    assert read(room, post_id) == ""
    assert room.review(post_id, who="sam").state is State.APPROVED
    room.run()
    assert "Priya" not in read(room, post_id)
    assert "my sister" in read(room, post_id)
    assert room.up() == places


def test_a_second_reading_of_what_is_up_taken_back_leaves_it_as_it_was(room: PressRoom) -> None:
    post_id = up(room)
    before, places = read(room, post_id), room.up()
    room.decide(Act.ASK_SECOND, post_id)
    room.run()
    room.desk.undo(post_id, "robin")
    room.run()
    assert (read(room, post_id), room.up()) == (before, places)
