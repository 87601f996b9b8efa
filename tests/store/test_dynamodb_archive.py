"""An archive goes from SQLite to DynamoDB and back without a loss, or leaves nothing there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from forum.archive import BadArchive, Entry, NotEmpty, read, write
from forum.rows import Unavailable
from forum.store.archived import archived
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_archive import DynamoArchive
from forum.store.dynamodb_change import Table
from forum.store.dynamodb_edition import COMING_IN
from forum.store.dynamodb_press import DynamoPress
from forum.store.sqlite import Database
from forum.store.sqlite_archive import SqliteArchive
from tests.builders import TODAY, keep, make_post
from tests.store import dynamodb_given
from tests.store.adapters import open_dynamodb
from tests.store.bent_dynamodb import Bent
from tests.store.older_files import NAME
from tests.store.whole_store import whole

POSTS = 60


def tables(folder: Path) -> Dynamo:
    name = dynamodb_given.name_for(folder)
    dynamodb_given.create_tables(dynamodb_given.client(), name)
    return Dynamo(dynamodb_given.client(), name, clock=lambda: 0.0)


@pytest.fixture
def dynamo(tmp_path: Path) -> Dynamo:
    return tables(tmp_path)


def by_key(entries: Iterable[Entry]) -> list[Entry]:
    keys = {table: form.keys for table, form in archived().items()}
    return sorted(entries, key=lambda one: (one[0], repr([one[1][k] for k in keys[one[0]]])))


def test_what_goes_from_sqlite_to_dynamodb_and_back_is_what_it_was(
    dynamo: Dynamo, tmp_path: Path
) -> None:
    first = SqliteArchive(Database(tmp_path / NAME))
    first.put_rows(whole(POSTS))
    there = DynamoArchive(dynamo)
    lines = list(write(TODAY, first.rows()))
    assert there.put_rows(read(lines)) == len(lines) - 2
    assert by_key(there.rows()) == by_key(first.rows())
    back = SqliteArchive(Database(tmp_path / f"back-{NAME}"))
    back.put_rows(read(write(TODAY, there.rows())))
    assert list(write(TODAY, back.rows())) == lines


def test_tables_come_in_the_order_of_the_schema(dynamo: Dynamo) -> None:
    there = DynamoArchive(dynamo)
    there.put_rows(whole(3))
    assert list(dict.fromkeys(table for table, _ in there.rows())) == list(archived())


def test_after_taking_an_archive_in_the_press_looks_at_all_that_is_approved_or_up(
    dynamo: Dynamo,
) -> None:
    DynamoArchive(dynamo).put_rows(whole(20))
    rows = [(table, row) for table, row in whole(20) if table in ("posts", "editions")]
    due = {str(row["post_id"]) for table, row in rows if table == "editions"}
    due |= {str(r["id"]) for t, r in rows if t == "posts" and r["state"] == "approved"}
    assert set(DynamoPress(dynamo).unpressed()) == due


def test_an_archive_goes_into_empty_tables_only(dynamo: Dynamo, tmp_path: Path) -> None:
    keep(open_dynamodb(tmp_path).visitors, make_post())
    archive = DynamoArchive(dynamo)
    assert not archive.is_empty()
    with pytest.raises(NotEmpty):
        archive.put_rows(whole(1))


def test_an_archive_without_its_end_leaves_nothing(dynamo: Dynamo) -> None:
    archive = DynamoArchive(dynamo)
    with pytest.raises(BadArchive):
        archive.put_rows(read(list(write(TODAY, whole(20)))[:-1]))
    assert archive.is_empty()
    assert list(archive.rows()) == []
    assert archive.put_rows(whole(1)) > 0, "and it can be done after all"


def test_a_form_that_was_open_is_open_once_an_archive_is_in(dynamo: Dynamo, tmp_path: Path) -> None:
    visitors = open_dynamodb(tmp_path).visitors

    def looked_at() -> Iterator[Entry]:
        yield from (entry for entry in whole(3) if entry[0] != "counters")
        assert visitors.closed(), "nobody shares into a store that is half there"

    DynamoArchive(dynamo).put_rows(looked_at())
    assert not visitors.closed()


def test_a_store_that_fails_while_it_erases_an_archive_still_counts_as_empty(
    dynamo: Dynamo, tmp_path: Path
) -> None:
    """Or else half an archive would stand there as if it were all."""
    number = [0]

    def failing(true: Callable[..., Any], **words: Any) -> Any:
        number[0] += 1
        if number[0] > 3:
            raise ConnectionError
        return true(**words)

    client = Bent("transact_write_items", failing)
    name = dynamodb_given.name_for(tmp_path)
    with pytest.raises(ConnectionError):
        DynamoArchive(Dynamo(client, name, clock=lambda: 0.0)).put_rows(whole(60))
    assert [key for key, _ in dynamo.every(Table.MAIN)], "something was left behind"
    archive = DynamoArchive(dynamo)
    assert archive.is_empty()
    archive.put_rows(whole(2))
    assert by_key(archive.rows()) == by_key(whole(2))


def test_the_press_waits_while_an_archive_comes_in(dynamo: Dynamo) -> None:
    press = DynamoPress(dynamo)

    def looked_at() -> Iterator[Entry]:
        yield from whole(3)
        for look in (press.unpressed, press.up):
            with pytest.raises(Unavailable):
                look()

    DynamoArchive(dynamo).put_rows(looked_at())
    assert press.unpressed()


def test_what_a_kill_left_of_an_archive_is_erased_by_the_next(dynamo: Dynamo) -> None:
    archive = DynamoArchive(dynamo)
    archive.put_rows(whole(20))
    dynamo.change(lambda change: change.put(COMING_IN, {}))  # as if the last step never came
    assert archive.is_empty()
    archive.put_rows(whole(2))
    assert by_key(archive.rows()) == by_key(whole(2))
