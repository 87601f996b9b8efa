"""An operator's terminal for tests: the commands as they run, over an installation of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from forum import wiring
from forum.store.sqlite import Database
from forum.store.sqlite_visitors import SqliteVisitors
from moderation.__main__ import main
from tests.builders import keep, make_post, make_text
from tests.store.adapters import ADAPTERS, Stores


@dataclass(frozen=True)
class Terminal:
    """An installation with one post, and what the commands print there."""

    capsys: pytest.CaptureFixture[str]
    post_id: str

    @property
    def stores(self) -> Stores:
        """Every port over the same installation."""
        return ADAPTERS["sqlite"](database().parent)

    def run(self, *words: str) -> tuple[int, str]:
        status = main(list(words))
        heard = self.capsys.readouterr()
        return status, heard.out + heard.err

    def told(self, *words: str) -> Any:
        status, text = self.run(*words, "--json")
        assert text.isascii()
        return json.loads(text) | {"status": status}

    def edit(self, html: str) -> None:
        """Somebody with the database changes the text."""
        with Database(database()).write() as connection:
            connection.execute("UPDATE texts SET html = ?", (html,))


def database() -> Path:
    return wiring.settings().data / "handrail.sqlite3"


def open_terminal(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
) -> Terminal:
    """An installation in this folder in which one post waits, with these words."""
    monkeypatch.setenv("HANDRAIL_DATA", str(folder))
    wiring.open_desk(wiring.settings())
    text = make_text(title="Counting walks", typed=typed)
    post = keep(SqliteVisitors(Database(database())), make_post(), text)
    return Terminal(capsys, post.id)
