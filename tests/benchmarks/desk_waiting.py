"""A store in which so many posts wait as a large forum's would: kinds of risk, topics, marks, days.

Rows go in through SQL in one transaction that nothing makes durable, so that a hundred thousand
take seconds; the schema and its triggers are the store's own.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from forum.post import Fields, Kind, Post, State, Text
from forum.route import Route
from forum.rows import Reason, ReportState
from forum.screening import RULES
from forum.store.rows import (
    POST_COLUMNS,
    POST_MARKS,
    REPORT_COLUMNS,
    TEXT_COLUMNS,
    TEXT_MARKS,
    post_values,
    text_values,
)
from forum.store.sqlite import Database
from forum.vocabulary import slugs

SIZES: Final = (100, 10_000, 100_000)
DAYS: Final = 120
"""The oldest has waited so long."""
STATES: Final = {State.RECEIVED: 96, State.SECOND: 2, State.APPEALED: 1, State.HIDDEN: 1}
ROUTES: Final = {Route.HOLD2: 2, Route.HOLD: 8, Route.REDACT: 30, Route.NOTE: 60}
LANGUAGES: Final = {"en": 95, "und": 5}
ALONE: Final = ("alcohol", "PII-1")
"""A topic and a rule, each on many posts, that never stand on the same post."""
SELDOM: Final = ("anxiety", "PII-2")
"""A topic and a rule, each on many posts, that stand together on few."""
ONE_IN: Final = 2_000
"""Of the posts that would have both of those, so many lose one."""
Chosen = TypeVar("Chosen")
STORIES: Final = Path(__file__).parents[1] / "forum" / "screening_dev.jsonl"


@dataclass(frozen=True)
class Mix:
    """What posts are drawn from; the same seed always gives the same posts."""

    chance: random.Random
    texts: tuple[Text, ...]
    today: date

    def post(self, number: int, state: State) -> Post:
        """One post in this state."""
        route, topics = _one(self.chance, ROUTES), self._topics()
        marks = self._marks(route)
        day = self.today - timedelta(days=self.chance.randrange(DAYS))
        return Post(
            id=f"{self.chance.getrandbits(80):020x}"[:16],
            kind=Kind.STORY,
            state=state,
            version=1,
            day=day,
            state_day=day,
            pen_name=f"Quiet Heron {number}",
            fields=Fields(self._parted(topics, marks), "first-year", helped=("nature",)),
            marks=marks,
            route=route,
            language=_one(self.chance, LANGUAGES),
        )

    def text(self) -> Text:
        """One story."""
        return self.chance.choice(self.texts)

    def _topics(self) -> tuple[str, ...]:
        first = [*ALONE[:1], *SELDOM[:1]] if self.chance.random() < 0.4 else []
        known = sorted(slugs("topics"))
        return tuple(sorted({*first[: 1 + self.chance.randrange(2)], self.chance.choice(known)}))

    def _marks(self, route: Route) -> tuple[str, ...]:
        """One or more rules of this route, and of lighter ones."""
        chosen = [rule for rule in RULES.values() if rule.route is route]
        light = [rule.id for rule in RULES.values() if rule.route is Route.NOTE]
        found = {self.chance.choice(chosen).id} if route is not Route.NOTE else set()
        if route is Route.REDACT:
            found |= {one for one in (ALONE[1], SELDOM[1]) if self.chance.random() < 0.5}
        return tuple(sorted(found | set(self.chance.sample(light, self.chance.randrange(3)))))

    def _parted(self, topics: tuple[str, ...], marks: tuple[str, ...]) -> tuple[str, ...]:
        """The topics without what must not, or seldom, stand beside these marks."""
        apart = {ALONE} | ({SELDOM} if self.chance.randrange(ONE_IN) else set())
        gone = {topic for topic, rule in apart if rule in marks}
        return tuple(topic for topic in topics if topic not in gone)


def fill(path: Path, how_many: int, seed: int = 4) -> None:
    """Let so many posts wait in a new store at `path`, beside a tenth of that many on the site."""
    mix = Mix(random.Random(seed), stories(), datetime.now(UTC).date())
    posts = [mix.post(number, _one(mix.chance, STATES)) for number in range(how_many)]
    up = range(how_many, how_many + how_many // 10)
    posts += [mix.post(number, State.APPROVED) for number in up]
    with _quickly(path) as connection:
        connection.executemany(
            f"INSERT INTO posts ({POST_COLUMNS}) VALUES ({POST_MARKS})",
            (post_values(post) for post in posts),
        )
        connection.executemany(
            f"INSERT INTO texts (post_id, {TEXT_COLUMNS}) VALUES ({TEXT_MARKS})",
            (text_values(post.id, mix.text()) for post in sorted(posts, key=lambda post: post.id)),
        )


def report(path: Path, posts: int, state: ReportState) -> None:
    """Let readers report so many posts of the site, twice each."""
    chance, today = random.Random(posts), datetime.now(UTC).date().isoformat()
    with Database(path).write() as connection:
        found = connection.execute(
            "SELECT id FROM posts WHERE state = 'approved' AND id NOT IN "
            "(SELECT post_id FROM reports) ORDER BY id LIMIT ?",
            (posts,),
        ).fetchall()
        for (post_id,) in found * 2:
            told, reason = f"{chance.getrandbits(64):016x}", chance.choice(list(Reason))
            values = (told, post_id, reason.value, "Please look.", today, state.value, None)
            connection.execute(
                f"INSERT INTO reports ({REPORT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", values
            )


@contextmanager
def _quickly(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a connection that writes as fast as it can, and forgets all safety."""
    Database(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def stories() -> tuple[Text, ...]:
    """Stories of a few hundred characters to three thousand, cut from the ones screening reads."""
    return tuple(_stories())


def _stories() -> Iterator[Text]:
    lines = STORIES.read_text("utf-8").splitlines()
    told = [entry["text"] for entry in map(json.loads, lines) if entry["kind"] == "story"]
    words = " ".join(told)
    for length in (300, 500, 800, 1_000, 1_200, 1_400, 1_800, 3_000):
        typed = words[length : 2 * length]
        yield Text("The first week", f"<p>{typed}</p>", typed)


def _one(chance: random.Random, weights: Mapping[Chosen, int]) -> Chosen:
    return chance.choices(list(weights), list(weights.values()))[0]
