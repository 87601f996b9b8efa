"""What a post costs the store more since the queue can be asked for topics, rules and languages.

The same posts go into two new stores in turns, by the visitors' own port and durably: one store as
it is, and one without the triggers that keep the facets and the counts in step.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from desk_waiting import Mix, stories

from forum.post import Post, State, Text
from forum.rows import SealedRow, Spent
from forum.store.sqlite import Database
from forum.store.sqlite_visitors import SqliteVisitors

ROUNDS: Final = 15
POSTS: Final = 100
"""Posts of a round."""
BESIDES: Final = "posts_come"
"""The trigger that runs when a post comes."""


def measure(folder: Path, tell: Callable[[str], None]) -> dict[str, float]:
    """CPU ms of storing one post with the facets and without, and how many times more it is."""
    folder.mkdir(parents=True)
    stores = {name: SqliteVisitors(Database(folder / f"{name}.sqlite3")) for name in ("as", "bare")}
    with closing(sqlite3.connect(folder / "bare.sqlite3")) as connection:
        connection.execute(f"DROP TRIGGER {BESIDES}")
    spent: dict[str, list[float]] = {name: [] for name in stores}
    chance = random.Random(7)
    mix = Mix(chance, stories(), datetime.now(UTC).date())
    for number in range(ROUNDS):
        posts = [(mix.post(number * POSTS + n, State.RECEIVED), mix.text()) for n in range(POSTS)]
        for name, store in stores.items():
            spent[name].append(_round(store, posts, chance))
    with_facets, without = (median(spent[name]) for name in ("as", "bare"))
    times = median(a / b for a, b in zip(spent["as"], spent["bare"], strict=True))
    found = {
        "with facets, CPU ms": round(with_facets, 3),
        "without, CPU ms": round(without, 3),
        "times": round(times, 2),
    }
    tell("storing a post: " + ", ".join(f"{name} {figure}" for name, figure in found.items()))
    return found


def _round(store: SqliteVisitors, posts: list[tuple[Post, Text]], chance: random.Random) -> float:
    """CPU ms of storing one of these posts."""
    began = time.process_time()
    for post, text in posts:
        author = SealedRow(chance.randbytes(32), chance.randbytes(600))
        spent = Spent(chance.randbytes(16), chance.randbytes(32), post.id, post.day)
        store.add(post, text, author, spent)
    return 1000 * (time.process_time() - began) / len(posts)
