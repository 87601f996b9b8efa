"""Tells moderators on one machine: each digest is a paragraph at the end of this month's file.

The files are for the operator's eyes alone. A paragraph bears its day and no hour, and only the
files of this month and the last are kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from forum.digest import NotTold
from forum.ports import Clock

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_NAME = re.compile(r"\d{4}-\d{2}\.txt")


@dataclass(frozen=True)
class FileNotifier:
    """Writes what is to be said into a folder."""

    folder: Path
    clock: Clock

    def tell(self, subject: str, body: str) -> None:
        """Add it to this month's file, on disk; raise `NotTold` if that cannot be done."""
        today = self.clock.now().date()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _append(self.folder / _name(today), f"{today}: {subject}\n\n{body}\n\n")
            for old in _before_last_month(self.folder, today):
                old.unlink(missing_ok=True)
        except OSError as error:
            raise NotTold(f"{self.folder} cannot be written to ({type(error).__name__})") from None


def _append(path: Path, words: str) -> None:
    with open(os.open(path, _FLAGS, 0o600), "a", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(words)
        file.flush()
        os.fsync(file.fileno())


def _name(day: date) -> str:
    return f"{day:%Y-%m}.txt"


def _before_last_month(folder: Path, today: date) -> Iterator[Path]:
    kept = {_name(today), _name(today.replace(day=1) - timedelta(days=1))}
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name) and path.name not in kept:
            yield path
