"""Whatever happens to a post, nothing is approved by fewer people than its danger asks for."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.post import Post, State
from forum.record import broken
from forum.store.sqlite_record import SqliteRecord
from tests.forum.histories import LEARNER, OPERATOR, Forum, History, open_forum


@pytest.fixture
def forum(tmp_path: Path) -> Forum:
    return open_forum(tmp_path)


def assert_rightly_approved(history: History, before: Post, who: str, after: Post) -> None:
    """What stands approved has been through all that the rules ask of it."""
    ledger, hash, told = history.ledger, history.hash, "\n".join(history.trail)
    assert after.approved_hash == hash, told
    readers = {name for name, approved in ledger.approved if approved == hash}
    if ledger.grave:
        assert len(readers - ledger.editors) >= 2, told
    assert not ledger.close, told
    if before.state is State.APPROVED and before.approved_hash == hash:
        return
    unchanged = before.approved_hash == hash and before.state is State.HIDDEN
    if before.state is State.OFFERED or unchanged or "undo" in history.trail[-1]:
        return
    assert who != LEARNER, told
    if ledger.grave:
        assert history.crew >= 3, told
        assert history.desk.operator_counts or who != OPERATOR, told


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False), operator_counts=st.booleans())
def test_no_history_ends_with_a_post_approved_that_too_few_have_read(
    forum: Forum, chance: random.Random, operator_counts: bool
) -> None:
    history = forum.begin(chance, operator_counts)
    for _ in range(12):
        before, who, after = history.step()
        if after.state is State.APPROVED:
            assert_rightly_approved(history, before, who, after)
        if before.state is State.ESCALATED and "undo" not in history.trail[-1]:
            assert after.state in (State.ESCALATED, State.WITHDRAWN), history.trail


def test_the_chain_holds_after_every_history(forum: Forum) -> None:
    for seed in range(20):
        history = forum.begin(random.Random(seed))
        for _ in range(12):
            history.step()
    assert list(broken(SqliteRecord(forum.database).entries())) == []
