"""Three DynamoDB tables: strongly consistent reads, all-or-nothing changes, bounded retries.

The one user of botocore in the store. A row whose `expires` has passed is as gone as one that
DynamoDB has already removed. A call outside a change, and a change with all its calls, is tried
again for `PATIENCE` seconds. Whatever fails after that is `Unavailable`, and nothing was changed by
the change that failed so, or all of it was: DynamoDB keeps each whole. The last try may take
`CONNECTED_WITHIN` and `ANSWERED_WITHIN` more. A door that makes several calls may wait longer.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import botocore.config
import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from forum.rows import Unavailable
from forum.store.dynamodb_change import MOST_ROWS, Change, Key, Table
from forum.store.dynamodb_values import Item, bare, from_wire, is_kept

PATIENCE = 4.0
"""Seconds for which a call, or a change, is tried again."""
CONNECTED_WITHIN, ANSWERED_WITHIN = 2, 3
"""Seconds that one try waits for a connection, and then for the answer."""
FIRST_WAIT, LONGEST_WAIT = 0.02, 0.6
"""Seconds: each wait is random between 0 and a limit that doubles from the first to the longest."""
BATCH = 100
"""Rows in one `BatchGetItem`: DynamoDB's own limit."""
INDEX = "queue"
BUSY = frozenset(
    (
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    )
)
"""What DynamoDB answers when it may do better a moment later."""
CONFLICTS = frozenset(("ConditionalCheckFailed", "TransactionConflict"))
ENOUGH_ROWS = 1_000
"""Rows asked for at once where only some are wanted."""

T = TypeVar("T")


class _Busy(Exception):
    """Worth another try."""


def open_client(region: str | None = None) -> Any:
    """A client that gives up soon, since `Dynamo` tries again itself, anew where it must."""
    config = botocore.config.Config(
        connect_timeout=CONNECTED_WITHIN,
        read_timeout=ANSWERED_WITHIN,
        retries={"mode": "standard", "total_max_attempts": 1},
        region_name=region,
        max_pool_connections=16,
    )
    return botocore.session.get_session().create_client("dynamodb", config=config)


class Dynamo:
    """A forum's three tables."""

    def __init__(
        self,
        client: Any,
        name: str,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds since 1970, by which rows run out."""
        self._client = client
        self._base = name
        self._clock = clock
        self._sleep = sleep
        self._timer = timer

    def name(self, table: Table) -> str:
        """The full name of one of the tables."""
        return self._base + table.value

    def get(self, key: Key) -> Item | None:
        """The row, as it is at this moment."""
        found = self._raw(key)
        return bare(found) if found and is_kept(found, self._clock()) else None

    def many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """Those of the rows that are there, as they are at this moment."""
        found: dict[Key, Item] = {}
        for some in batched(dict.fromkeys(keys), BATCH):
            found.update(self._batch(some))
        return found

    def within(
        self,
        pk: str,
        *,
        after: str = "",
        upto: str = "",
        prefix: str = "",
        backward: bool = False,
        limit: int | None = None,
        table: Table = Table.MAIN,
    ) -> Iterator[tuple[Key, Item]]:
        """Rows of one partition in the order of their sort keys, as they are at this moment.

        Those after `after`, up to and with `upto`; or those that begin with `prefix`.
        """
        asked = _range("pk", "sk", pk, (after, upto, prefix))
        words = {"TableName": self.name(table), "ConsistentRead": True, **asked}
        return self._query(words, backward, limit, table)

    def index(
        self,
        q: str,
        *,
        after: str = "",
        upto: str = "",
        backward: bool = False,
        limit: int | None = None,
    ) -> Iterator[tuple[Key, Item]]:
        """Rows of the index `queue` in its order. They may be a moment old: ask again by key."""
        asked = _range("q", "qs", q, (after, upto, ""))
        words = {"TableName": self.name(Table.MAIN), "IndexName": INDEX, **asked}
        return self._query(words, backward, limit, Table.MAIN)

    def every(self, table: Table) -> Iterator[tuple[Key, Item]]:
        """Every row of a table, in no order. No door may: it is for the clocks and the archive."""
        words = {"TableName": self.name(table), "ConsistentRead": True}
        return self._pages(self._client.scan, words, table)

    def erase(self, keys: Iterable[Key]) -> None:
        """Take these rows away, as many at once as can be; of what is cut off, the rest stay."""
        for some in batched(keys, MOST_ROWS):
            self.change(partial(_deleted, keys=some))

    def change(self, work: Callable[[Change], T]) -> T:
        """Commit all that `work` does, or nothing; run it anew while others come in between."""
        until = self._timer() + PATIENCE
        for _ in self._tries(until):
            change = Change(partial(self._raw, until=until), self.name, self._clock())
            done = work(change)
            if self._committed(change, until):
                return done
        raise Unavailable("too many changes at once")

    def _committed(self, change: Change, until: float) -> bool:
        members = change.wire()
        if not members:
            return True
        try:
            self._write(members, until)
        except ClientError as error:
            reasons = [reason.get("Code") for reason in error.response["CancellationReasons"]]
            for code, refused in zip(reasons, change.errors(), strict=True):
                if code == "ConditionalCheckFailed" and refused:
                    raise refused from None
            return False
        return True

    def _write(self, members: list[dict[str, Any]], until: float) -> None:
        """Write them, once: where an answer is lost, the token tells DynamoDB that we ask again.

        Raises ClientError where one is refused.
        """
        words = {"TransactItems": members, "ClientRequestToken": secrets.token_hex(16)}
        for _ in self._tries(until):
            try:
                with _failures_named():
                    self._client.transact_write_items(**words)
            except _Busy:
                continue
            return
        raise Unavailable("the store is busy")

    def _raw(self, key: Key, until: float | None = None) -> Item | None:
        words = {"TableName": self.name(key.table), "Key": key.wire(), "ConsistentRead": True}
        answer = self._asked(self._client.get_item, words, until)
        return from_wire(answer["Item"]) if "Item" in answer else None

    def _batch(self, keys: Iterable[Key]) -> dict[Key, Item]:
        found: dict[Key, Item] = {}
        left = _by_table(keys, self.name)
        of = {self.name(table): table for table in Table}
        for _ in self._tries():
            answer = self._asked(self._client.batch_get_item, {"RequestItems": left})
            for name, rows in answer["Responses"].items():
                for row in rows:
                    item = from_wire(row)
                    if is_kept(item, self._clock()):
                        found[Key(item["pk"], item["sk"], of[name])] = bare(item)
            left = answer.get("UnprocessedKeys") or {}
            if not left:
                return found
        raise Unavailable("the store is busy")

    def _query(
        self, words: dict[str, Any], backward: bool, limit: int | None, table: Table
    ) -> Iterator[tuple[Key, Item]]:
        words = {**words, "ScanIndexForward": not backward}
        if limit is None:
            return self._pages(self._client.query, words, table)
        words["Limit"] = min(limit, ENOUGH_ROWS)
        return islice(self._pages(self._client.query, words, table), limit)

    def _pages(
        self, call: Callable[..., Any], words: dict[str, Any], table: Table
    ) -> Iterator[tuple[Key, Item]]:
        while True:
            answer = self._asked(call, words)
            for row in answer["Items"]:
                item = from_wire(row)
                if is_kept(item, self._clock()):
                    yield Key(item["pk"], item["sk"], table), bare(item)
            if "LastEvaluatedKey" not in answer:
                return
            words = {**words, "ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _asked(
        self, call: Callable[..., Any], words: dict[str, Any], until: float | None = None
    ) -> Any:
        """What DynamoDB answers, in the end."""
        for _ in self._tries(until):
            try:
                with _failures_named():
                    return call(**words)
            except _Busy:
                continue
            except ClientError as error:
                raise Unavailable(error.response["Error"]["Code"]) from None
        raise Unavailable("the store is busy")

    def _tries(self, until: float | None = None) -> Iterator[int]:
        """Turns, each after a longer wait than the one before, until the patience is over.

        That is at `until`, by the timer, or `PATIENCE` from now. There is one turn at least.
        """
        until, number = self._timer() + PATIENCE if until is None else until, 0
        while number == 0 or self._timer() < until:
            yield number
            longest = min(LONGEST_WAIT, FIRST_WAIT * 2**number)
            self._sleep(longest * secrets.randbelow(1_000) / 1_000)
            number += 1


def batched(things: Iterable[T], most: int) -> Iterator[tuple[T, ...]]:
    """The things in their order, so many at a time."""
    left = iter(things)
    while some := tuple(islice(left, most)):
        yield some


def _deleted(change: Change, *, keys: Iterable[Key]) -> None:
    for key in keys:
        change.delete(key)


@contextmanager
def _failures_named() -> Iterator[None]:
    """Raise `_Busy` for what may go better, `Unavailable` for what will not.

    A transaction that was refused comes through, for its reasons.
    """
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "TransactionCanceledException":
            _raise_unless_conflict(error)
            raise
        if code in BUSY or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise _Busy from None
        raise Unavailable(code) from None
    except BotoCoreError as error:  # no connection, no answer in time
        raise _Busy(type(error).__name__) from None


def _raise_unless_conflict(error: ClientError) -> None:
    reasons = {reason["Code"] for reason in error.response["CancellationReasons"]} - {"None"}
    if reasons <= CONFLICTS:
        return
    raise Unavailable("refused") if "ValidationError" in reasons else _Busy from None


def _range(
    hash_name: str, range_name: str, value: str, asked: tuple[str, str, str]
) -> dict[str, Any]:
    """The words of a query."""
    after, upto, prefix = asked
    names, values = {"#h": hash_name}, {":h": {"S": value}}
    condition = "#h = :h"
    if prefix:
        condition += " AND begins_with(#r, :prefix)"
        values[":prefix"] = {"S": prefix}
    elif after and upto:  # DynamoDB knows one condition on it: the first may be `after` itself
        condition += " AND #r BETWEEN :after AND :upto"
        values |= {":after": {"S": after + "\x00"}, ":upto": {"S": upto}}
    elif after:
        condition += " AND #r > :after"
        values[":after"] = {"S": after}
    elif upto:
        condition += " AND #r <= :upto"
        values[":upto"] = {"S": upto}
    if len(values) > 1:
        names["#r"] = range_name
    return {
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _by_table(keys: Iterable[Key], name: Callable[[Table], str]) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for key in keys:
        words = asked.setdefault(name(key.table), {"Keys": [], "ConsistentRead": True})
        words["Keys"].append(key.wire())
    return asked
