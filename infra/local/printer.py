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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from forum.press import Printed, PrintFailed

ROOT = Path(__file__).resolve().parents[2]
CURRENT = "current"
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
        self.folder.mkdir(parents=True, exist_ok=True)
        self.posts.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder), _locked(self.posts):
            yield

    def print_edition(self, purge: bool) -> Printed:
        """Build aside, put in place, sweep. Raises `PrintFailed`; the old edition stays then."""
        self._sweep(keep=KEPT)
        building = self.folder / f"building-{secrets.token_hex(4)}"
        report = self.folder / f"{building.name}.report"
        try:
            self._build(building, report)
            printed = _read_report(report)
        finally:
            report.unlink(missing_ok=True)
        self._put_in_place(building)
        self._sweep(keep=0 if purge else KEPT)
        return printed

    def _build(self, output: Path, report: Path) -> None:
        command = [sys.executable, "-m", "pelican", "--fatal", "errors", "--settings"]
        command += [str(ROOT / "pelicanconf.py"), "--output", str(output), "--quiet"]
        environment = os.environ | {
            "HANDRAIL_POSTS": str(self.posts),
            "HANDRAIL_SITEURL": self.siteurl,
            "HANDRAIL_ENV": "production" if self.production else "development",
            "HANDRAIL_REPORT": str(report),
        }
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            shutil.rmtree(output, ignore_errors=True)
            raise PrintFailed((done.stderr or done.stdout).strip()[-2000:])

    def _put_in_place(self, building: Path) -> None:
        edition = self.folder / building.name.replace("building", "edition")
        building.rename(edition)
        link = self.folder / f"{building.name}.link"
        link.symlink_to(edition.name)
        os.replace(link, self.folder / CURRENT)
        _sync(self.folder)

    def _sweep(self, keep: int) -> None:
        """Remove what killed builds left, and all but `keep` of the earlier editions."""
        current = self.folder / CURRENT
        shown = os.readlink(current) if current.is_symlink() else ""
        editions = sorted(self.folder.glob("edition-*"), key=lambda p: p.stat().st_mtime)
        earlier = [path for path in editions if path.name != shown]
        for path in (*self.folder.glob("building-*"), *earlier[: len(earlier) - keep]):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder itself, so that no lock file lies among what it keeps."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _read_report(report: Path) -> Printed:
    found = json.loads(report.read_text("utf-8"))
    aside = tuple((entry["id"], entry["why"]) for entry in found["set_aside"])
    return Printed(pages=found["pages"], set_aside=aside)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
