"""The visitors' door for tests: a real store, a clock that waits, and a browser's manners."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from forum.approving import Approver
from forum.deciding import Seen, Words
from forum.desk import Desk
from forum.holders import Holders, Holding, Leave
from forum.intake import Intake
from forum.keys import Keyring
from forum.lanes import Lane, Lanes, Rate
from forum.post import Act, Post, State
from forum.reports import Received, Reports
from forum.rows import Decided, Offer
from forum.visitors import Sent, VisitorKeys, Visitors
from tests.builders import (
    FakeClock,
    SeededBytes,
    make_decision,
    make_edition_row,
    make_given,
    make_keyring,
)
from tests.store.adapters import ADAPTERS, Stores

Form = Mapping[str, Sequence[str]]
BETTER = "I stopped counting days and started counting walks by the sea. It helped."
"""What a moderator suggests in place of the builders' story."""


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
    holders: Holders
    reports: Reports
    folder: Path

    def form(self, **given: Any) -> Form:
        """A right form, handed out now and open for a minute."""
        token = self.visitors.form_token()
        self.clock.advance(minutes=1)
        return make_given(**{"token": token} | given)

    def share(self, **given: Any) -> Sent:
        return self.visitors.submit(self.form(**given))

    def share_up(self, **given: Any) -> Sent:
        """A post that a moderator approved, where readers see it."""
        sent = self.share(**given)
        post = self.decide(Act.APPROVE, sent.post)
        self.put_up(post)
        return replace(sent, post=post)

    def put_up(self, post: Post) -> None:
        row = make_edition_row(post_id=post.id, hash=post.approved_hash or "f" * 64)
        self.stores.press.record([row], [])

    def take_down(self, post: Post) -> None:
        """The next edition: readers see it no longer."""
        self.stores.press.record([], [post.id])

    def report_form(self, post: Post, **given: Any) -> Form:
        """A right report of a post, handed out now and open for a minute."""
        token = self.reports.form_token(post.id)
        self.clock.advance(minutes=1)
        right = {"id": post.id, "reason": "unsafe", "words": "Please look.", "website": ""}
        return {name: [value] for name, value in (right | {"token": token} | given).items()}

    def report(self, post: Post, **given: Any) -> Received:
        return self.reports.report(self.report_form(post, **given))

    @property
    def desk(self) -> Desk:
        return Desk(self.stores.desk, self.clock)

    def decide(self, act: Act, post: Post, who: str = "robin") -> Post:
        seen = Seen(post.id, post.version, self.desk.read(post.id).hash)
        return self.desk.decide(act, seen, who, "Thank you for this.")

    def offer(self, post: Post, body: str = BETTER, title: str = "Walks") -> Offer:
        """What the moderators suggest for a post that waits for them."""
        seen = Seen(post.id, post.version, self.desk.read(post.id).hash)
        self.desk.offer(seen, Approver("robin"), title, body, Words("To keep you safe."))
        offer = self.stores.desk.offer(post.id)
        assert offer is not None
        return offer

    def put_in(self, state: State, sent: Sent, **given: Any) -> Post:
        """The post in this state, by whatever way it came there."""
        before = self.post(sent)
        changed: dict[str, Any] = {"state": state, "version": before.version + 1}
        after = replace(before, **changed | given)
        offer = self.stores.desk.offer(before.id)
        decision = make_decision(post_id=after.id)
        self.stores.desk.decide(Decided(after, decision, offer=offer))
        return after

    def posts(self) -> int:
        return sum(self.stores.desk.counts().values())

    def post(self, sent: Sent) -> Post:
        """The post as it is stored now."""
        post = self.stores.desk.post(sent.post.id)
        assert post is not None
        return post

    def holding(self, sent: Sent) -> Holding:
        """The one post of a receipt that has one."""
        (holding,) = self.holders.look_up(leave(sent)).posts
        return holding

    def capability(self, sent: Sent | Received) -> Leave:
        """Leave as a page carries it, from a look-up at this moment."""
        return Leave(capability=self.holders.look_up(leave(sent)).capability)

    def with_keys(self, keys: VisitorKeys) -> Door:
        """The same door after its keys were changed."""
        return replace(
            self,
            visitors=replace(self.visitors, keys=keys),
            holders=replace(self.holders, receipts=keys.receipts, capabilities=keys.capabilities),
            reports=replace(self.reports, forms=keys.forms, receipts=keys.receipts),
        )

    def with_store(self, store: object) -> Visitors:
        return replace(self.visitors, store=store)  # type: ignore[arg-type]

    def holders_over(self, store: object) -> Holders:
        return replace(self.holders, store=store)  # type: ignore[arg-type]

    def with_intake(self, most_unread: int = 300, **rates: Rate) -> Visitors:
        """The same with these limits, and no others."""
        return replace(self.visitors, intake=Intake(make_lanes(**rates), most_unread))

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """Every row of every table, as whoever stole the file would read it."""
        return list(_rows(self.folder))

    def raw(self) -> bytes:
        """Every byte of the database's files."""
        return b"".join(path.read_bytes() for path in self.folder.glob("handrail.sqlite3*"))


def _rows(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with closing(sqlite3.connect(folder / "handrail.sqlite3")) as stolen:
        stolen.row_factory = sqlite3.Row
        tables = stolen.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in stolen.execute(f"SELECT * FROM {table}").fetchall():
                yield table, dict(row)


def leave(sent: Sent | Received) -> Leave:
    """Leave by the receipt itself, as somebody types it."""
    return Leave(str(sent.receipt))


@dataclass
class Meanwhile:
    """A store in which something else happens right before a call, for a number of times."""

    store: object
    call: str
    happens: Callable[[], object]
    times: int = 1

    def __getattr__(self, name: str) -> Any:
        if name == self.call and self.times > 0:
            self.times -= 1
            self.happens()
        return getattr(self.store, name)


class Untouchable:
    """A store that nobody may ask anything."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"the store was asked: {name}")


def raising(error: Exception) -> Callable[[], NoReturn]:
    """Something that goes wrong."""

    def happens() -> NoReturn:
        raise error

    return happens


def make_lanes(**rates: Rate) -> Lanes:
    """Lanes with these rates; those not named let everybody in."""
    wide = {name: Rate(1_000_000, 1_000_000) for name in ("proven", "unproven", "reports")}
    return Lanes(**{name: Lane(rate) for name, rate in (wide | rates).items()})


def open_door(folder: Path) -> Door:
    """The door over an empty store in this folder, with no limits but its keys' and its store's."""
    stores, clock, keys, randomness = (
        ADAPTERS["sqlite"](folder),
        FakeClock(),
        make_keys(),
        SeededBytes(),
    )
    lanes = make_lanes()
    return Door(
        stores,
        clock,
        Visitors(stores.visitors, keys, Intake(lanes, 1_000_000), clock, randomness),
        Holders(stores.holders, keys.receipts, keys.capabilities, clock, randomness),
        Reports(stores.reports, keys.forms, keys.receipts, lanes.reports, clock, randomness),
        folder,
    )
