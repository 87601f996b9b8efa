"""Every class of hostile text in every field of the addresses that read what a story's form reads.

The default run sends each class to each of these addresses, and all of them to `/posts`.
"""

from __future__ import annotations

import pytest

from tests.doors.served import House
from tests.doors.test_api_hostile import (
    READ_LIKE_A_STORY,
    Line,
    house,
    line,
    put_into_each_field,
)

__all__ = ["house", "line"]


@pytest.mark.parametrize("path", READ_LIKE_A_STORY)
def test_no_field_takes_harm_from_any_class(
    house: House,
    line: Line,
    path: str,
) -> None:
    put_into_each_field(house, line, path, 1)
