"""A disk that works until it does not: every change of a file is counted, and one is the last."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHANGES = ("open", "chmod", "fsync", "mkdir", "replace", "rmdir", "unlink")


class Killed(BaseException):
    """As a kill does, it ends everything and lets nobody clean up."""


@contextmanager
def disk_until(last: int, error: Callable[[], BaseException]) -> Iterator[list[str]]:
    """From change number `last` on, each raises; gives the changes that were asked for."""
    asked: list[str] = []

    def counted(name: str, change: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            asked.append(name)
            if len(asked) >= last:
                raise error()
            return change(*arguments, **named)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGES:
            patch.setattr(os, name, counted(name, getattr(os, name)))
        yield asked
