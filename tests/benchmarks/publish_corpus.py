"""The forum's own side of a size: a folder of posts for Pelican, and a store for the press.

Both are made once for each size and kept; whoever measures works on a copy.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from publish_peers import SITES
from publish_tales import VERSION, Tale, rows, tales

from forum.mirror import Mirror
from forum.post import Fields, Kind, Post, State, Text, canonical, fingerprint
from forum.rows import EditionRow
from forum.store.rows import (
    POST_COLUMNS,
    POST_MARKS,
    TEXT_COLUMNS,
    TEXT_MARKS,
    post_values,
    text_values,
)
from forum.store.sqlite import Database

FORMAT: Final = 2
"""Another number makes all folders and stores anew, as another version of the stories does."""
SPARE: Final = 96
"""Stories that are not up yet, to be added later."""
STORE: Final = "handrail.sqlite3"
POSTS: Final = "posts"
DATA: Final = "data"
LATER: Final = "spare.json"


@dataclass(frozen=True)
class Corpus:
    """So many stories, as they were made."""

    size: int

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return SITES / str(self.size) / "handrail"

    def prepare(self) -> None:
        """Make them, unless they are there."""
        stamp, made_of = self.folder / "made-of.json", [VERSION, FORMAT, self.size, SPARE]
        if stamp.exists() and json.loads(stamp.read_text("utf-8")) == made_of:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        told = list(tales(range(self.size + SPARE)))
        placed = rows(told, self.size)
        self._make_posts(told[: self.size], placed[: self.size])
        later = [asdict(row) for row in placed[self.size :]]
        (self.folder / LATER).write_text(json.dumps(later), "utf-8")
        fill(self.folder / STORE, told[: self.size], told[self.size :])
        stamp.write_text(json.dumps(made_of), "utf-8")

    def _make_posts(self, told: Sequence[Tale], placed: Sequence[EditionRow]) -> None:
        contents = {one.id: canonical(one.record) for one in told}
        up = {row.post_id: hashed(row, contents[row.post_id]) for row in placed}
        Mirror(self.folder / POSTS).write(up, contents.get)

    def later(self) -> list[EditionRow]:
        """The places in the folder of posts that the next stories will have."""
        kept = json.loads((self.folder / LATER).read_text("utf-8"))
        return [EditionRow(**row) for row in kept]

    @contextmanager
    def posts(self) -> Iterator[Path]:
        """A copy of the folder of posts, in a folder of its own that is gone afterwards."""
        with self._scratch() as scratch:
            shutil.copytree(self.folder / POSTS, scratch / POSTS, copy_function=os.link)
            yield scratch / POSTS

    @contextmanager
    def store(self) -> Iterator[Path]:
        """A data folder with a copy of the store, and nothing else; it is gone afterwards."""
        with self._scratch() as scratch:
            (scratch / DATA).mkdir()
            shutil.copy(self.folder / STORE, scratch / DATA / STORE)
            yield scratch / DATA

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        self.prepare()
        with TemporaryDirectory(prefix="work-", dir=self.folder.parent) as folder:
            yield Path(folder)


def hashed(row: EditionRow, content: bytes) -> EditionRow:
    """The row with the hash of its record, which is these bytes."""
    return replace(row, hash=sha256(content).hexdigest())


def fill(path: Path, approved: Iterable[Tale], received: Iterable[Tale]) -> None:
    """Let a new store hold these stories, some approved and some to be read. None is up yet."""
    posts = [(post_of(one, State.APPROVED), text_of(one)) for one in approved]
    posts += [(post_of(one, State.RECEIVED), text_of(one)) for one in received]
    posts.sort(key=lambda pair: pair[0].id)
    database = Database(path)
    with database.write() as connection:
        connection.executemany(
            f"INSERT INTO posts ({POST_COLUMNS}) VALUES ({POST_MARKS})",
            (post_values(post) for post, _ in posts),
        )
        connection.executemany(
            f"INSERT INTO texts (post_id, {TEXT_COLUMNS}) VALUES ({TEXT_MARKS})",
            (text_values(post.id, text) for post, text in posts),
        )
    database.forget()
    database.close()


def post_of(one: Tale, state: State) -> Post:
    """A story as the store keeps it."""
    approved, today = state is State.APPROVED, datetime.now(UTC).date()
    return Post(
        id=one.id,
        kind=Kind.STORY,
        state=state,
        version=1 + approved,
        day=today,
        state_day=today,
        pen_name=one.pen_name,
        fields=Fields(
            topics=one.topics,
            stage=one.stage,
            arc=one.arc,
            helped=one.helped,
            content_notes=one.content_notes,
            findable=one.findable,
        ),
        language="en",
        approved_hash=fingerprint(one.record) if approved else None,
    )


def text_of(one: Tale) -> Text:
    """Its text."""
    return Text(one.title, one.html, None)
