"""The narrow store behind the desk's people. Whatever it changes about them, it records at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from forum.person import (
    By,
    Challenge,
    Invitation,
    Moderator,
    Passkey,
    Recovery,
    Role,
    Session,
)

MOST_SESSIONS = 20
"""Sessions of one moderator: whoever signs in without end makes nobody's removal any harder."""


class SessionStore(Protocol):
    """Rows that soon run out: challenges and sessions."""

    def put_challenge(self, challenge: Challenge, now: datetime) -> None:
        """Keep it, and forget challenges that ran out."""

    def take_challenge(self, value: bytes) -> Challenge | None:
        """Remove and return it: of two callers at once, one gets it."""

    def put_session(self, session: Session) -> None:
        """Keep it, and `MOST_SESSIONS` of its owner at most: the longest unused are erased.

        Raises `NotEnrolled` if its moderator is gone.
        """

    def session(self, session_id: str) -> Session | None:
        """The session, as long as its moderator is enrolled."""

    def sessions(self, moderator_id: str) -> Sequence[Session]:
        """All of somebody's sessions, the last used first."""

    def see_session(self, session_id: str, at: datetime) -> None:
        """Note that it was used now; nothing happens if it is gone."""

    def drop_session(self, session_id: str) -> None:
        """End it; nothing happens if it is gone."""

    def end_session(self, session_id: str, by: By) -> bool:
        """End it if it is one of the asker's own; False if it is not, or is gone."""

    def end_other_sessions(self, kept: Session, by: By) -> int:
        """End every session of its moderator but this one, however many; returns their number."""


class InvitationStore(Protocol):
    """Ways to a new passkey: invitations, and what two people agree on when one is lost."""

    def put_invitation(self, invitation: Invitation, by: By) -> bool:
        """Keep it. A first one voids those before it, and is refused once anybody is enrolled.

        One that replaces somebody's passkeys voids others that do, and ends what was asked.
        Raises `NotTheirs` if a moderator asks who is no coordinator, `NotEnrolled` if it is for
        somebody who is gone.
        """

    def invitation(self, digest: bytes) -> Invitation | None:
        """The invitation with this hash."""

    def invitations(self, now: datetime) -> Sequence[Invitation]:
        """Those that hold, the one that runs out first in front."""

    def revoke(self, invitation_id: str, by: By) -> bool:
        """Take it back; False if it is gone. Raises `NotTheirs` as `put_invitation` does."""

    def recoveries(self, now: datetime) -> Sequence[Recovery]:
        """What was asked and waits for somebody to agree."""

    def ask_recovery(self, recovery: Recovery, now: datetime, by: By) -> bool:
        """Keep it; False if somebody asked before. Raises `NotEnrolled` if either is gone."""

    def agree_recovery(self, invitation: Invitation, now: datetime, by: By) -> bool:
        """Put the invitation in the place of what was asked.

        False, and nothing changed, unless somebody else than `by` asked and it still holds.
        Raises `NotEnrolled` if whoever agrees is gone.
        """

    def stop_recovery(self, moderator_id: str, by: By) -> bool:
        """End what was asked and void what was agreed; False if there was neither."""


class PeopleStore(SessionStore, InvitationStore, Protocol):
    """Moderators and their passkeys, and the rows that let them in."""

    def moderators(self) -> Sequence[Moderator]:
        """Everybody enrolled, longest first."""

    def moderator(self, moderator_id: str) -> Moderator | None:
        """One moderator."""

    def enrol(self, digest: bytes, now: datetime, moderator: Moderator, passkey: Passkey) -> None:
        """Use up the invitation and add both rows, or do nothing; void every first invitation.

        Raises `InvitationSpent`, `PersonNameTaken` (names that fold alike), `PasskeyTaken`.
        """

    def recover(self, digest: bytes, now: datetime, passkey: Passkey, by: By) -> None:
        """Use up the invitation, put the passkey in place of all its owner had, end sessions.

        However many sessions they are. All or nothing, but that sessions may have ended where the
        rest is cut off. Raises `InvitationSpent`, `NotEnrolled`, `PasskeyTaken`.
        """

    def remove(self, moderator_id: str, by: By) -> None:
        """Erase a moderator with their passkeys, sessions, claims, and whatever they invited.

        A post that they approved as the first of two waits for a first approval again. However
        much it is: from some moment on they can do nothing, and nobody comes in whom they invited.

        Raises `NotEnrolled`; and for anybody but the operator `NotTheirs`, unless a coordinator
        asks, and `LastCoordinator`.
        """

    def set_roles(self, moderator_id: str, roles: Collection[Role], by: By) -> None:
        """Give exactly these roles. Who is no coordinator any more has no invitation that holds.

        Raises as `remove` does.
        """

    def set_choices(
        self, moderator_id: str, opt_outs: Sequence[str], collapsed: bool, keys: bool = True
    ) -> None:
        """Keep what somebody wants to be spared. It is nobody else's: nothing is recorded."""

    def count_learned(self, moderator_id: str) -> None:
        """One decision less for a buddy to read along with; never under 0."""

    def give_learning_back(self, moderator_id: str) -> None:
        """One decision more, after an undo; nothing for who is through with learning."""

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey with this id."""

    def passkeys(self, moderator_id: str) -> Sequence[Passkey]:
        """All of somebody's passkeys by day, then by what they are called."""

    def add_passkey(self, passkey: Passkey, most: int, by: By) -> bool:
        """Keep it; False if its owner has so many. Raises `PasskeyTaken`, `NotEnrolled`."""

    def rename_passkey(self, moderator_id: str, credential_id: bytes, label: str) -> bool:
        """Call one of somebody's own passkeys something else; False if it is not theirs."""

    def drop_passkey(self, kept: Session, credential_id: bytes, by: By) -> bool:
        """Erase a passkey of this session's moderator, and end their other sessions.

        False if it is not theirs; raises `LastPasskey` if it is all they have.
        """

    def count(self, passkey: Passkey, sign_count: int) -> None:
        """Put the new count in place of the one in `passkey`; raises `Changed` if it moved."""

    def erase_expired(self, now: datetime, idle_since: datetime) -> int:
        """Erase what ran out, and sessions not used after `idle_since`; how many rows."""
