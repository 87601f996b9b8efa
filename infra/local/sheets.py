"""The current edition, file by file: read from disk, packed once, dropped when it changes or goes.

An edition is a folder of finished pages; ``current`` is a link that the press swaps. A page in
memory is used only while its file is still there, unchanged, in the edition that is current, so
nothing withdrawn lives on here.
"""

import gzip
import hashlib
import os
import re
import stat
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from doors.headers import content_type

# No dot in front: hidden files are not pages. Nothing a page is named with needs more than this.
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_PACKS_WELL = re.compile(r"text/|application/(json|xml|atom\+xml|manifest)|image/svg")
_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Sheet:
    """One file as it is sent: its bytes, the same bytes packed with gzip, and a hash of them."""

    body: bytes
    packed: bytes | None
    tag: str
    stamp: _Stamp

    @property
    def weight(self) -> int:
        """Bytes this takes in memory."""
        return len(self.body) + len(self.packed or b"")


def segments(path: str) -> tuple[str, ...] | None:
    """Split a path into names, or return None where a name is not one that a page can have.

    This alone keeps out ``..``, hidden files, NUL, backslashes, empty names and other alphabets.
    """
    if not path.startswith("/"):
        return None
    names = tuple(path.removeprefix("/").removesuffix("/").split("/")) if path != "/" else ()
    return names if all(_SEGMENT.fullmatch(name) for name in names) else None


def _make_sheet(path: str, body: bytes, stamp: _Stamp) -> Sheet:
    packed = None
    if _PACKS_WELL.match(content_type(path)):
        packed = gzip.compress(body, compresslevel=9, mtime=0)
    return Sheet(body, packed, hashlib.sha256(body).hexdigest()[:32], stamp)


def _stamp(file: Path) -> _Stamp | None:
    try:
        seen = file.stat()
    except OSError:
        return None
    return (seen.st_ino, seen.st_mtime_ns, seen.st_size) if stat.S_ISREG(seen.st_mode) else None


class Sheets:
    """The files of the edition that `current` points to; `room` bounds the bytes kept in memory."""

    def __init__(self, current: Path, room: int = 16 * 1024 * 1024) -> None:
        """Keep nothing yet."""
        self._current = current
        self._room = room
        self._kept: OrderedDict[str, Sheet] = OrderedDict()
        self._kept_from: Path | None = None
        self._lock = threading.Lock()

    def root(self) -> Path | None:
        """Return the folder of the current edition, or None before the first."""
        root = Path(os.path.realpath(self._current))
        return root if root.is_dir() else None

    def at(self, path: str) -> Sheet | None:
        """Return the file at a path (``/x/`` means its index.html), or None."""
        root = self.root()
        found = self._sheet_in(root, path) if root else None
        if found is None and (now := self.root()) not in (None, root):
            # The press swapped editions between the two looks, and took the old one away.
            return self._sheet_in(now, path)
        return found

    def is_folder(self, path: str) -> bool:
        """Say whether a path without its last slash is a folder that has a page."""
        return not path.endswith("/") and self.at(path + "/") is not None

    def _sheet_in(self, root: Path | None, path: str) -> Sheet | None:
        names = segments(path)
        if root is None or names is None:
            return None
        file = root.joinpath(*names, "index.html") if path.endswith("/") else root.joinpath(*names)
        stamp = _stamp(file)
        kept = self._recall(root, path, stamp)
        return kept or (self._read(root, path, file, stamp) if stamp else None)

    def _read(self, root: Path, path: str, file: Path, stamp: _Stamp) -> Sheet | None:
        try:
            # A link out of the edition is not followed, whoever put it there.
            file.resolve(strict=True).relative_to(root)
            sheet = _make_sheet(path, file.read_bytes(), stamp)
        except (OSError, ValueError):
            return None
        self._keep(root, path, sheet)
        return sheet

    def _recall(self, root: Path, path: str, stamp: _Stamp | None) -> Sheet | None:
        with self._lock:
            if self._kept_from != root:
                self._kept.clear()
                self._kept_from = root
            kept = self._kept.pop(path, None)
            if kept is None or kept.stamp != stamp:
                return None
            self._kept[path] = kept  # at the end again: last used, last dropped
            return kept

    def _keep(self, root: Path, path: str, sheet: Sheet) -> None:
        with self._lock:
            if self._kept_from != root or sheet.weight > self._room // 8:
                return
            self._kept[path] = sheet
            while sum(kept.weight for kept in self._kept.values()) > self._room:
                self._kept.popitem(last=False)
