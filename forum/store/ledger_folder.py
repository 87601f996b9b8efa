"""The ledger of erasures in a folder: one file a day, sorted anew with each entry.

An order of happening would show what one hand took back together, so no file has one. Several
processes may write at once; each file is in place whole or not at all.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from forum.erasures import Erasure, earliest, new_name, read_day, write_day
from forum.ports import Randomness
from forum.rows import Unavailable

BEGAN = "began"
"""The file with the ledger's first day, and its name; who writes holds it locked."""


class LedgerFolder:
    """One folder, which belongs to this ledger alone, readable by its owner alone."""

    def __init__(self, folder: Path, randomness: Randomness = secrets.token_bytes) -> None:
        self._folder = folder
        self._randomness = randomness

    def begin(self, today: date) -> None:
        """Make the folder if there is none, and erase what is older than entries are kept.

        Raises `OSError`.
        """
        with self._alone(today):
            self.prune(earliest(today))

    def add(self, entries: Collection[tuple[str, str]], today: date) -> None:
        """Write down what was erased: kinds and ids, on the disk when this returns.

        Raises `OSError`.
        """
        with self._alone(today):
            path = self._folder / today.isoformat()
            before = read_day(_read(path), today)
            _put(path, write_day({*entries, *((one.what, one.id) for one in before)}))
            self.prune(earliest(today))

    def since(self, day: date) -> Iterator[Erasure]:
        """The entries of this day and later."""
        try:
            for written, path in self._days():
                if written >= day:
                    yield from read_day(path.read_text("ascii"), written)
        except (OSError, ValueError) as error:
            raise Unavailable("the ledger of erasures cannot be read") from error

    def name(self) -> str:
        """What it was called when it began; "" where there is no ledger."""
        try:
            _, name = _began((self._folder / BEGAN).read_text("ascii"))
            return name
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            raise Unavailable("the ledger of erasures cannot be read") from error

    def prune(self, before: date) -> None:
        """Erase the days before this one. Raises `OSError`."""
        for written, path in self._days():
            if written < before:
                path.unlink(missing_ok=True)

    def _days(self) -> list[tuple[date, Path]]:
        found = self._folder.iterdir() if self._folder.is_dir() else ()
        return sorted((day, path) for path in found if (day := _day(path.name)))

    @contextmanager
    def _alone(self, today: date) -> Iterator[None]:
        """Nobody else writes meanwhile; the first to come notes the day, and gives it a name."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._folder / BEGAN, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+", encoding="ascii") as began:
            fcntl.flock(began, fcntl.LOCK_EX)
            day, name = _began(began.read())
            if not name:
                began.seek(0)
                began.write(f"{day or today.isoformat()}\n{new_name(self._randomness)}\n")
                began.flush()
                os.fsync(began.fileno())
                _bring_to_disk(self._folder)
            yield


def _began(text: str) -> tuple[str, str]:
    """The day and the name in the file's two lines; "" for what is not there."""
    day, name, *_ = (*text.split(), "", "")
    return day, name


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _read(path: Path) -> str:
    return path.read_text("ascii") if path.exists() else ""


def _put(path: Path, text: str) -> None:
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
    _bring_to_disk(path.parent)


def _bring_to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
