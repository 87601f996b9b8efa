"""Who a moderator is, and the short-lived rows that let one in: nothing here outlives its use."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

LONGEST_NAME = 40
"""Characters in a moderator's name."""
JOINERS = "\u200c\u200d"
"""Invisible marks that some scripts cannot be spelled without."""


class BadName(ValueError):
    """A name nobody could be called by; the message says what would do."""


class Ceremony(Enum):
    """What a browser is asked to sign a challenge for."""

    ENROL = "enrol"
    SIGN_IN = "sign-in"


@dataclass(frozen=True)
class Moderator:
    """Somebody who may open the desk, since the day they enrolled."""

    id: str
    name: str
    day: date


@dataclass(frozen=True)
class Passkey:
    """One way in for one moderator: the public half of a key that stays on their device."""

    credential_id: bytes
    moderator: str
    public_key: bytes = field(repr=False)
    """A COSE key, in CBOR."""
    sign_count: int = 0
    """How often the device says it has signed; 0 for one that does not count."""


@dataclass(frozen=True)
class Invitation:
    """Leave to enrol once; only the hash of the link's token is kept."""

    digest: bytes
    first: bool
    """Made for the very first moderator, and void as soon as there is one."""
    until: datetime


@dataclass(frozen=True)
class Challenge:
    """Random bytes that a passkey must sign, once and soon."""

    value: bytes
    ceremony: Ceremony
    moderator: str
    """The id that an enrolment will have; empty for a sign-in, which names nobody yet."""
    until: datetime


@dataclass(frozen=True)
class Session:
    """A signed-in browser; its id is the hash of the cookie's secret."""

    id: str
    moderator: Moderator
    until: datetime
    seen: datetime


def tidy_name(typed: str) -> str:
    """The name as it will be shown, in NFC with single spaces; raise `BadName` otherwise."""
    if any(not _shows(mark) for mark in typed):
        raise BadName("Use one line of ordinary letters for the name.")
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not any(mark.isalnum() for mark in name):
        raise BadName("Type the name that other moderators will see.")
    if len(name) > LONGEST_NAME:
        raise BadName(f"Keep the name to {LONGEST_NAME} characters or fewer.")
    return name


def folded(name: str) -> str:
    """The form in which two names that look alike are one."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(mark for mark in plain if mark not in JOINERS)


def _shows(mark: str) -> bool:
    return mark in JOINERS or unicodedata.category(mark) not in _UNSEEN


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, hidden formatting, halves of characters, unassigned ones, and breaks of the line."""
