"""What calls of DynamoDB consume, and of which partition: told from the calls that are really made.

The emulator counts no units, so each call is weighed here as AWS says that it is: reads in steps
of 4 KB, halved where they may be old; writes in steps of 1 KB, doubled in a transaction, and once
more in the index for each entry that comes, goes or changes.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

READ_STEP: Final = 4_096
WRITE_STEP: Final = 1_024
IN_TRANSACTION: Final = 2
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html,
as it stood in November 2026: units of reads, writes, transactions and indexes. A condition that
is only checked is weighed like a write."""
INDEX_ROWS: Final = ("pk", "sk", "q", "qs")

Units = defaultdict[tuple[str, str, str], float]
"""Units by table or index, partition key, and "read" or "write"."""


@dataclass
class Scales:
    """Weighs what one client sends; `plain` is another client, whose calls nobody weighs."""

    client: Any
    plain: Any
    carried: frozenset[str]
    """Columns that the index carries."""
    calls: list[str] = field(default_factory=list)
    guarded: Counter[str] = field(default_factory=Counter)
    """Calls from the first look at a row until the change that rests on it is committed."""
    units: Units = field(default_factory=lambda: defaultdict(float))
    _words: Any = None
    _looked: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        events = self.client.meta.events
        events.register("before-call.dynamodb", self._weigh_writes)
        for operation in ("GetItem", "BatchGetItem", "Query"):
            events.register(f"after-call.dynamodb.{operation}", self._weigh_reads)

    def clear(self) -> None:
        """Begin anew."""
        self.calls, self.guarded, self._looked = [], Counter(), {}
        self.units = defaultdict(float)

    def _weigh_writes(self, model: Any, params: Any, **_: Any) -> None:
        words = json.loads(params["body"])
        self.calls.append(model.name)
        self._words = words
        if model.name == "GetItem":
            self._looked.setdefault(words["Key"]["pk"]["S"], len(self.calls))
        for member in words.get("TransactItems", ()):
            ((_, told),) = member.items()
            self._weigh_member(told)

    def _weigh_member(self, told: Mapping[str, Any]) -> None:
        table, after = told["TableName"], told.get("Item")
        key = {name: (after or told["Key"])[name] for name in ("pk", "sk")}
        before = self.plain.get_item(TableName=table, Key=key).get("Item")
        pk = key["pk"]["S"]
        steps = max(_steps(row, WRITE_STEP) for row in (before, after, key) if row)
        self.units[table, pk, "write"] += IN_TRANSACTION * steps
        if pk in self._looked:
            self.guarded[pk] = len(self.calls) - self._looked.pop(pk)
        if after is not None:
            self._weigh_index(before, after)

    def _weigh_index(self, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
        names = self.carried | set(INDEX_ROWS)
        then, now = (
            {name: value for name, value in (row or {}).items() if name in names}
            for row in (before, after)
        )
        if then == now:
            return
        places = [row for row in (then, now) if "q" in row]
        if len(places) == 2 and _place(then) == _place(now):
            places = [now]
        for row in places:
            self.units["index", row["q"]["S"], "write"] += _steps(row, WRITE_STEP)

    def _weigh_reads(self, model: Any, parsed: Any, **_: Any) -> None:
        words = self._words
        if model.name == "GetItem":
            self._read(words["TableName"], words["Key"]["pk"]["S"], parsed.get("Item"))
        elif model.name == "Query":
            self._read_list(words, parsed.get("Items", []))
        else:
            for table, asked in words["RequestItems"].items():
                found = {
                    (r["pk"]["S"], r["sk"]["S"]): r for r in parsed["Responses"].get(table, [])
                }
                for key in asked["Keys"]:
                    pk = key["pk"]["S"]
                    self._read(table, pk, found.get((pk, key["sk"]["S"])))

    def _read(self, table: str, pk: str, row: Mapping[str, Any] | None) -> None:
        self.units[table, pk, "read"] += _steps(row or {}, READ_STEP)

    def _read_list(self, words: Mapping[str, Any], rows: list[Any]) -> None:
        q = words["ExpressionAttributeValues"][":h"]["S"]
        size = ceil(max(1, sum(map(_size, rows))) / READ_STEP)
        if "IndexName" in words:
            self.units["index", q, "read"] += size / 2
        else:
            self.units[words["TableName"], q, "read"] += size


def _place(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["q"], row["qs"]


def _steps(row: Mapping[str, Any], step: int) -> int:
    return max(1, ceil(_size(row) / step))


def _size(row: Mapping[str, Any]) -> int:
    """Bytes of a row as DynamoDB counts them, near enough."""
    return sum(len(name.encode()) + sum(_value_sizes(value)) for name, value in row.items())


def _value_sizes(value: Mapping[str, Any]) -> Iterator[int]:
    ((kind, held),) = value.items()
    if kind == "N":
        yield len(held) // 2 + 2
    elif kind == "B":
        yield len(held) * 3 // 4 if isinstance(held, str) else len(held)
    elif kind == "L":
        yield 3 + sum(1 + sum(_value_sizes(one)) for one in held)
    elif kind == "M":
        yield 3 + _size(held) + len(held)
    else:
        yield len(held.encode()) if isinstance(held, str) else 1
