"""The desk's people as rows of DynamoDB: the columns of SQLite's tables, and when a row runs out.

A row says itself until when it holds, and whoever reads it asks that. DynamoDB removes it a while
later, so that two clocks that differ agree on what is still there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from forum.duty import Duty
from forum.person import Challenge, Invitation, Moderator, Passkey, Recovery, Session, folded
from forum.store.dynamodb_values import EXPIRES, LINGERS, Item
from forum.store.people_rows import roles_json

NO_REST = 0.0


def passkey_name(credential_id: bytes) -> str:
    """What a passkey's row is called: an id may be longer than a key of DynamoDB."""
    return sha256(credential_id).hexdigest()


def moderator_row(moderator: Moderator) -> Item:
    """The row of somebody who enrols: nothing is chosen yet."""
    return {
        "id": moderator.id,
        "name": moderator.name,
        "folded": folded(moderator.name),
        "day": moderator.day.isoformat(),
        "roles": roles_json(moderator.roles),
        "learning": moderator.learning,
        "opt_outs": "[]",
        "collapsed": 1,
        "keys": 1,
    }


def passkey_row(passkey: Passkey) -> Item:
    """The row of a passkey."""
    return {
        "credential_id": passkey.credential_id,
        "moderator": passkey.moderator,
        "public_key": passkey.public_key,
        "sign_count": passkey.sign_count,
        "label": passkey.label,
        "day": passkey.day.isoformat() if passkey.day else "",
    }


def invitation_row(invitation: Invitation) -> Item:
    """The row of an invitation."""
    return {
        "digest": invitation.digest,
        "first": int(invitation.first),
        "roles": roles_json(invitation.roles),
        "learning": invitation.learning,
        "moderator": invitation.moderator,
        "invited_by": invitation.invited_by,
        **_held(invitation.until),
    }


def recovery_row(recovery: Recovery) -> Item:
    """The row of what somebody asked for another."""
    asked = {"moderator": recovery.moderator, "asked_by": recovery.asked_by}
    return {**asked, **_held(recovery.until)}


def challenge_row(challenge: Challenge) -> Item:
    """The row of a challenge."""
    return {
        "value": challenge.value,
        "ceremony": challenge.ceremony.value,
        "moderator": challenge.moderator,
        **_held(challenge.until),
    }


def session_row(session: Session) -> Item:
    """The row of a session."""
    return {
        "id": session.id,
        "moderator": session.moderator.id,
        "seen": session.seen.timestamp(),
        **_held(session.until),
    }


def duty_row(duty: Duty) -> Item:
    """The row of a moderator's day."""
    return {
        "moderator": duty.moderator,
        "day": duty.day.isoformat(),
        "heavy": duty.heavy,
        "heavy_in_a_row": duty.heavy_in_a_row,
        "seconds": duty.seconds,
        "in_a_row_seconds": duty.in_a_row_seconds,
        "seen": duty.seen.timestamp(),
        "rest_until": duty.rest_until.timestamp() if duty.rest_until else NO_REST,
        EXPIRES: duty_removed(duty.day),
    }


def removed(until: float) -> int:
    """When DynamoDB may take a row away that holds until then, both in seconds since 1970."""
    return int(until + LINGERS.total_seconds()) + 1


def duty_removed(day: date) -> int:
    """When DynamoDB may take a day's row away: with the day after it."""
    return int(datetime.combine(day + timedelta(days=2), time(), UTC).timestamp())


def _held(until: datetime) -> Item:
    return {"until": until.timestamp(), EXPIRES: removed(until.timestamp())}
