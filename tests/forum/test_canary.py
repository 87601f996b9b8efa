"""A canary is always the same words, waits for no batch, and stands in no list."""

import random
from datetime import date

import pytest

from forum import canary
from forum.edition import Candidate, Past, lists_of, plan
from forum.post import MOVES, PRESSED_KINDS, Kind, State, record_of
from forum.rows import EditionRow
from forum.submission import check
from forum.texts import Refused
from forum.wiring import PRODUCTION_RULE
from tests.builders import make_fields, make_post, make_text

SENT = {"kind": ["canary"], "title": [canary.TITLE], "body": [canary.BODY], "consent": ["yes"]}


def test_only_its_own_words_travel_as_a_canary():
    assert check(SENT).kind is Kind.CANARY
    for other in (
        {"body": [f"{canary.BODY} And more."]},
        {"title": ["Hello"]},
        {"topic": ["alcohol"]},
    ):
        with pytest.raises(Refused) as refused:
            check({**SENT, **other})
        assert refused.value.errors == {"kind": canary.REFUSED}


def test_a_canary_needs_no_second_reader_and_no_closer_look():
    checked = check(SENT).screened().checked
    assert checked.marks == ()


def test_a_canary_goes_up_on_the_day_it_was_sent_and_alone():
    record = record_of(make_post(kind=Kind.CANARY, fields=make_fields()), make_text())
    assert lists_of(record) == []
    candidates = {record.id: Candidate("hash", (), None)}
    planned = plan(candidates, Past({}, {}), PRODUCTION_RULE, date(2026, 11, 23), random.shuffle)
    assert planned.went_up == (record.id,)
    assert planned.rows[record.id] == EditionRow(record.id, "hash", "2026-11", {})


def test_a_canary_can_be_approved_and_taken_back_like_a_story():
    assert MOVES[Kind.CANARY] == MOVES[Kind.STORY]
    assert Kind.CANARY in PRESSED_KINDS
    assert State.WITHDRAWN in MOVES[Kind.CANARY][State.APPROVED].values()
