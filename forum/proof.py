"""A proof of work belongs to one form: it costs a visitor a second and nobody has to be asked.

It is bound to the form's nonce, and a form is taken once; so a proof cannot serve twice, and
nothing about proofs is stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

import altcha

from forum.admission import OLDEST
from forum.keys import Key, Keyring

ALGORITHM = "PBKDF2/SHA-256"
"""Browsers have it built in; no library has to be sent to them."""
COST = 7_000
"""Rounds of each try, and so of the check: docs/decisions/0012-proof-of-work.md has the times."""
PREFIX = "00"
"""What a found key begins with, in hex: one try in 256 finds one."""
LONGEST = 1_024
"""Characters of a proof; a real one takes some 650."""


def challenge(keyring: Keyring, nonce: bytes, now: datetime) -> dict[str, Any]:
    """The work to do for the form with this nonce, as JSON; it holds for `OLDEST` seconds.

    The end is in `data` and not in the library's own `expiresAt`, which asks the machine's clock
    and not ours.
    """
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        key_prefix=PREFIX,
        data={"form": nonce.hex(), "until": int(now.timestamp()) + OLDEST},
        hmac_secret=_secret(keyring.current),
    )
    work: dict[str, Any] = made.to_dict()
    return work


def proven(keyring: Keyring, proof: str, nonce: bytes, now: datetime) -> bool:
    """Whether somebody did the work for this very form; whatever else is sent is no proof.

    The signature covers every parameter, so that what is derived here has our own cost; nothing
    is derived for a proof without one.
    """
    payload = _read(proof)
    if payload is None or not _holds(payload.challenge.parameters.data, nonce, now):
        return False
    return any(altcha.verify_solution(payload, _secret(key)).verified for key in keyring.all)


def _read(proof: str) -> altcha.Payload | None:
    """What the proof says, unless it is nothing that we could have asked for."""
    if len(proof) > LONGEST:
        return None
    try:
        told = base64.b64decode(proof, validate=True).decode("ascii")
        # The library signs 7000 and 7000.0 alike, and then cannot derive with the latter.
        return altcha.Payload.from_dict(json.loads(told, parse_float=_refuse))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _refuse(number: str) -> float:
    raise ValueError("a proof holds whole numbers only")


def _holds(data: object, nonce: bytes, now: datetime) -> bool:
    if not isinstance(data, dict) or data.get("form") != nonce.hex():
        return False
    until = data.get("until")
    return isinstance(until, int) and now.timestamp() <= until


def _secret(key: Key) -> bytes:
    """A secret for proofs alone: HMAC-SHA256 of their name under the key that signs forms."""
    return hmac.digest(key.secret, b"handrail proof of work 1\0", hashlib.sha256)
