"""Editions on one machine: Pelican makes what differs, and the edition changes in one moment.

A reader sees the old edition or the new one. Whatever a killed run left behind is swept away by
the next, and a file of the editions that cannot be read is made anew in the same run.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from editions.links import UNLINKED, links_to, page_of
from editions.press import FILE, Editions
from editions.reading import Pages
from forum.printing import Printed, PrintFailed
from infra.local.building import BuildFailed, build

DAMAGED = "damaged"
"""Where a file of the editions that cannot be read lies while a new one is made."""
SWEPT = (DAMAGED, "edition-*", "current")
"""What killed runs leave among the editions, and how earlier versions kept them."""

UNREADABLE = frozenset(
    (
        *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
        sqlite3.SQLITE_IOERR_SHORT_READ,
        sqlite3.SQLITE_ERROR,  # no such table or column: another version made it
        *(sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH),  # its rows make no sense together
    )
)
"""SQLite's codes for a file that no later run could read either."""


RESERVE = 4 * 1024 * 1024
"""Bytes: to take away a few hundred pages takes less."""


@dataclass(frozen=True)
class LocalPrinter:
    """The editions folder, and the posts that are printed."""

    folder: Path
    posts: Path
    siteurl: str
    production: bool
    progress: Callable[[int, int], None] | None = field(default=None, compare=False)
    """Told how many pages are made, of how many, while a build takes long."""

    leave_url: str = ""
    """Where "Leave now" leads; "" for the page that the theme names."""

    @property
    def editions(self) -> Editions:
        """The editions themselves."""
        return Editions(self.folder)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Only one press at a time, for this folder and for the posts it reads."""
        with _failures_named():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.posts.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder), _locked(self.posts):
            yield

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        """Make what differs, or every page, and put it in place. Raises `PrintFailed`."""
        with _failures_named():
            left = self._sweep()
            try:
                printed = self._build(purge, everything, anew)
            except sqlite3.DatabaseError as error:
                if not _damaged(error):
                    raise
                printed = self._build_anew(purge)
            self._hold(printed)
            self._keep_reserve()
            return replace(printed, leftovers=tuple(dict.fromkeys((*left, *printed.leftovers))))

    def strike(self, post_ids: Collection[str]) -> None:
        """Take away, of every edition, the pages of these posts and all that lead to one.

        Raises `PrintFailed` when that could not be done.
        """
        with _failures_named():
            try:
                self._strike(post_ids)
            except sqlite3.DatabaseError as error:
                self._reserve.unlink(missing_ok=True)
                if _damaged(error):
                    self.editions.show_nothing()
                else:
                    self._strike(post_ids)  # now there is room, if that was what it lacked
            if left := self.editions.tidy():
                raise PrintFailed(f"{left[0]} cannot be removed from the editions.")

    def _strike(self, post_ids: Collection[str]) -> None:
        pages = [page_of(post_id) for post_id in post_ids]
        links = [link for i in post_ids for link in links_to(i, self.siteurl)]
        self.editions.strike(links, pages, UNLINKED)

    @property
    def _reserve(self) -> Path:
        """Room that is kept for taking something away when the disk is full."""
        return self.folder / "reserve"

    def _keep_reserve(self) -> None:
        if not self._reserve.exists():
            with suppress(OSError):
                self._reserve.write_bytes(bytes(RESERVE))

    def go_back(self) -> int:
        """Show the edition before again; how many pages that changed.

        Raises `editions.press.NothingToGoBackTo` or `PrintFailed`.
        """
        with self.lock(), _failures_named():
            return self.editions.roll_back().pages

    def look_over(self) -> tuple[str, ...]:
        """Hold every page against what was put there, and give back room; the pages that differ.

        Those are taken away, and the next run makes everything anew. It reads all pages: for once
        a day. Raises `PrintFailed`.
        """
        with self.lock(), _failures_named():
            try:
                unsound = self.editions.unsound()
                if unsound:
                    self._take_away(unsound)
                with suppress(sqlite3.OperationalError):  # it needs as much room again
                    self.editions.compact()
            except sqlite3.DatabaseError as error:
                if not _damaged(error):
                    raise
                return (FILE,)
        return tuple(unsound)

    def _take_away(self, paths: Collection[str]) -> None:
        with self.editions.printing() as edition:
            for path in paths:
                edition.remove(path)
            edition.commit(keep=0)

    def _build(self, purge: bool, everything: bool, anew: bool) -> Printed:
        told: list[Mapping[str, Any]] = []
        environment = {
            "HANDRAIL_POSTS": str(self.posts),
            "HANDRAIL_SITEURL": self.siteurl,
            "HANDRAIL_LEAVE_URL": self.leave_url,
            "HANDRAIL_ENV": "production" if self.production else "development",
            "HANDRAIL_SEARCH": "1" if everything else "",
        }
        overrides = {
            "OUTPUT_PATH": str(self.folder / "none"),  # a build has a folder of its own
            "EDITIONS": str(self.folder),
            "EDITION_PURGE": purge,
            "EDITION_WHOLE": anew,
            "EDITION_TOLD": told.append,
            "EDITION_PROGRESS": self.progress,
        }
        build(environment, overrides)
        return _printed(told[0])

    def _build_anew(self, purge: bool) -> Printed:
        """Build without what cannot be read; if that fails too, it is put back as it was."""
        aside = self._put_aside()
        try:
            printed = self._build(purge, everything=True, anew=True)
        except BaseException:
            self.editions.start_anew()
            for file in aside.iterdir():
                file.rename(self.folder / file.name)
            raise
        _removed(aside)
        return printed

    def _put_aside(self) -> Path:
        """Take the file of the editions out of readers' sight; where it is now."""
        aside = self.folder / DAMAGED
        aside.mkdir()
        for file in self.folder.glob(f"{FILE}*"):
            file.rename(aside / file.name)
        return aside

    def _hold(self, printed: Printed) -> None:
        """See, as a reader would, that what was taken away is gone."""
        pages = Pages(self.folder)
        still = [path for path in printed.removed if pages.read(path) is not None]
        if still:
            raise PrintFailed(f"{still[0]} was taken away and can still be read.")

    def _sweep(self) -> tuple[str, ...]:
        """Remove what killed runs and earlier versions left; the names of what cannot be."""
        stale = [path for pattern in SWEPT for path in self.folder.glob(pattern)]
        return tuple(path.name for path in stale if not _removed(path))


def _printed(told: Mapping[str, Any]) -> Printed:
    """What Pelican's plugin tells of a run, as the press takes it."""
    added, changed, removed = (tuple(told[name]) for name in ("added", "changed", "removed"))
    return Printed(
        set_aside=tuple((entry["id"], entry["why"]) for entry in told["set_aside"]),
        leftovers=tuple(told["leftovers"]),
        added=added,
        changed=changed,
        removed=removed,
        anew=told["whole"],
        health=told["health"],
    )


def _removed(path: Path) -> bool:
    """Remove a file, or a folder with all in it, as far as that can be done; whether it is gone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
    return not os.path.lexists(path)


def _damaged(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code in UNREADABLE or code & 0xFF in UNREADABLE)


@contextmanager
def _failures_named() -> Iterator[None]:
    """Turn whatever keeps the edition from being made into one sentence."""
    try:
        yield
    except BuildFailed as error:
        raise PrintFailed(str(error)) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PrintFailed(f"{error.filename or 'A file'} cannot be used: {why}.") from error
    except sqlite3.Error as error:
        raise PrintFailed(f"The file of the editions cannot be used: {error}.") from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder itself, so that no lock file lies among what it keeps."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
