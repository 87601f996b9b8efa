"""Moderators' use cases: let in by invitation, signed in for a while, gone when removed.

Secrets leave here once and are kept only as SHA-256: each has 256 random bits, so that a plain
hash cannot be guessed back. Exact times are kept on rows that live for a day at most.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from forum.ids import new_id
from forum.keys import Key, Keyring
from forum.people_store import PeopleStore
from forum.person import (
    BUDDY_FIRST,
    FIRST_ROLES,
    OPERATOR,
    By,
    Ceremony,
    Challenge,
    Invitation,
    Moderator,
    Passkey,
    Role,
    Session,
    folded,
    tidy_name,
)
from forum.ports import Clock, Randomness
from forum.retention import CHALLENGED_FOR, IDLE_FOR, INVITED_FOR, SIGNED_IN_FOR
from forum.rows import InvitationSpent, NotEnrolled
from forum.tokens import SECRET_BYTES, digest, new_token

SEEN_EVERY = timedelta(minutes=1)
"""How exact the note of a session's last use is: a write at most this often."""
FRESH_FOR = timedelta(minutes=15)
"""How long after signing in somebody may change ways in and people without signing in again."""
FIRST_LABEL = "First passkey"
NEW_LABEL = "New passkey"


class ChallengeSpent(Exception):
    """The challenge was used, ran out, was given for something else, or never given."""


class CopiedPasskey(Exception):
    """The device's count went back: somebody else may hold a copy of the key."""


@dataclass(frozen=True)
class People:
    """The use cases of letting moderators in, over one store."""

    store: PeopleStore
    clock: Clock
    randomness: Randomness
    sessions: Keyring
    """What signs the forms of sessions."""
    buddy_first: int = BUDDY_FIRST

    def moderators(self) -> Sequence[Moderator]:
        """Everybody enrolled, longest first."""
        return self.store.moderators()

    def moderator(self, moderator_id: str) -> Moderator:
        """Somebody enrolled; raise `NotEnrolled`."""
        found = self.store.moderator(moderator_id)
        if found is None:
            raise NotEnrolled(moderator_id)
        return found

    def invite(self, by: str, roles: Collection[Role]) -> str:
        """The token (43 characters) of a link that lets one person enrol, for a day and once.

        `by` is a coordinator's id or "operator:NAME". Raises `NotTheirs` for anybody else.
        """
        invitation, token = self.drawn_invitation(by)
        invited = replace(invitation, roles=frozenset(roles), learning=self.buddy_first)
        self.store.put_invitation(invited, self.by(by))
        return token

    def invite_first(self, by: str = f"{OPERATOR}operator") -> str | None:
        """A token for the first moderator, voiding the one before; None once anybody is in."""
        invitation, token = self.drawn_invitation(by)
        first = replace(invitation, first=True, roles=FIRST_ROLES)
        return token if self.store.put_invitation(first, self.by(by)) else None

    def invitations(self) -> Sequence[Invitation]:
        """Those that hold now, the one that runs out first in front."""
        return self.store.invitations(self.clock.now())

    def revoke(self, invitation_id: str, by: str) -> None:
        """Take an invitation back; raise `InvitationSpent` if it is gone, or `NotTheirs`."""
        if not self.store.revoke(invitation_id, self.by(by)):
            raise InvitationSpent

    def invitation(self, token: str) -> Invitation | None:
        """What this token would let somebody do now."""
        found = self.store.invitation(digest(token))
        return found if found is not None and self.clock.now() < found.until else None

    def name_is_free(self, name: str) -> bool:
        """Whether no other moderator goes by a name that looks like this one."""
        return all(folded(other.name) != folded(name) for other in self.store.moderators())

    def enrol(self, token: str, name: str, passkey: Passkey) -> Moderator:
        """Use the invitation up and enrol `passkey.moderator` under this name, all or nothing.

        Raises `BadName`, `InvitationSpent`, `PersonNameTaken`, `PasskeyTaken`.
        """
        now, invitation = self.clock.now(), self.invitation(token)
        if invitation is None or invitation.moderator:
            raise InvitationSpent
        moderator = Moderator(
            id=passkey.moderator,
            name=tidy_name(name),
            day=now.date(),
            roles=invitation.roles,
            learning=invitation.learning,
        )
        kept = replace(passkey, label=FIRST_LABEL, day=now.date())
        self.store.enrol(invitation.digest, now, moderator, kept)
        return moderator

    def recover(self, token: str, passkey: Passkey) -> None:
        """Use up what two others agreed on: the passkey takes the place of all its owner had.

        Raises `InvitationSpent`, also for a passkey of anybody else, `NotEnrolled`, `PasskeyTaken`.
        """
        now, invitation = self.clock.now(), self.invitation(token)
        if invitation is None or invitation.moderator != passkey.moderator:
            raise InvitationSpent
        kept = replace(passkey, label=NEW_LABEL, day=now.date())
        self.store.recover(invitation.digest, now, kept, self.by(passkey.moderator))

    def learned(self, moderator_id: str) -> None:
        """A buddy read along with one more decision of theirs."""
        self.store.count_learned(moderator_id)

    def unlearned(self, moderator_id: str) -> None:
        """They took that decision back."""
        self.store.give_learning_back(moderator_id)

    def challenge(self, ceremony: Ceremony, moderator_id: str = "") -> Challenge:
        """A challenge for whoever holds a passkey (no id), or for a new passkey of this person."""
        now = self.clock.now()
        value = self.randomness(SECRET_BYTES)
        challenge = Challenge(value, ceremony, moderator_id, now + CHALLENGED_FOR)
        self.store.put_challenge(challenge, now)
        return challenge

    def enrolment_challenge(self) -> Challenge:
        """A challenge to enrol with, and the id that the new moderator will have."""
        return self.challenge(Ceremony.ENROL, new_id(self.randomness))

    def spend_challenge(
        self, ceremony: Ceremony, value: bytes, moderator_id: str | None = None
    ) -> Challenge:
        """Use a challenge up, whatever comes of it; raise `ChallengeSpent` unless it holds.

        With an id, it must have been given for this person.
        """
        spent = self.store.take_challenge(value)
        if spent is None or spent.ceremony is not ceremony or self.clock.now() >= spent.until:
            raise ChallengeSpent
        if moderator_id not in (None, spent.moderator):
            raise ChallengeSpent
        return spent

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey with this id."""
        return self.store.passkey(credential_id)

    def count_use(self, passkey: Passkey, sign_count: int) -> None:
        """Keep the device's new count; raise `CopiedPasskey` unless it grew or was never kept.

        Raises `Changed` when the same passkey was used elsewhere at this moment.
        Source: W3C Web Authentication, section 6.1.1 (signature counter considerations).
        """
        if passkey.sign_count == sign_count == 0:
            return
        if sign_count <= passkey.sign_count:
            raise CopiedPasskey
        self.store.count(passkey, sign_count)

    def open_session(self, moderator_id: str) -> tuple[Session, str]:
        """A new session and the secret for its cookie, never one that the browser brought.

        Raises `NotEnrolled`.
        """
        moderator = self.moderator(moderator_id)
        secret, now = new_token(self.randomness), self.clock.now()
        session = Session(_session_id(secret), moderator, now + SIGNED_IN_FOR, now)
        self.store.put_session(session)
        return session, secret

    def find_session(self, secret: str) -> Session | None:
        """The session that this cookie opens, if it still holds."""
        session, now = self.store.session(_session_id(secret)), self.clock.now()
        if session is None:
            return None
        if not self.holds(session):
            self.store.drop_session(session.id)
            return None
        if now - session.seen >= SEEN_EVERY:
            self.store.see_session(session.id, now)
        return session

    def holds(self, session: Session) -> bool:
        """Whether the session neither ran out nor lay idle.

        A clock that went back as far ends it too: nobody knows then how old it is.
        """
        now = self.clock.now()
        return now < session.until and abs(now - session.seen) < IDLE_FOR

    def close_session(self, secret: str) -> None:
        """End the session that this cookie opens, if there is one."""
        self.store.drop_session(_session_id(secret))

    def is_fresh(self, session: Session) -> bool:
        """Whether somebody used their passkey to open this session a short while ago."""
        since = self.clock.now() - (session.until - SIGNED_IN_FOR)
        return timedelta(0) <= since < FRESH_FOR

    def csrf_token(self, session: Session) -> str:
        """What every form of this session carries, and no other site can know."""
        key = self.sessions.current
        return f"{key.version}.{_csrf_mac(key, session)}"

    def csrf_ok(self, session: Session, token: str) -> bool:
        """Whether a form came from this session; a token under an older key still counts."""
        version, _, mac = token.partition(".")
        key = self.sessions.find(version)
        if key is None:
            return False
        return hmac.compare_digest(_csrf_mac(key, session).encode(), mac.encode("utf-8", "replace"))

    def erase_expired(self) -> int:
        """Erase invitations, recoveries, challenges and sessions that ran out; how many."""
        now = self.clock.now()
        return self.store.erase_expired(now, now - IDLE_FOR)

    def by(self, who: str) -> By:
        """This person or operator, today, for the record."""
        return By(who, self.clock.now().date())

    def drawn_invitation(self, by: str) -> tuple[Invitation, str]:
        """An invitation that is not kept yet, and the token of its link."""
        token = new_token(self.randomness)
        until = self.clock.now() + INVITED_FOR
        return Invitation(digest(token), False, until, invited_by=by), token


def _session_id(secret: str) -> str:
    return digest(secret).hex()


def _csrf_mac(key: Key, session: Session) -> str:
    return hmac.new(key.secret, f"csrf {session.id}".encode(), hashlib.sha256).hexdigest()
