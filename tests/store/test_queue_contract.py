"""What every adapter promises of the queue: its order, its pages, its filters and its counts."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.post import WAITING, Act, Kind, Post, State, moved
from forum.route import GRAVITY, Route
from forum.rows import Asked, Place
from tests.builders import (
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_fields,
    make_id,
    make_post,
    make_text,
    make_undo,
    make_undone,
)
from tests.store.adapters import Stores

TOPICS = ("alcohol", "grief", "anxiety")
RULES = ("SUI-1", "PII-7", "SUB-1")
LANGUAGES = ("", "en", "de", "und")
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
Opener = Callable[[Path], Stores]

posts = st.builds(
    lambda kind, state, route, day, topics, marks, language: {
        "kind": kind, "state": state, "route": route, "day": days(-day), "marks": tuple(marks),
        "fields": make_fields(topics=tuple(topics)), "language": language,
    },
    st.sampled_from(Kind),
    st.sampled_from((State.RECEIVED, State.RECEIVED, *WAITING, State.APPROVED)),
    st.sampled_from(Route),
    st.integers(0, 3),
    st.lists(st.sampled_from(TOPICS), max_size=3),
    st.lists(st.sampled_from(RULES), max_size=3, unique=True),
    st.sampled_from(LANGUAGES),
)  # fmt: skip
asks = st.builds(
    Asked,
    states=st.one_of(st.just(WAITING), st.lists(st.sampled_from(State), unique=True)),
    kind=st.one_of(st.none(), st.sampled_from(Kind)),
    route=st.one_of(st.none(), st.sampled_from(Route)),
    topic=st.sampled_from(("", "", *TOPICS, "unheard-of")),
    rule=st.sampled_from(("", "", *RULES)),
    language=st.sampled_from(("", *LANGUAGES)),
)


@contextmanager
def filled(opener: Opener, given: Iterable[dict[str, Any]]) -> Iterator[tuple[Stores, list[Post]]]:
    """A store of its own with these posts, for as long as the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        stores = opener(Path(folder))
        made = [make_post(number, **values) for number, values in enumerate(given)]
        yield stores, [keep(stores.visitors, post) for post in made]


def place(post: Post) -> tuple[int, Any, str]:
    return (GRAVITY.index(post.route), post.day, post.id)


def fits(asked: Asked, post: Post) -> bool:
    """Whether the post is among those that are asked for, looked at one by one."""
    return (
        post.state in asked.states
        and asked.kind in (None, post.kind)
        and asked.route in (None, post.route)
        and asked.topic in ("", *post.fields.topics)
        and asked.rule in ("", *post.marks)
        and asked.language in ("", post.language)
    )


def by_hand(asked: Asked, made: Sequence[Post]) -> list[str]:
    return [post.id for post in sorted(made, key=place) if fits(asked, post)]


def page(stores: Stores, asked: Asked, after: Place | None, limit: int) -> list[Post]:
    return [card.post for card in stores.desk.cards(asked, after, limit, NOON)]


def end_of(found: Sequence[Post]) -> Place:
    return Place(found[-1].route, found[-1].day, found[-1].id)


def leafed(stores: Stores, asked: Asked, limit: int) -> list[str]:
    """The whole queue, page after page."""
    seen: list[str] = []
    after = None
    while found := page(stores, asked, after, limit):
        assert len(found) <= limit
        seen += [post.id for post in found]
        after = end_of(found)
    return seen


# --- order, pages, filters --------------------------------------------------------------------


def test_the_gravest_come_first_and_among_them_the_oldest(stores: Stores) -> None:
    made = [
        keep(stores.visitors, make_post(number, route=route, day=days(-day), state=state))
        for number, (route, day, state) in enumerate(
            [
                (Route.NOTE, 9, State.RECEIVED), (Route.HOLD2, 0, State.APPEALED),
                (Route.HOLD, 3, State.HIDDEN), (Route.HOLD2, 2, State.SECOND),
                (Route.REDACT, 5, State.RECEIVED), (Route.HOLD2, 0, State.RECEIVED),
                (Route.HOLD, 4, State.RECEIVED),
            ]
        )
    ]  # fmt: skip
    newest = sorted((made[1].id, made[5].id))
    order = [made[3].id, *newest, made[6].id, made[2].id, made[4].id, made[0].id]
    assert [post.id for post in page(stores, Asked(), None, 20)] == order


@SLOW
@given(given=st.lists(posts, max_size=14), asked=asks, limit=st.integers(1, 5))
def test_every_filter_and_all_together_find_what_a_look_at_each_post_finds(
    opener: Opener, given: list[dict[str, Any]], asked: Asked, limit: int
) -> None:
    with filled(opener, given) as (stores, made):
        expected = by_hand(asked, made)
        assert [post.id for post in page(stores, asked, None, 50)] == expected
        assert leafed(stores, asked, limit) == expected


@SLOW
@given(chance=st.randoms(use_true_random=False), limit=st.integers(1, 4), asked=asks)
def test_pages_show_what_stays_once_while_others_come_and_go(
    opener: Opener, chance: random.Random, limit: int, asked: Asked
) -> None:
    def some() -> dict[str, Any]:
        return {
            "route": chance.choice(list(Route)), "day": days(-chance.randrange(3)),
            "state": chance.choice(WAITING), "language": chance.choice(LANGUAGES),
            "fields": make_fields(topics=(chance.choice(TOPICS),)),
        }  # fmt: skip

    with filled(opener, [some() for _ in range(10)]) as (stores, made):
        stay, seen, after, coming = set(by_hand(asked, made)), [], None, 100
        while found := page(stores, asked, after, limit):
            seen += [post.id for post in found]
            after = end_of(found)
            gone = chance.choice(made)
            if stores.desk.post(gone.id) == gone and chance.random() < 0.5:
                decide(stores.desk, gone, Act.ESCALATE)
                stay.discard(gone.id)
            if chance.random() < 0.5 and coming < 130:
                coming += 1
                keep(stores.visitors, make_post(coming, **some()))
        assert max(Counter(seen).values(), default=1) == 1, "nothing is shown twice"
        assert stay <= set(seen), "nothing that stays is passed over"


def test_a_page_can_begin_after_a_place_where_nothing_is(stores: Stores) -> None:
    for number, route in enumerate(Route):
        keep(stores.visitors, make_post(number, route=route))
    after = Place(Route.HOLD, days(5), "")
    assert [post.route for post in page(stores, Asked(), after, 9)] == [Route.REDACT, Route.NOTE]
    for route in Route:
        found = page(stores, Asked(route=route), after, 9)
        assert [post.route for post in found] == ([route] if route.rank > 1 else [])


def test_the_queue_never_finds_a_post_by_a_word_of_its_text(stores: Stores) -> None:
    text = make_text(title="heron", html="<p>heron</p>", typed="heron " * 9)
    keep(stores.visitors, make_post(pen_name="Heron"), text)
    for words in ("heron", "Heron", "a%", "*"):
        for asked in (Asked(topic=words), Asked(rule=words), Asked(language=words)):
            assert page(stores, asked, None, 9) == []


# --- counts -----------------------------------------------------------------------------------


def some_history(stores: Stores, chance: random.Random) -> None:
    """Posts come, are decided on, undone, changed, taken back and erased."""
    made: dict[str, Post] = {}
    for number in range(25):
        state = chance.choice((State.RECEIVED, State.RECEIVED, State.DECLINED, State.APPROVED))
        given = {
            "kind": chance.choice(list(Kind)),
            "state": state,
            "day": days(-chance.randrange(9)),
        }
        post = make_post(number, marks=(chance.choice(RULES),), language="en", **given)
        made[post.id] = keep(stores.visitors, post)
        one = made[chance.choice(list(made))]
        acts = [
            act for act in (Act.ESCALATE, Act.DECLINE, Act.HIDE, Act.WITHDRAW) if _can(one, act)
        ]
        if not acts:
            continue
        act = chance.choice(acts)
        if act in (Act.ESCALATE, Act.DECLINE):
            after = decide(stores.desk, one, act, undo=make_undo(one))
            if chance.random() < 0.4:
                undone = make_undone(make_undo(one))
                stores.desk.decide(undone)
                after = undone.post
        elif act is Act.WITHDRAW:
            after = replace(moved(one, act, TODAY), marks=(), language="")
            stores.holders.withdraw(after)
        else:
            after = replace(moved(one, act, TODAY), route=Route.HOLD2)
            stores.holders.move(after)
        made[one.id] = after
        if chance.random() < 0.2:
            stores.retention.erase_posts(State.DECLINED, days(1))
            stores.retention.erase_typed(days(1))
            made = {i: kept for i in made if (kept := stores.desk.post(i))}


def _can(post: Post, act: Act) -> bool:
    try:
        moved(post, act, TODAY)
    except Exception:  # noqa: BLE001 - whatever it raises, it cannot be
        return False
    return True


@pytest.mark.parametrize("seed", range(12))
def test_counts_and_filters_are_right_after_any_history(stores: Stores, seed: int) -> None:
    some_history(stores, random.Random(seed))
    made = [post for number in range(25) if (post := stores.desk.post(make_id(number)))]
    assert dict(stores.desk.counts()) == dict(Counter((post.kind, post.state) for post in made))
    everywhere = tuple(State)
    for asked in [
        Asked(everywhere), *(Asked(everywhere, rule=rule) for rule in RULES),
        *(Asked(everywhere, kind=kind, language="en") for kind in Kind),
        *(Asked(everywhere, route=route, topic="alcohol") for route in Route),
    ]:  # fmt: skip
        assert [p.id for p in page(stores, asked, None, 99)] == by_hand(asked, made), asked


def test_an_empty_store_counts_nothing(stores: Stores) -> None:
    assert dict(stores.desk.counts()) == {}
    post = keep(stores.visitors, make_post(state=State.DECLINED))
    stores.retention.erase_posts(State.DECLINED, days(1))
    assert stores.desk.post(post.id) is None
    assert dict(stores.desk.counts()) == {}
