"""A DynamoDB whose index lags: what it answered once can be had again, and what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tests.store.dynamodb_given import emulator


class Watched:
    """A client of its own, with all that it sends."""

    def __init__(self) -> None:
        self.client = emulator().client("dynamodb")
        self.sent: list[tuple[str, Any]] = []
        """Operation and words of each call, in order."""
        self.is_stale: Callable[[], bool] = lambda: False
        """Asked before each call of the index: whether it is answered as it was before."""
        self._before: dict[bytes, Any] = {}
        self._asked = b""
        self.client.meta.events.register("before-call.dynamodb", self._send)
        self.client.meta.events.register("after-call.dynamodb.Query", self._keep)

    def calls(self, operation: str) -> list[Any]:
        """The words of every call of this operation."""
        return [words for name, words in self.sent if name == operation]

    def _send(self, model: Any, params: Any, **_: Any) -> Any:
        words = json.loads(params["body"])
        self.sent.append((model.name, words))
        self._asked = params["body"]
        if "IndexName" in words and params["body"] in self._before and self.is_stale():
            return SimpleNamespace(status_code=200), self._before[params["body"]]
        return None

    def _keep(self, parsed: Any, **_: Any) -> None:
        self._before.setdefault(self._asked, parsed)
