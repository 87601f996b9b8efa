"""A forum over a DynamoDB that has bad days, with a patience that no test waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from forum.holders import Holders
from forum.intake import Intake
from forum.reports import Reports
from forum.store.dynamodb import Dynamo
from forum.store.on_dynamodb import OnDynamo
from forum.visitors import Visitors
from tests.builders import NOON, FakeClock, SeededBytes
from tests.forum.visitors_door import Door, make_keys, make_lanes
from tests.store.adapters import Stores
from tests.store.dynamodb_given import client, create_tables, name_for
from tests.store.failing_dynamodb import Failing


@dataclass
class Patience:
    """Time that passes only while somebody waits."""

    passed: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.passed += seconds
        self.waits.append(seconds)

    def timer(self) -> float:
        return self.passed


@dataclass
class Forum:
    """One forum's tables, and the ways there."""

    cloud: Failing
    name: str
    patience: Patience
    clock: FakeClock

    def dynamo(self, ahead: float = 0.0) -> Dynamo:
        """By the road that has bad days, from a machine whose clock is ahead by these seconds."""
        return Dynamo(
            self.cloud.client,
            self.name,
            clock=lambda: self.clock.now().timestamp() + ahead,
            sleep=self.patience.sleep,
            timer=self.patience.timer,
        )

    def stores(self) -> Stores:
        """Every port by that road."""
        return Stores(OnDynamo(self.dynamo()), self.stores)

    def beside(self) -> Stores:
        """Every port by a good road, which is nobody's but the test's."""
        return Stores(OnDynamo(self.seen()), self.beside)

    def seen(self) -> Dynamo:
        """The tables by the good road."""
        return Dynamo(client(), self.name, clock=lambda: self.clock.now().timestamp())

    def door(self, folder: Path, seed: int = 0) -> Door:
        """The visitors' door on one machine more."""
        return door_over(self.stores(), self.clock, folder, seed)


def door_over(stores: Stores, clock: FakeClock, folder: Path, seed: int = 0) -> Door:
    """The visitors' door over these stores; another seed is another machine."""
    keys, lanes, randomness = make_keys(), make_lanes(), SeededBytes(seed)
    return Door(
        stores,
        clock,
        Visitors(stores.visitors, keys, Intake(lanes, 1_000_000), clock, randomness),
        Holders(stores.holders, keys.receipts, keys.capabilities, clock, randomness),
        Reports(stores.reports, keys.forms, keys.receipts, lanes.reports, clock, randomness),
        folder,
    )


def forum_in(folder: Path, cloud: Failing) -> Forum:
    """An empty forum that belongs to this folder."""
    create_tables(client(), name_for(folder))
    return Forum(cloud, name_for(folder), Patience(), FakeClock(NOON))
