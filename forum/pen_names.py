"""Pen names: made from an id, never typed by anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

A = "Quiet Amber Patient Gentle Early Silver Plain Brave Soft Steady".split()
N = "Heron Otter Wren Finch Badger Robin Hare Swift Plover Linnet".split()


def candidates(seed: str) -> Iterator[str]:
    """An endless sequence."""
    n = 0
    while True:
        h = hashlib.sha256(f"{seed}.{n}".encode()).digest()
        extra = [A[h[2] % len(A)]] if n > 3 else []
        yield " ".join([A[h[0] % len(A)], *extra, *( [A[h[3] % len(A)]] if n > 20 else []), N[h[1] % len(N)]])
        n += 1
