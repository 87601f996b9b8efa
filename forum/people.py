"""Moderators' use cases: let in by invitation, signed in for a while, gone when removed.

Secrets leave here once and are kept only as SHA-256: each has 256 random bits, so that a plain
hash cannot be guessed back. Exact times are kept on rows that live for a day at most.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from forum.ids import new_id
from forum.keys import Key, Keyring
from forum.person import (
    Ceremony,
    Challenge,
    Invitation,
    Moderator,
    Passkey,
    Session,
    folded,
    tidy_name,
)
from forum.ports import Clock, PeopleStore, Randomness
from forum.retention import CHALLENGED_FOR, IDLE_FOR, INVITED_FOR, SIGNED_IN_FOR
from forum.rows import NotEnrolled

SEEN_EVERY = timedelta(minutes=1)
"""How exact the note of a session's last use is: a write at most this often."""
SECRET_BYTES = 32


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

    def moderators(self) -> Sequence[Moderator]:
        """Everybody enrolled, longest first."""
        return self.store.moderators()

    def remove(self, moderator_id: str) -> None:
        """Erase a moderator and every way in, open sessions included; raise `NotEnrolled`."""
        if not self.store.remove(moderator_id):
            raise NotEnrolled(moderator_id)

    def invite(self) -> str:
        """The token (43 characters) of a link that lets one person enrol, for a day and once."""
        token = self._secret()
        self.store.put_invitation(self._invitation(token, first=False))
        return token

    def invite_first(self) -> str | None:
        """A token for the first moderator, voiding the one before; None once anybody is in."""
        token = self._secret()
        return token if self.store.put_invitation(self._invitation(token, first=True)) else None

    def is_invited(self, token: str) -> bool:
        """Whether this token would let somebody enrol now."""
        invitation = self.store.invitation(_digest(token))
        return invitation is not None and self.clock.now() < invitation.until

    def name_is_free(self, name: str) -> bool:
        """Whether no other moderator goes by a name that looks like this one."""
        return all(folded(other.name) != folded(name) for other in self.store.moderators())

    def enrol(self, invitation: str, name: str, passkey: Passkey) -> Moderator:
        """Use the invitation up and enrol `passkey.moderator` under this name, all or nothing.

        Raises `BadName`, `InvitationSpent`, `PersonNameTaken`, `PasskeyTaken`.
        """
        now = self.clock.now()
        moderator = Moderator(passkey.moderator, tidy_name(name), now.date())
        self.store.enrol(_digest(invitation), now, moderator, passkey)
        return moderator

    def enrolment_challenge(self) -> Challenge:
        """A challenge to enrol with, and the id that the new moderator will have."""
        return self._challenge(Ceremony.ENROL, new_id(self.randomness))

    def sign_in_challenge(self) -> Challenge:
        """A challenge to sign in with, for whoever holds an enrolled passkey."""
        return self._challenge(Ceremony.SIGN_IN, "")

    def spend_challenge(self, ceremony: Ceremony, value: bytes) -> Challenge:
        """Use a challenge up, whatever comes of it; raise `ChallengeSpent` unless it holds."""
        spent = self.store.take_challenge(value)
        if spent is None or spent.ceremony is not ceremony or self.clock.now() >= spent.until:
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
        moderator = self.store.moderator(moderator_id)
        if moderator is None:
            raise NotEnrolled(moderator_id)
        secret, now = self._secret(), self.clock.now()
        session = Session(_session_id(secret), moderator, now + SIGNED_IN_FOR, now)
        self.store.put_session(session)
        return session, secret

    def find_session(self, secret: str) -> Session | None:
        """The session that this cookie opens, if it neither ran out nor lay idle."""
        session, now = self.store.session(_session_id(secret)), self.clock.now()
        if session is None:
            return None
        if now >= session.until or now - session.seen >= IDLE_FOR:
            self.store.drop_session(session.id)
            return None
        if now - session.seen >= SEEN_EVERY:
            self.store.see_session(session.id, now)
        return session

    def close_session(self, secret: str) -> None:
        """End the session that this cookie opens, if there is one."""
        self.store.drop_session(_session_id(secret))

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
        """Erase invitations, challenges and sessions that ran out; how many."""
        now = self.clock.now()
        return self.store.erase_expired(now, now - IDLE_FOR)

    def _secret(self) -> str:
        drawn = base64.urlsafe_b64encode(self.randomness(SECRET_BYTES))
        return drawn.rstrip(b"=").decode("ascii")

    def _invitation(self, token: str, *, first: bool) -> Invitation:
        return Invitation(_digest(token), first, self.clock.now() + INVITED_FOR)

    def _challenge(self, ceremony: Ceremony, moderator: str) -> Challenge:
        now = self.clock.now()
        value = self.randomness(SECRET_BYTES)
        challenge = Challenge(value, ceremony, moderator, now + CHALLENGED_FOR)
        self.store.put_challenge(challenge, now)
        return challenge


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _session_id(secret: str) -> str:
    return _digest(secret).hex()


def _csrf_mac(key: Key, session: Session) -> str:
    return hmac.new(key.secret, f"csrf {session.id}".encode(), hashlib.sha256).hexdigest()
