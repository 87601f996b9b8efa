"""Taking a decision back, clocks that jump, the press's bell and the visitors' door."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from forum.deciding import HeldByAnother, NothingToUndo
from forum.desk import Desk
from forum.post import Act, State, moved
from forum.retention import CLAIMED_FOR, UNDO_WITHIN
from forum.rows import Run, RunState, Undo
from tests.builders import TODAY, days, make_edition_row, make_text
from tests.forum.desk_office import Office, open_office
from tests.store.adapters import Stores


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


# --- undo --------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [Act.APPROVE, Act.RETURN, Act.DECLINE, Act.ESCALATE])
def test_a_decision_can_be_taken_back_within_a_minute(office: Office, act: Act) -> None:
    post = office.receive(day=days(-3), state_day=days(-2))
    after = office.decide(act, post)
    office.clock.advance(seconds=59)
    assert office.desk.read(post.id).undo is not None
    back = office.desk.undo(post.id, "robin")
    assert back == replace(post, version=after.version + 1)
    reading = office.desk.read(post.id)
    assert (reading.post, reading.message, reading.undo) == (back, None, None)
    assert [decision.act for decision in reading.decisions] == [act, Act.UNDO]
    assert reading.text == make_text()


def test_a_take_down_taken_back_is_approved_with_the_hash_it_had(office: Office) -> None:
    up = office.approve(office.receive())
    office.decide(Act.TAKE_DOWN, up)
    back = office.desk.undo(up.id, "robin")
    assert (back.state, back.approved_hash) == (State.APPROVED, up.approved_hash)


def test_an_undo_leaves_the_claim_of_another(office: Office) -> None:
    post = office.receive()
    office.desk.claim(post.id, "robin")
    office.approve(post)
    claim = office.desk.claim(post.id, "sam")
    office.desk.undo(post.id, "robin")
    assert office.desk.read(post.id).claim == claim


def test_an_undo_brings_back_the_message_that_the_author_had(office: Office) -> None:
    second = office.decide(Act.ASK_SECOND, office.receive(), words="One more of us reads it.")
    had = office.desk.read(second.id).message
    assert had is not None
    office.clock.advance(days=2)
    office.decide(Act.DECLINE, second, "sam", "We cannot publish it.")
    office.desk.undo(second.id, "sam")
    assert office.desk.read(second.id).message == had


def test_after_a_minute_a_decision_stands(office: Office) -> None:
    post = office.receive()
    office.approve(post)
    office.clock.advance(seconds=UNDO_WITHIN.total_seconds())
    assert office.desk.read(post.id).undo is None
    with pytest.raises(NothingToUndo):
        office.desk.undo(post.id, "robin")


def test_nobody_takes_back_anothers_decision(office: Office) -> None:
    post = office.receive()
    office.approve(post)
    with pytest.raises(NothingToUndo):
        office.desk.undo(post.id, "sam")
    assert office.desk.read(post.id).post.state is State.APPROVED


def test_an_undo_is_no_decision_that_can_be_undone(office: Office) -> None:
    post = office.receive()
    office.approve(post)
    office.desk.undo(post.id, "robin")
    with pytest.raises(NothingToUndo):
        office.desk.undo(post.id, "robin")


def test_where_nothing_was_decided_there_is_nothing_to_undo(office: Office) -> None:
    with pytest.raises(NothingToUndo):
        office.desk.undo(office.receive().id, "robin")


def test_only_the_last_decision_can_be_taken_back(office: Office) -> None:
    post = office.receive()
    second = office.decide(Act.ASK_SECOND, post, "robin")
    office.approve(second, "sam")
    with pytest.raises(NothingToUndo):
        office.desk.undo(post.id, "robin")
    assert office.desk.undo(post.id, "sam").state is State.SECOND


def test_a_decision_on_a_post_since_withdrawn_cannot_be_taken_back(office: Office) -> None:
    approved = office.approve(office.receive())
    office.stores.holders.withdraw(moved(approved, Act.WITHDRAW, TODAY))
    with pytest.raises(NothingToUndo):
        office.desk.undo(approved.id, "robin")
    assert office.desk.read(approved.id).post.state is State.WITHDRAWN


@dataclass(frozen=True)
class BehindDesk:
    """A store in which a post moved on and its undo was left behind."""

    stores: Stores

    def __getattr__(self, name: str) -> object:
        return getattr(self.stores.desk, name)

    def undo(self, post_id: str) -> Undo | None:
        undo = self.stores.desk.undo(post_id)
        return replace(undo, version=undo.version - 1) if undo else None


def test_an_undo_that_was_left_behind_is_not_offered(office: Office) -> None:
    post = office.approve(office.receive())
    behind = Desk(BehindDesk(office.stores), office.clock)  # type: ignore[arg-type]
    assert behind.read(post.id).undo is None
    with pytest.raises(NothingToUndo):
        behind.undo(post.id, "robin")


def test_taking_back_an_approval_that_is_up_rings_the_bell(office: Office) -> None:
    post = office.receive()
    office.approve(post)
    office.stores.press.record([make_edition_row()], [])
    rung = office.stores.press.rung()
    office.desk.undo(post.id, "robin")
    assert office.stores.press.rung() == rung + 1


# --- a clock that jumps, the bell, the door ----------------------------------------------------


def test_a_clock_set_back_keeps_claims_and_undos_and_breaks_nothing(office: Office) -> None:
    post = office.receive(1)
    office.desk.claim(post.id, "robin")
    office.clock.advance(hours=-3)
    with pytest.raises(HeldByAnother):
        office.desk.claim(post.id, "sam")
    assert office.desk.claim(post.id, "robin").until == office.clock.now() + CLAIMED_FOR
    office.approve(post)
    office.clock.advance(days=-1)
    assert office.desk.undo(post.id, "robin").state is State.RECEIVED


def test_a_clock_set_back_leaves_the_record_of_decisions_in_order(office: Office) -> None:
    post = office.decide(Act.ASK_SECOND, office.receive(), words="")
    office.clock.advance(days=-40)
    office.approve(post, "sam")
    decisions = office.desk.read(post.id).decisions
    assert [decision.act for decision in decisions] == [Act.ASK_SECOND, Act.APPROVE]
    assert [decision.day for decision in decisions] == [TODAY, days(-40)]


def test_a_clock_set_far_ahead_ends_claims_and_undos(office: Office) -> None:
    post = office.receive()
    office.desk.claim(post.id, "sam")
    office.clock.advance(days=400)
    office.approve(post)
    office.clock.advance(days=400)
    with pytest.raises(NothingToUndo):
        office.desk.undo(post.id, "robin")


def test_publishing_rings_the_bell_and_the_last_run_is_shown(office: Office) -> None:
    assert office.desk.last_run() is None
    assert [office.desk.publish(), office.desk.publish()] == [1, 2]
    run = Run(2, RunState.DONE, 4, 1, "")
    office.stores.press.put_run(run)
    assert office.desk.last_run() == run


def test_the_form_can_be_closed_and_opened(office: Office) -> None:
    assert not office.desk.closed()
    office.desk.set_closed(True, "sam")
    assert office.desk.closed()
    office.desk.set_closed(False, "sam")
    assert not office.desk.closed()
