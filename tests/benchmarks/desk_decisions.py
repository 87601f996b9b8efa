"""Moderators who decide at once on one queue: how fast, and that nothing is lost or done twice.

Each has a store of their own on the one file, as processes have. They take a post from the top of
the queue that nobody holds, read it and decide it; often two reach for the same one, and now and
then somebody decides without taking it, or what the page before showed them. At the end the record
must hold one decision for each that was told as made, and no more; each post must be where that
decision put it, and the chain must hold; or the benchmark fails.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from desk_waiting import fill

from forum.chain import check
from forum.deciding import HeldByAnother, Seen, Stale
from forum.desk import Desk
from forum.post import Act, NotAllowed, Post, State
from forum.rows import Asked, Unavailable
from forum.store.sqlite import Database
from forum.store.sqlite_desk import SqliteDesk
from forum.store.sqlite_record import SqliteRecord
from forum.wiring import SystemClock

CROWDS: Final = (1, 8, 32)
PROCESSES: Final = 8
WAITING: Final = 4_000
SECONDS: Final = 4.0
WORDS: Final = "Thank you for this. Could you take out the name of the town?"
COMES_TO: Final = {
    Act.APPROVE: State.APPROVED,
    Act.RETURN: State.RETURNED,
    Act.DECLINE: State.DECLINED,
    Act.ESCALATE: State.ESCALATED,
}
CARELESS: Final = 0.2
"""So often somebody decides without taking the post: one on the page, or on the page before."""


@dataclass
class Told:
    """What the desk told one moderator."""

    made: list[tuple[str, str]] = field(default_factory=list)
    """Decisions that it said were made: post ids, and acts."""
    held: int = 0
    moved_on: int = 0
    busy: int = 0
    """How often the store could not answer within its five seconds."""
    cpu: float = 0.0


def measure(folder: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """Crowds of threads, and one of processes; raise if anything was lost or done twice."""
    found: dict[str, Any] = {}
    for crowd in CROWDS:
        with ThreadPoolExecutor(crowd) as threads:
            found[f"{crowd} in threads"] = _run(folder / f"{crowd}", threads, crowd)
    with ProcessPoolExecutor(PROCESSES) as processes:
        name = f"{PROCESSES} in processes"
        found[name] = _run(folder / "processes", processes, PROCESSES)
    for name, figures in found.items():
        told = ", ".join(f"{figure} {value}" for figure, value in figures.items())
        tell(f"moderators at once, {name}: {told}")
    return found


def _run(folder: Path, workers: Executor, crowd: int) -> dict[str, Any]:
    folder.mkdir(parents=True)
    path = folder / "handrail.sqlite3"
    fill(path, WAITING)
    cpu, began = time.process_time(), time.perf_counter()
    until = time.time() + SECONDS
    told = list(workers.map(work, [path] * crowd, range(crowd), [until] * crowd))
    seconds = time.perf_counter() - began
    spent = time.process_time() - cpu
    made = _proven(path, told)
    inside = isinstance(workers, ThreadPoolExecutor)
    return {
        "decisions": made,
        "a second": round(made / seconds, 1),
        "CPU ms each": round(1000 * (spent if inside else sum(t.cpu for t in told)) / made, 2),
        "told that another holds it": sum(one.held for one in told),
        "told that it moved on": sum(one.moved_on for one in told),
        "store busy": sum(one.busy for one in told),
        "lost or made twice": 0,
    }


def work(path: Path, number: int, until: float) -> Told:
    """One moderator's evening; begins no post after `until`, a moment of `time.time`."""
    desk = Desk(SqliteDesk(Database(path)), SystemClock())
    chance, told, cpu = random.Random(number), Told(), time.process_time()
    who, before = f"moderator{number}", list[Post]()
    while time.time() < until:
        cards = desk.queue(Asked(states=(State.RECEIVED,)))
        careless = chance.random() < CARELESS
        shown = [card.post for card in cards if careless or card.claim is None]
        choice = [*shown, *(before if careless else ())] or [card.post for card in cards]
        if not choice:
            break
        _one_post(desk, chance.choice(choice), who, _act(chance), told, take=not careless)
        before = shown
    told.cpu = time.process_time() - cpu
    return told


def _act(chance: random.Random) -> Act:
    return chance.choice(list(COMES_TO))


def _one_post(desk: Desk, post: Post, who: str, act: Act, told: Told, *, take: bool) -> None:
    """Take a post unless careless, read it, decide what was seen; note what the desk said."""
    if post.needs_two and act is Act.APPROVE:
        act = Act.RETURN
    try:
        if take:
            desk.claim(post.id, who)
        seen = Seen(post.id, post.version, desk.read(post.id).hash)
        desk.decide(act, seen, who, WORDS)
        told.made.append((post.id, act.value))
    except HeldByAnother:
        told.held += 1
    except (Stale, NotAllowed):
        told.moved_on += 1
    except Unavailable:
        told.busy += 1


def _proven(path: Path, told: Sequence[Told]) -> int:
    """How many decisions there were; raise unless the record and the posts say the same."""
    database = Database(path)
    entries = list(SqliteRecord(database).entries())
    made = Counter(one for several in told for one in several.made)
    recorded = Counter((entry.about, entry.what) for entry in entries)
    twice = [post_id for post_id, times in Counter(e.about for e in entries).items() if times > 1]
    if made != recorded or twice or check(entries).faults:
        raise RuntimeError(f"the record holds {len(entries)} and {made.total()} were told as made")
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT id, state FROM posts WHERE version > 1").fetchall()
    if dict(rows) != {about: COMES_TO[Act(what)].value for about, what in recorded}:
        raise RuntimeError("a post is not where its decision put it")
    database.close()
    return made.total()
