"""What a moderator has at the desk: passkeys, open sessions, choices. Theirs alone to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forum.people import People
from forum.person import Ceremony, Challenge, Passkey, Session, tidy_label

MOST_PASSKEYS = 10
"""More than anybody's devices; a list that nobody can read is no list."""


class TooManyPasskeys(Exception):
    """Somebody has `MOST_PASSKEYS`. Nothing was changed."""


class NotFound(Exception):
    """This passkey or session is gone, or was never theirs. Nothing was changed."""


@dataclass(frozen=True)
class Belongings:
    """The use cases of one's own page."""

    people: People

    def passkeys(self, moderator_id: str) -> Sequence[Passkey]:
        """All of somebody's passkeys by day, then by what they are called."""
        return self.people.store.passkeys(moderator_id)

    def adding_challenge(self, moderator_id: str) -> Challenge:
        """A challenge for one more passkey; raise `TooManyPasskeys`."""
        if len(self.passkeys(moderator_id)) >= MOST_PASSKEYS:
            raise TooManyPasskeys
        return self.people.challenge(Ceremony.ADD, moderator_id)

    def add_passkey(self, passkey: Passkey, label: str) -> None:
        """Keep one more way in.

        Raises `BadName`, `PasskeyTaken`, `NotEnrolled`, `TooManyPasskeys`.
        """
        by = self.people.by(passkey.moderator)
        kept = replace(passkey, label=tidy_label(label), day=by.day)
        if not self.people.store.add_passkey(kept, MOST_PASSKEYS, by):
            raise TooManyPasskeys

    def rename_passkey(self, moderator_id: str, credential_id: bytes, label: str) -> None:
        """Call it something else; raise `BadName`, `NotFound`."""
        name = tidy_label(label)
        if not self.people.store.rename_passkey(moderator_id, credential_id, name):
            raise NotFound

    def remove_passkey(self, session: Session, credential_id: bytes) -> None:
        """Take one way in off, and end every other session: whoever has the device may have one.

        Raises `NotFound`, `LastPasskey`.
        """
        by = self.people.by(session.moderator.id)
        if not self.people.store.drop_passkey(session, credential_id, by):
            raise NotFound

    def sessions(self, moderator_id: str) -> Sequence[Session]:
        """All of somebody's sessions that still hold, the last used first."""
        found = self.people.store.sessions(moderator_id)
        return [session for session in found if self.people.holds(session)]

    def end_session(self, moderator_id: str, session_id: str) -> None:
        """End one of one's own; raise `NotFound`."""
        if not self.people.store.end_session(session_id, self.people.by(moderator_id)):
            raise NotFound

    def end_other_sessions(self, session: Session) -> int:
        """End all but this one; how many."""
        by = self.people.by(session.moderator.id)
        return self.people.store.end_other_sessions(session, by)

    def choose(
        self, moderator_id: str, opt_outs: Sequence[str], *, collapsed: bool, keys: bool = True
    ) -> None:
        """Keep which topics somebody would rather not read, whether marks stay folded, and
        whether single letters act."""
        self.people.store.set_choices(moderator_id, opt_outs, collapsed, keys)
