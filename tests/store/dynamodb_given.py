"""An emulated cloud for this test process, and fresh tables in it."""

from __future__ import annotations

import atexit
import hashlib
import socket
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from forum.store.dynamodb_change import Table
from infra.aws.emulator import Emulator

KEYS: list[Any] = [
    {"AttributeName": "pk", "KeyType": "HASH"},
    {"AttributeName": "sk", "KeyType": "RANGE"},
]
CARD_COLUMNS = ["id", "kind", "state", "day", "risk", "fields", "marks", "language"]
"""What the index `queue` carries beside its keys: never more than cards are chosen by."""


@cache
def emulator() -> Emulator:
    """The one of this process; it goes with it."""
    folder = Path(tempfile.mkdtemp())
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    started = Emulator(port, folder / "log")
    started.start()
    atexit.register(started.stop)
    return started


@cache
def client() -> Any:
    """Its DynamoDB."""
    return emulator().client("dynamodb")


def name_for(folder: Path) -> str:
    """The name of a forum's tables that belong to this folder."""
    return f"t{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"


def create_tables(client: Any, name: str) -> None:
    """Make a forum's three tables, unless they are there."""
    for table in Table:
        try:
            client.create_table(TableName=name + table.value, **_definition(table))
        except client.exceptions.ResourceInUseException:
            return


def _definition(table: Table) -> dict[str, Any]:
    names = ["pk", "sk", *(["q", "qs"] if table is Table.MAIN else [])]
    found: dict[str, Any] = {
        "KeySchema": KEYS,
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in names],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if table is Table.MAIN:
        found["GlobalSecondaryIndexes"] = [
            {
                "IndexName": "queue",
                "KeySchema": [
                    {"AttributeName": "q", "KeyType": "HASH"},
                    {"AttributeName": "qs", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": CARD_COLUMNS},
            }
        ]
    return found
