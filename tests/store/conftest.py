"""Each contract test runs once for every adapter in the table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.adapters import ADAPTERS, Stores


@pytest.fixture(params=sorted(ADAPTERS))
def opener(request: pytest.FixtureRequest) -> Callable[[Path], Stores]:
    """Opens a store of this adapter in a folder, for tests that need many of them."""
    return ADAPTERS[request.param]


@pytest.fixture
def stores(opener: Callable[[Path], Stores], tmp_path: Path) -> Stores:
    """An empty store."""
    return opener(tmp_path)
