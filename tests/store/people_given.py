"""Builders for the people's tests: moderators, passkeys and passing rows with defaults."""

from __future__ import annotations

import os
from datetime import date, timedelta

from forum.person import (
    By,
    Ceremony,
    Challenge,
    Invitation,
    Moderator,
    Passkey,
    Recovery,
    Role,
    Session,
)
from tests.builders import NOON


def make_moderator(**given: object) -> Moderator:
    fields = {
        "id": "a" * 16,
        "name": "Robin",
        "day": date(2026, 11, 23),
        "roles": frozenset({Role.MODERATOR}),
    } | given
    return Moderator(**fields)  # type: ignore[arg-type]


def by(who: str = "operator:test") -> By:
    return By(who, date(2026, 11, 23))


def make_recovery(**given: object) -> Recovery:
    fields = {
        "moderator": "a" * 16,
        "asked_by": "b" * 16,
        "until": NOON + timedelta(hours=24),
    } | given
    return Recovery(**fields)  # type: ignore[arg-type]


def make_passkey(**given: object) -> Passkey:
    fields = {"credential_id": b"one", "moderator": "a" * 16, "public_key": b"key"} | given
    return Passkey(**fields)  # type: ignore[arg-type]


def make_invitation(**given: object) -> Invitation:
    fields = {"digest": b"digest", "first": False, "until": NOON + timedelta(hours=1)} | given
    return Invitation(**fields)  # type: ignore[arg-type]


def make_challenge(**given: object) -> Challenge:
    fields = {
        "value": os.urandom(32),
        "ceremony": Ceremony.SIGN_IN,
        "moderator": "",
        "until": NOON + timedelta(minutes=5),
    } | given
    return Challenge(**fields)  # type: ignore[arg-type]


def make_session(**given: object) -> Session:
    fields = {
        "id": "session",
        "moderator": make_moderator(),
        "until": NOON + timedelta(hours=2),
        "seen": NOON,
    } | given
    return Session(**fields)  # type: ignore[arg-type]
