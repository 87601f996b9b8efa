"""What the team's numbers and the record cost, with as many posts waiting and rows on record."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time_ns
from typing import Any, Final

from forum import chain
from forum.figures import Wait, firsts, lately
from forum.monthly import Monthly
from forum.record import Details, Entry, linked, sealed
from forum.record_csv import lines_of
from forum.store.sqlite import Database
from forum.store.sqlite_figures import SqliteFigures
from forum.store.sqlite_record import COLUMNS, SqliteRecord
from forum.team_numbers import TeamNumbers

ROWS: Final = (100, 100_000)
ROUNDS: Final = 5
NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY: Final = NOW.date()
ACTS: Final = ("approve", "approve", "return", "decline", "offer", "keep", "escalate", "take-down")
UNDONE: Final = 0.01
URGENT: Final = 0.05


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Always the same moment."""
        return NOW


def measure() -> dict[str, float]:
    """CPU milliseconds of each read, at each size."""
    return {f"{name}_{rows}_ms": cost for rows in ROWS for name, cost in _costs(rows).items()}


def _costs(rows: int) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "numbers.sqlite3")
        _fill(database, rows)
        figures, record = SqliteFigures(database), SqliteRecord(database)
        begin = firsts(TODAY)[-1]
        return {
            "waiting_by_age": cpu_ms(figures.waiting),
            "usual_wait": cpu_ms(lambda: figures.waits(Wait.DECIDED, *lately(TODAY))),
            "outcomes_12_months": cpu_ms(lambda: figures.done(begin, TODAY)),
            "all_figures": cpu_ms(TeamNumbers(figures, Noon()).figures),
            "public_totals": cpu_ms(lambda: Monthly(figures, Path(folder) / "n").write(TODAY)),
            "record_page": cpu_ms(lambda: record.page(None, "", 51)),
            "record_page_of_a_rare_act": cpu_ms(lambda: record.page(None, "removed", 51)),
            "whole_chain": cpu_ms(lambda: chain.check(record.entries())),
            "copy": cpu_ms(lambda: "".join(lines_of(record.entries()))),
        }


def cpu_ms(call: Callable[[], object]) -> float:
    """CPU milliseconds of one call: the median of `ROUNDS`, after one that does not count."""
    call()
    spent = []
    for _ in range(ROUNDS):
        started = process_time_ns()
        call()
        spent.append((process_time_ns() - started) / 1_000_000)
    return round(median(spent), 2)


def _fill(database: Database, rows: int) -> None:
    chance = random.Random(1)
    with database.write() as connection:
        connection.executemany(
            "INSERT INTO posts (id, kind, state, version, day, state_day, pen_name, fields, marks, "
            "risk, language) VALUES (?, 'story', ?, 1, ?, ?, ?, '{}', '[]', ?, 'en')",
            (_post(number, chance) for number in range(rows)),
        )
        connection.executemany(
            f"INSERT INTO record ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _entries(rows, chance),
        )
        connection.executemany(
            "INSERT INTO tallies VALUES (?, ?, 3)",
            (
                ((TODAY - timedelta(days=back)).isoformat(), f"decided:{days}")
                for back in range(60)
                for days in range(20)
            ),
        )


def _post(number: int, chance: random.Random) -> tuple[Any, ...]:
    day = (TODAY - timedelta(days=chance.randrange(20))).isoformat()
    state = chance.choices(("received", "second", "appealed"), (90, 8, 2))[0]
    risk = 0 if chance.random() < URGENT else chance.randrange(1, 4)
    return _id(number), state, day, day, f"Quiet Heron {number}", risk


def _entries(rows: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """A record that holds, of one year; some decisions are taken back."""
    before, about = "", ""
    details = Details("off-topic", ("PII-1",), "a" * 64)
    for number in range(1, rows + 1):
        undone = number > 1 and chance.random() < UNDONE
        what, about = ("undo", about) if undone else (chance.choice(ACTS), _id(number))
        salt, day = chance.randbytes(16), _day(number, rows)
        seal = sealed(salt, details)
        entry = Entry(number, day, f"m{number % 7}", what, about, seal, "", salt, details)
        entry = replace(entry, link=linked(before, entry))
        before = entry.link
        rules = json.dumps(details.rules)
        yield (
            *(number, day.isoformat(), entry.who, what, about, details.reason, rules),
            *(details.approved_hash, salt, seal, entry.link),
        )


def _day(number: int, rows: int) -> date:
    return TODAY - timedelta(days=365 - 365 * number // rows)


def _id(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()[:16]


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name}: {figure}")
