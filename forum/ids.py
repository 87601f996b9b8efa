"""One kind of id for posts and people: random, so that it tells nothing and nobody guesses one."""

from __future__ import annotations

import base64

from forum.ports import Randomness

BYTES = 10
"""80 random bits: sixteen letters and digits."""


def new_id(randomness: Randomness) -> str:
    """A new id: 16 characters of a-z and 2-7."""
    return base64.b32encode(randomness(BYTES)).decode("ascii").lower()
