"""Secrets that leave once and are kept as SHA-256: 256 random bits, which no hash gives back."""

from __future__ import annotations

import base64
import hashlib

from forum.ports import Randomness

SECRET_BYTES = 32


def new_token(randomness: Randomness) -> str:
    """A fresh secret for a link or a cookie: 43 letters, digits, - and _."""
    drawn = base64.urlsafe_b64encode(randomness(SECRET_BYTES))
    return drawn.rstrip(b"=").decode("ascii")


def digest(token: str) -> bytes:
    """What is kept of a token, however it was spelled by whoever sent it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
