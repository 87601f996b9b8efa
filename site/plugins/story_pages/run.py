"""One printing: what it starts from, where its pages go, and how it ends: whole, or not at all.

With a folder of editions the run makes only what differs, as one transaction; without one it makes
the whole site as plain files, as `pelican` always has.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from editions.links import links_to
from editions.press import KEPT, CannotPrint, Difference, Editions, NewEdition
from story_pages.alike import Alike
from story_pages.catalogue import Catalogue
from story_pages.frame import by_hand, frame
from story_pages.health import Health, health_of
from story_pages.library import Few, Kept, Library
from story_pages.manifest import Entry, SetAside
from story_pages.numbers import read_numbers
from story_pages.outputs import Outputs, page_path
from story_pages.search import SearchIndex
from story_pages.search_since import Since
from story_pages.touched import Touched
from story_pages.words import read_vocabulary

BY_HAND = "hand"
"""What the pages are made of that no story makes."""

_KEPT: dict[Path, tuple[str, Kept]] = {}
"""Stories that a press which stays up has read, by the folder of posts, and for which frame."""


class StillThere(CannotPrint):
    """A page still leads to a story that is gone: nothing may be put in place."""


class Pages(Protocol):
    """Where pages go."""

    def put(self, path: str, body: bytes) -> None:
        """Let a page be these bytes."""

    def remove(self, path: str) -> None:
        """Let there be no such page."""

    def read(self, path: str) -> bytes | None:
        """What the page is; None if there is none."""


class PlainFiles:
    """Pages as files of a folder, which Pelican has emptied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, path: str, body: bytes) -> None:
        """Write the file."""
        file = self._folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)

    def remove(self, path: str) -> None:
        """Remove the file, if this build has made it."""
        (self._folder / path).unlink(missing_ok=True)

    def read(self, path: str) -> bytes | None:
        """Read the file, if there is one."""
        file = self._folder / path
        return file.read_bytes() if file.is_file() else None


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did."""

    difference: Difference
    set_aside: tuple[SetAside, ...]
    stories: int
    health: Health
    leftovers: tuple[str, ...]
    whole: bool

    def told(self) -> dict[str, Any]:
        """The same for whoever asked, as JSON can say it."""
        return {
            "set_aside": [{"id": left.id, "why": left.why} for left in self.set_aside],
            "stories": self.stories,
            "health": self.health.told(),
            "added": list(self.difference.added),
            "changed": list(self.difference.changed),
            "removed": list(self.difference.removed),
            "leftovers": list(self.leftovers),
            "whole": self.whole,
        }


class Compiled(FileSystemBytecodeCache):
    """Templates as compiled before; one that was cut short is compiled again."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load what is there, if it can be."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - whatever is wrong with the copy, the template is there
            bucket.reset()


class Run:
    """A printing that is under way, from `initialized` to `finish` or `close`.

    `whole`: everything is made anew. `with_hand`: so are the pages that no story makes.
    """

    def __init__(self, settings: dict[str, Any], output: Path) -> None:
        self._until_closed = ExitStack()
        self._finished = False
        try:
            self._begin(settings, output)
        except BaseException:
            self.close()
            raise

    def _begin(self, settings: dict[str, Any], output: Path) -> None:
        self._editions = Editions(Path(settings["EDITIONS"])) if settings["EDITIONS"] else None
        self._purge = bool(settings["EDITION_PURGE"])
        self._siteurl = str(settings["SITEURL"])
        self.frame, self._hand = frame(settings), by_hand(settings)
        self.edition = self._new_edition()
        self._leftovers = self._editions.tidy() if self._editions else ()
        made_of = self.edition.made_of.partition(":") if self.edition else ("", "", "")
        self.whole = bool(settings["EDITION_WHOLE"]) or made_of[0] != self.frame
        self.with_hand = self.whole or made_of[2] != self._hand
        self.output = self._scratch(output)
        self.pages: Pages = self.edition or PlainFiles(self.output)
        # Not the edition's number: that comes again when a run has changed no page.
        connection = self._connection()
        self.catalogue = Catalogue(connection, secrets.randbits(62))
        self.alike = Alike(connection)
        if self.whole:
            self.catalogue.begin_anew()
            self.alike.begin_anew()
        self._compile_once(settings)
        self.posts = Path(settings["POSTS"])
        vocabulary = read_vocabulary(Path(settings["VOCABULARY"]))
        self.library = Library(self.posts, vocabulary, self.catalogue, self._kept())
        self.search = SearchIndex(
            Since(connection), self.library, self.pages.read, self.remove,
            whole=self.whole, anew=bool(settings["EDITION_SEARCH"]),
        )  # fmt: skip
        self.outputs = Outputs(self.catalogue, self.library, self.alike)
        self.touched = Touched(self.catalogue)
        self.months, self._amiss = read_numbers(Path(settings["NUMBERS"]))
        self._made: set[str] = set()

    def put(self, path: str, body: bytes, made_of: str) -> None:
        """Let a page be these bytes, which were made of this."""
        self.pages.put(path, body)
        self.catalogue.put_made(path, made_of)
        if self.whole:
            self._made.add(path)

    def remove(self, path: str) -> None:
        """Let there be no such page."""
        self.pages.remove(path)
        self.catalogue.put_made(path, "")

    def take_in(self) -> None:
        """Make pages of what Pelican itself has written: hand-written pages, the theme's files."""
        if not (self.edition and self.with_hand):
            return
        before = set(self.catalogue.made(BY_HAND))
        for file in sorted(self.output.rglob("*")):
            path = file.relative_to(self.output).as_posix()
            if file.is_file() and not self._of_stories(path):
                self.put(path, file.read_bytes(), BY_HAND)
                before.discard(path)
        for path in before:
            self.remove(path)

    def _of_stories(self, path: str) -> bool:
        """Whether stories have made this page: theirs is the one to show."""
        if self.whole:
            return path in self._made
        return self.catalogue.made_of(path) != BY_HAND and self.pages.read(path) is not None

    def finish(self) -> Report:
        """Put the edition in place and sweep. Raises `StillThere` rather than show what is gone."""
        difference = Difference()
        set_aside = (*self.catalogue.asides(), *self._amiss)
        stories, health = self.catalogue.number(), health_of(self.catalogue, self.alike)
        if self.edition and self._editions:
            self._remove_what_was_not_made()
            gone, changed = self.catalogue.since_then() if self.whole else self.touched.stories()
            self._hold_removals(gone)
            keep = 0 if self._purge or gone or changed else KEPT
            difference = self.edition.commit(f"{self.frame}:{self._hand}", keep)
        self._finished = True
        self.close()
        return Report(difference, set_aside, stories, health, self._leftovers, self.whole)

    def close(self) -> None:
        """End it, if it has not ended; what was not put in place has never been."""
        if not self._finished:
            _KEPT.clear()  # nobody would forget what only this build has read
        self._until_closed.close()

    def _new_edition(self) -> NewEdition | None:
        if self._editions is None:
            return None
        return self._until_closed.enter_context(self._editions.printing())

    def _connection(self) -> sqlite3.Connection:
        if self.edition:
            return self.edition.connection
        connection = sqlite3.connect(":memory:", isolation_level=None)
        self._until_closed.callback(connection.close)
        connection.execute("BEGIN")
        return connection

    def _scratch(self, output: Path) -> Path:
        """Where Pelican itself writes: its output, or aside until it can be taken in."""
        if self._editions is None:
            return output
        scratch = self._editions.scratch()
        self._until_closed.callback(shutil.rmtree, scratch, ignore_errors=True)
        return scratch

    def _compile_once(self, settings: dict[str, Any]) -> None:
        """Keep compiled templates beside the editions, so that the next press need not."""
        if self._editions:
            folder = self._editions.folder / "compiled"
            compiled = folder / self.frame[:16]  # their settings are compiled in
            for other in set(folder.glob("*")) - {compiled}:
                shutil.rmtree(other, ignore_errors=True)
            compiled.mkdir(parents=True, exist_ok=True)
            cache = Compiled(str(compiled), "%s")
            settings["JINJA_ENVIRONMENT"] = {
                **settings["JINJA_ENVIRONMENT"],
                "bytecode_cache": cache,
            }

    def _kept(self) -> Kept:
        """Stories read before are good while what they are made of is; a whole run reads anew."""
        made_for, kept = _KEPT.get(self.posts, ("", Few()))
        if self.whole or made_for != self.frame:
            kept = Few()
        _KEPT[self.posts] = self.frame, kept
        return kept

    def _remove_what_was_not_made(self) -> None:
        if self.whole and self.edition:
            for path in [path for path in self.edition.paths() if path not in self._made]:
                self.edition.remove(path)

    def _hold_removals(self, gone: Iterable[Entry]) -> None:
        """Look, byte for byte, wherever a story that is gone stood, or was led to."""
        looked_for: dict[str, list[Entry]] = {}
        for entry in gone:
            led_from = (page_path(id) for id in self.alike.near(entry.slots))
            for path in (*self.outputs.where(entry), *led_from):
                looked_for.setdefault(path, []).append(entry)
        for path, entries in looked_for.items():
            page = self.pages.read(path) or b""
            for entry in entries:
                if any(link in page for link in links_to(entry.id, self._siteurl)):
                    raise StillThere(f"{path} still leads to {entry.id}, which is gone.")
