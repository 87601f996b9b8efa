"""The looking for leaks, proved: one in any layer, in any form, is found."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.rules.house import ROOT
from tests.rules.traces import canary, forms, found_under, moments, ways

ADDRESSES = ("127.77.99.13", "203.0.113.77", "2001:db8:7e57:c0de::4711")
LEAK = canary("leak")
Plant = Callable[[Path, sqlite3.Connection], object]
LAYERS: dict[str, tuple[Plant, str]] = {
    "a row of the store": (
        lambda _, store: store.execute("INSERT INTO counters VALUES (?, 1)", (LEAK,)),
        "handrail.sqlite3-wal",
    ),
    "a row that was taken out": (
        lambda _, store: store.executescript(
            "PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE);"
            f"INSERT INTO counters VALUES ('{LEAK}', 1); DELETE FROM counters;"
            "PRAGMA wal_checkpoint(TRUNCATE);"
        ),
        "handrail.sqlite3",
    ),
    "the log": (lambda folder, _: (folder / "log").write_text(f"GET /{LEAK}"), "log"),
    "a post": (lambda folder, _: (folder / "posts" / "a.json").write_text(LEAK), "posts/a.json"),
    "a hidden file": (lambda folder, _: (folder / ".swap").write_text(LEAK), ".swap"),
    "a file's name": (lambda folder, _: (folder / "xqvleakvqx").touch(), "xqvleakvqx"),
    "a link": (lambda folder, _: (folder / "to").symlink_to("xqvleakvqx"), "to"),
}


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """A store with nothing in it, open, beside a folder of posts."""
    (tmp_path / "posts").mkdir()
    path = tmp_path / "handrail.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.executescript((ROOT / "forum/store/schema.sql").read_text("utf-8"))
        yield tmp_path, store


@pytest.mark.parametrize("layer", LAYERS)
def test_a_leak_in_any_layer_is_found(planted: tuple[Path, sqlite3.Connection], layer: str) -> None:
    plant, where = LAYERS[layer]
    assert found_under(planted[0], ways({"leak": LEAK})) == {}
    plant(*planted)
    assert found_under(planted[0], ways({"leak": LEAK})) == {"leak": {where}}


def test_a_leak_in_any_form_is_found(tmp_path: Path) -> None:
    """Each form is found by its own way of looking, between bytes that have no meaning."""
    looked_for: dict[str, tuple[str, list[bytes]]] = {}
    for word in (LEAK, *ADDRESSES):
        for form, written in forms(word).items():
            name = f"{len(looked_for)}"
            (tmp_path / name).write_bytes(b"\xfe" + written + b"\xff")
            looked_for[name] = (form, [written])
    found = found_under(tmp_path, {name: needle for name, (_, needle) in looked_for.items()})
    assert [form for name, (form, _) in looked_for.items() if name not in found.get(name, ())] == []
    either = ways({"leak": LEAK, **{address: address for address in ADDRESSES}})
    assert set().union(*found_under(tmp_path, either).values()) == set(looked_for)


def test_base64_is_found_wherever_it_begins(tmp_path: Path) -> None:
    for before in range(4):
        hidden = base64.b64encode(b"k" * before + LEAK.encode() + b"v" * (3 - before % 3))
        (tmp_path / str(before)).write_bytes(hidden)
    assert found_under(tmp_path, ways({"leak": LEAK})) == {"leak": {"0", "1", "2", "3"}}


def test_an_exact_time_is_found_however_it_is_kept(tmp_path: Path) -> None:
    now = datetime(2026, 11, 23, 14, 5, 6, 789, tzinfo=UTC)
    with closing(sqlite3.connect(tmp_path / "real", isolation_level=None)) as store:
        store.execute("CREATE TABLE seen (at REAL)")
        store.execute("INSERT INTO seen VALUES (?)", (now.timestamp() + 0.5,))
    with closing(sqlite3.connect(tmp_path / "whole", isolation_level=None)) as store:
        store.execute("CREATE TABLE seen (at INTEGER)")
        store.execute("INSERT INTO seen VALUES (?)", (int(now.timestamp()),))
    for name, text in {
        "iso": now.isoformat(), "log": f"{now:%d/%b/%Y:%H:%M:%S}", "ms": f"{now.timestamp():.3f}",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    when = {"exact": moments(now, now + timedelta(seconds=1)).values()}
    assert found_under(tmp_path, when) == {"exact": {"real", "whole", "iso", "log", "ms"}}
