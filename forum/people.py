"""Moderators' use cases: let in by invitation, signed in for a while, gone when removed.

Secrets leave here once and are kept only as SHA-256: each has 256 random bits, so that a plain
hash cannot be guessed back. Exact times are kept on rows that live for a day at most.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

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
from forum.ports import Clock, NotEnrolled, PeopleStore, Randomness

INVITED_FOR = timedelta(hours=24)
CHALLENGED_FOR = timedelta(minutes=5)
SIGNED_IN_FOR = timedelta(hours=2)
IDLE_FOR = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
"""How exact the note of a session's last use is: a write at most this often."""
SECRET_BYTES = 32
ID_BYTES = 10


class ChallengeSpent(Exception):
    """The challenge was used, ran out, was given for something else, or never given."""


class CopiedPasskey(Exception):
    """The device's count went back: somebody else may hold a copy of the key."""


def moderators(store: PeopleStore) -> Sequence[Moderator]:
    """Everybody enrolled, longest first."""
    return store.moderators()


def remove_moderator(store: PeopleStore, moderator_id: str) -> None:
    """Erase a moderator and every way in, open sessions included; raise `NotEnrolled`."""
    if not store.remove(moderator_id):
        raise NotEnrolled(moderator_id)


def invite(store: PeopleStore, clock: Clock, randomness: Randomness) -> str:
    """The token (43 characters) of a link that lets one person enrol, for a day and once."""
    token = _secret(randomness)
    store.put_invitation(Invitation(_digest(token), False, clock.now() + INVITED_FOR))
    return token


def first_invitation(store: PeopleStore, clock: Clock, randomness: Randomness) -> str | None:
    """A token for the first moderator, voiding the one before; None once anybody is enrolled."""
    token = _secret(randomness)
    kept = store.put_invitation(Invitation(_digest(token), True, clock.now() + INVITED_FOR))
    return token if kept else None


def check_invitation(store: PeopleStore, clock: Clock, token: str) -> bool:
    """Whether this token would let somebody enrol now."""
    invitation = store.invitation(_digest(token))
    return invitation is not None and clock.now() < invitation.until


def name_is_free(store: PeopleStore, name: str) -> bool:
    """Whether no other moderator goes by a name that looks like this one."""
    return all(folded(other.name) != folded(name) for other in store.moderators())


def enrol(
    store: PeopleStore, clock: Clock, invitation: str, name: str, passkey: Passkey
) -> Moderator:
    """Use the invitation up and enrol `passkey.moderator` under this name, all or nothing.

    Raises `BadName`, `InvitationSpent`, `PersonNameTaken`, `PasskeyTaken`.
    """
    now = clock.now()
    moderator = Moderator(passkey.moderator, tidy_name(name), now.date())
    store.enrol(_digest(invitation), now, moderator, passkey)
    return moderator


def add_passkey(store: PeopleStore, passkey: Passkey) -> None:
    """Give a moderator one more way in; raise `NotEnrolled`, `PasskeyTaken`."""
    store.add_passkey(passkey)


def enrolment_challenge(store: PeopleStore, clock: Clock, randomness: Randomness) -> Challenge:
    """A challenge to enrol with, and the id that the new moderator will have."""
    moderator_id = base64.b32encode(randomness(ID_BYTES)).decode("ascii").lower()
    return _challenge(store, clock, randomness, Ceremony.ENROL, moderator_id)


def sign_in_challenge(store: PeopleStore, clock: Clock, randomness: Randomness) -> Challenge:
    """A challenge to sign in with, for whoever holds an enrolled passkey."""
    return _challenge(store, clock, randomness, Ceremony.SIGN_IN, "")


def spend_challenge(
    store: PeopleStore, clock: Clock, ceremony: Ceremony, value: bytes
) -> Challenge:
    """Use a challenge up, whatever comes of it; raise `ChallengeSpent` unless it still holds."""
    challenge = store.take_challenge(value)
    if challenge is None or challenge.ceremony is not ceremony or clock.now() >= challenge.until:
        raise ChallengeSpent
    return challenge


def find_passkey(store: PeopleStore, credential_id: bytes) -> Passkey | None:
    """The passkey with this id."""
    return store.passkey(credential_id)


def count_use(store: PeopleStore, passkey: Passkey, sign_count: int) -> None:
    """Keep the device's new count; raise `CopiedPasskey` unless it grew or was never kept.

    Raises `Changed` when the same passkey was used elsewhere at this moment.
    Source: W3C Web Authentication, section 6.1.1 (signature counter considerations).
    """
    if passkey.sign_count == sign_count == 0:
        return
    if sign_count <= passkey.sign_count:
        raise CopiedPasskey
    store.count(passkey, sign_count)


def open_session(
    store: PeopleStore, clock: Clock, randomness: Randomness, moderator_id: str
) -> tuple[Session, str]:
    """A new session and the secret for its cookie, never one that the browser brought.

    Raises `NotEnrolled`.
    """
    moderator = store.moderator(moderator_id)
    if moderator is None:
        raise NotEnrolled(moderator_id)
    secret, now = _secret(randomness), clock.now()
    session = Session(_session_id(secret), moderator, now + SIGNED_IN_FOR, now)
    store.put_session(session)
    return session, secret


def find_session(store: PeopleStore, clock: Clock, secret: str) -> Session | None:
    """The session that this cookie opens, if it neither ran out nor lay idle."""
    session, now = store.session(_session_id(secret)), clock.now()
    if session is None:
        return None
    if now >= session.until or now - session.seen >= IDLE_FOR:
        store.drop_session(session.id)
        return None
    if now - session.seen >= SEEN_EVERY:
        store.see_session(session.id, now)
    return session


def close_session(store: PeopleStore, secret: str) -> None:
    """End the session that this cookie opens, if there is one."""
    store.drop_session(_session_id(secret))


def close_all(store: PeopleStore, moderator_id: str) -> int:
    """End every session of one moderator; how many there were."""
    return store.drop_sessions(moderator_id)


def csrf_token(keyring: Keyring, session: Session) -> str:
    """What every form of this session carries, and no other site can know."""
    return f"{keyring.current.version}.{_csrf_mac(keyring.current, session)}"


def csrf_ok(keyring: Keyring, session: Session, token: str) -> bool:
    """Whether a form came from this session; a token under an older key still counts."""
    version, _, mac = token.partition(".")
    key = keyring.find(version)
    if key is None:
        return False
    return hmac.compare_digest(_csrf_mac(key, session).encode(), mac.encode("utf-8", "replace"))


def erase_expired(store: PeopleStore, now: datetime) -> int:
    """Erase invitations, challenges and sessions that ran out; how many."""
    return store.erase_expired(now, now - IDLE_FOR)


def _challenge(
    store: PeopleStore, clock: Clock, randomness: Randomness, ceremony: Ceremony, moderator: str
) -> Challenge:
    now = clock.now()
    challenge = Challenge(randomness(SECRET_BYTES), ceremony, moderator, now + CHALLENGED_FOR)
    store.put_challenge(challenge, now)
    return challenge


def _secret(randomness: Randomness) -> str:
    return base64.urlsafe_b64encode(randomness(SECRET_BYTES)).rstrip(b"=").decode("ascii")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _session_id(secret: str) -> str:
    return _digest(secret).hex()


def _csrf_mac(key: Key, session: Session) -> str:
    return hmac.new(key.secret, f"csrf {session.id}".encode(), hashlib.sha256).hexdigest()
