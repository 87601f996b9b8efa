"""Pages of the desk as a moderator's browser asks for them: a whole request through the real app.

Somebody is signed in with a passkey; the guard, the store, the templates and what looks after
moderators are the deployed ones. The figures hold all of it, and what the test client adds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from html import unescape
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urlencode

import pytest
from desk_waiting import ALONE, SELDOM

from tests.doors.desk_seat import PREFIX, Room, Seat, open_room

ROUNDS: Final = 21
WARM: Final = 4
FIFTIETH: Final = 50
NEXT: Final = re.compile(r'href="([^"]*[?&;]after=[^"]*)"')


@dataclass(frozen=True)
class Cost:
    """What one request takes: CPU and time, in milliseconds."""

    cpu_ms: float
    wall_ms: float

    def times(self, other: Cost) -> float:
        """How many times the CPU of another."""
        return round(self.cpu_ms / other.cpu_ms, 2)


QUESTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "first page": {},
    "one topic": {"topic": "alcohol"},
    "one state": {"show": "received"},
    "topic and language": {"topic": "alcohol", "language": "en"},
    "topic and rule, seldom together": {"topic": SELDOM[0], "rule": SELDOM[1]},
    "topic and rule, never together": {"topic": ALONE[0], "rule": ALONE[1]},
}
"""What a moderator asks the queue for."""


def cost(request: Callable[[], object], rounds: int = ROUNDS) -> Cost:
    """The medians of so many requests, after a few that warm up."""
    for _ in range(WARM):
        request()
    spent = [_one(request) for _ in range(rounds)]
    return Cost(*(round(median(column), 2) for column in zip(*spent, strict=True)))


def least(costs: Sequence[Cost]) -> Cost:
    """The best of several passes: what else the machine did is in the others."""
    return min(costs, key=lambda cost: cost.cpu_ms)


@contextmanager
def seated(folder: Path, name: str) -> Iterator[tuple[Room, Seat]]:
    """Somebody new at the desk over the store in this folder."""
    with pytest.MonkeyPatch.context() as environment, open_room(folder, environment) as room:
        yield room, room.seat(name)


def queue_pages(seat: Seat) -> dict[str, Cost]:
    """What each question costs, and the fiftieth page of what waits if there is one."""
    found = {name: cost(asking(seat, asked)) for name, asked in QUESTIONS.items()}
    far = fiftieth(seat)
    if far:
        found["fiftieth page"] = cost(lambda: opened(seat, far))
    return found


def asking(seat: Seat, asked: Mapping[str, str]) -> Callable[[], str]:
    """The request of one question."""
    path = f"/?{urlencode(asked)}" if asked else "/"
    return lambda: opened(seat, path)


def opened(seat: Seat, path: str) -> str:
    """A page of the desk; any other answer fails the benchmark."""
    answer = seat.door.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path.partition('?')[0]} was answered with {answer.status_code}")
    return str(answer.body.decode())


def fiftieth(seat: Seat) -> str:
    """The address of the fiftieth page, by its links; "" where there are not so many."""
    path = "/"
    for _ in range(FIFTIETH - 1):
        more = NEXT.search(opened(seat, path))
        if more is None:
            return ""
        path = unescape(more.group(1)).removeprefix(PREFIX)
    return path


def plain(costs: Mapping[str, Cost]) -> dict[str, dict[str, float]]:
    """The same, fit for JSON."""
    return {name: asdict(one) for name, one in costs.items()}


def _one(request: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    request()
    return (time.process_time_ns() - cpu) / 1e6, (time.perf_counter_ns() - wall) / 1e6
