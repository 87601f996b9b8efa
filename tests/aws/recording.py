"""Writes down every call to Amazon that the contract suites make, and by which port's method.

A plugin: `pytest -p tests.aws.recording` with the file to write to in CALLS_TO. Who called is the
adapter furthest out, as seen from the test; see `tests/long/test_calls.py`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from botocore.session import Session

ONE_ROW = {"GetItem": "Key", "PutItem": "Item", "UpdateItem": "Key", "DeleteItem": "Key"}
IN_A_CHANGE = {
    "Put": ("PutItem", "Item"),
    "Update": ("UpdateItem", "Key"),
    "Delete": ("DeleteItem", "Key"),
    "ConditionCheck": ("ConditionCheckItem", "Key"),
}
NAMED_OTHERWISE = {
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "HeadObject": "GetObject",
}
"""Rights that are called otherwise than the call."""
TABLES = 17
"""Letters in the names that the suites give to a forum's tables: `dynamodb_given.name_for`."""


class Reached(NamedTuple):
    """What a call reaches: action, end of the table's name or what else it is, kind of row."""

    action: str
    where: str
    rows: str


def kind_of(pk: Mapping[str, Any]) -> str:
    """`post#1f9` is any post; a row of one word is itself."""
    word, stroke, _ = pk["S"].partition("#")
    return f"{word}#*" if stroke else word


def rows_of(operation: str, words: Mapping[str, Any]) -> Iterator[Reached]:
    """The rows that a call to DynamoDB reaches."""
    if operation == "TransactWriteItems":
        for verb, member in (one for item in words["TransactItems"] for one in item.items()):
            action, key = IN_A_CHANGE[verb]
            yield Reached(action, member["TableName"][TABLES:], kind_of(member[key]["pk"]))
    elif operation == "BatchGetItem":
        for table, asked in words["RequestItems"].items():
            yield from (
                Reached(operation, table[TABLES:], kind_of(key["pk"])) for key in asked["Keys"]
            )
    elif operation == "Query":
        where = "/index/queue" if "IndexName" in words else words["TableName"][TABLES:]
        yield Reached(operation, where, kind_of(words["ExpressionAttributeValues"][":h"]))
    elif operation == "Scan":
        yield Reached(operation, words["TableName"][TABLES:], "*")
    elif operation in ONE_ROW:
        row = words[ONE_ROW[operation]]
        yield Reached(operation, words["TableName"][TABLES:], kind_of(row["pk"]))


def things_of(service: str, operation: str, words: Mapping[str, Any]) -> Iterator[Reached]:
    """The rights that a call to another service stands on."""
    if operation == "DeleteObjects":
        for one in words["Delete"]["Objects"]:
            yield Reached("DeleteObjectVersion" if "VersionId" in one else "DeleteObject", "s3", "")
    else:
        yield Reached(NAMED_OTHERWISE.get(operation, operation), service, "")


def port_of(frame: FrameType | None) -> str:
    """`Class.method` of the adapter furthest out, this side of the test that called.

    A suite may let another adapter come in between two calls: that is a call of its own.
    """
    found = ""
    while frame is not None and not frame.f_globals.get("__name__", "").startswith("tests.aws.t"):
        own = type(frame.f_locals.get("self")).__name__
        module = frame.f_globals.get("__name__", "")
        if module.startswith("tests.store"):
            return found
        adapter = module.startswith("forum.store.dynamodb_") and own.startswith("Dynamo")
        if adapter or module in ("infra.aws.bucket", "infra.aws.edge"):
            found = f"{own}.{frame.f_code.co_name}"
        frame = frame.f_back
    return found


CALLS: dict[str, set[Reached]] = {}


def note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
    """Botocore's hook, before each call."""
    service = model.service_model.service_name
    port = port_of(sys._getframe(1))
    if port and service == "dynamodb":
        CALLS.setdefault(port, set()).update(rows_of(model.name, params))
    elif port:
        CALLS.setdefault(port, set()).update(things_of(service, model.name, params))


open_before = Session.create_client


def listening(self: Session, *asked: Any, **given: Any) -> Any:
    """A client that is listened to."""
    opened = open_before(self, *asked, **given)
    opened.meta.events.register("before-parameter-build.*.*", note)
    return opened


def pytest_configure() -> None:
    """Listen to every client that anybody opens."""
    Session.create_client = listening


def pytest_sessionfinish() -> None:
    """Write down what was heard."""
    if to := os.environ.get("CALLS_TO"):
        Path(to).write_text(written(CALLS), "utf-8")


def written(calls: Mapping[str, Iterable[Reached]]) -> str:
    """JSON with a line for each kind of call, so that a change of one is a line of a diff."""
    ports = []
    for port, reached in sorted(calls.items()):
        lines = ",\n".join(f"  {json.dumps(one)}" for one in sorted(reached))
        ports.append(f" {json.dumps(port)}: [\n{lines}\n ]")
    return "{\n" + ",\n".join(ports) + "\n}\n"
