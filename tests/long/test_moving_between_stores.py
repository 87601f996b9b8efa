"""Ten thousand posts with all that belongs to them go to DynamoDB and back, and lose nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from forum.archive import read, write
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_archive import DynamoArchive
from forum.store.sqlite import Database
from forum.store.sqlite_archive import SqliteArchive
from tests.builders import TODAY
from tests.store import dynamodb_given
from tests.store.whole_store import whole

POSTS = 10_000


def kept(lines: Iterable[bytes], path: Path) -> Path:
    with path.open("wb") as file:
        file.writelines(lines)
    return path


def test_ten_thousand_posts_come_back_from_dynamodb_as_they_went(tmp_path: Path) -> None:
    name = dynamodb_given.name_for(tmp_path)
    dynamodb_given.create_tables(dynamodb_given.client(), name)
    first = SqliteArchive(Database(tmp_path / "first.sqlite3"))
    first.put_rows(whole(POSTS))
    went = kept(write(TODAY, first.rows()), tmp_path / "went.jsonl")
    there = DynamoArchive(Dynamo(dynamodb_given.client(), name, clock=lambda: 0.0))
    with went.open("rb") as lines:
        there.put_rows(read(lines))
    back = SqliteArchive(Database(tmp_path / "back.sqlite3"))
    back.put_rows(read(write(TODAY, there.rows())))
    came = kept(write(TODAY, back.rows()), tmp_path / "came.jsonl")
    assert went.read_bytes().count(b"\n") > 8 * POSTS
    assert hashlib.sha256(came.read_bytes()).digest() == hashlib.sha256(went.read_bytes()).digest()
