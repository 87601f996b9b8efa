"""A form as it came, before anything of it is believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Given = Mapping[str, Sequence[str]]
"""Each field's values, in order."""


def first(given: Given, name: str) -> str:
    """A field's first value, or nothing."""
    return (given.get(name) or ("",))[0]
