"""Invitations and recoveries in DynamoDB: each lets one person in once, and each is on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forum.person import By, Invitation, Recovery
from forum.record import Event
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_people_rows import invitation_row, recovery_row
from forum.store.dynamodb_record import record_event
from forum.store.dynamodb_turn import (
    PEOPLE,
    Turn,
    in_turn,
    must_coordinate,
    person_key,
    roles_now,
)
from forum.store.people_rows import invitation_from, recovery_from, words_of


class DynamoInvitations:
    """The part of the people's port that lets a new passkey in."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def put_invitation(self, invitation: Invitation, by: By) -> bool:
        """Keep it, in place of those that it voids."""

        def put(turn: Turn) -> bool:
            must_coordinate(turn, by)
            if invitation.first:
                if turn.every("moderator"):
                    return False
                turn.drop("invitation", first=1)
            if invitation.moderator:
                roles_now(turn, invitation.moderator)
                _void_recovery(turn, invitation.moderator)
            _put(turn, invitation, by)
            return True

        return in_turn(self._dynamo, put)

    def invitation(self, digest: bytes) -> Invitation | None:
        """The invitation with this hash."""
        row = self._dynamo.get(person_key("invitation", digest.hex()))
        return invitation_from(row) if row else None

    def invitations(self, now: datetime) -> Sequence[Invitation]:
        """Those that hold, the one that runs out first in front."""
        rows = self._dynamo.within(PEOPLE, prefix="invitation#")
        found = [invitation_from(row) for _, row in rows if row["until"] > now.timestamp()]
        return sorted(found, key=lambda one: (one.until, one.digest))

    def revoke(self, invitation_id: str, by: By) -> bool:
        """Take it back, and record that."""

        def revoke(turn: Turn) -> bool:
            must_coordinate(turn, by)
            found = [
                row["digest"]
                for row in turn.every("invitation").values()
                if invitation_from(row).id == invitation_id
            ]
            gone = sum(turn.drop("invitation", digest=digest) for digest in found)
            if gone:
                event = Event.INVITATION_REVOKED
                record_event(turn.change, by.day, by.who, event, invitation_id)
            return gone > 0

        return in_turn(self._dynamo, revoke)

    def recoveries(self, now: datetime) -> Sequence[Recovery]:
        """What was asked and waits for somebody to agree."""
        rows = self._dynamo.within(PEOPLE, prefix="recovery#")
        found = [recovery_from(row) for _, row in rows if row["until"] > now.timestamp()]
        return sorted(found, key=lambda one: (one.until, one.moderator))

    def ask_recovery(self, recovery: Recovery, now: datetime, by: By) -> bool:
        """Keep it, unless somebody asked before and that still holds."""

        def ask(turn: Turn) -> bool:
            for enrolled in (recovery.moderator, recovery.asked_by):
                roles_now(turn, enrolled)
            if _asked_by(turn, recovery.moderator, now):
                return False
            turn.put("recovery", recovery.moderator, recovery_row(recovery))
            event = Event.RECOVERY_ASKED
            record_event(turn.change, by.day, by.who, event, recovery.moderator)
            return True

        return in_turn(self._dynamo, ask)

    def agree_recovery(self, invitation: Invitation, now: datetime, by: By) -> bool:
        """Put the invitation in the place of what somebody else asked."""

        def agree(turn: Turn) -> bool:
            roles_now(turn, by.who)
            asked_by = _asked_by(turn, invitation.moderator, now)
            if not asked_by or by.who in (asked_by, invitation.moderator):
                return False
            _void_recovery(turn, invitation.moderator)
            _put(turn, invitation, by)
            return True

        return in_turn(self._dynamo, agree)

    def stop_recovery(self, moderator_id: str, by: By) -> bool:
        """End what was asked and void what was agreed, and record that."""

        def stop(turn: Turn) -> bool:
            stopped = _void_recovery(turn, moderator_id)
            if stopped:
                event = Event.RECOVERY_STOPPED
                record_event(turn.change, by.day, by.who, event, moderator_id)
            return stopped

        return in_turn(self._dynamo, stop)


def _put(turn: Turn, invitation: Invitation, by: By) -> None:
    turn.put("invitation", invitation.digest.hex(), invitation_row(invitation))
    if invitation.moderator:
        event, about, said = Event.RECOVERY_AGREED, invitation.moderator, ""
    else:
        event, about, said = Event.INVITED, invitation.id, ",".join(words_of(invitation.roles))
    record_event(turn.change, by.day, by.who, event, about, said)


def _asked_by(turn: Turn, moderator_id: str, now: datetime) -> str:
    """Who asked, if that still holds; "" if nobody did."""
    row = turn.get("recovery", moderator_id)
    asked: str = row["asked_by"] if row and row["until"] > now.timestamp() else ""
    return asked


def _void_recovery(turn: Turn, moderator_id: str) -> bool:
    asked = turn.drop("recovery", moderator=moderator_id)
    agreed = turn.drop("invitation", moderator=moderator_id)
    return asked + agreed > 0
