"""Who a moderator is and what each may do, and the short-lived rows that let one in."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

LONGEST_NAME = 40
"""Characters in a moderator's name, and in what they call a passkey."""
JOINERS = "\u200c\u200d"
"""Invisible marks that some scripts cannot be spelled without."""
OPERATOR = "operator:"
"""What the record's name for whoever runs the site begins with; no moderator's id does."""


BUDDY_FIRST = 20
"""How many of a newcomer's decisions a second person reads along with, if nothing else is set."""


class BadName(ValueError):
    """A name nobody could be called by; the message says what would do."""


class LastCoordinator(Exception):
    """Without this person nobody could invite or remove anybody. Nothing was changed."""


class LastPasskey(Exception):
    """Without this passkey its owner could not come back. Nothing was changed."""


class NotTheirs(Exception):
    """Whoever asked may not do this, or may not any more. Nothing was changed."""


class Ceremony(Enum):
    """What a browser is asked to sign a challenge for."""

    ENROL = "enrol"
    SIGN_IN = "sign-in"
    ADD = "add"
    """One more passkey for somebody who is signed in."""
    RECOVER = "recover"
    """A new passkey in place of all that somebody had."""


class Role(Enum):
    """What somebody may do at the desk; one person can have several."""

    MODERATOR = "moderator"
    SAFETY_LEAD = "safety-lead"
    PEER_SUPPORTER = "peer-supporter"
    COORDINATOR = "coordinator"


READERS = frozenset({Role.MODERATOR, Role.SAFETY_LEAD})
"""Who reads and decides posts."""
EVERYBODY = frozenset(Role)
VOUCHING = frozenset({Role.MODERATOR, Role.SAFETY_LEAD, Role.COORDINATOR})
"""Who can say that somebody else has lost their passkey."""
FIRST_ROLES = frozenset({Role.MODERATOR, Role.SAFETY_LEAD, Role.COORDINATOR})
"""What the first moderator may do: everything that one person has to, to begin with."""


@dataclass(frozen=True)
class Moderator:
    """Somebody who may open the desk, since the day they enrolled."""

    id: str
    name: str
    day: date
    roles: frozenset[Role]
    learning: int = 0
    """How many more of their decisions a buddy reads along with. For their own eyes."""
    opt_outs: tuple[str, ...] = ()
    """Slugs of topics they would rather not read. For their own eyes."""
    keys: bool = True
    """Whether single letters act at the desk. For their own eyes, like the others."""
    collapsed: bool = True
    """Whether marked words stay folded away until they open them."""

    def may(self, role: Role) -> bool:
        """Whether they have the role; a safety lead may do all that a moderator may."""
        return role in self.roles or (role is Role.MODERATOR and Role.SAFETY_LEAD in self.roles)

    def may_any(self, roles: Collection[Role]) -> bool:
        """Whether one of these roles is theirs."""
        return any(self.may(role) for role in roles)


@dataclass(frozen=True)
class By:
    """Who changes something about people, and on which day: what the record keeps of it."""

    who: str
    """A moderator's id, or "operator:NAME"."""
    day: date

    @property
    def is_operator(self) -> bool:
        """Whether it was done from the command line, by whoever runs the site."""
        return self.who.startswith(OPERATOR)


@dataclass(frozen=True)
class Passkey:
    """One way in for one moderator: the public half of a key that stays on their device."""

    credential_id: bytes
    moderator: str
    public_key: bytes = field(repr=False)
    """A COSE key, in CBOR."""
    sign_count: int = 0
    """How often the device says it has signed; 0 for one that does not count."""
    label: str = ""
    """What its owner calls it."""
    day: date | None = None
    """The day it was enrolled; None before that."""


@dataclass(frozen=True)
class Invitation:
    """Leave to enrol once; only the hash of the link's token is kept."""

    digest: bytes
    first: bool
    """Made for the very first moderator, and void as soon as there is one."""
    until: datetime
    roles: frozenset[Role] = frozenset({Role.MODERATOR})
    learning: int = 0
    """How many decisions of theirs a buddy will read along with."""
    moderator: str = ""
    """Whose passkeys the new one will replace; empty for somebody new."""
    invited_by: str = ""
    """A moderator's id, or "operator:NAME"."""

    @property
    def id(self) -> str:
        """What pages and the record call it: nobody can make the link from it."""
        return self.digest[:8].hex()


@dataclass(frozen=True)
class Recovery:
    """Somebody says that a moderator lost their passkey, and waits for another to agree."""

    moderator: str
    asked_by: str
    until: datetime


@dataclass(frozen=True)
class Challenge:
    """Random bytes that a passkey must sign, once and soon."""

    value: bytes
    ceremony: Ceremony
    moderator: str
    """Whose passkey it will be; empty for a sign-in, which names nobody yet."""
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
    name = _one_line(typed)
    if not any(mark.isalnum() for mark in name):
        raise BadName("Type the name that other moderators will see.")
    return name


def tidy_label(typed: str) -> str:
    """What somebody calls a passkey, "Passkey" if they call it nothing; raise `BadName`."""
    return _one_line(typed) or "Passkey"


def folded(name: str) -> str:
    """The form in which two names that look alike are one."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(mark for mark in plain if mark not in JOINERS)


def _one_line(typed: str) -> str:
    if any(not _shows(mark) for mark in typed):
        raise BadName("Use one line of ordinary letters for the name.")
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(name) > LONGEST_NAME:
        raise BadName(f"Keep the name to {LONGEST_NAME} characters or fewer.")
    return name


def _shows(mark: str) -> bool:
    return mark in JOINERS or unicodedata.category(mark) not in _UNSEEN


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, hidden formatting, halves of characters, unassigned ones, and breaks of the line."""
