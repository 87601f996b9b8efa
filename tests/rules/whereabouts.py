"""Where every canary may be, and what is wrong when one is anywhere else: its name, how it was
written, the file, the table or the answer.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.rules.house import ROOT
from tests.rules.readings import UNREADABLE
from tests.rules.sieve import Sieve
from tests.rules.whole_product import Told

STORE = "store"
"""The database's files, byte by byte; what its rows say has a place for each table."""
PLACES = {
    "handrail.sqlite3": STORE,
    "editions": "edition",
    "posts": "mirror",
    "keys": "keys",
    "notices": "notices",
    "ledger": "ledger",
    "backups": "backups",
}
"""What lies in the house's folder, by the first part of its name."""
TOPS = {"var.log": "log", "printed": "terminal", "home": "temporary"}
"""What lies beside it."""
TABLES = frozenset(
    re.findall(
        r"CREATE TABLE IF NOT EXISTS (\w+)", (ROOT / "forum/store/schema.sql").read_text("utf-8")
    )
)
OTHERS = frozenset({*PLACES.values(), *TOPS.values()})

Found = dict[str, dict[str, str]]
"""For each name: where it was found, and a sentence for the one who has to look."""


MOMENTS = ("crashed", "published", "end")
CELLS = re.compile(r"(?<=\s)\|(?=\s)")
"""Between two cells; a `|` inside a pattern has no space beside it."""
IN_BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True)
class Row:
    """Where one canary must be and may be at each moment, and who may hear it."""

    name: re.Pattern[str]
    must: Mapping[str, frozenset[str]]
    may: Mapping[str, frozenset[str]]
    heard_by: frozenset[str]


def read_table(text: str) -> list[Row]:
    """The rows of a table: a pattern for names, places at each moment, roles; `|` between."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [_read_row([cell.strip() for cell in CELLS.split(f"{line} ")]) for line in lines]


def _read_row(cells: Sequence[str]) -> Row:
    name, *places, heard_by = cells
    named = dict(zip(MOMENTS, places, strict=True))
    return Row(
        re.compile(name),
        {
            moment: _known(re.findall(r"\w+", IN_BRACKETS.sub("", cell)))
            for moment, cell in named.items()
        },
        {moment: _with_bytes(_known(re.findall(r"\w+", cell))) for moment, cell in named.items()},
        frozenset(role.strip() for role in heard_by.split(",")) - {""},
    )


def _known(places: Iterable[str]) -> frozenset[str]:
    found = frozenset(places)
    assert found <= TABLES | OTHERS, f"no such place: {found - TABLES - OTHERS}"
    return found


def _with_bytes(places: frozenset[str]) -> frozenset[str]:
    """What is in a row is in the file's bytes as well."""
    return places | {STORE} if places & TABLES else places


TABLE = read_table(Path(__file__).with_name("whereabouts.txt").read_text("utf-8"))
ROLES = {
    **dict.fromkeys(("moderator", "colleague", "lead", "leaver", "operator"), "desk"),
    **dict.fromkeys(("reader", "passer-by", "stranger"), "readers"),
}
"""Who people are that are no author; an author's role is their name."""


def place_of(path: Path) -> str:
    """What kind of place a file is, by its path under the run's folder."""
    top, *rest = path.parts
    if top == "var" and rest:
        return PLACES.get(re.sub(r"-(wal|shm|journal)$", "", rest[0]), "var")
    return TOPS.get(top.partition("-")[0], top)


def at_rest(folder: Path, sieve: Sieve) -> Found:
    """Everything found in the files under a folder, their names and where links lead included."""
    found: Found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        held = str(inside).encode() if path.is_symlink() else f"{path.name}\n".encode()
        held += str(path.readlink()).encode() if path.is_symlink() else b""
        raw = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        rows = rows_of(path) if path.suffix == ".sqlite3" else {}
        for part, place in ((held, ""), (raw, ""), *((rows[table], table) for table in rows)):
            for name, how in sieve.search(part).items():
                where = f"{inside}, table {place}" if place else inside
                said = f"{name} ({how}) in {where}"
                found.setdefault(name, {})[place or place_of(inside)] = said
        if path.suffix in UNREADABLE:
            found.setdefault("something packed", {})["?"] = f"{inside} cannot be looked into"
    return found


def rows_of(database: Path) -> Mapping[str, bytes]:
    """Every value of each table's rows as text, numbers as people write them."""
    rows: dict[str, list[str]] = {}
    for cell in cells_of(database):
        rows.setdefault(cell.table, []).append(f"{cell.column} {cell.value}")
    return {table: "\n".join(lines).encode("utf-8", "replace") for table, lines in rows.items()}


@dataclass(frozen=True)
class Cell:
    """One value of one row; bytes as hexadecimal digits."""

    table: str
    row: int
    """Counted as they were read."""
    column: str
    value: object


def cells_of(database: Path) -> Iterator[Cell]:
    """Every value of every row. A copy is read: the files are not touched."""
    with tempfile.TemporaryDirectory() as folder:
        for part in database.parent.glob(f"{database.name}*"):
            shutil.copy(part, folder)
        with closing(sqlite3.connect(Path(folder, database.name))) as store:
            tables = store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                rows = store.execute(f"SELECT * FROM {table}")
                columns = [column for column, *_ in rows.description]
                for number, row in enumerate(rows):
                    for column, value in zip(columns, row, strict=True):
                        written = value.hex() if isinstance(value, bytes) else value
                        yield Cell(table, number, column, written)


def heard(told: Iterable[Told], sieve: Sieve, roles: Mapping[str, str]) -> Found:
    """Everything found in answers, by who heard it: `own` when it is theirs, else their role."""
    found: Found = {}
    for answer in told:
        for name, how in sieve.search(answer.raw).items():
            own = name.removeprefix("a hash of ").startswith(f"{answer.who}: ")
            role = "own" if own else roles.get(answer.who, answer.who)
            found.setdefault(name, {}).setdefault(role, f"{name} ({how}) in {answer.place}")
    return found


def row_for(name: str, table: Sequence[Row]) -> Row | None:
    """The one row that is about this canary."""
    rows = [row for row in table if row.name.fullmatch(name)]
    assert len(rows) <= 1, f"two rows are about {name}"
    return rows[0] if rows else None


def faults_at_rest(found: Found, moment: str, table: Sequence[Row]) -> list[str]:
    """What lies where it may not be at this moment."""
    faults = []
    for name, places in found.items():
        row = row_for(name, table)
        allowed = row.may[moment] if row else frozenset()
        faults += [said for place, said in places.items() if place not in allowed]
    return sorted(faults)


def missing(found: Found, moment: str, table: Sequence[Row], names: Iterable[str]) -> list[str]:
    """What is not where it must be at this moment: a search that finds nothing shows nothing."""
    lost = []
    for name in names:
        if row := row_for(name, table):
            absent = row.must[moment] - found.get(name, {}).keys()
            lost += [f"{name} is not in {place}" for place in absent]
    return sorted(lost)


def faults_heard(found: Found, table: Sequence[Row]) -> list[str]:
    """What somebody heard that was not for them."""
    faults = []
    for name, roles in found.items():
        row = row_for(name, table)
        allowed = row.heard_by if row else frozenset()
        faults += [said for role, said in roles.items() if role not in allowed]
    return sorted(faults)
