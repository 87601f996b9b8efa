"""Lets the contract suites run in a cloud that enforces policies, each port under its own role.

A plugin: `pytest -p tests.aws.enforcing tests/store -k dynamodb`. What it finds is what
`test_policies.py` finds by comparing; it is slower, and asks the cloud itself.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from infra.aws.emulator import Emulator
from tests.aws.roles import Guarded
from tests.store import adapters, dynamodb_given


def open_enforced(folder: Path) -> adapters.Stores:
    """Every port on tables that belong to this folder, each under its own role."""
    name = dynamodb_given.name_for(folder)
    dynamodb_given.create_tables(dynamodb_given.client(), name)
    on: Any = guarded(name)
    return adapters.Stores(on, lambda: open_enforced(folder))


FORUMS: dict[str, Guarded] = {}


def guarded(name: str) -> Guarded:
    """The forum of this name, whose roles are made once."""
    return FORUMS.setdefault(name, Guarded(dynamodb_given.emulator(), name))


def pytest_configure() -> None:
    """Enforce, and open every store so."""
    dynamodb_given.Emulator = partial(Emulator, enforce=True)  # type: ignore[misc, assignment]
    adapters.ADAPTERS["dynamodb"] = open_enforced
