"""Secrets, one ring per purpose: the newest key signs, older versions still verify."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

SHORTEST = 32
"""Bytes below which a secret is refused."""


class BadKey(ValueError):
    """A secret that cannot be used; the message never shows it."""


@dataclass(frozen=True)
class Key:
    """One version of one purpose's secret."""

    version: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Keyring:
    """All versions of one purpose's secret, newest first."""

    all: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """The key that signs from now on."""
        return self.all[0]

    def find(self, version: str) -> Key | None:
        """The key that signed under `version`, or None when it was retired."""
        return next((key for key in self.all if key.version == version), None)


def read_keyring(text: str) -> Keyring:
    """Read `v2:BASE64,v1:BASE64`, newest first; raise `BadKey` for anything else."""
    keys = tuple(_read_key(part) for part in text.split(",") if part.strip())
    if not keys:
        raise BadKey("no key given")
    if len({key.version for key in keys}) != len(keys):
        raise BadKey("two keys carry the same version")
    return Keyring(keys)


def write_key(key: Key) -> str:
    """The text form that `read_keyring` reads."""
    return f"{key.version}:{base64.urlsafe_b64encode(key.secret).decode('ascii')}"


def _read_key(part: str) -> Key:
    version, colon, encoded = part.strip().partition(":")
    if not colon or not version.isalnum():
        raise BadKey("a key is written VERSION:BASE64")
    try:
        secret = base64.b64decode(encoded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise BadKey(f"key {version} is not base64") from None
    if len(secret) < SHORTEST:
        raise BadKey(f"key {version} is shorter than {SHORTEST} bytes")
    return Key(version, secret)
