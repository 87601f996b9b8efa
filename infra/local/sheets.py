"""The pages of the edition in place, as they are sent: packed once, kept until the next edition.

A page in memory is used only while the edition it was read from is still in place, so nothing
withdrawn lives on here. While nobody can tell which edition that is, because the file that says so
is damaged, the last one known is served as far as it goes.
"""

import gzip
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Protocol

import brotli

from doors.headers import content_type
from editions.reading import Unreadable

# No dot in front: hidden files are not pages. Nothing a page is named with needs more than this.
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_PACKS_WELL: Final = re.compile(r"text/|application/(json|xml|atom\+xml|manifest)|image/svg")

PLAIN: Final = ""
CODINGS: Final = ("br", "gzip")
"""How a page can be packed, the best first."""
_SUFFIX: Final = {PLAIN: "", "br": "-br", "gzip": "-gz"}
_QUALITY: Final = 5
"""On Brotli's own scale, to 11. A page shrinks to 35 % in 0.16 ms, where gzip at its best leaves
39 % in 0.17 ms; 11 would leave 31 %, in 4 ms."""

Edition = tuple[int, int]
_Key = tuple[str, str]


class Pages(Protocol):
    """Where the pages are: `editions.reading.Pages`."""

    def edition(self) -> Edition | None:
        """What tells one edition from every other; None before the first."""

    def read(self, path: str) -> tuple[str, bytes] | None:
        """The SHA-256 and the bytes of a page, or None if there is none now."""


class Damaged(Exception):
    """What tells the pages of the edition cannot be read, and this one is not in memory."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it is sent: its bytes, packed or not, and its entity tag."""

    body: bytes
    tag: str


def segments(path: str) -> tuple[str, ...] | None:
    """Split a path into names, or return None where a name is not one that a page can have.

    This alone keeps out ``..``, hidden files, NUL, backslashes, empty names and other alphabets.
    """
    if not path.startswith("/"):
        return None
    names = tuple(path.removeprefix("/").removesuffix("/").split("/")) if path != "/" else ()
    return names if all(_SEGMENT.fullmatch(name) for name in names) else None


def codings(path: str) -> tuple[str, ...]:
    """Return how the page at a path can be packed, the best first; none for a picture."""
    return CODINGS if _PACKS_WELL.match(content_type(path)) else ()


def _packed(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=_QUALITY))
    return gzip.compress(body, compresslevel=9, mtime=0) if coding else body


class Sheets:
    """The pages of the edition in place; `room` bounds the bytes kept in memory."""

    def __init__(self, pages: Pages, room: int = 16 * 1024 * 1024) -> None:
        """Keep nothing yet."""
        self._pages = pages
        self._room = room
        self._weight = 0
        self._kept: OrderedDict[_Key, Sheet] = OrderedDict()
        self._kept_from: Edition | None = None
        self._lock = threading.Lock()

    def any(self) -> bool:
        """Say whether there is an edition."""
        return self._edition() is not None

    def at(self, path: str, coding: str = PLAIN) -> Sheet | None:
        """Return the page at a path (``/x/`` means its index.html), packed so; None if none is.

        Raises `Damaged`.
        """
        names = segments(path)
        edition = self._edition()
        if names is None or edition is None:
            return None
        key = ("/".join((*names, "index.html") if path.endswith("/") else names), coding)
        return self._recall(edition, key) or self._read(edition, key)

    def is_folder(self, path: str) -> bool:
        """Say whether a path without its last slash is a folder that has a page."""
        return not path.endswith("/") and self.at(path + "/") is not None

    def _edition(self) -> Edition | None:
        """Return the edition in place, or the last one known while nobody can tell."""
        try:
            return self._pages.edition()
        except Unreadable:
            return self._kept_from or (0, 0)

    def _read(self, edition: Edition, key: _Key) -> Sheet | None:
        path, coding = key
        try:
            page = self._pages.read(path)
        except Unreadable as error:
            raise Damaged from error
        if page is None:
            return None
        sheet = Sheet(_packed(page[1], coding), f'"{page[0][:32]}{_SUFFIX[coding]}"')
        self._keep(edition, key, sheet)
        return sheet

    def _recall(self, edition: Edition, key: _Key) -> Sheet | None:
        with self._lock:
            if self._kept_from != edition:
                self._kept.clear()
                self._weight = 0
                self._kept_from = edition
            kept = self._kept.get(key)
            if kept:
                self._kept.move_to_end(key)  # last used, last dropped
            return kept

    def _keep(self, edition: Edition, key: _Key, sheet: Sheet) -> None:
        with self._lock:
            too_big = len(sheet.body) > self._room // 8
            if self._kept_from != edition or too_big or key in self._kept:
                return
            self._kept[key] = sheet
            self._weight += len(sheet.body)
            while self._weight > self._room:
                _, dropped = self._kept.popitem(last=False)
                self._weight -= len(dropped.body)
