"""The desk on DynamoDB: an index that lags shows nothing that has moved; a page costs little."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import pytest

from forum.post import WAITING, Act, Post, State, moved
from forum.route import Route
from forum.rows import Asked, Changed, Decided, Place, Verdict
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import MOST_ROWS, Change, Key
from forum.store.dynamodb_desk import MOST_AT_ONCE
from forum.store.dynamodb_keys import SHARDS, claim_key, shard
from forum.store.dynamodb_places import FEW_ROWS
from forum.store.dynamodb_queue import release
from forum.store.dynamodb_values import Item
from forum.store.on_dynamodb import OnDynamo
from tests.builders import (
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_claim,
    make_decided,
    make_decision,
    make_edition_row,
    make_fields,
    make_id,
    make_message,
    make_offer,
    make_post,
    make_report,
    make_text,
    make_undo,
    make_undone,
    tell,
)
from tests.store.dynamodb_given import client, create_tables, name_for
from tests.store.stale_index import Watched

TOPIC = "grief"


@pytest.fixture
def watched() -> Watched:
    """DynamoDB, and all that it is asked."""
    return Watched()


@pytest.fixture
def store(watched: Watched, tmp_path: Path) -> OnDynamo:
    """An empty store on it."""
    create_tables(watched.client, name_for(tmp_path))
    return OnDynamo(Dynamo(watched.client, name_for(tmp_path), clock=NOON.timestamp))


def receive(store: OnDynamo, *numbers: int, **given: object) -> list[Post]:
    return [keep(store.visitors(), make_post(number, **given)) for number in numbers]


def neighbours(number: int) -> list[int]:
    """Numbers of posts that all lie in one partition of the index."""
    return list(islice((n for n in count() if shard(make_id(n)) == 0), number))


def page(store: OnDynamo, asked: Asked | None = None, limit: int = 3) -> list[str]:
    return [card.post.id for card in store.desk().cards(asked or Asked(), None, limit, NOON)]


# --- an index that lags -------------------------------------------------------------------------


def declined(store: OnDynamo, post: Post) -> None:
    decide(store.desk(), post, Act.DECLINE)


def withdrawn(store: OnDynamo, post: Post) -> None:
    store.holders().withdraw(moved(post, Act.WITHDRAW, TODAY))


def graver(store: OnDynamo, post: Post) -> None:
    store.holders().move(replace(post, version=post.version + 1, route=Route.HOLD2))


def about_else(store: OnDynamo, post: Post) -> None:
    other = make_fields(topics=("anxiety",))
    store.holders().move(replace(post, version=post.version + 1, fields=other))


@pytest.mark.parametrize("move", [declined, withdrawn, graver, about_else])
def test_what_has_moved_gives_its_place_on_the_page_to_the_next(
    store: OnDynamo, watched: Watched, move: Callable[[OnDynamo, Post], None]
) -> None:
    posts = receive(store, *neighbours(6), fields=make_fields(topics=(TOPIC,)))
    posts.sort(key=lambda post: post.id)
    asked = Asked(topic=TOPIC)
    assert page(store, asked) == [post.id for post in posts[:3]]
    for post in posts[1:3]:
        move(store, post)
    watched.is_stale = lambda: True
    assert page(store, asked) == [posts[0].id, posts[3].id, posts[4].id]


def test_what_was_decided_a_moment_ago_is_not_compared_with(
    store: OnDynamo, watched: Watched
) -> None:
    posts = receive(store, *neighbours(3))
    assert len(list(store.desk().unread())) == 3
    declined(store, posts[1])
    watched.is_stale = lambda: True
    assert {post.id for post, _ in store.desk().unread()} == {posts[0].id, posts[2].id}


@pytest.mark.parametrize("seed", range(3))
def test_however_the_index_lags_no_post_stands_twice_or_where_it_was(
    store: OnDynamo, watched: Watched, seed: int
) -> None:
    chance = random.Random(seed)
    made = [
        receive(store, number, state=chance.choice(WAITING), day=days(-chance.randrange(3)))[0]
        for number in range(24)
    ]
    leafed(store, lambda: None)
    stay = {post.id for post in made}
    watched.is_stale = lambda: chance.random() < 0.6

    def meanwhile() -> None:
        gone = chance.choice(made)
        if store.desk().post(gone.id) == gone:
            decide(store.desk(), gone, Act.ESCALATE)
            stay.discard(gone.id)

    seen = leafed(store, meanwhile)
    assert len(seen) == len(set(seen))
    assert stay <= set(seen)


def leafed(store: OnDynamo, meanwhile: Callable[[], None]) -> list[str]:
    """Every page; what stands on each is what the store holds at that moment."""
    seen: list[str] = []
    after = None
    while cards := store.desk().cards(Asked(), after, 4, NOON):
        assert [store.desk().post(card.post.id) for card in cards] == [c.post for c in cards]
        last = cards[-1].post
        after = Place(last.route, last.day, last.id)
        seen += [card.post.id for card in cards]
        meanwhile()
    return seen


# --- what it costs ------------------------------------------------------------------------------


def test_a_page_asks_for_a_few_rows_of_each_partition_and_for_its_own_posts(
    store: OnDynamo, watched: Watched
) -> None:
    receive(store, *range(60))
    watched.sent.clear()
    assert len(page(store, limit=5)) == 5
    asked = watched.calls("Query")
    assert len(asked) <= SHARDS
    assert {words["Limit"] for words in asked} == {FEW_ROWS}
    counts, cards = (rows["RequestItems"] for rows in watched.calls("BatchGetItem"))
    assert len(next(iter(counts.values()))["Keys"]) == SHARDS
    assert len(next(iter(cards.values()))["Keys"]) == 3 * 5
    assert watched.calls("Scan") == []


def test_as_many_decisions_as_are_made_in_one_change_fit_into_it(
    store: OnDynamo, watched: Watched
) -> None:
    """Each as big as any can be: up, edited, reported, claimed, with words, changes and undo."""
    made = [_biggest(store, number) for number in range(MOST_AT_ONCE)]
    watched.sent.clear()
    store.desk().decide(*made)
    (sent,) = watched.calls("TransactWriteItems")
    assert len(sent["TransactItems"]) <= MOST_ROWS
    assert len(sent["TransactItems"]) > 10 * MOST_AT_ONCE


def _biggest(store: OnDynamo, number: int) -> Decided:
    post = keep(
        store.visitors(),
        make_post(number, state=State.APPROVED, approved_hash="f" * 64),
    )
    store.press().record([make_edition_row(number)], [])
    tell(store.reports(), make_report(number, post_id=post.id))
    store.desk().claim(make_claim(number), NOON)
    return Decided(
        moved(post, Act.TAKE_DOWN, TODAY),
        make_decision(number, act=Act.TAKE_DOWN),
        message=make_message(),
        undo=make_undo(post, batch="b"),
        offer=make_offer(post),
        text=make_text(title="Edited"),
        verdicts=(("PII-1", Verdict.KEEP),),
    )


# --- more than one change holds -----------------------------------------------------------------


def test_a_flood_larger_than_one_change_is_declined_and_taken_back(store: OnDynamo) -> None:
    posts = receive(store, *range(2 * MOST_AT_ONCE + 1))
    store.desk().decide(*_flood(posts))
    undos = store.desk().undos("flood")
    assert [undo.before for undo in undos] == sorted(posts, key=lambda post: post.id)
    store.desk().decide(*map(make_undone, undos))
    assert len(list(store.desk().unread())) == len(posts)
    assert list(store.desk().undos("flood")) == []


def test_of_a_large_flood_in_which_one_has_moved_on_nothing_is_declined(store: OnDynamo) -> None:
    posts = receive(store, *range(2 * MOST_AT_ONCE + 1))
    withdrawn(store, posts[-1])
    with pytest.raises(Changed):
        store.desk().decide(*_flood(posts))
    assert {store.desk().post(post.id) for post in posts[:-1]} == set(posts[:-1])
    assert list(store.record().entries()) == []


def _flood(posts: Sequence[Post]) -> list[Decided]:
    return [make_decided(post, Act.DECLINE, undo=make_undo(post, batch="flood")) for post in posts]


def test_a_claim_that_another_takes_at_this_moment_is_not_released(tmp_path: Path) -> None:
    name, key = name_for(tmp_path), claim_key("p")
    create_tables(client(), name)
    dynamo = Dynamo(client(), name, clock=lambda: 0.0)
    dynamo.change(lambda change: change.put(key, {"moderator": "robin", "until": 1.0}))
    reads = count()

    def work(change: Change) -> None:
        read = change._read

        def between(asked: Key) -> Item | None:
            if next(reads) == 1:
                theirs = {"moderator": "sam", "until": 99.0}
                dynamo.change(lambda other: other.put(key, theirs))
            return read(asked)

        change._read = between  # type: ignore[method-assign]
        release(change, "p", "robin")

    dynamo.change(work)
    assert (dynamo.get(key) or {})["moderator"] == "sam"
