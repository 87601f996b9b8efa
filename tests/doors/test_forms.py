"""How small things are read from what was sent."""

from __future__ import annotations

import pytest

from doors.forms import number
from doors.headers import asks_for_json


@pytest.mark.parametrize(
    ("text", "read"), [("0", 0), ("7", 7), ("007", 7), ("999999999", 999999999)]
)
def test_a_number_is_read_from_its_digits(text: str, read: int) -> None:
    assert number(text) == read


@pytest.mark.parametrize("text", ["", " 1", "1\n", "-1", "+1", "1.0", "1_0", "٣", "²", "1" * 10])
def test_what_is_no_plain_number_is_none(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("accept", "asks"),
    [
        ("application/json", True),
        ("text/plain, Application/JSON;q=0.9", True),
        ("text/html, application/json", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_json_is_answered_to_who_asks_for_it_and_not_for_a_page(accept: str, asks: bool) -> None:
    assert asks_for_json(accept) is asks
