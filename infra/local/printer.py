"""Editions on one machine: built aside, then put in place whole by renaming one link.

A reader sees the old edition or the new one. Whatever a killed build left behind is swept away
by the next.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from forum.press import Printed, PrintFailed
from forum.settings import CURRENT, ROOT

KEPT = 1
"""Earlier editions kept for going back, while nothing has been taken down since."""


@dataclass(frozen=True)
class LocalPrinter:
    """The editions folder: one folder an edition, and a link to the one that readers see."""

    folder: Path
    posts: Path
    siteurl: str
    production: bool

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Only one press at a time, for this folder and for the posts it reads."""
        with _failures_named():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.posts.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder), _locked(self.posts):
            yield

    def print_edition(self, purge: bool) -> Printed:
        """Build aside, put in place, sweep. Raises `PrintFailed`; the old edition stays then."""
        with _failures_named():
            self._sweep(keep=KEPT)
            building = self.folder / f"building-{secrets.token_hex(4)}"
            printed = self._build(building)
            self._put_in_place(building)
            return replace(printed, leftovers=self._sweep(keep=0 if purge else KEPT))

    def strike(self, post_ids: Collection[str]) -> None:
        """Remove these stories, and every page and feed that leads to one, where they stand.

        Goes through all of them, then raises `PrintFailed` if one could not be removed or read.
        """
        stories = [s for i in post_ids for s in self.folder.glob(f"edition-*/stories/{i}")]
        kept = [story for story in stories if not _removed(story)]
        addresses = [f"/stories/{post_id}/".encode() for post_id in post_ids]
        pages = list(self.folder.glob("edition-*/**/*")) if addresses else []
        for page in pages:
            if page.suffix in (".html", ".xml") and _leads_to(page, addresses):
                kept += [] if _removed(page) else [page]
        if kept:
            raise PrintFailed(f"{kept[0]} cannot be removed; there are {len(kept)} like it.")

    def _build(self, output: Path) -> Printed:
        report = self.folder / f"{output.name}.report"
        command = [sys.executable, "-m", "pelican", "--fatal", "errors", "--quiet"]
        command += ["--log-handler", "plain", "--settings", str(ROOT / "pelicanconf.py")]
        command += ["--output", str(output)]
        # The build inherits no secret, and no setting but these.
        environment = {
            "HANDRAIL_POSTS": str(self.posts),
            "HANDRAIL_SITEURL": self.siteurl,
            "HANDRAIL_ENV": "production" if self.production else "development",
            "HANDRAIL_REPORT": str(report),
        }
        # It does inherit the locks: one that outlives a killed press keeps the next one waiting.
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            close_fds=False,
        )
        if done.returncode != 0:
            self._sweep(keep=KEPT)
            raise PrintFailed((done.stderr or done.stdout).strip()[-2000:])
        return _read_report(report)

    def _put_in_place(self, building: Path) -> None:
        os.sync()  # not even a power cut leaves the link on pages that are not on the disk
        edition = self.folder / building.name.replace("building", "edition")
        building.rename(edition)
        link = self.folder / f"{building.name}.link"
        link.symlink_to(edition.name)
        os.replace(link, self.folder / CURRENT)
        _sync(self.folder)

    def _sweep(self, keep: int) -> tuple[str, ...]:
        """Remove what killed builds left, and all but `keep` of the earlier editions.

        What cannot be removed stops no build; its names.
        """
        current = self.folder / CURRENT
        shown = os.readlink(current) if current.is_symlink() else ""
        editions = sorted(self.folder.glob("edition-*"), key=lambda p: p.stat().st_mtime)
        earlier = [path for path in editions if path.name != shown]
        stale = (*self.folder.glob("building-*"), *earlier[: max(0, len(earlier) - keep)])
        return tuple(path.name for path in stale if not _removed(path))


def _removed(path: Path) -> bool:
    """Remove a file, or a folder with all in it, as far as that can be done; whether it is gone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
    return not os.path.lexists(path)


def _leads_to(page: Path, addresses: Collection[bytes]) -> bool:
    """Whether one of these stands in the page; one that cannot be read may lead anywhere."""
    try:
        found = page.read_bytes()
    except OSError:
        return os.path.lexists(page)
    return any(address in found for address in addresses)


@contextmanager
def _failures_named() -> Iterator[None]:
    """Turn a full disk or a folder that cannot be written into one sentence."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PrintFailed(f"{error.filename or 'A file'} cannot be written: {why}.") from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder itself, so that no lock file lies among what it keeps."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.set_inheritable(handle, True)
        yield
    finally:
        os.close(handle)


def _read_report(report: Path) -> Printed:
    found = json.loads(report.read_text("utf-8"))
    report.unlink()
    aside = tuple((entry["id"], entry["why"]) for entry in found["set_aside"])
    return Printed(pages=found["pages"], set_aside=aside)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
