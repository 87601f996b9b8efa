"""The desk's words are whole: nothing that can be on a page of the desk is without them."""

from __future__ import annotations

from doors.wording import KINDS
from forum.deciding import LONGEST_MESSAGE, MODERATORS_ACTS, WORDS_NEEDED
from forum.post import SECOND_OPINION, Act, Kind, State
from forum.rows import Reason, ReportState
from moderation.door.wording import (
    ACTS,
    ANSWERS,
    MARKS,
    REASONS,
    STATES,
    SUGGESTED,
    SUGGESTED_TO_MANY,
)


def test_every_act_that_stands_in_the_record_has_words() -> None:
    """Hiding is the readers' doing, and the record says so."""
    assert ACTS.keys() == MODERATORS_ACTS | {Act.HIDE}


def test_every_reason_and_every_answer_of_a_report_has_words() -> None:
    assert REASONS.keys() == set(Reason)
    assert ANSWERS.keys() == set(ReportState)


def test_no_message_that_is_offered_is_longer_than_one_may_be() -> None:
    assert max(map(len, (*SUGGESTED.values(), SUGGESTED_TO_MANY))) <= LONGEST_MESSAGE


def test_every_kind_and_every_state_has_words() -> None:
    assert KINDS.keys() == set(Kind)
    assert STATES.keys() == set(State)


def test_the_mark_of_a_second_opinion_has_words() -> None:
    assert MARKS[SECOND_OPINION].endswith(".")


def test_every_message_that_must_be_written_has_a_beginning() -> None:
    assert SUGGESTED.keys() == WORDS_NEEDED
