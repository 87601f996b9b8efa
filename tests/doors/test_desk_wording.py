"""The desk's words are whole: nothing that can be on a page of the desk is without them."""

from __future__ import annotations

import pytest

from doors.messages import messages
from doors.wording import KINDS
from forum.deciding import MODERATORS_ACTS, WORDS_NEEDED
from forum.post import NOT_SCREENED, SECOND_OPINION, Act, Kind, State
from forum.route import Route
from forum.rows import Reason, ReportState
from moderation.door import checking, reading
from moderation.door.messages import OWN_WORDS
from moderation.door.wording import (
    ACTS,
    ANSWERS,
    COMES_TO,
    ENDINGS,
    MARKS,
    REASON_NAMES,
    REASONS,
    ROUTES,
    STATES,
    length,
)


def test_every_act_that_stands_in_the_record_has_words() -> None:
    """Hiding is the readers' doing, and the record says so."""
    assert ACTS.keys() == MODERATORS_ACTS | {Act.HIDE}


def test_every_reason_and_every_answer_of_a_report_has_words() -> None:
    assert REASONS.keys() == set(Reason)
    assert ANSWERS.keys() == set(ReportState)


def test_every_kind_every_state_and_every_route_has_words() -> None:
    assert KINDS.keys() == set(Kind)
    assert STATES.keys() == set(State)
    assert ROUTES.keys() == set(Route)


def test_every_mark_that_is_no_rule_has_a_sentence() -> None:
    assert MARKS.keys() == {SECOND_OPINION, NOT_SCREENED}
    assert all(sentence.endswith(".") for sentence in MARKS.values())


def test_what_can_be_checked_says_what_it_comes_to() -> None:
    reviewed = {Act.APPROVE, Act.KEEP, Act.ASK_SECOND, Act.OFFER}
    assert COMES_TO.keys() == reviewed | {*checking.WITH_A_MESSAGE.values()}


def test_whatever_an_author_must_be_told_has_messages_to_choose_from() -> None:
    assert set(reading.WITH_WORDS) >= WORDS_NEEDED
    assert [act for act in reading.WITH_WORDS if not messages().for_act(act)] == []


def test_every_reason_code_of_the_desks_own_has_a_name() -> None:
    assert REASON_NAMES.keys() == {"", OWN_WORDS, *ENDINGS}
    assert messages().keys
    assert set(messages().keys).isdisjoint(REASON_NAMES)


@pytest.mark.parametrize(
    ("characters", "words"),
    [
        (1, "under a minute to read"),
        (500, "under a minute to read"),
        (501, "about 1 min to read"),
        (12_000, "about 12 min to read"),
    ],
)
def test_a_length_is_told_as_time(characters: int, words: str) -> None:
    assert length(characters) == words
