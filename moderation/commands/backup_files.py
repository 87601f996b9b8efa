"""Which backups lie in a folder: one a day, and none for longer than people were told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

BACKUP_DAYS = 7
"""Days a backup is kept at most: people were told that what they take back is gone by then."""
_NAME = re.compile(r"handrail-(\d{4}-\d{2}-\d{2})\.age")


def named(folder: Path, day: date) -> Path:
    """The file of this day's backup."""
    return folder / f"handrail-{day}.age"


def dated(folder: Path) -> dict[date, Path]:
    """The backups in a folder, by their day. Raises `OSError`."""
    found = ((_NAME.fullmatch(path.name), path) for path in sorted(folder.iterdir()))
    return {date.fromisoformat(match[1]): path for match, path in found if match}


def prune(folder: Path, before: date) -> list[str]:
    """Remove the backups from before this day; the names of their files. Raises `OSError`."""
    old = [path for day, path in dated(folder).items() if day < before]
    for path in old:
        path.unlink(missing_ok=True)
    return [path.name for path in old]
