"""Two hundred people at the desk at once: each decision is made once, each conflict is told."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest

from forum.deciding import HeldByAnother, NeedsAnother, NothingToUndo, Seen, Stale
from forum.desk import Desk
from forum.post import Act, NotAllowed, Post, State
from forum.record import Entry, broken
from forum.rows import Changed
from forum.store.sqlite import Database
from forum.store.sqlite_desk import SqliteDesk
from forum.store.sqlite_record import SqliteRecord
from tests.builders import FakeClock, keep, make_id, make_post
from tests.store.adapters import Stores, open_sqlite

PEOPLE, POSTS, PROCESSES = 200, 60, 8
PATIENCE_MS = 60_000
"""How long one waits for the others' commits: two cores for two hundred people."""
TOLD = (Stale, HeldByAnother, NotAllowed, NeedsAnother, NothingToUndo)
"""What somebody hears whose decision was not stored."""
ACTS = (Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.APPROVE, Act.ASK_SECOND)


@dataclass(frozen=True)
class Heard:
    """What one person tried, and what they were told."""

    who: str
    act: Act
    post_id: str
    done: Post | None
    refused: str = ""


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_sqlite(tmp_path)


def desks(folder: Path) -> list[Desk]:
    """Desks as several processes open them, each over its own view of the one file."""
    opened = [Database(folder / "handrail.sqlite3", PATIENCE_MS) for _ in range(PROCESSES)]
    return [Desk(SqliteDesk(database), FakeClock()) for database in opened]


def decide(desk: Desk, who: str, act: Act, seen: Seen) -> Heard:
    try:
        done = desk.decide(act, seen, who, "Thank you for this.")
    except TOLD as refusal:
        return Heard(who, act, seen.post_id, None, type(refusal).__name__)
    return Heard(who, act, seen.post_id, done)


def rows(folder: Path) -> list[Entry]:
    return list(SqliteRecord(Database(folder / "handrail.sqlite3")).entries())


def test_two_hundred_people_deciding_at_once_lose_nothing_and_decide_nothing_twice(
    stores: Stores, tmp_path: Path
) -> None:
    """Everybody has the same first pages open, and decides three posts of it as they saw them."""
    for number in range(POSTS):
        keep(stores.visitors, make_post(number))
    opened, start = desks(tmp_path), Barrier(PEOPLE)
    seen = {card.post.id: card.post for card in opened[0].queue(limit=POSTS)}

    def work(number: int) -> list[Heard]:
        chance, desk, who = random.Random(number), opened[number % PROCESSES], f"person {number}"
        mine = chance.sample(sorted(seen), 3)
        start.wait()
        return [decide(desk, who, chance.choice(ACTS), Seen(i, 1, desk.read(i).hash)) for i in mine]

    with ThreadPoolExecutor(PEOPLE) as threads:
        heard = [one for many in threads.map(work, range(PEOPLE)) for one in many]
    made = [one for one in heard if one.done]
    assert len(heard) == PEOPLE * 3
    assert all(one.refused == "Stale" for one in heard if not one.done), "nobody is left to guess"
    assert Counter(one.post_id for one in made) == Counter({one.post_id for one in heard})
    for one in made:
        assert opened[0].read(one.post_id).post == one.done
        (decision,) = opened[0].read(one.post_id).decisions
        assert (decision.moderator, decision.act) == (one.who, one.act)
    found = rows(tmp_path)
    assert {(row.who, row.what, row.about) for row in found} == {
        (one.who, one.act.value, one.post_id) for one in made
    }
    assert len(found) == len(made)
    assert list(broken(found)) == []
    assert sum(opened[0].counts().values()) == POSTS


def test_everybody_who_claims_decides_and_undoes_leaves_each_version_one_decision(
    stores: Stores, tmp_path: Path
) -> None:
    """Each reads what is there now, claims it, decides, and takes it back every other time."""
    for number in range(12):
        keep(stores.visitors, make_post(number))
    opened, start = desks(tmp_path), Barrier(40)

    def work(number: int) -> int:
        chance, desk, who, made = random.Random(number), opened[number % 8], f"person {number}", 0
        start.wait()
        for _ in range(4):
            post_id = make_id(chance.randrange(12))
            try:
                desk.claim(post_id, who)
                reading = desk.read(post_id)
                seen = Seen(post_id, reading.post.version, reading.hash)
                desk.decide(chance.choice(ACTS), seen, who, "Thank you for this.")
                made += 1
                if chance.random() < 0.5:
                    desk.undo(post_id, who)
                    made += 1
            except (*TOLD, Changed):
                desk.release(post_id, who)
        return made

    with ThreadPoolExecutor(40) as threads:
        made = sum(threads.map(work, range(40)))
    found = rows(tmp_path)
    assert len(found) == made
    assert list(broken(found)) == []
    for number in range(12):
        post = stores.desk.post(make_id(number))
        assert post is not None
        assert post.version == 1 + sum(row.about == post.id for row in found)
    standing = Counter(stores.desk.post(make_id(n)).state for n in range(12))  # type: ignore[union-attr]
    counted = Counter[State]()
    for (_, state), number in stores.desk.counts().items():
        counted[state] += number
    assert counted == standing
