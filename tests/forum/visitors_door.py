"""The visitors' door for tests: a real store, a clock that waits, and a browser's manners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from forum.keys import Keyring
from forum.visitors import Holding, Sent, VisitorKeys, Visitors
from tests.builders import FakeClock, SeededBytes, make_given, make_keyring
from tests.store.adapters import ADAPTERS, Stores

Form = Mapping[str, Sequence[str]]


def make_keys(receipts: Keyring | None = None) -> VisitorKeys:
    return VisitorKeys(
        receipts=receipts or make_keyring(purpose="receipts"),
        forms=make_keyring(purpose="forms"),
        capabilities=make_keyring(purpose="capabilities"),
    )


@dataclass
class Door:
    """The visitors' door over one store, and the steps most tests begin with."""

    stores: Stores
    clock: FakeClock
    visitors: Visitors
    folder: Path

    def form(self, **given: Any) -> Form:
        """A right form, handed out now and open for a minute."""
        token = self.visitors.form_token()
        self.clock.advance(minutes=1)
        return make_given(**{"token": token} | given)

    def share(self, **given: Any) -> Sent:
        return self.visitors.submit(self.form(**given))

    def posts(self) -> int:
        return sum(self.stores.desk.counts().values())

    def holding(self, sent: Sent) -> Holding:
        """The one post of a receipt that has one."""
        (holding,) = self.visitors.look_up(str(sent.receipt)).posts
        return holding

    def with_keys(self, keys: VisitorKeys) -> Visitors:
        return replace(self.visitors, keys=keys)

    def with_store(self, store: object) -> Visitors:
        return replace(self.visitors, store=store)  # type: ignore[arg-type]


def open_door(folder: Path) -> Door:
    """The door over an empty store in this folder."""
    stores, clock = ADAPTERS["sqlite"](folder), FakeClock()
    visitors = Visitors(stores.visitors, make_keys(), clock, SeededBytes())
    return Door(stores, clock, visitors, folder)
