"""The desk's words are whole: nothing that can be on a page of the desk is without them."""

from __future__ import annotations

from doors.wording import KINDS
from forum.desk import MODERATORS_ACTS, WORDS_NEEDED
from forum.post import SECOND_OPINION, Kind, State
from moderation.door.wording import ACTS, MARKS, STATES, SUGGESTED


def test_every_act_that_the_desk_records_has_words() -> None:
    assert ACTS.keys() == MODERATORS_ACTS


def test_every_kind_and_every_state_has_words() -> None:
    assert KINDS.keys() == set(Kind)
    assert STATES.keys() == set(State)


def test_the_mark_of_a_second_opinion_has_words() -> None:
    assert MARKS[SECOND_OPINION].endswith(".")


def test_every_message_that_must_be_written_has_a_beginning() -> None:
    assert SUGGESTED.keys() == WORDS_NEEDED
