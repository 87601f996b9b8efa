"""The press over a store, as an operator or the server runs it: approve, withdraw, publish."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Final

from publish_corpus import STORE, Corpus
from publish_cost import Cost, run
from publish_tales import tale
from servers import ROOT, environment

from editions.reading import Pages
from forum.approving import Approver
from forum.deciding import Seen
from forum.desk import Desk
from forum.post import Act, moved
from forum.review import all_kept
from forum.settling import Review
from forum.store.sqlite import Database
from forum.store.sqlite_desk import SqliteDesk
from forum.store.sqlite_holders import SqliteHolders
from forum.wiring import SystemClock

MODERATOR: Final = "robin"


@dataclass
class House:
    """A store with so many approved stories, and the folder of everything around it."""

    size: int
    data: Path
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def posts(self) -> Path:
        """content/posts."""
        return self.data / "posts"

    @property
    def editions(self) -> Path:
        """Where the editions are."""
        return self.data / "editions"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of whatever runs here."""
        return environment(HANDRAIL_DATA=str(self.data), HANDRAIL_POSTS=str(self.posts))

    def publish(self, *arguments: str) -> tuple[Cost, dict[str, Any]]:
        """Run the press from the shell; what it took, and what it told."""
        command = [sys.executable, "-m", "moderation", "publish", "--json", *arguments]
        cost, said = run(command, ROOT, self.settings)
        return cost, json.loads(said)

    def add(self) -> str:
        """Let a moderator approve one more story, every marked word kept; its id."""
        post_id = tale(self.size + next(self._numbers)).id
        self._desk.claim(post_id, MODERATOR)
        reading = self._desk.read(post_id)
        seen = Seen(post_id, reading.post.version, reading.hash)
        review = Review(all_kept(reading.text)) if reading.text else Review()
        self._desk.review(seen, Approver(MODERATOR), review)
        return post_id

    def withdraw(self, number: int) -> str:
        """Let the author of the story with this number take it back; its id."""
        post_id = tale(number).id
        post = moved(self._desk.read(post_id).post, Act.WITHDRAW, datetime.now(UTC).date())
        SqliteHolders(self._database).withdraw(post)
        return post_id

    def press(self) -> Cost:
        """Run the press from the shell."""
        return self.publish()[0]

    def hold_gone(self, post_ids: Collection[str]) -> None:
        """See that nothing of these is left in the editions."""
        hold_gone(self.editions, post_ids)

    def shows(self, post_id: str) -> bool:
        """Whether readers find the story."""
        return Pages(self.editions).read(f"stories/{post_id}/index.html") is not None

    def close(self) -> None:
        """Let go of the store."""
        self._database.close()

    @cached_property
    def _database(self) -> Database:
        return Database(self.data / STORE)

    @cached_property
    def _desk(self) -> Desk:
        return Desk(SqliteDesk(self._database), SystemClock())


@contextmanager
def house(size: int) -> Iterator[House]:
    """A house of this size, in which nothing has been pressed yet."""
    with Corpus(size).store() as data:
        opened = House(size, data)
        try:
            yield opened
        finally:
            opened.close()


def written_since(folder: Path, moment: float) -> list[str]:
    """The files below a folder that were made or changed since then, a time of `time.time`."""
    return [
        path.relative_to(folder).as_posix()
        for path in files_in(folder)
        if path.stat().st_ctime > moment
    ]


def hold_gone(folder: Path, post_ids: Collection[str]) -> None:
    """See that no file below a folder names one of these; raise `RuntimeError` if one does."""
    words = [post_id.encode() for post_id in post_ids]
    for path in files_in(folder):
        content = path.read_bytes()
        if named := [word for word in words if word in content]:
            raise RuntimeError(f"{path} still names {named}")


def files_in(folder: Path) -> Iterator[Path]:
    """Every file below a folder."""
    for where, _, names in os.walk(folder):
        yield from (Path(where, name) for name in names)
