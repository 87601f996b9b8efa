"""Whatever happens to a forum, it is the same forum on SQLite and on DynamoDB."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_archive import DynamoArchive
from forum.store.sqlite import Database
from forum.store.sqlite_archive import SqliteArchive
from tests.long.two_stores import History, differences
from tests.store import dynamodb_given
from tests.store.adapters import Stores, open_dynamodb, open_sqlite

STEPS = 300
LOOKS = 50
"""Steps after which everything is compared."""


@pytest.mark.parametrize("seed", range(4))
def test_every_port_gives_the_same_answers_over_both_stores(tmp_path: Path, seed: int) -> None:
    pair = (open_sqlite(tmp_path), open_dynamodb(tmp_path))
    history = History(pair, random.Random(seed))
    done = []
    for number in range(1, STEPS + 1):
        done.append(history.step())
        if number % LOOKS == 0:
            assert differences(history) == [], done[-LOOKS:]
    assert len(history.posts) > 20, "much has happened"
    for moved in (moved_to_sqlite(tmp_path), moved_to_dynamodb(tmp_path)):
        # Whatever is approved or up is looked at anew there.
        assert differences(replace(history, pair=(pair[0], moved)), but="press") == []


def archives(folder: Path) -> tuple[SqliteArchive, DynamoArchive]:
    dynamo = Dynamo(dynamodb_given.client(), dynamodb_given.name_for(folder), clock=lambda: 0.0)
    return SqliteArchive(Database(folder / "handrail.sqlite3")), DynamoArchive(dynamo)


def moved_to_sqlite(folder: Path) -> Stores:
    """What DynamoDB held, in a new file."""
    (folder / "new").mkdir()
    stores = open_sqlite(folder / "new")
    new, _ = archives(folder / "new")
    _, old = archives(folder)
    new.put_rows(old.rows())
    return stores


def moved_to_dynamodb(folder: Path) -> Stores:
    """What SQLite held, in new tables."""
    (folder / "newer").mkdir()
    stores = open_dynamodb(folder / "newer")
    _, new = archives(folder / "newer")
    old, _ = archives(folder)
    new.put_rows(old.rows())
    return stores
