"""A client of DynamoDB that does as it is told, but for one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.store import dynamodb_given


class Bent:
    """A client of DynamoDB of which one call goes another way."""

    def __init__(self, call: str, way: Callable[..., Any]) -> None:
        """`way` gets the true call and the words that it was called with."""
        self._call = call
        self._way = way

    def __getattr__(self, name: str) -> Any:
        true = getattr(dynamodb_given.client(), name)
        return (lambda **words: self._way(true, **words)) if name == self._call else true
