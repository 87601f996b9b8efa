"""What breaks on the way in is told kindly, once, and logged without a word that was sent."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from doors.logs import BareRecord
from forum.rows import Changed, Unavailable
from moderation.door import scripts, sign_in
from tests.doors.desk_door import LONG_WORDS, Door, refused

CANARY = "canary-7f3a"
PAGES = sorted(sign_in.PAGES)
ANSWERS = sorted(sign_in.ANSWERS)
STRANGE = [RuntimeError(CANARY), ValueError(CANARY), KeyError(CANARY), OSError(CANARY)]


class OutOfOrder:
    """A store that fails whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> NoReturn:
        raise self.error


def break_store(door: Door, error: Exception) -> None:
    """From now on the door's store fails with this error."""
    broken: Any = OutOfOrder(error)
    door.doorway = replace(door.doorway, people=replace(door.doorway.people, store=broken))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log as a running door writes it."""
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(BareRecord)
    yield caplog
    logging.setLogRecordFactory(before)


def told_without_a_word(log: pytest.LogCaptureFixture, error: Exception) -> None:
    assert f"{type(error).__name__} at " in log.text
    assert CANARY not in log.text


@pytest.mark.parametrize("error", [Unavailable(CANARY), Changed(CANARY)])
def test_a_page_says_when_the_store_cannot_answer(door: Door, error: Exception) -> None:
    break_store(door, error)
    answer = door.get("/enrol?invitation=x")
    assert answer.status_code == 503
    assert b"Please try again in a minute" in answer.body
    assert b'class="help"' in answer.body


@pytest.mark.parametrize("error", STRANGE)
def test_a_page_that_breaks_is_a_kind_page(
    door: Door, log: pytest.LogCaptureFixture, error: Exception
) -> None:
    break_store(door, error)
    answer = door.get(f"/enrol?invitation={CANARY}")
    assert answer.status_code == 500
    assert b"It was not you" in answer.body
    assert CANARY.encode() not in answer.body
    told_without_a_word(log, error)


def test_the_sign_in_page_needs_no_store(door: Door) -> None:
    break_store(door, Unavailable())
    assert door.get("/sign-in").status_code == 200


def test_a_script_is_told_when_the_store_cannot_answer(door: Door) -> None:
    break_store(door, Unavailable(CANARY))
    assert "try again in a minute" in refused(door.post("/sign-in/options", {}), 503)


@pytest.mark.parametrize("error", STRANGE)
def test_a_script_gets_a_sentence_when_something_breaks(
    door: Door, log: pytest.LogCaptureFixture, error: Exception
) -> None:
    break_store(door, error)
    sentence = refused(door.post("/sign-in/options", {}), 500)
    assert sentence == scripts.BROKEN
    told_without_a_word(log, error)


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("error", [Unavailable(), RuntimeError(CANARY)])
def test_a_door_that_cannot_be_opened_says_so_in_json(
    door: Door, path: str, error: Exception
) -> None:
    door.broken = error
    refused(door.post(path, {}), 503 if isinstance(error, Unavailable) else 500)


@pytest.mark.parametrize("path", PAGES)
def test_a_door_that_cannot_be_opened_says_so_on_a_page(door: Door, path: str) -> None:
    door.broken = Unavailable()
    assert door.get(path).status_code == 503


def test_signing_out_says_when_the_store_cannot_answer(inside: Door) -> None:
    csrf = inside.csrf()
    break_store(inside, Unavailable(CANARY))
    answer = inside.send("/sign-out", csrf=csrf, words=LONG_WORDS)
    assert answer.status_code == 503
    assert b"leave the name of the town out." in answer.body


def test_signing_out_that_breaks_is_a_kind_page(
    inside: Door, log: pytest.LogCaptureFixture
) -> None:
    csrf, error = inside.csrf(), RuntimeError(CANARY)
    break_store(inside, error)
    answer = inside.send("/sign-out", csrf=csrf)
    assert answer.status_code == 500
    assert b"It was not you" in answer.body
    told_without_a_word(log, error)


def test_signing_out_with_a_form_too_long_to_read_is_a_kind_page(inside: Door) -> None:
    answer = inside.send("/sign-out", csrf=inside.csrf(), words="x" * 500_000)
    assert answer.status_code == 413
    assert inside.get("/desk").status_code == 200
