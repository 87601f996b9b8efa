"""content/posts as the press keeps it: one canonical file a post, and the manifest over them."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from forum.post import FORMAT, Record, canonical
from forum.rows import EditionRow

MANIFEST = "manifest.jsonl"


@dataclass(frozen=True)
class Mirrored:
    """What one pass found amiss and put right, by file name; what was planned is not amiss."""

    rewritten: tuple[str, ...]
    removed: tuple[str, ...]


class NotWritten(Exception):
    """The folder cannot be made what it should be; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Mirror:
    """The folder that Pelican reads."""

    folder: Path

    def write(
        self,
        up: Mapping[str, EditionRow],
        records: Mapping[str, Record],
        planned: Collection[str] = (),
    ) -> Mirrored:
        """Make the folder hold exactly these posts, removals first, the manifest last.

        `planned` are posts whose file is meant to go or to change. Raises `NotWritten`.
        """
        expected = {f"{post_id}.json": canonical(records[post_id]) for post_id in up}
        try:
            removed = self._remove_all_but(expected)
            rewritten = {name for name, content in expected.items() if self._put(name, content)}
            self._put(MANIFEST, _manifest(up.values()))
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise NotWritten(f"{self.folder} cannot be written: {why}.") from error
        meant = {f"{post_id}.json" for post_id in planned}
        return Mirrored(tuple(sorted(rewritten - meant)), tuple(sorted(removed - meant)))

    def _remove_all_but(self, names: Collection[str]) -> set[str]:
        """Remove every other file; a folder only where a post's file would be."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._refuse_a_strange_folder()
        stale = {
            path.name
            for path in self.folder.iterdir()
            if path.name not in (*names, MANIFEST)
            and (path.suffix == ".json" or not _is_folder(path))
        }
        for name in stale:
            _remove(self.folder / name)
        return stale

    def _refuse_a_strange_folder(self) -> None:
        """Without a manifest this is no folder of ours: nothing of somebody else's may go."""
        if os.path.lexists(self.folder / MANIFEST):
            return
        strange = [p.name for p in self.folder.iterdir() if not p.name.startswith(".")]
        if any(not name.endswith(".json") for name in strange):
            raise NotWritten(
                f"{self.folder} holds files that are no posts. Is HANDRAIL_POSTS right?"
            )

    def _put(self, name: str, content: bytes) -> bool:
        return put(self.folder / name, content)


def put(path: Path, content: bytes) -> bool:
    """Write the file unless it holds these bytes; whether something else was in its place.

    A reader sees the old bytes or the new ones, whole. Raises `OSError`.
    """
    if _holds(path, content):
        return False
    there = os.path.lexists(path)
    if _is_folder(path):
        _remove(path)
    _replace(path, content)
    return there


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _remove(path: Path) -> None:
    if _is_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink()


def _holds(path: Path, content: bytes) -> bool:
    """Whether this is a plain file of exactly these bytes; one that cannot be read is not."""
    try:
        found = path.lstat()
        alike = stat.S_ISREG(found.st_mode) and found.st_size == len(content)
        return alike and path.read_bytes() == content
    except OSError:
        return False


def _manifest(rows: Iterable[EditionRow]) -> bytes:
    ordered = sorted(rows, key=lambda row: row.post_id)
    lines = [{"format": FORMAT, "posts": len(ordered)}, *(_line(row) for row in ordered)]
    text = "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines)
    return text.encode("utf-8")


def _line(row: EditionRow) -> dict[str, object]:
    return {"id": row.post_id, "hash": row.hash, "month": row.month, "slots": dict(row.slots)}


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
