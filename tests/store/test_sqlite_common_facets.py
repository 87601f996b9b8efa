"""The queue on SQLite where many posts share a facet: a page is what a look at every post finds.

Where a facet is rare its posts are looked up in the others; where none is, ranges are read side by
side. Both ways are taken here, also for questions that nothing answers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from forum.post import SECOND_OPINION, WAITING, Post, State
from forum.route import Route
from forum.rows import Asked, Place
from forum.store.rows import POST_COLUMNS, POST_MARKS, post_values
from forum.store.sqlite import Database
from forum.store.sqlite_desk import SqliteDesk
from tests.builders import NOON, days, make_fields, make_post

POSTS = 1_300
"""Enough that a facet which half of them have is not rare."""
COMMON = 500
TOPICS = ("alcohol", "anxiety", "grief")
RULES = ("PII-1", "PII-2", SECOND_OPINION)
LIMIT = 21

Filled = tuple[SqliteDesk, Sequence[Post]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A desk, and every post in its store."""
    path = tmp_path_factory.mktemp("facets") / "handrail.sqlite3"
    database, chance = Database(path), random.Random(4)
    posts = [drawn(number, chance) for number in range(POSTS)]
    statement = f"INSERT INTO posts ({POST_COLUMNS}) VALUES ({POST_MARKS})"
    with database.write() as connection:
        connection.executemany(statement, [post_values(post) for post in posts])
    return SqliteDesk(database), posts


def drawn(number: int, chance: random.Random) -> Post:
    """Half have the first topic, the others the first rule, none both; the last ones are rare."""
    first = chance.random() < 0.5
    topics, marks = ({TOPICS[0]}, set[str]()) if first else ({TOPICS[1]}, {RULES[0]})
    if chance.random() < 0.5:
        marks.add(RULES[1])
    if chance.random() < 0.01:
        topics, marks = topics | {TOPICS[2]}, marks | {RULES[2]}
    return make_post(
        number,
        state=chance.choice((*[State.RECEIVED] * 9, State.SECOND, State.DECLINED)),
        day=days(-chance.randrange(40)),
        fields=make_fields(topics=tuple(sorted(topics))),
        marks=tuple(sorted(marks)),
        route=chance.choice(list(Route)),
        language="und" if chance.random() < 0.02 else "en",
    )


def questions() -> Iterator[Asked]:
    """Every choice of a topic, a rule, a language and a route, or of none."""
    routes = (None, Route.HOLD2, Route.NOTE)
    for chosen in product(routes, ("", *TOPICS), ("", *RULES), ("", "en", "und")):
        yield Asked(WAITING, None, *chosen)


def looked_through(posts: Sequence[Post], asked: Asked) -> list[Post]:
    """What a look at every post finds, in the queue's order."""
    found = [
        post
        for post in posts
        if post.state in asked.states
        and (not asked.topic or asked.topic in post.fields.topics)
        and (not asked.rule or asked.rule in post.marks)
        and (not asked.language or asked.language == post.language)
        and (not asked.route or asked.route is post.route)
    ]
    return sorted(found, key=lambda post: (post.route.rank, post.day, post.id))


def test_every_question_finds_what_a_look_at_every_post_finds(filled: Filled) -> None:
    desk, posts = filled
    for asked in questions():
        cards = desk.cards(asked, None, LIMIT, NOON)
        assert [card.post for card in cards] == looked_through(posts, asked)[:LIMIT], asked


def test_a_page_goes_on_where_the_one_before_ended(filled: Filled) -> None:
    desk, posts = filled
    for asked in questions():
        wanted = looked_through(posts, asked)
        if len(wanted) > LIMIT:
            last = wanted[LIMIT - 1]
            cards = desk.cards(asked, Place(last.route, last.day, last.id), LIMIT, NOON)
            assert [card.post for card in cards] == wanted[LIMIT : 2 * LIMIT], asked


def test_common_rare_and_disjoint_facets_are_all_among_the_posts(filled: Filled) -> None:
    """The two tests above prove little unless each way of finding a page is taken."""
    received = [post for post in filled[1] if post.state is State.RECEIVED]
    assert sum(TOPICS[0] in post.fields.topics for post in received) > COMMON
    assert sum(RULES[0] in post.marks for post in received) > COMMON
    assert 0 < sum(TOPICS[2] in post.fields.topics for post in received) < LIMIT
    assert looked_through(received, Asked(topic=TOPICS[0], rule=RULES[0])) == []
