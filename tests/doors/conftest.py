"""The moderators' door and a key to it, and the room behind it where they sit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import Door, open_door
from tests.doors.desk_seat import Room, Seat, open_room


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


@pytest.fixture
def key() -> SecurityKey:
    return SecurityKey()


@pytest.fixture
def inside(door: Door, key: SecurityKey) -> Door:
    """A door that a moderator has come through."""
    door.enrol(key)
    return door


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    with open_room(tmp_path, monkeypatch) as room:
        yield room


@pytest.fixture
def robin(room: Room) -> Seat:
    return room.seat("Robin")
