"""content/posts as the press keeps it: one canonical file a post, and the manifest over them.

What was taken back goes first and the manifest comes last; and all of it is on the disk before
anybody is told that it is done.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from forum.files import bring_to_disk, hash_of, is_folder, put, read, remove, unfinished
from forum.parts import (
    MANIFEST,
    PARTS,
    Garbled,
    Listed,
    begins_manifest,
    lines_by_part,
    manifest_bytes,
    part_bytes,
    part_file,
    part_of,
    read_manifest,
    read_part,
)
from forum.rows import EditionRow

Content = Callable[[str], bytes | None]
"""The canonical record of a post, by its id, as it is at this moment; None if there is none."""
Lines = dict[str, bytes]
"""The lines of a part, by the post's id."""


@dataclass(frozen=True)
class Mirrored:
    """What one pass found amiss and put right, by file name; what was meant is not amiss."""

    rewritten: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...] = ()
    """Posts whose record is no more what it was to be, by id; the folder holds nothing of them."""


class NotWritten(Exception):
    """The folder cannot be made what it should be; the message is a sentence for the operator."""


class NotAsListed(Exception):
    """The folder is not what its manifest says, so that everything must be looked at."""


@dataclass(frozen=True)
class Mirror:
    """The folder that Pelican reads."""

    folder: Path
    to_disk: Callable[[Path, Collection[str]], None] = bring_to_disk

    def write(
        self, up: Mapping[str, EditionRow], content: Content, meant: Collection[str] = ()
    ) -> Mirrored:
        """Make the folder hold exactly these posts.

        `meant` are posts whose file is meant to go or to change. Raises `NotWritten`.
        """
        with self._pass(meant) as done:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._refuse_a_strange_folder()
            for name in self._strangers("", ".json", {MANIFEST, *map(_post_file, up)}):
                done.remove(name)
            done.meant |= self._as_listed()
            parts = lines_by_part(row for row in up.values() if done.put_post(row, content))
            (self.folder / PARTS).mkdir(exist_ok=True)
            for name in self._strangers(f"{PARTS}/", ".jsonl", set(map(part_file, parts))):
                done.remove(name)
            known = {name: done.put_part(name, lines) for name, lines in parts.items()}
            done.put(MANIFEST, manifest_bytes(known))
        return done.mirrored()

    def amend(
        self,
        up: Mapping[str, EditionRow],
        content: Content,
        gone: Collection[str],
        meant: Collection[str] = (),
    ) -> Mirrored:
        """Make the folder hold these posts as they are now and none that is gone; leave the rest.

        It costs what `up` and `gone` hold, and a line of the manifest for each part. Raises
        `NotAsListed` before anything is written, and `NotWritten`.
        """
        known, parts = self._opened((*gone, *up))
        with self._pass(meant) as done:
            done.meant |= set(map(part_file, parts))
            for post_id in gone:
                done.remove(_post_file(post_id))
            for name in (*map(_post_file, (*gone, *up)), *map(part_file, parts), MANIFEST):
                done.clear(name)
            lines = lines_by_part(row for row in up.values() if done.put_post(row, content))
            for name, before in parts.items():
                others = {i: held for i, held in before.items() if i not in up and i not in gone}
                known[name] = done.put_part(name, others | lines.get(name, {}))
            done.put(MANIFEST, manifest_bytes(known))
        return done.mirrored()

    def is_begun(self) -> bool:
        """Whether there is a manifest to go by, as far as its first bytes tell."""
        try:
            return begins_manifest(read(self.folder / MANIFEST))
        except OSError:
            return False

    @contextmanager
    def _pass(self, meant: Collection[str]) -> Iterator[_Pass]:
        """A pass over the folder, brought to the disk at its end."""
        done = _Pass(self.folder, {MANIFEST, *map(_post_file, meant)})
        try:
            yield done
            self.to_disk(self.folder, done.touched)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise NotWritten(f"{self.folder} cannot be written: {why}.") from error

    def _opened(self, post_ids: Iterable[str]) -> tuple[dict[str, Listed], dict[str, Lines]]:
        """What the manifest lists, and the lines of the parts that these posts are in."""
        try:
            known = read_manifest(read(self.folder / MANIFEST))
            names = sorted(set(map(part_of, post_ids)))
            return known, {name: self._lines(name, known) for name in names}
        except (OSError, Garbled):
            raise NotAsListed from None

    def _lines(self, name: str, known: Mapping[str, Listed]) -> Lines:
        path = self.folder / part_file(name)
        if not is_folder(path.parent) or (name not in known and os.path.lexists(path)):
            raise Garbled
        return read_part(read(path), known[name]) if name in known else {}

    def _as_listed(self) -> set[str]:
        """The files of parts that are what the manifest says; all of them, where none says so."""
        try:
            known = read_manifest(read(self.folder / MANIFEST))
        except (OSError, Garbled):
            return set(self._strangers(f"{PARTS}/", ".jsonl", ()))
        hashes = {part_file(name): said.hash for name, said in known.items()}
        return {name for name, hash in hashes.items() if hash_of(self.folder / name) == hash}

    def _strangers(self, within: str, ending: str, names: Collection[str]) -> list[str]:
        """All other files within; a folder only where a file of ours would be."""
        folder = self.folder / within
        return [
            f"{within}{path.name}"
            for path in (folder.iterdir() if not within or is_folder(folder) else ())
            if f"{within}{path.name}" not in names
            and (path.name.endswith(ending) or not is_folder(path))
        ]

    def _refuse_a_strange_folder(self) -> None:
        """Without a manifest this is no folder of ours: nothing of somebody else's may go."""
        if os.path.lexists(self.folder / MANIFEST):
            return
        posts = [name for name in self._strangers("", "", {PARTS}) if name[0] != "."]
        parts = [name for name in self._strangers(f"{PARTS}/", "", ()) if name[0] != "."]
        if any(not name.endswith(".json") for name in posts) or any(
            not name.endswith(".jsonl") for name in parts
        ):
            raise NotWritten(
                f"{self.folder} holds files that are no posts. Is HANDRAIL_POSTS right?"
            )


class _Pass:
    """The files that one pass puts and removes, and what was amiss with them.

    `meant` are names of files that may change without anybody's being told.
    """

    def __init__(self, folder: Path, meant: set[str]) -> None:
        self.meant = meant
        self.touched: set[str] = set()
        self._folder = folder
        self._rewritten: set[str] = set()
        self._removed: set[str] = set()
        self._changed: set[str] = set()

    def put(self, name: str, content: bytes) -> None:
        """Let this file hold these bytes."""
        self._touch(name)
        if put(self._folder / name, content) and name not in self.meant:
            self._rewritten.add(name)

    def remove(self, name: str) -> None:
        """Let there be no such file."""
        path = self._folder / name
        if not os.path.lexists(path):
            return
        self._touch(name)
        remove(path)
        if name not in self.meant:
            self._removed.add(name)

    def clear(self, name: str) -> None:
        """Take away what a pass that died on the way to this file has left."""
        aside = unfinished(self._folder / name)
        if os.path.lexists(aside):
            self._touch(name)
            remove(aside)

    def put_post(self, row: EditionRow, content: Content) -> bool:
        """Let the post's file be what its row says; False, and no file, if nothing is by now."""
        name = _post_file(row.post_id)
        if hash_of(self._folder / name) == row.hash:
            self._touch(name)
            return True
        found = content(row.post_id)
        if found is None or hashlib.sha256(found).hexdigest() != row.hash:
            self._changed.add(row.post_id)
            self.meant.add(name)
            self.remove(name)
            return False
        self.put(name, found)
        return True

    def put_part(self, name: str, lines: Lines) -> Listed:
        """Let the part hold these lines; what the manifest has to say of it."""
        content = part_bytes(lines)
        if lines:
            self.put(part_file(name), content)
        else:
            self.remove(part_file(name))
        return Listed(hashlib.sha256(content).hexdigest(), len(lines))

    def mirrored(self) -> Mirrored:
        """What was amiss."""
        told = (self._rewritten, self._removed, self._changed)
        return Mirrored(*(tuple(sorted(names)) for names in told))

    def _touch(self, name: str) -> None:
        """Have the file, and the name in its folder, brought to the disk; it may be a pass that
        died which wrote it."""
        self.touched |= {name, os.path.dirname(name)}


def _post_file(post_id: str) -> str:
    return f"{post_id}.json"
