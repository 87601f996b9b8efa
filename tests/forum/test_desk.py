"""The desk's rules: nobody decides what they did not see, or what another is reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from forum.approving import Approver
from forum.deciding import (
    APPROVING,
    ENDINGS,
    LONGEST_MESSAGE,
    MODERATORS_ACTS,
    SAFETY_ACTS,
    WORDS_NEEDED,
    HeldByAnother,
    NoSuchPost,
    NothingToUndo,
    Seen,
    Stale,
    WordsNeeded,
)
from forum.desk import PAGE, Desk
from forum.post import Act, Kind, NotAllowed, State, fingerprint, moved, record_of
from forum.retention import CLAIMED_FOR
from forum.route import Route
from forum.rows import Decided, Message, Place
from tests.builders import TODAY, make_id, make_text
from tests.forum.desk_office import WORDS, Office, open_office
from tests.store.adapters import Stores


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


# --- queue and claims --------------------------------------------------------------------------


def test_the_queue_shows_what_waits_a_page_at_a_time(office: Office) -> None:
    for number in range(PAGE + 3):
        office.receive(number)
    office.receive(99, state=State.APPROVED)
    first = office.desk.queue()
    assert len(first) == PAGE
    last = first[-1].post
    rest = office.desk.queue(after=Place(last.route, last.day, last.id))
    assert len(rest) == 3
    assert office.desk.counts() == {
        (Kind.STORY, State.RECEIVED): PAGE + 3,
        (Kind.STORY, State.APPROVED): 1,
    }


def test_a_claim_holds_for_half_an_hour_and_can_be_renewed(office: Office) -> None:
    post = office.receive()
    claim = office.desk.claim(post.id, "robin")
    assert claim.until == office.clock.now() + CLAIMED_FOR
    office.clock.advance(minutes=20)
    assert office.desk.claim(post.id, "robin").until == office.clock.now() + CLAIMED_FOR
    office.clock.advance(minutes=20)
    with pytest.raises(HeldByAnother) as caught:
        office.desk.claim(post.id, "sam")
    assert caught.value.claim.moderator == "robin"
    office.clock.advance(minutes=10)
    assert office.desk.claim(post.id, "sam").moderator == "sam"


def test_a_claim_given_up_is_free_for_the_next(office: Office) -> None:
    post = office.receive()
    office.desk.claim(post.id, "robin")
    office.desk.release(post.id, "sam")
    assert office.desk.read(post.id).claim is not None
    office.desk.release(post.id, "robin")
    assert office.desk.claim(post.id, "sam").moderator == "sam"


@pytest.mark.parametrize("post_id", ["", "nobody", make_id(5), "../etc", "\0", "a" * 10_000])
def test_a_post_that_is_not_there_is_no_such_post(office: Office, post_id: str) -> None:
    for attempt in (
        lambda: office.desk.claim(post_id, "robin"),
        lambda: office.desk.read(post_id),
        lambda: office.desk.undo(post_id, "robin"),
        lambda: office.desk.decide(Act.APPROVE, Seen(post_id, 1, "a" * 64), "robin"),
        lambda: office.desk.decide(Act.DECLINE, Seen(post_id, 1), "robin", WORDS),
    ):
        with pytest.raises(NoSuchPost):
            attempt()


def test_reading_shows_all_that_is_needed_to_decide(office: Office) -> None:
    post = office.receive()
    claim = office.desk.claim(post.id, "robin")
    reading = office.desk.read(post.id)
    assert (reading.post, reading.text, reading.claim) == (post, make_text(), claim)
    assert reading.hash == fingerprint(record_of(post, make_text()))
    assert (reading.message, reading.is_up, reading.undo) == (None, False, None)
    assert reading.acts == {
        Act.APPROVE, Act.ASK_SECOND, Act.RETURN, Act.OFFER, Act.DECLINE, Act.ESCALATE,
    }  # fmt: skip


def test_a_post_without_text_can_be_looked_at_and_not_approved(office: Office) -> None:
    post = moved(office.receive(), Act.WITHDRAW, TODAY)
    office.stores.holders.withdraw(post)
    reading = office.desk.read(post.id)
    assert (reading.text, reading.hash, reading.acts) == (None, None, frozenset())
    with pytest.raises(NotAllowed):
        office.desk.decide(Act.APPROVE, Seen(post.id, post.version, "a" * 64), "robin")


def test_a_post_that_lost_its_text_cannot_be_approved_or_changed(office: Office) -> None:
    post = replace(office.receive(), version=2)
    office.stores.holders.withdraw(post)
    seen = Seen(post.id, 2, "a" * 64)
    with pytest.raises(NoSuchPost):
        office.desk.decide(Act.APPROVE, seen, "robin")
    with pytest.raises(NoSuchPost):
        office.desk.offer(seen, Approver("robin"), "Walks", "I counted walks, and it helped.")
    with pytest.raises(NoSuchPost):
        office.desk.alike(post.id)
    office.assert_untouched(post)


# --- approving ---------------------------------------------------------------------------------


def test_an_approval_is_bound_to_the_record_that_was_read(office: Office) -> None:
    post = office.receive()
    shown = office.desk.read(post.id).hash
    after = office.approve(post)
    assert after.state is State.APPROVED
    assert after.approved_hash == shown == fingerprint(record_of(post, make_text()))
    assert office.desk.read(post.id).post == after
    (decision,) = office.desk.read(post.id).decisions
    assert (decision.act, decision.moderator) == (Act.APPROVE, "robin")
    assert (decision.approved_hash, decision.day) == (shown, TODAY)


READ = [(Act.APPROVE, State.RECEIVED), (Act.KEEP, State.HIDDEN), (Act.KEEP, State.APPROVED)]


@pytest.mark.parametrize("hash", [None, "", "a" * 64])
@pytest.mark.parametrize(("act", "state"), READ)
def test_nothing_is_approved_or_kept_that_was_not_read(
    office: Office, act: Act, state: State, hash: str | None
) -> None:
    post = office.receive(state=state)
    with pytest.raises(Stale):
        office.desk.decide(act, Seen(post.id, 1, hash), "robin", WORDS)
    office.assert_untouched(post)


@pytest.mark.parametrize("state", [State.HIDDEN, State.APPROVED])
def test_what_is_kept_is_exactly_what_was_read(office: Office, state: State) -> None:
    post = office.receive(state=state, approved_hash="b" * 64)
    shown = office.desk.read(post.id).hash
    kept = office.decide(Act.KEEP, post, words="")
    assert (kept.state, kept.approved_hash, kept.reread) == (State.APPROVED, shown, True)
    (decision,) = office.desk.read(post.id).decisions
    assert (decision.act, decision.approved_hash) == (Act.KEEP, shown)


@pytest.mark.parametrize("state", [s for s in State if s not in (State.HIDDEN, State.APPROVED)])
def test_only_what_is_on_the_site_or_was_is_kept_there(office: Office, state: State) -> None:
    post = office.receive(state=state)
    with pytest.raises(NotAllowed):
        office.decide(Act.KEEP, post)
    office.assert_untouched(post)


def test_a_hash_of_the_same_words_under_another_name_does_not_approve(office: Office) -> None:
    post = office.receive()
    other = replace(post, pen_name="Another Name")
    unread = office.seen(post, fingerprint(record_of(other, make_text())))
    with pytest.raises(Stale):
        office.desk.decide(Act.APPROVE, unread, "robin")
    office.assert_untouched(post)


def test_words_given_with_an_approval_reach_its_author(office: Office) -> None:
    approved = office.decide(Act.APPROVE, office.receive())
    assert office.desk.read(approved.id).message == Message(TODAY, WORDS)


def test_an_approval_without_words_leaves_no_message(office: Office) -> None:
    approved = office.approve(office.receive())
    assert office.desk.read(approved.id).message is None


# --- every other decision ----------------------------------------------------------------------


FREE = sorted(MODERATORS_ACTS - APPROVING - {Act.OFFER}, key=lambda act: act.value)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", FREE)
def test_the_table_of_moves_rules_the_desk(office: Office, state: State, act: Act) -> None:
    post = office.receive(state=state)
    if act in office.desk.read(post.id).acts:
        after = office.decide(act, post)
        first_reader = "robin" if act is Act.ASK_SECOND else ""
        assert after == replace(moved(post, act, TODAY), first_reader=first_reader)
        assert office.desk.read(post.id).post == after
        assert office.desk.read(post.id).message == Message(TODAY, WORDS)
    else:
        with pytest.raises(NotAllowed):
            office.decide(act, post)
        office.assert_untouched(post)


@pytest.mark.parametrize("reason", ["", "M5", "published"])
def test_the_care_for_an_escalated_post_ends_in_no_other_way(office: Office, reason: str) -> None:
    post = office.receive(state=State.ESCALATED)
    with pytest.raises(NotAllowed):
        office.desk.decide(Act.CONCLUDE, office.seen(post), "robin", WORDS, reason)
    office.assert_untouched(post)
    for ending in ENDINGS:
        post = office.desk.decide(Act.CONCLUDE, office.seen(post), "robin", "", ending)
        assert (post.state, post.state_day) == (State.ESCALATED, TODAY)
    assert [d.reason for d in office.desk.read(post.id).decisions] == list(ENDINGS)


NOT_THEIRS = (
    Act.REVISE, Act.ACCEPT, Act.AGREE, Act.REFUSE, Act.APPEAL, Act.WITHDRAW, Act.HIDE, Act.UNDO,
)  # fmt: skip
"""Acts of the author, of readers, and one that has a way of its own."""


@pytest.mark.parametrize("act", NOT_THEIRS)
@pytest.mark.parametrize("route", [Route.NOTE, Route.HOLD2])
@pytest.mark.parametrize("state", State)
def test_the_desk_cannot_act_for_the_author(
    office: Office, state: State, route: Route, act: Act
) -> None:
    post = office.receive(state=state, route=route)
    assert act not in office.desk.read(post.id).acts
    with pytest.raises(NotAllowed):
        office.decide(act, post)
    office.assert_untouched(post)


def test_a_letter_cannot_be_approved(office: Office) -> None:
    post = office.receive(kind=Kind.LETTER)
    with pytest.raises(NotAllowed):
        office.approve(post)
    office.assert_untouched(post)


def test_changes_are_not_offered_without_a_text_that_shows_them(office: Office) -> None:
    """Its author would be asked to agree to nothing."""
    post = office.receive()
    with pytest.raises(NotAllowed):
        office.decide(Act.OFFER, post)
    office.assert_untouched(post)


@pytest.mark.parametrize("act", sorted(WORDS_NEEDED, key=lambda act: act.value))
@pytest.mark.parametrize("words", ["", " \n\t ", "x" * (LONGEST_MESSAGE + 1)])
def test_no_author_is_turned_away_without_words_that_can_be_read(
    office: Office, act: Act, words: str
) -> None:
    state = State.APPROVED if act is Act.TAKE_DOWN else State.RECEIVED
    post = office.receive(state=state)
    with pytest.raises(WordsNeeded):
        office.decide(act, post, words=words)
    office.assert_untouched(post)


@pytest.mark.parametrize("act", [Act.ASK_SECOND, Act.ESCALATE])
def test_words_are_free_where_the_author_need_not_act(office: Office, act: Act) -> None:
    post = office.receive()
    with pytest.raises(WordsNeeded):
        office.decide(act, post, words="x" * (LONGEST_MESSAGE + 1))
    office.decide(act, post, words="  ")
    assert office.desk.read(post.id).message is None


def test_words_are_kept_without_the_space_around_them(office: Office) -> None:
    post = office.receive()
    office.decide(Act.RETURN, post, words=f"\n {'é' * LONGEST_MESSAGE} \n")
    assert office.desk.read(post.id).message == Message(TODAY, "é" * LONGEST_MESSAGE)


@pytest.mark.parametrize("act", [*sorted(APPROVING, key=lambda act: act.value), *FREE])
def test_a_post_that_changed_since_it_was_read_is_not_decided(office: Office, act: Act) -> None:
    post = office.receive(state=State.HIDDEN)
    seen = office.seen(post)
    now = office.decide(Act.ASK_SECOND, post, "sam", "")
    with pytest.raises(Stale) as caught:
        office.desk.decide(act, seen, "robin", WORDS)
    assert caught.value.post == now
    assert [decision.moderator for decision in office.desk.read(post.id).decisions] == ["sam"]


HELD = [Act.APPROVE, Act.KEEP, *(act for act in FREE if act not in SAFETY_ACTS)]


@pytest.mark.parametrize("act", HELD)
def test_a_post_that_another_is_reading_is_not_decided(office: Office, act: Act) -> None:
    post = office.receive(state=State.HIDDEN)
    office.desk.claim(post.id, "sam")
    with pytest.raises(HeldByAnother) as caught:
        office.decide(act, post)
    assert caught.value.claim.moderator == "sam"
    office.assert_untouched(post)
    office.clock.advance(minutes=30)
    if act in office.desk.read(post.id).acts:
        assert office.decide(act, post).version == 2


SAFE = [
    (Act.TAKE_DOWN, State.APPROVED),
    (Act.TAKE_DOWN, State.HIDDEN),
    (Act.ESCALATE, State.RECEIVED),
]


@pytest.mark.parametrize(("act", "state"), SAFE)
@pytest.mark.parametrize("who", ["robin", "operator:operator"])
def test_what_keeps_people_safe_waits_for_nobody_who_holds_the_post(
    office: Office, act: Act, state: State, who: str
) -> None:
    post = office.receive(state=state)
    claim = office.desk.claim(post.id, "sam")
    after = office.decide(act, post, who)
    assert after == moved(post, act, TODAY)
    assert office.desk.read(post.id).claim == claim
    with pytest.raises(Stale):
        office.desk.decide(act, Seen(post.id, post.version), "robin", WORDS)


def test_who_holds_the_post_decides_and_gives_it_up_with_that(office: Office) -> None:
    post = office.receive()
    office.desk.claim(post.id, "robin")
    returned = office.decide(Act.RETURN, post)
    assert office.desk.read(post.id).claim is None
    assert returned.state is State.RETURNED


def test_a_withdrawal_between_reading_and_deciding_wins(office: Office) -> None:
    post = office.receive()
    seen = office.seen(post)
    gone = moved(post, Act.WITHDRAW, TODAY)
    office.stores.holders.withdraw(gone)
    with pytest.raises(Stale) as caught:
        office.desk.decide(Act.APPROVE, seen, "robin")
    assert caught.value.post == gone


@dataclass(frozen=True)
class LateDesk:
    """A store in which somebody else decides between the last look and the write."""

    stores: Stores

    def __getattr__(self, name: str) -> object:
        return getattr(self.stores.desk, name)

    def decide(self, *decided: Decided) -> None:
        before = self.stores.desk.post(decided[0].post.id)
        assert before is not None
        self.stores.holders.withdraw(moved(before, Act.WITHDRAW, TODAY))
        self.stores.desk.decide(*decided)


def test_a_change_in_the_very_moment_of_deciding_is_told(office: Office) -> None:
    post = office.receive()
    seen = office.seen(post)
    late = Desk(LateDesk(office.stores), office.clock)  # type: ignore[arg-type]
    with pytest.raises(Stale) as caught:
        late.decide(Act.APPROVE, seen, "robin")
    assert caught.value.post.state is State.WITHDRAWN


def test_a_change_in_the_very_moment_of_undoing_is_told(office: Office) -> None:
    post = office.receive()
    office.approve(post)
    late = Desk(LateDesk(office.stores), office.clock)  # type: ignore[arg-type]
    with pytest.raises(NothingToUndo):
        late.undo(post.id, "robin")
