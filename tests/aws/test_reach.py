"""Which modules a bundle gets: all that its code can come to load, and nothing beside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.aws.reach import reached

HOUSE = {
    "app.py": "import forum.wiring as wiring\nwiring.open_door()",
    "forum/__init__.py": "",
    "forum/wiring.py": (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from forum.types import Only\n"
        "def open_door():\n    from forum.door import Door\n    return _store().door(Door)\n"
        "def open_other():\n    from forum.other import Other\n"
        "def _store():\n    from forum.store import Store\n    return Store()\n"
    ),
    "forum/door.py": "from forum import words",
    "forum/words.py": "",
    "forum/types.py": "",
    "forum/other.py": "",
    "forum/store.py": (
        "class Store:\n"
        "    def door(self, of):\n        from forum.rows_of_door import Rows\n"
        "    def other(self):\n        import forum.rows_of_other\n"
    ),
    "forum/rows_of_door.py": "import json",
    "forum/rows_of_other.py": "",
}
NEEDED = {
    *("app.py", "forum/__init__.py", "forum/wiring.py", "forum/door.py", "forum/words.py"),
    *("forum/store.py", "forum/rows_of_door.py"),
}


def lay_out(folder: Path, changed: Mapping[str, str] | None = None) -> dict[str, Path]:
    """The house in a folder, with some of its modules changed."""
    files = {}
    for name, code in (HOUSE | dict(changed or {})).items():
        files[name] = folder / name.replace("/", "-")
        files[name].write_text(code)
    return files


def test_only_what_somebody_asks_wiring_for_comes_along(tmp_path: Path) -> None:
    assert reached(lay_out(tmp_path), ["app.py"]) == NEEDED


@pytest.mark.parametrize(
    "app",
    [
        "from forum.wiring import open_other",
        "import forum.wiring\nforum.wiring.open_other()",
        "from forum import wiring\nwhich = [wiring.open_other]",
    ],
)
def test_however_it_is_asked_for(tmp_path: Path, app: str) -> None:
    """What is unlike the first door is the other, with its rows where somebody speaks of those."""
    found = reached(lay_out(tmp_path, {"app.py": app}), ["app.py"])
    assert "forum/other.py" in found
    assert found & {"forum/door.py", "forum/rows_of_other.py", "forum/types.py"} == set()


@pytest.mark.parametrize(
    "wiring",
    [
        "@cache\ndef opened():\n    from forum.other import Other",
        "try:\n    import forum.other\nexcept ImportError:\n    pass",
        "class Late:\n    import forum.other",
    ],
)
def test_what_may_run_without_being_spoken_of_counts_at_once(tmp_path: Path, wiring: str) -> None:
    assert "forum/other.py" in reached(lay_out(tmp_path, {"forum/wiring.py": wiring}), ["app.py"])


def test_a_package_brings_what_loading_it_loads(tmp_path: Path) -> None:
    files = lay_out(tmp_path, {"forum/__init__.py": "import forum.words"})
    found = reached(files, ["forum/other.py"])
    assert found == {"forum/__init__.py", "forum/other.py", "forum/words.py"}
