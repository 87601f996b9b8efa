"""content/posts as the press keeps it: one canonical file a post, and the manifest over them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from forum.ports import EditionRow
from forum.post import FORMAT, Record, canonical

MANIFEST = "manifest.jsonl"


@dataclass(frozen=True)
class Mirrored:
    """What one pass found amiss and put right, by file name; planned removals are not amiss."""

    rewritten: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Mirror:
    """The folder that Pelican reads."""

    folder: Path

    def write(
        self,
        up: Mapping[str, EditionRow],
        records: Mapping[str, Record],
        came_down: Collection[str] = (),
    ) -> Mirrored:
        """Make the folder hold exactly these posts, removals first, the manifest last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        expected = {f"{post_id}.json": canonical(records[post_id]) for post_id in up}
        gone = {f"{post_id}.json" for post_id in came_down}
        removed = set(self._remove_all_but(set(expected))) - gone
        rewritten = [name for name, content in expected.items() if self._put(name, content)]
        self._put(MANIFEST, _manifest(up.values()))
        return Mirrored(tuple(sorted(rewritten)), tuple(sorted(removed)))

    def _remove_all_but(self, names: set[str]) -> list[str]:
        stale = [
            path
            for path in self.folder.iterdir()
            if path.name not in names and path.name != MANIFEST and not path.is_dir()
        ]
        for path in stale:
            path.unlink()
        return [path.name for path in stale]

    def _put(self, name: str, content: bytes) -> bool:
        """Write the file unless it holds these bytes; whether it was there and held others."""
        path = self.folder / name
        if path.is_dir() and not path.is_symlink():
            raise OSError(f"{path} is a folder")
        there = path.exists() or path.is_symlink()
        if there and not path.is_symlink() and path.read_bytes() == content:
            return False
        _replace(path, content)
        return there and name != MANIFEST


def _manifest(rows: Iterable[EditionRow]) -> bytes:
    ordered = sorted(rows, key=lambda row: row.post_id)
    lines = [{"format": FORMAT, "posts": len(ordered)}, *(_line(row) for row in ordered)]
    text = "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines)
    return text.encode("utf-8")


def _line(row: EditionRow) -> dict[str, object]:
    return {"id": row.post_id, "hash": row.hash, "month": row.month, "slots": dict(row.slots)}


def _replace(path: Path, content: bytes) -> None:
    """A reader sees the old bytes or the new ones, whole."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
