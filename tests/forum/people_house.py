"""The people's use cases for tests: a real store, a clock, and the steps most tests begin with."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from forum.belongings import Belongings
from forum.keys import Key, Keyring
from forum.people import People
from forum.person import Moderator, Passkey, Role, Session
from forum.record import broken
from forum.store.sqlite import Database
from forum.store.sqlite_people import SqlitePeople
from forum.store.sqlite_record import SqliteRecord
from forum.team import Team
from tests.builders import FakeClock
from tests.store.people_given import make_passkey

RING = Keyring((Key("v2", b"2" * 32), Key("v1", b"1" * 32)))
OPERATOR = "operator:test"
COORDINATOR = frozenset({Role.COORDINATOR})
MODERATOR = frozenset({Role.MODERATOR})


@dataclass
class House:
    """The use cases over one store. People's ids are their names."""

    people: People
    clock: FakeClock
    database: Database

    @property
    def team(self) -> Team:
        return Team(self.people)

    @property
    def own(self) -> Belongings:
        return Belongings(self.people)

    def invite(self, roles: Collection[Role] = MODERATOR, by: str = OPERATOR) -> str:
        return self.people.invite(by, roles)

    def is_invited(self, token: str) -> bool:
        return self.people.invitation(token) is not None

    def enrol(
        self, name: str = "Robin", roles: Collection[Role] = MODERATOR, **passkey: object
    ) -> Passkey:
        made = make_passkey(**{"credential_id": name.encode(), "moderator": name} | passkey)
        self.people.enrol(self.invite(roles), name, made)
        return made

    def one(self, name: str = "Robin") -> Moderator:
        return self.people.moderator(name)

    def names(self) -> list[str]:
        return sorted(one.name for one in self.people.moderators())

    def open(self, moderator_id: str = "Robin") -> tuple[Session, str]:
        return self.people.open_session(moderator_id)

    def find(self, secret: str) -> Session | None:
        return self.people.find_session(secret)

    def keys_of(self, name: str) -> list[bytes]:
        return [passkey.credential_id for passkey in self.own.passkeys(name)]

    def add(self, name: str, credential_id: bytes, label: str = "phone") -> None:
        self.own.add_passkey(make_passkey(credential_id=credential_id, moderator=name), label)

    def recorded(self) -> list[tuple[str, str, str, str]]:
        """Who, what, about whom and why of every row of a record that must be whole."""
        entries = list(SqliteRecord(self.database).entries())
        assert list(broken(entries)) == []
        return [(one.who, one.what, one.about, one.details.reason) for one in entries]

    def last_recorded(self) -> tuple[str, str, str, str]:
        return self.recorded()[-1]

    def under(self, ring: Keyring) -> People:
        """The same use cases when the forms of sessions are signed with other keys."""
        return replace(self.people, sessions=ring)


def open_house(folder: Path) -> House:
    """The use cases over an empty store in this folder."""
    clock, database = FakeClock(), Database(folder / "people.sqlite3")
    return House(People(SqlitePeople(database), clock, os.urandom, RING), clock, database)
