"""The moderators' door and a key to it, for every test of the way in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import Door, open_door


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
