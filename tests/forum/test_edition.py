"""What goes up, when, and where: the arithmetic of editions."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from forum.edition import (
    BatchRule,
    Candidate,
    Past,
    Plan,
    Shuffle,
    given_places,
    lists_of,
    plan,
)
from forum.post import Post, State, record_of
from forum.rows import EditionRow
from forum.wiring import DEVELOPMENT_RULE, PRODUCTION_RULE
from tests.builders import TODAY, days, make_fields, make_id, make_post, make_text
from tests.forum.press_room import as_they_come, backwards, make_candidate

EMPTY = Past(up={}, next_slots={})
LISTS = {"stories", "topics/alcohol", "stages/first-year", "helped/nature"}


def approved(number: int, sent: date = TODAY, decided: date = TODAY, **fields: object) -> Post:
    """A post that a moderator has approved."""
    return make_post(
        number, state=State.APPROVED, day=sent, state_day=decided, fields=make_fields(**fields)
    )


def candidates(posts: Sequence[Post]) -> dict[str, Candidate]:
    return {post.id: make_candidate(post) for post in posts}


def planned(
    posts: Sequence[Post],
    past: Past = EMPTY,
    rule: BatchRule = DEVELOPMENT_RULE,
    today: date = TODAY,
    shuffle: Shuffle = as_they_come,
) -> Plan:
    return plan(candidates(posts), past, rule, today, shuffle)


def after(done: Plan, before: Past = EMPTY) -> Past:
    """What the edition record knows once a plan was carried out."""
    free = dict(before.next_slots)
    for row in done.rows.values():
        for name, slot in row.slots.items():
            free[name] = max(free.get(name, 0), slot + 1)
    return Past(done.rows, free)


def ids(posts: Sequence[Post]) -> set[str]:
    return {post.id for post in posts}


def test_one_approved_story_goes_up_at_once_in_development() -> None:
    post = approved(1)
    done = planned([post])
    assert done.went_up == (post.id,)
    assert done.waiting == 0


def test_one_approved_story_waits_for_company_in_production() -> None:
    post = approved(1, sent=days(-3))
    done = planned([post], rule=PRODUCTION_RULE)
    assert (done.went_up, done.waiting, done.rows) == ((), 1, {})


def test_two_rested_stories_go_up_together_in_production() -> None:
    posts = [approved(1, sent=days(-2)), approved(2, sent=days(-3))]
    done = planned(posts, rule=PRODUCTION_RULE)
    assert set(done.went_up) == ids(posts)


def test_a_story_sent_yesterday_rests_and_does_not_count_for_the_batch() -> None:
    rested, fresh = approved(1, sent=days(-2)), approved(2, sent=days(-1))
    done = planned([rested, fresh], rule=PRODUCTION_RULE)
    assert (done.went_up, done.waiting) == ((), 2)


def test_a_fresh_story_does_not_go_along_with_a_full_batch() -> None:
    rested = [approved(1, sent=days(-2)), approved(2, sent=days(-2))]
    fresh = approved(3, sent=days(-1))
    done = planned([*rested, fresh], rule=PRODUCTION_RULE)
    assert set(done.went_up) == ids(rested)
    assert done.waiting == 1


def test_a_week_after_approval_a_story_goes_up_alone() -> None:
    for ago, goes in ((6, False), (7, True), (30, True)):
        post = approved(1, sent=days(-40), decided=days(-ago))
        assert bool(planned([post], rule=PRODUCTION_RULE).went_up) is goes, ago


def test_a_story_whose_week_is_over_takes_every_rested_one_along() -> None:
    posts = [approved(1, days(-9), days(-7)), approved(2, days(-2), days(0))]
    assert set(planned(posts, rule=BatchRule(5, 2)).went_up) == ids(posts)


def test_examples_go_up_whatever_the_batch_rule_says() -> None:
    example = replace(make_candidate(approved(5)), days=None)
    there = {**candidates([approved(1)]), make_id(5): example}
    done = plan(there, EMPTY, PRODUCTION_RULE, TODAY, as_they_come)
    assert done.went_up == (make_id(5),)
    assert done.waiting == 1


def test_places_are_counted_from_nought_in_every_list_of_the_record() -> None:
    posts = [approved(n) for n in range(3)]
    rows = planned(posts).rows
    assert {name for row in rows.values() for name in row.slots} == LISTS
    for name in LISTS:
        assert sorted(row.slots[name] for row in rows.values()) == [0, 1, 2]


def test_a_record_is_listed_only_where_its_own_fields_put_it() -> None:
    post = approved(1, topics=("grief", "alcohol"), helped=(), stage="", arc="upward")
    record = record_of(post, make_text())
    assert set(lists_of(record)) == {"stories", "topics/alcohol", "topics/grief", "arcs/upward"}


def test_the_order_of_a_batch_is_the_shuffles_alone() -> None:
    posts = [approved(n) for n in range(6)]
    orders = {}
    for name, shuffle in {"kept": as_they_come, "turned": backwards}.items():
        rows = planned(posts, shuffle=shuffle).rows
        orders[name] = sorted(rows, key=lambda i: rows[i].slots["stories"])
    assert orders["kept"] == orders["turned"][::-1]


@settings(deadline=None)
@given(st.permutations(range(6)), st.randoms(use_true_random=False))
def test_neither_ids_nor_arrival_nor_approval_give_the_order(
    arrival: list[int], chance: random.Random
) -> None:
    """The shuffle gets the same batch whatever came when, so that only chance is left."""
    posts = [approved(n, sent=days(-n), decided=days(-(n % 3))) for n in arrival]
    state = chance.getstate()
    told = planned(posts, shuffle=chance.shuffle).went_up
    chance.setstate(state)
    by_number = [approved(n) for n in range(6)]
    assert told == planned(by_number, shuffle=chance.shuffle).went_up


def test_every_order_of_a_small_batch_comes_up() -> None:
    posts = [approved(n) for n in range(3)]
    chance = random.Random(1)
    assert len({planned(posts, shuffle=chance.shuffle).went_up for _ in range(100)}) == 6


def test_a_later_batch_takes_the_next_places_and_its_own_month() -> None:
    first = [approved(1), approved(2)]
    past = after(planned(first))
    rows = planned([*first, approved(3)], past, today=TODAY + timedelta(days=10)).rows
    assert rows[make_id(3)].slots["stories"] == 2
    assert rows[make_id(3)].month == "2026-12"
    assert {rows[post.id].month for post in first} == {"2026-11"}
    assert {i: rows[i] for i in ids(first)} == past.up


def test_a_story_that_comes_down_leaves_a_gap_and_moves_nobody() -> None:
    posts = [approved(n) for n in range(4)]
    past = after(planned(posts))
    done = planned([posts[0], posts[1], posts[3]], past)
    assert done.came_down == (posts[2].id,)
    assert done.rows == {i: row for i, row in past.up.items() if i != posts[2].id}


def test_a_place_given_up_is_not_given_again_not_even_to_the_same_story() -> None:
    posts = [approved(n) for n in range(2)]
    first = after(planned(posts))
    second = after(planned(posts[:1], first), first)
    again = planned(posts, second)
    assert again.rows[posts[1].id].slots["stories"] == 2


def test_a_new_text_keeps_its_places_and_is_told_as_changed() -> None:
    posts = [approved(n) for n in range(2)]
    past = after(planned(posts))
    edited = make_candidate(posts[0], make_text(html="<p>Shorter.</p>"))
    there = {**candidates(posts), posts[0].id: edited}
    done = plan(there, past, DEVELOPMENT_RULE, TODAY, as_they_come)
    assert done.changed == (posts[0].id,)
    assert done.rows[posts[0].id] == replace(past.up[posts[0].id], hash=edited.hash)


def test_a_new_topic_takes_the_next_place_there_and_keeps_the_others() -> None:
    posts = [approved(1), approved(2, topics=("grief",))]
    past = after(planned(posts))
    moved = [approved(1, topics=("alcohol", "grief")), posts[1]]
    done = planned(moved, past)
    slots = done.rows[make_id(1)].slots
    assert slots["topics/grief"] == 1
    assert {n: slots[n] for n in LISTS} == past.up[make_id(1)].slots
    assert done.rows[make_id(2)] == past.up[make_id(2)]


def test_what_is_recorded_before_printing_has_all_places_and_the_hash_that_readers_see() -> None:
    posts = [approved(1), approved(2)]
    past = after(planned(posts))
    done = planned([approved(1, topics=("grief",)), posts[1], approved(3)], past)
    recorded: Mapping[str, EditionRow] = {r.post_id: r for r in given_places(done, past)}
    assert set(recorded) == {make_id(1), make_id(3)}
    assert recorded[make_id(3)] == done.rows[make_id(3)]
    assert recorded[make_id(1)].hash == past.up[make_id(1)].hash != done.rows[make_id(1)].hash
    assert recorded[make_id(1)].slots == done.rows[make_id(1)].slots


def test_an_edition_that_changes_nothing_records_nothing() -> None:
    posts = [approved(1), approved(2)]
    past = after(planned(posts))
    done = planned(posts, past)
    assert (done.went_up, done.came_down, done.changed) == ((), (), ())
    assert given_places(done, past) == []
