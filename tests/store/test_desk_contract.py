"""What every adapter of the desk's port promises: one reader at a time, no decision by halves."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.post import WAITING, Act, Kind, Post, State, moved
from forum.rows import Asked, Card, Changed, Decided, Place, Run, RunState
from tests.builders import (
    LENGTH,
    NOON,
    TODAY,
    days,
    keep,
    make_author,
    make_claim,
    make_decision,
    make_edition_row,
    make_id,
    make_message,
    make_post,
    make_spent,
    make_text,
    make_undo,
)
from tests.store.adapters import Stores

LATER = NOON + timedelta(hours=1)


def approved(post: Post) -> Post:
    return replace(moved(post, Act.APPROVE, days(1)), approved_hash="a" * 64)


def ids(cards: list[Card] | object) -> list[str]:
    return [card.post.id for card in cards]  # type: ignore[attr-defined]


# --- claims -----------------------------------------------------------------------------------


def test_whoever_claims_a_free_post_holds_it_until_the_claim_runs_out(stores: Stores) -> None:
    claim = make_claim()
    assert stores.desk.claim(claim, NOON) == claim
    assert stores.desk.holder(claim.post_id, NOON) == claim
    assert stores.desk.holder(claim.post_id, claim.until - timedelta(microseconds=1)) == claim
    assert stores.desk.holder(claim.post_id, claim.until) is None


def test_a_claim_that_holds_is_not_taken_over(stores: Stores) -> None:
    first = stores.desk.claim(make_claim(), NOON)
    late = make_claim(moderator="sam", until=LATER + timedelta(hours=1))
    assert stores.desk.claim(late, first.until - timedelta(seconds=1)) == first
    assert stores.desk.holder(first.post_id, NOON) == first


def test_a_claim_that_ran_out_can_be_taken_over(stores: Stores) -> None:
    first = stores.desk.claim(make_claim(), NOON)
    second = make_claim(moderator="sam", until=LATER + timedelta(hours=1))
    assert stores.desk.claim(second, first.until) == second
    assert stores.desk.holder(first.post_id, first.until) == second


def test_a_claim_can_be_renewed_by_who_holds_it(stores: Stores) -> None:
    stores.desk.claim(make_claim(), NOON)
    longer = make_claim(until=LATER + timedelta(minutes=10))
    assert stores.desk.claim(longer, NOON) == longer
    assert stores.desk.holder(longer.post_id, LATER + timedelta(minutes=5)) == longer


def test_claims_on_two_posts_do_not_touch(stores: Stores) -> None:
    one, two = make_claim(1), make_claim(2, moderator="sam")
    assert stores.desk.claim(one, NOON) == one
    assert stores.desk.claim(two, NOON) == two
    assert stores.desk.holder(one.post_id, NOON) == one


def test_who_gives_a_claim_up_leaves_it_to_others(stores: Stores) -> None:
    stores.desk.claim(make_claim(), NOON)
    stores.desk.release(make_id(), "robin")
    assert stores.desk.holder(make_id(), NOON) is None
    sams = make_claim(moderator="sam")
    assert stores.desk.claim(sams, NOON) == sams


def test_nobody_can_give_up_anothers_claim(stores: Stores) -> None:
    claim = stores.desk.claim(make_claim(), NOON)
    stores.desk.release(make_id(), "sam")
    assert stores.desk.holder(make_id(), NOON) == claim
    stores.desk.release(make_id(5), "sam")


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seconds=st.integers(1, 3 * 10**9), micros=st.integers(0, 999_999))
def test_the_time_of_a_claim_is_kept_to_the_microsecond(
    stores: Stores, seconds: int, micros: int
) -> None:
    until = NOON + timedelta(seconds=seconds, microseconds=micros)
    stores.desk.release(make_id(), "robin")
    claim = make_claim(until=until)
    assert stores.desk.claim(claim, NOON) == claim
    assert stores.desk.holder(make_id(), NOON) == claim


def test_of_sixteen_who_claim_at_once_one_holds_the_post(stores: Stores) -> None:
    desks = (stores.desk, stores.again().desk)
    with ThreadPoolExecutor(16) as threads:
        for number in range(30):
            claims = [make_claim(number, moderator=f"m{one}") for one in range(16)]
            held = threads.map(
                lambda claim: desks[int(claim.moderator[1:]) % 2].claim(claim, NOON), claims
            )
            holders = set(held)
            assert len(holders) == 1
            assert stores.desk.holder(make_id(number), NOON) in holders


# --- the queue --------------------------------------------------------------------------------


def test_the_queue_shows_the_oldest_day_first_then_by_id(stores: Stores) -> None:
    for number, day in enumerate([3, 1, 2, 1, 3, 1]):
        keep(stores.visitors, make_post(number, day=days(day)))
    cards = stores.desk.cards(Asked(WAITING), None, 20, NOON)
    places = [(card.post.day, card.post.id) for card in cards]
    assert len(places) == 6
    assert places == sorted(places)


def test_the_queue_shows_the_states_that_were_asked_for_and_no_other(stores: Stores) -> None:
    for number, state in enumerate(State):
        keep(stores.visitors, make_post(number, state=state))
    for state in State:
        assert {c.post.state for c in stores.desk.cards(Asked([state]), None, 20, NOON)} == {state}
    shown = {card.post.state for card in stores.desk.cards(Asked(WAITING), None, 20, NOON)}
    assert shown == set(WAITING)
    assert list(stores.desk.cards(Asked([]), None, 20, NOON)) == []


def test_a_card_shows_the_claim_that_holds_and_none_that_ran_out(stores: Stores) -> None:
    keep(stores.visitors, make_post(1))
    keep(stores.visitors, make_post(2))
    claim = stores.desk.claim(make_claim(1), NOON)
    cards = {c.post.id: c for c in stores.desk.cards(Asked(WAITING), None, 20, NOON)}
    assert cards[make_id(1)] == Card(make_post(1), claim, length=LENGTH)
    assert cards[make_id(2)] == Card(make_post(2), None, length=LENGTH)
    late = stores.desk.cards(Asked(WAITING), None, 20, claim.until)
    assert [card.claim for card in late] == [None, None]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    posts=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(WAITING)), max_size=25),
    limit=st.integers(1, 7),
)
def test_page_after_page_the_queue_shows_every_post_once(
    opener: Callable[[Path], Stores], posts: list[tuple[int, State]], limit: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stores = opener(Path(folder))
        for number, (day, state) in enumerate(posts):
            keep(stores.visitors, make_post(number, day=days(day), state=state))
        seen: list[str] = []
        after = None
        while page := stores.desk.cards(Asked(WAITING), after, limit, NOON):
            assert len(page) <= limit
            seen += ids(page)
            after = Place(page[-1].post.route, page[-1].post.day, page[-1].post.id)
        whole = ids(stores.desk.cards(Asked(WAITING), None, 100, NOON))
        assert seen == whole
        assert sorted(seen) == sorted(make_id(number) for number in range(len(posts)))


def test_a_page_goes_on_where_the_last_ended_though_posts_left_meanwhile(stores: Stores) -> None:
    for number in range(6):
        keep(stores.visitors, make_post(number))
    first = stores.desk.cards(Asked(WAITING), None, 3, NOON)
    for card in first:
        stores.holders.withdraw(moved(card.post, Act.WITHDRAW, TODAY))
    last = first[-1].post
    rest = stores.desk.cards(Asked(WAITING), Place(last.route, last.day, last.id), 3, NOON)
    assert len(set(ids(first)) | set(ids(rest))) == 6


def test_counts_say_how_many_posts_of_each_kind_stand_where(stores: Stores) -> None:
    kinds = [(Kind.STORY, State.RECEIVED)] * 3 + [(Kind.LETTER, State.RECEIVED)]
    kinds += [(Kind.STORY, State.APPROVED)] * 2
    assert dict(stores.desk.counts()) == {}
    for number, (kind, state) in enumerate(kinds):
        keep(stores.visitors, make_post(number, kind=kind, state=state))
    assert dict(stores.desk.counts()) == {
        (Kind.STORY, State.RECEIVED): 3,
        (Kind.LETTER, State.RECEIVED): 1,
        (Kind.STORY, State.APPROVED): 2,
    }


# --- decisions --------------------------------------------------------------------------------


def test_a_decision_is_stored_with_all_that_belongs_to_it(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    stores.desk.claim(make_claim(), NOON)
    after, decision = approved(post), make_decision(act=Act.APPROVE, approved_hash="a" * 64)
    stores.desk.decide(Decided(after, decision, make_message(), make_undo(post)))
    assert stores.desk.post(post.id) == after
    assert list(stores.desk.decisions(post.id)) == [decision]
    assert stores.desk.message(post.id) == make_message()
    assert stores.desk.undo(post.id) == make_undo(post)
    assert stores.desk.holder(post.id, NOON) is None
    assert stores.desk.text(post.id) == make_text()


@pytest.mark.parametrize("behind", [-1, 1, 7])
def test_a_decision_on_another_version_changes_nothing_at_all(stores: Stores, behind: int) -> None:
    post = keep(stores.visitors, make_post())
    claim = stores.desk.claim(make_claim(), NOON)
    after = replace(approved(post), version=post.version + 1 + behind)
    with pytest.raises(Changed):
        stores.desk.decide(Decided(after, make_decision(), make_message(), make_undo(post)))
    assert stores.desk.post(post.id) == post
    assert list(stores.desk.decisions(post.id)) == []
    assert stores.desk.message(post.id) is None
    assert stores.desk.undo(post.id) is None
    assert stores.desk.holder(post.id, NOON) == claim
    assert stores.press.rung() == 0


def test_a_post_that_is_not_there_cannot_be_decided(stores: Stores) -> None:
    with pytest.raises(Changed):
        stores.desk.decide(Decided(approved(make_post()), make_decision(), make_message(), None))
    assert list(stores.desk.decisions(make_id())) == []
    assert stores.desk.message(make_id()) is None


def test_of_many_who_decide_at_once_one_is_heard(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())

    def decide(number: int) -> bool:
        decision = make_decision(moderator=f"m{number}")
        message = make_message(words=f"m{number}")
        try:
            stores.desk.decide(Decided(approved(post), decision, message, None))
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(decide, range(8))) == 1
    (heard,) = stores.desk.decisions(post.id)
    message = stores.desk.message(post.id)
    assert message is not None
    assert message.words == heard.moderator


def test_a_new_decision_replaces_the_words_and_the_undo_before(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    second = moved(post, Act.ASK_SECOND, TODAY)
    stores.desk.decide(Decided(second, make_decision(), make_message(), make_undo(post)))
    stores.desk.decide(Decided(approved(second), make_decision(), None, None))
    assert stores.desk.message(post.id) is None
    assert stores.desk.undo(post.id) is None


def test_an_undo_brings_back_the_post_exactly_as_it_was(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(day=days(-3), state_day=days(-2), marks=("m",)))
    before = replace(post, state=State.APPROVED, approved_hash="a" * 64, version=post.version + 1)
    stores.desk.decide(Decided(before, make_decision(), None, None))
    gone = moved(before, Act.TAKE_DOWN, TODAY)
    undo = make_undo(before, until=NOON + timedelta(seconds=60, microseconds=7))
    stores.desk.decide(Decided(gone, make_decision(), make_message(), undo))
    assert stores.desk.undo(post.id) == undo
    stores.desk.decide(
        Decided(replace(undo.before, version=gone.version + 1), make_decision(), None, None)
    )
    assert stores.desk.post(post.id) == replace(before, version=gone.version + 1)


def test_the_record_of_decisions_only_grows_and_keeps_its_order(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    made = []
    for number in range(6):
        act = (Act.HIDE, Act.KEEP)[number % 2] if number else Act.APPROVE
        post = moved(post, act, TODAY)
        made.append(make_decision(act=act, moderator=f"m{9 - number}", day=days(-number)))
        stores.desk.decide(Decided(post, made[-1], None, None))
        assert list(stores.desk.decisions(post.id)) == made
    stores.holders.withdraw(moved(post, Act.WITHDRAW, TODAY))
    assert list(stores.desk.decisions(post.id)) == made
    assert list(stores.desk.decisions(make_id(1))) == []


def test_a_decision_rings_the_bell_only_when_what_readers_may_see_changes(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    up = approved(post)
    stores.desk.decide(Decided(up, make_decision(), None, None))
    assert stores.press.rung() == 1
    hidden = moved(up, Act.HIDE, TODAY)
    stores.desk.decide(Decided(hidden, make_decision(), None, None))
    assert stores.press.rung() == 2
    returned = moved(hidden, Act.RETURN, TODAY)
    stores.desk.decide(Decided(returned, make_decision(), None, None))
    assert stores.press.rung() == 2


def test_a_decision_that_leaves_a_post_up_that_should_not_be_rings_the_bell(
    stores: Stores,
) -> None:
    post = keep(stores.visitors, make_post(state=State.HIDDEN))
    stores.press.record([make_edition_row()], [])
    stores.desk.decide(Decided(moved(post, Act.TAKE_DOWN, TODAY), make_decision(), None, None))
    assert stores.press.rung() == 1


def test_a_post_without_text_can_be_read_and_has_none(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    stores.holders.withdraw(moved(post, Act.WITHDRAW, TODAY))
    assert stores.desk.text(post.id) is None
    assert stores.desk.post(make_id(9)) is None
    assert stores.desk.text(make_id(9)) is None
    assert stores.desk.undo(make_id(9)) is None
    assert not stores.desk.is_up(make_id(9))


# --- the bell and the door --------------------------------------------------------------------


def test_every_ring_of_the_bell_has_its_own_number(stores: Stores) -> None:
    assert [stores.desk.ring() for _ in range(3)] == [1, 2, 3]
    other = stores.again().desk
    with ThreadPoolExecutor(8) as threads:
        rings = threads.map(lambda n: (stores.desk, other)[n % 2].ring(), range(16))
        assert sorted(rings) == list(range(4, 20))


def test_the_desk_sees_the_last_run_of_the_press(stores: Stores) -> None:
    assert stores.desk.last_run() is None
    for run in (Run(1, RunState.RUNNING, 0, 0, ""), Run(1, RunState.FAILED, 0, 0, "No room.")):
        stores.press.put_run(run)
        assert stores.desk.last_run() == run


def test_closing_twice_is_closing_once(stores: Stores) -> None:
    for closed in (True, True, False, False):
        stores.desk.set_closed(closed, TODAY, "sam")
        assert stores.desk.closed() is closed


def test_a_claim_taken_in_one_process_holds_in_another(stores: Stores) -> None:
    claim = stores.desk.claim(make_claim(), NOON)
    other = stores.again().desk
    assert other.claim(make_claim(moderator="sam"), NOON) == claim
    assert other.holder(make_id(), NOON) == claim


def test_posts_of_one_hand_are_told_apart_by_nothing_the_desk_sees(stores: Stores) -> None:
    stores.visitors.add(make_post(1), make_text(), make_author(), make_spent(1))
    author = make_author(sealed=b"t" * 600, before=make_author().sealed)
    stores.visitors.add(make_post(2), make_text(), author, make_spent(2))
    cards = stores.desk.cards(Asked(WAITING), None, 20, NOON)
    assert {replace(card.post, id="", pen_name="") for card in cards} == {
        replace(make_post(), id="", pen_name="")
    }
