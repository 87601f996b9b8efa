"""People's rows as the core knows them, and back; lists of words are sorted JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from forum.person import Invitation, Moderator, Passkey, Recovery, Role, Session

Row: TypeAlias = Mapping[str, Any] | sqlite3.Row
"""A row by the names of its columns, whichever store it comes from."""


def moderator_from(row: Row) -> Moderator:
    """The moderator in a row of `moderators`."""
    return Moderator(
        id=row["id"],
        name=row["name"],
        day=date.fromisoformat(row["day"]),
        roles=roles_from(row["roles"]),
        learning=row["learning"],
        opt_outs=tuple(json.loads(row["opt_outs"])),
        collapsed=bool(row["collapsed"]),
        keys=bool(row["keys"]),
    )


def passkey_from(row: Row) -> Passkey:
    """The passkey in a row of `passkeys`."""
    return Passkey(
        credential_id=row["credential_id"],
        moderator=row["moderator"],
        public_key=row["public_key"],
        sign_count=row["sign_count"],
        label=row["label"],
        day=date.fromisoformat(row["day"]) if row["day"] else None,
    )


def invitation_from(row: Row) -> Invitation:
    """The invitation in a row of `invitations`."""
    return Invitation(
        digest=row["digest"],
        first=bool(row["first"]),
        until=time_from(row["until"]),
        roles=roles_from(row["roles"]),
        learning=row["learning"],
        moderator=row["moderator"],
        invited_by=row["invited_by"],
    )


def recovery_from(row: Row) -> Recovery:
    """What was asked, in a row of `recoveries`."""
    return Recovery(row["moderator"], row["asked_by"], time_from(row["until"]))


def session_from(row: Row) -> Session:
    """The session in a row that joins `sessions` (its id as session_id) and `moderators`."""
    moderator = moderator_from(row)
    return Session(row["session_id"], moderator, time_from(row["until"]), time_from(row["seen"]))


def words_of(roles: Collection[Role]) -> list[str]:
    """The roles' own words, in the order of the alphabet."""
    return sorted(role.value for role in roles)


def roles_json(roles: Collection[Role]) -> str:
    """Roles as a row holds them."""
    return json.dumps(words_of(roles))


def roles_from(text: str) -> frozenset[Role]:
    """Roles as `roles_json` wrote them."""
    return frozenset(Role(word) for word in json.loads(text))


def time_from(stamp: float) -> datetime:
    """A moment in UTC from seconds since 1970."""
    return datetime.fromtimestamp(stamp, UTC)
