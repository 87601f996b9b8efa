"""What a check of `doctor` found, in sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """What must not stay so, and what wants an eye soon."""

    amiss: str = ""
    warns: str = ""


FINE = Found()
