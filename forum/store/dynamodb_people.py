"""Moderators and their passkeys in DynamoDB: whatever changes is in the record with the change."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from forum.person import OPERATOR, VOUCHING, By, Moderator, Passkey, Role, folded
from forum.record import Event
from forum.rows import InvitationSpent, PersonNameTaken
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_invitations import DynamoInvitations
from forum.store.dynamodb_leaving import (
    drop_passkeys,
    drop_what_is_left,
    end_what_was_begun,
    must_be_removable,
    remove,
)
from forum.store.dynamodb_passkeys import DynamoPasskeys, must_be_free, put_passkey
from forum.store.dynamodb_people_rows import moderator_row
from forum.store.dynamodb_record import record_event
from forum.store.dynamodb_sessions import DynamoSessions
from forum.store.dynamodb_turn import (
    PEOPLE,
    Turn,
    drop_in_parts,
    in_turn,
    must_coordinate,
    must_leave_a_coordinator,
    person_key,
    roles_now,
)
from forum.store.dynamodb_values import Item
from forum.store.people_rows import (
    invitation_from,
    moderator_from,
    roles_from,
    roles_json,
    words_of,
)

PASSING = ("invitation", "recovery", "challenge", "session")
"""What runs out by itself."""


class DynamoPeople(DynamoSessions, DynamoInvitations, DynamoPasskeys):
    """The people's port; of others' rows, the record and what a leaver had begun."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def moderators(self) -> Sequence[Moderator]:
        """Everybody enrolled, longest first."""
        rows = [row for _, row in self._dynamo.within(PEOPLE, prefix="moderator#")]
        return [moderator_from(row) for row in sorted(rows, key=lambda r: (r["day"], r["folded"]))]

    def moderator(self, moderator_id: str) -> Moderator | None:
        """One moderator."""
        row = self._dynamo.get(person_key("moderator", moderator_id))
        return moderator_from(row) if row else None

    def enrol(self, digest: bytes, now: datetime, moderator: Moderator, passkey: Passkey) -> None:
        """Use up the invitation and add both rows, or do nothing; void every first invitation."""

        def enrol(turn: Turn) -> None:
            invitation = _spend(turn, digest, now)
            turn.drop("invitation", first=1)
            named = turn.every("moderator", folded=folded(moderator.name))
            if named or turn.get("moderator", moderator.id):
                raise PersonNameTaken(moderator.name)
            turn.put("moderator", moderator.id, moderator_row(moderator))
            put_passkey(turn, passkey)
            event = Event.ENROLLED
            record_event(turn.change, now.date(), moderator.id, event, moderator.id, invitation)

        in_turn(self._dynamo, enrol)

    def recover(self, digest: bytes, now: datetime, passkey: Passkey, by: By) -> None:
        """Use up the invitation and put the passkey in place of all its owner had.

        Sessions end first, in changes of their own: they may be more than one change can hold.
        Wherever it is cut off, their owner is signed out and nothing else has changed: the
        invitation still holds, so it is simply done again. What is signed in meanwhile ends last.
        """

        def may(turn: Turn) -> None:
            roles_now(turn, passkey.moderator)
            _invited(turn, digest, now)
            must_be_free(turn, passkey)

        def recover(turn: Turn) -> None:
            roles_now(turn, passkey.moderator)
            _spend(turn, digest, now)
            drop_passkeys(turn, by.day, moderator=passkey.moderator)
            for kind in ("session", "recovery"):
                turn.drop(kind, moderator=passkey.moderator)
            put_passkey(turn, passkey)
            record_event(turn.change, by.day, by.who, Event.RECOVERED, passkey.moderator)

        in_turn(self._dynamo, may)
        drop_in_parts(self._dynamo, "session", moderator=passkey.moderator)
        in_turn(self._dynamo, recover)

    def remove(self, moderator_id: str, by: By) -> None:
        """Erase a moderator and what they had begun.

        What they had begun ends first, and what they leave behind goes last, each in changes of
        its own: it may be more rows than one change can hold. A removal that is cut off before the
        change in the middle is simply asked for again; after it they can do nothing any more, as
        `drop_what_is_left` says.
        """
        in_turn(self._dynamo, lambda turn: must_be_removable(turn, moderator_id, by))
        end_what_was_begun(self._dynamo, moderator_id)
        in_turn(self._dynamo, lambda turn: remove(turn, moderator_id, by))
        drop_what_is_left(self._dynamo, moderator_id)

    def set_roles(self, moderator_id: str, roles: Collection[Role], by: By) -> None:
        """Give exactly these roles, and record them.

        Who is no coordinator any more loses the invitations after that, in parts: an invitation
        that is left where this is cut off lets nobody in, and doing it again takes it away.
        """

        def set_roles(turn: Turn) -> None:
            must_coordinate(turn, by)
            if roles_now(turn, moderator_id) == frozenset(roles):
                return
            if Role.COORDINATOR not in roles:
                must_leave_a_coordinator(turn, moderator_id, by)
            row = turn.get("moderator", moderator_id) or {}
            turn.put("moderator", moderator_id, {**row, "roles": roles_json(roles)})
            event, said = Event.ROLES_CHANGED, ",".join(words_of(roles))
            record_event(turn.change, by.day, by.who, event, moderator_id, said)

        in_turn(self._dynamo, set_roles)
        if Role.COORDINATOR not in roles:
            drop_in_parts(self._dynamo, "invitation", invited_by=moderator_id)

    def set_choices(
        self, moderator_id: str, opt_outs: Sequence[str], collapsed: bool, keys: bool = True
    ) -> None:
        """Keep what somebody wants to be spared."""
        chosen = {"opt_outs": json.dumps(sorted(opt_outs))}
        self._amend(moderator_id, **chosen, collapsed=int(collapsed), keys=int(keys))

    def count_learned(self, moderator_id: str) -> None:
        """One decision less for a buddy to read along with."""
        self._dynamo.change(lambda change: _learn(change, moderator_id, -1))

    def give_learning_back(self, moderator_id: str) -> None:
        """One decision more for a buddy to read along with, for somebody who is learning."""
        self._dynamo.change(lambda change: _learn(change, moderator_id, 1))

    def erase_expired(self, now: datetime, idle_since: datetime) -> int:
        """Erase what ran out, and sessions not used after `idle_since`."""
        ends = (now.timestamp(), idle_since.timestamp())
        found = [key for key, row in self._dynamo.within(PEOPLE) if _is_over(key, row, *ends)]
        end = partial(_end, now=now.timestamp(), idle_since=idle_since.timestamp())
        return sum(self._dynamo.change(partial(end, key=key)) for key in found)

    def _amend(self, moderator_id: str, **chosen: object) -> None:
        key = person_key("moderator", moderator_id)

        def amend(change: Change) -> None:
            if row := change.get(key):
                change.put(key, {**row, **chosen})

        self._dynamo.change(amend)


def _spend(turn: Turn, digest: bytes, now: datetime) -> str:
    """Use the invitation up; what the record calls it."""
    row = _invited(turn, digest, now)
    turn.drop("invitation", digest=digest)
    return invitation_from(row).id


def _invited(turn: Turn, digest: bytes, now: datetime) -> Item:
    """The row of an invitation that lets somebody in; raise `InvitationSpent`."""
    row = turn.get("invitation", digest.hex())
    if row is None or row["until"] <= now.timestamp() or not _still_invites(turn, row):
        raise InvitationSpent
    return row


def _still_invites(turn: Turn, invitation: Item) -> bool:
    """Whether who made it is still somebody who may; what they may not make any more is void.

    It is taken away then too, but in parts: some of it may still lie there.
    """
    by = invitation["invited_by"]
    if not by or by.startswith(OPERATOR):
        return True
    row = turn.get("moderator", by)
    needed = VOUCHING if invitation["moderator"] else frozenset({Role.COORDINATOR})
    return row is not None and not needed.isdisjoint(roles_from(row["roles"]))


def _learn(change: Change, moderator_id: str, number: int) -> None:
    key = person_key("moderator", moderator_id)
    row = change.get(key)
    if row and row["learning"] > 0:
        change.put(key, {**row, "learning": row["learning"] + number})


def _is_over(key: Key, row: Item, now: float, idle_since: float) -> bool:
    kind, _, _ = key.sk.partition("#")
    if kind not in PASSING:
        return False
    return bool(row["until"] <= now or (kind == "session" and row["seen"] <= idle_since))


def _end(change: Change, *, key: Key, now: float, idle_since: float) -> bool:
    """Erase the row if it is still over: a session may have been used a moment ago."""
    row = change.get(key)
    over = row is not None and _is_over(key, row, now, idle_since)
    if over:
        change.delete(key)
    return over
