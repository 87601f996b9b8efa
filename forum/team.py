"""What the team's members may do about each other: roles, leaving, and a passkey that was lost.

Two people have to agree that a third lost their passkey; whoever runs the site may say so alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from forum.people import People
from forum.person import VOUCHING, NotTheirs, Recovery, Role
from forum.retention import INVITED_FOR


class NoRole(ValueError):
    """Somebody without any role could not do anything."""


class AlreadyAsked(Exception):
    """Somebody said before that this passkey is lost."""


class NothingToAgree(Exception):
    """Nobody else asked, it ran out, or it was stopped. Nothing was changed."""


@dataclass(frozen=True)
class Team:
    """Changes of people, each by somebody who is named in the record."""

    people: People

    def set_roles(self, moderator_id: str, roles: Collection[Role], by: str) -> None:
        """Give exactly these roles; raise `NoRole`, `NotEnrolled`, `NotTheirs`, `LastCoordinator`.

        The operator may take the role from the last coordinator, and can give it to another.
        """
        if not roles:
            raise NoRole
        self.people.store.set_roles(moderator_id, roles, self.people.by(by))

    def remove(self, moderator_id: str, by: str) -> None:
        """Erase a moderator, every way in, and what they hold; the record keeps their id alone.

        Raises `NotEnrolled`, `NotTheirs`, `LastCoordinator`.
        """
        self.people.store.remove(moderator_id, self.people.by(by))

    def recoveries(self) -> Sequence[Recovery]:
        """What somebody asked and another has to agree to."""
        return self.people.store.recoveries(self.people.clock.now())

    def in_doubt(self) -> frozenset[str]:
        """Who is said to have lost their passkey, or has a link to another one waiting."""
        links = {invitation.moderator for invitation in self.people.invitations()}
        asked = {recovery.moderator for recovery in self.recoveries()}
        return frozenset((links | asked) - {""})

    def ask_recovery(self, moderator_id: str, by: str) -> None:
        """Say that somebody else lost their passkey, for a day.

        Raises `NotTheirs`, `NotEnrolled`, `AlreadyAsked`.
        """
        self._must_vouch(moderator_id, by)
        now = self.people.clock.now()
        asked = Recovery(moderator_id, by, now + INVITED_FOR)
        if not self.people.store.ask_recovery(asked, now, self.people.by(by)):
            raise AlreadyAsked

    def agree_recovery(self, moderator_id: str, by: str) -> str:
        """The token of a link to a new passkey for somebody of whom another said they lost theirs.

        Raises `NotTheirs`, `NotEnrolled`, `NothingToAgree`.
        """
        self._must_vouch(moderator_id, by)
        people, now = self.people, self.people.clock.now()
        invitation, token = people.drawn_invitation(by)
        agreed = replace(invitation, moderator=moderator_id)
        if not people.store.agree_recovery(agreed, now, people.by(by)):
            raise NothingToAgree
        return token

    def replace_passkey(self, moderator_id: str, by: str) -> str:
        """The token of a link to a new passkey, on the operator's word alone.

        Raises `NotEnrolled`, and `NotTheirs` for anybody but the operator.
        """
        people, asked = self.people, self.people.by(by)
        if not asked.is_operator:
            raise NotTheirs
        invitation, token = people.drawn_invitation(by)
        people.store.put_invitation(replace(invitation, moderator=moderator_id), asked)
        return token

    def stop_recovery(self, moderator_id: str) -> None:
        """Whoever is said to have lost their passkey still has it.

        Raises `NothingToAgree` if nobody says so.
        """
        if not self.people.store.stop_recovery(moderator_id, self.people.by(moderator_id)):
            raise NothingToAgree

    def _must_vouch(self, moderator_id: str, by: str) -> None:
        if by == moderator_id or not self.people.moderator(by).may_any(VOUCHING):
            raise NotTheirs
        self.people.moderator(moderator_id)
