"""May this submission enter: a signed form whose age is checked, and a field left empty."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from forum.given import Given
from forum.keys import Key, Keyring
from forum.ports import Randomness

QUICKEST = 3
"""Seconds: nobody reads and fills the form faster."""
OLDEST = 24 * 60 * 60
"""Seconds a form may stay open."""
NONCE = 16
"""Bytes of a form's nonce."""
TRAP = "website"
"""The field that people do not see and programs fill in."""

_TIME = 8
_MAC = 32


class NotAdmitted(Exception):
    """The form may not enter; the message is fit to show the person who sent it."""

    needs_new_form = True


class Forged(NotAdmitted):
    """The token was not made by us, or for something else."""

    def __init__(self) -> None:
        super().__init__("This form had lost its seal. We made a new one: please send it again.")


class TooQuick(NotAdmitted):
    """The form came back faster than anybody writes."""

    needs_new_form = False

    def __init__(self) -> None:
        super().__init__("That was very quick. Please wait a few seconds, then send it again.")


class TooOld(NotAdmitted):
    """The form stayed open for more than a day."""

    def __init__(self) -> None:
        super().__init__(
            "This form had been open for more than a day. Your words are all here: "
            "please send it again."
        )


@dataclass(frozen=True)
class FormToken:
    """What a form carries: who it is (a random nonce) and when it was handed out."""

    nonce: bytes
    issued: int
    """Seconds since 1970; it lives in the form alone and is never stored."""

    @property
    def mark(self) -> bytes:
        """What is kept of a used form. With the nonce itself, a thief of the store and of the
        receipt key could mint the receipt again."""
        return hashlib.sha256(self.nonce).digest()


def issue(keyring: Keyring, now: datetime, randomness: Randomness) -> str:
    """A fresh signed token for one form."""
    key = keyring.current
    body = randomness(NONCE) + int(now.timestamp()).to_bytes(_TIME, "big")
    sealed = base64.urlsafe_b64encode(body + _mac(key, body)).decode("ascii")
    return f"{key.version}.{sealed}"


def admit(keyring: Keyring, token: str, now: datetime) -> FormToken:
    """The form behind the token; raise `NotAdmitted` if it may not enter at `now`."""
    form = read(keyring, token)
    age = int(now.timestamp()) - form.issued
    if age > OLDEST:
        raise TooOld
    if age < QUICKEST:
        raise TooQuick
    return form


def read(keyring: Keyring, token: str) -> FormToken:
    """The form behind the token, whatever its age; raise `Forged`."""
    version, _, encoded = token.partition(".")
    key = keyring.find(version)
    try:
        raw = base64.b64decode(encoded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Forged from None
    body, mac = raw[: NONCE + _TIME], raw[NONCE + _TIME :]
    if key is None or len(mac) != _MAC or not hmac.compare_digest(mac, _mac(key, body)):
        raise Forged
    return FormToken(body[:NONCE], int.from_bytes(body[NONCE:], "big"))


def trapped(given: Given) -> dict[str, str]:
    """What to tell whoever filled in the field that people do not see."""
    filled = any(given.get(TRAP, ()))
    return {TRAP: "Please leave this field empty, then send it again."} if filled else {}


def _mac(key: Key, body: bytes) -> bytes:
    return hmac.new(key.secret, b"handrail form\0" + body, hashlib.sha256).digest()
