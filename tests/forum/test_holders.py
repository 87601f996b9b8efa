"""Whoever holds a receipt sees what is theirs, does what the table of moves has, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from forum.hands import Unknown
from forum.holders import HOLDERS_ACTS, Holders, Holding, Leave, Stale
from forum.post import MOVES, Act, Kind, Post, State, fingerprint, record_of
from forum.receipts import Receipt
from forum.retention import purge
from forum.route import Route
from forum.rows import ReportState
from forum.visitors import Sent
from tests.builders import days, make_given, make_id
from tests.forum.visitors_door import Door, Untouchable, leave, open_door

DOES: dict[Act, Callable[[Holders, Holding | None, str, Leave], Post]] = {
    Act.WITHDRAW: lambda at, _, post_id, by: at.withdraw(post_id, by),
    Act.APPEAL: lambda at, _, post_id, by: at.appeal(post_id, by),
    Act.ACCEPT: lambda at, seen, post_id, by: at.accept(post_id, hash_of(seen), by),
    Act.AGREE: lambda at, seen, post_id, by: at.accept(post_id, hash_of(seen), by),
    Act.REFUSE: lambda at, seen, post_id, by: at.refuse(post_id, hash_of(seen), by),
    Act.REVISE: lambda at, seen, post_id, by: at.revise(post_id, hash_of(seen), make_given(), by),
}
"""What each act looks like, with what its holder saw."""
BY_RECEIPT_OR_CAPABILITY = pytest.mark.parametrize("by", [leave, None], ids=["words", "capability"])


def hash_of(seen: Holding | None) -> str:
    return (seen.hash if seen else "") or "f" * 64


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


def test_every_act_of_a_holder_is_tried_here() -> None:
    assert DOES.keys() == HOLDERS_ACTS


# --- looking up ---------------------------------------------------------------------------------


def test_everything_under_a_receipt_is_shown_oldest_first(door: Door) -> None:
    first = door.share_up()
    report = door.report(first.post, words="It names my town.")
    receipt = str(report.receipt)
    second = door.share(receipt=receipt, title="Two")
    third = door.share(receipt=receipt, title="Three")
    holdings = door.holders.look_up(Leave(receipt))
    assert [one.post for one in holdings.posts] == [second.post, third.post]
    assert [one.report for one in holdings.reports] == [report.report]
    assert holdings.of(third.post.id).post == third.post
    for other in (report.report.id, first.post.id, ""):
        with pytest.raises(Unknown):
            holdings.of(other)


def test_a_report_is_shown_with_its_answer_and_the_day_it_goes(door: Door) -> None:
    sent = door.share_up()
    report = door.report(sent.post)
    (shown,) = door.holders.look_up(leave(report)).reports
    assert (shown.report.state, shown.erased_on) == (ReportState.OPEN, None)
    door.decide(Act.KEEP, sent.post)
    (shown,) = door.holders.look_up(leave(report)).reports
    assert (shown.report.state, shown.erased_on) == (ReportState.KEPT, days(30))
    door.clock.advance(days=30)
    purge(door.stores.retention, door.clock.now())
    with pytest.raises(Unknown):
        door.holders.look_up(leave(report))


def test_own_words_are_shown_exactly_while_they_can_change(door: Door) -> None:
    sent = door.share()
    kept = door.stores.desk.text(sent.post.id)
    shown = {}
    for state in set(State) - {State.WITHDRAWN, State.OFFERED}:
        door.put_in(state, sent)
        shown[state] = door.holding(sent).text
    assert {state for state, text in shown.items() if text} == {State.RETURNED}
    assert shown[State.RETURNED] == kept
    door.offer(door.put_in(State.RECEIVED, sent))
    assert door.holding(sent).text == kept


def test_an_act_carries_the_hash_of_what_was_shown(door: Door) -> None:
    sent = door.share()
    assert door.holding(sent).hash is None, "there is nothing to agree to"
    returned = door.put_in(State.RETURNED, sent)
    text = door.stores.desk.text(sent.post.id)
    assert text
    assert door.holding(sent).hash == fingerprint(record_of(returned, text))
    offer = door.offer(door.put_in(State.RECEIVED, sent))
    assert door.holding(sent).offer == offer
    assert door.holding(sent).hash == offer.hash
    assert offer.hash == fingerprint(record_of(door.post(sent), offer.text))


def never() -> str:
    return str(Receipt(("orchard", "blanket", "honeybee", "granola", "sycamore", "firefly")))


@pytest.mark.parametrize("typed", ["", "five words are not enough", "a b c d e f", "x" * 5_000])
def test_words_that_are_no_receipt_are_answered_without_asking_the_store(
    door: Door, typed: str
) -> None:
    holders = door.holders_over(Untouchable())
    with pytest.raises(Unknown):
        holders.look_up(Leave(typed))
    with pytest.raises(Unknown):
        holders.erase(Leave(typed, "capability"))


# --- every act in every state -------------------------------------------------------------------


def came_to(door: Door, kind: Kind, state: State, act: Act | None = None, **given: Any) -> Sent:
    """A post of this kind in this state; whatever the state, there is an offer in the store.

    Who is to agree to changes has a post that two people must read.
    """
    sent = door.share()
    given = {"route": Route.HOLD2 if act is Act.AGREE else Route.NOTE} | given
    door.offer(sent.post)
    hash = "f" * 64 if state in (State.APPROVED, State.HIDDEN) else None
    door.put_in(state, sent, **{"kind": kind, "approved_hash": hash} | given)
    return sent


POSSIBLE = [
    (kind, state, act)
    for kind, act in product((Kind.STORY, Kind.LETTER), sorted(HOLDERS_ACTS, key=str))
    for state in MOVES[kind]
    if (state, act) != (State.WITHDRAWN, Act.WITHDRAW)
]


@pytest.mark.parametrize(("kind", "state", "act"), POSSIBLE)
def test_what_the_table_of_moves_has_is_done_and_nothing_else_is_possible(
    door: Door, kind: Kind, state: State, act: Act
) -> None:
    sent = came_to(door, kind, state, act)
    before, holding = door.rows(), door.holding(sent)
    other = Act.ACCEPT if act is Act.AGREE else Act.AGREE
    moves = {may: to for may, to in MOVES[kind][state].items() if may is not other}
    assert holding.acts == moves.keys() & HOLDERS_ACTS
    if act in moves:
        after = DOES[act](door.holders, holding, sent.post.id, leave(sent))
        assert after == door.post(sent)
        assert (after.state, after.version) == (moves[act], holding.post.version + 1)
    else:
        with pytest.raises(Stale):
            DOES[act](door.holders, holding, sent.post.id, leave(sent))
        assert door.rows() == before


def test_no_act_comes_back_from_being_taken_back(door: Door) -> None:
    sent = door.share()
    gone = door.holders.withdraw(sent.post.id, leave(sent))
    assert door.holders.withdraw(sent.post.id, leave(sent)) == gone
    assert door.holding(sent).acts == frozenset()


@pytest.mark.parametrize("act", sorted(HOLDERS_ACTS - {Act.WITHDRAW}, key=str))
def test_whoever_saw_other_words_changes_nothing(door: Door, act: Act) -> None:
    sent = came_to(door, Kind.STORY, State.OFFERED, act)
    before, stale = door.rows(), replace(door.holding(sent), offer=None)
    assert stale.hash not in (None, door.holding(sent).hash)
    for seen in (stale, None):
        with pytest.raises(Stale):
            DOES[act](door.holders, seen, sent.post.id, leave(sent))
    assert door.rows() == before


# --- one's own and nobody else's ----------------------------------------------------------------


@BY_RECEIPT_OR_CAPABILITY
@pytest.mark.parametrize("act", sorted(HOLDERS_ACTS, key=str))
def test_anothers_an_unknown_and_an_erased_post_are_one_answer(
    door: Door, act: Act, by: Callable[[Sent], Leave] | None
) -> None:
    mine, gone = door.share(), door.share()
    receipt = str(mine.receipt)
    erased = door.share(receipt=receipt, title="Erased")
    foreign = came_to(door, Kind.STORY, State.OFFERED, act)
    report = door.report(door.share_up().post)
    door.put_in(State.DECLINED, erased)
    door.put_in(State.DECLINED, gone)
    door.stores.retention.erase_posts(State.DECLINED, days(1))
    before, seen = door.rows(), door.holding(foreign)
    allowed = by(mine) if by else door.capability(mine)
    for post_id in (foreign.post.id, gone.post.id, erased.post.id, make_id(), "", report.report.id):
        with pytest.raises(Unknown) as caught:
            DOES[act](door.holders, seen, post_id, allowed)
        assert str(caught.value) == ""
    assert door.rows() == before


@pytest.mark.parametrize("act", sorted(HOLDERS_ACTS, key=str))
def test_a_reports_receipt_can_do_nothing_to_the_post_or_the_report(door: Door, act: Act) -> None:
    sent = came_to(door, Kind.STORY, State.OFFERED, act)
    about = door.share_up(title="Another")
    report = door.report(about.post)
    before, seen = door.rows(), door.holding(sent)
    for held_id in (sent.post.id, about.post.id, report.report.id):
        with pytest.raises(Unknown):
            DOES[act](door.holders, seen, held_id, leave(report))
    assert door.rows() == before


@pytest.mark.parametrize("act", sorted(HOLDERS_ACTS, key=str))
@pytest.mark.parametrize(("minutes", "holds"), [(15, True), (15.02, False)])
def test_a_capability_allows_every_act_for_a_quarter_of_an_hour(
    door: Door, act: Act, minutes: float, holds: bool
) -> None:
    sent = came_to(door, Kind.STORY, State.DECLINED if act is Act.APPEAL else State.OFFERED, act)
    seen, by = door.holding(sent), door.capability(sent)
    before = door.rows()
    door.clock.advance(minutes=minutes)
    if holds:
        assert DOES[act](door.holders, seen, sent.post.id, by) == door.post(sent)
        return
    for leaves in (by, Leave(never(), by.capability), Leave("typed wrongly", by.capability)):
        with pytest.raises(Unknown):
            DOES[act](door.holders, seen, sent.post.id, leaves)
        for look in (door.holders.look_up, door.holders.erase):
            with pytest.raises(Unknown):
                look(leaves)
    assert door.rows() == before


def test_typed_words_give_a_fresh_capability_beside_one_that_ran_out(door: Door) -> None:
    sent = door.share()
    old = door.capability(sent).capability
    door.clock.advance(minutes=16)
    fresh = door.holders.look_up(Leave(str(sent.receipt), old)).capability
    assert fresh != old
    assert door.holders.look_up(Leave(capability=fresh)).capability == fresh
