"""An upgrade puts the new version in place, or leaves the old one and its store as they were."""

from __future__ import annotations

import re
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from infra.local import upgrade as module
from infra.local.upgrade import CannotAsk, NotBegun, Upgrade, WentBack


@dataclass
class Pretended:
    """A machine that writes down what is done to it; `new` is what opening the store does there."""

    database: Path
    link: Path
    finds: frozenset[str] = frozenset()
    new_finds: frozenset[str] = frozenset()
    migrates: bool = True
    backs_up: bool = True
    comes_up: bool = True
    interrupted: bool = False
    takes_in: bool = False
    stops: bool = True
    old_comes_up: bool = True
    cannot_ask: str = ""
    did: list[str] = field(default_factory=list)

    def amiss(self, code: Path) -> frozenset[str]:
        self.did.append(f"doctor of {code.name}")
        if code.name == self.cannot_ask:
            raise CannotAsk
        if code.name == "old":
            return self.finds
        if self.migrates:
            with closing(sqlite3.connect(self.database)) as store:
                store.execute("ALTER TABLE posts ADD COLUMN newer")
                store.execute("PRAGMA user_version = 2")
                store.commit()
        if self.interrupted:
            raise KeyboardInterrupt
        return self.new_finds

    def backup(self, code: Path) -> bool:
        self.did.append("backup")
        return self.backs_up

    def stop(self) -> bool:
        self.did.append("stop")
        return self.stops

    def start(self) -> bool:
        self.did.append(f"start {self.link.resolve().name}")
        if self.takes_in:
            with closing(sqlite3.connect(self.database)) as store:
                store.execute("CREATE TABLE IF NOT EXISTS came (id)")
        return self.old_comes_up if self.link.resolve().name == "old" else self.comes_up


@pytest.fixture
def machine(tmp_path: Path) -> Pretended:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    (tmp_path / "current").symlink_to(tmp_path / "old")
    database = tmp_path / "handrail.sqlite3"
    with closing(sqlite3.connect(database)) as store:
        store.execute("CREATE TABLE posts (id)")
        store.execute("INSERT INTO posts VALUES ('kept')")
        store.commit()
    return Pretended(database, tmp_path / "current")


def upgrade(machine: Pretended) -> None:
    new = machine.link.parent / "new"
    Upgrade(machine.link, new, machine.database, machine, lambda _: None).run()


def columns(machine: Pretended) -> list[str]:
    with closing(sqlite3.connect(machine.database)) as store:
        assert store.execute("SELECT id FROM posts").fetchall() == [("kept",)]
        return [name for _, name, *_ in store.execute("PRAGMA table_info(posts)")]


def left_over(machine: Pretended) -> set[str]:
    there = {path.name for path in machine.link.parent.iterdir()}
    return there - {"old", "new", "current", "handrail.sqlite3"}


def test_it_goes_backup_stop_open_start(machine: Pretended) -> None:
    upgrade(machine)
    assert machine.did == ["doctor of old", "backup", "stop", "doctor of new", "start new"]
    assert machine.link.resolve().name == "new"
    assert columns(machine) == ["id", "newer"]
    assert left_over(machine) == set()


def unaskable(machine: Pretended) -> None:
    machine.cannot_ask = "new"


def broken(machine: Pretended) -> None:
    machine.new_finds = frozenset({"store"})


def silent(machine: Pretended) -> None:
    machine.comes_up = False


def stopped_by_hand(machine: Pretended) -> None:
    machine.interrupted = True


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (unaskable, "`doctor` cannot run with the new version."),
        (broken, "`doctor` finds what it did not before: store."),
        (silent, "The new version did not come up within 180 seconds."),
        (stopped_by_hand, "It was stopped on its way."),
    ],
)
def test_a_version_that_does_not_come_up_is_taken_away_again(
    spoil: Callable[[Pretended], None], why: str, machine: Pretended
) -> None:
    spoil(machine)
    with pytest.raises(WentBack, match=re.escape(f"The old version runs again. {why}")):
        upgrade(machine)
    assert machine.link.resolve().name == "old"
    assert machine.did[-2:] == ["stop", "start old"]
    assert columns(machine) == ["id"]
    assert left_over(machine) == set()


def test_what_was_amiss_before_does_not_stop_an_upgrade(machine: Pretended) -> None:
    machine.finds = machine.new_finds = frozenset({"help lines"})
    upgrade(machine)
    assert machine.link.resolve().name == "new"


def test_what_came_in_before_it_failed_is_kept_where_the_store_did_not_change(
    machine: Pretended,
) -> None:
    machine.migrates, machine.comes_up, machine.takes_in = False, False, True
    with pytest.raises(WentBack):
        upgrade(machine)
    with closing(sqlite3.connect(machine.database)) as store:
        assert store.execute("SELECT * FROM came").fetchall() == []


def test_without_a_backup_nothing_begins(machine: Pretended) -> None:
    machine.backs_up = False
    with pytest.raises(NotBegun):
        upgrade(machine)
    assert machine.did == ["doctor of old", "backup"]


def test_a_version_is_not_upgraded_to_itself(machine: Pretended) -> None:
    machine.link.unlink()
    machine.link.symlink_to(machine.link.parent / "new")
    with pytest.raises(NotBegun):
        upgrade(machine)
    assert machine.did == []


def test_where_the_old_version_does_not_come_up_either_it_says_so(machine: Pretended) -> None:
    machine.comes_up = machine.old_comes_up = False
    with pytest.raises(WentBack, match="does not come up either"):
        upgrade(machine)


def test_a_forum_that_cannot_be_stopped_is_left_alone(machine: Pretended) -> None:
    machine.stops = False
    with pytest.raises(NotBegun, match="could not be stopped"):
        upgrade(machine)
    assert machine.did == ["doctor of old", "backup", "stop"]
    assert left_over(machine) == set()


def test_where_the_doctor_cannot_run_now_nothing_begins(machine: Pretended) -> None:
    machine.cannot_ask = "old"
    with pytest.raises(NotBegun, match="nothing was changed"):
        upgrade(machine)
    assert machine.did == ["doctor of old"]


def test_what_an_upgrade_that_was_killed_left_is_not_written_over(machine: Pretended) -> None:
    left = machine.database.with_name("handrail.sqlite3.before-upgrade")
    left.write_bytes(b"the store as it was")
    with pytest.raises(NotBegun, match="was cut off"):
        upgrade(machine)
    assert (machine.did, left.read_bytes()) == ([], b"the store as it was")


def test_half_a_copy_is_never_put_back(machine: Pretended) -> None:
    """It could not be read to its end: the store stays, and the forum is started again."""
    machine.database.write_bytes(b"no database, but somebody's all the same")
    with pytest.raises(WentBack, match="The old version runs again"):
        upgrade(machine)
    assert machine.database.read_bytes() == b"no database, but somebody's all the same"
    assert left_over(machine) == set()


def test_a_version_that_is_gone_is_told_in_a_sentence(
    machine: Pretended, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the runner's own stay as they are
    machine.link.unlink()
    machine.link.symlink_to(machine.link.parent / "gone")
    monkeypatch.setenv("HANDRAIL_DATA", str(machine.link.parent))
    assert module.main([str(machine.link)]) == 1
    assert "`doctor` cannot run" in capsys.readouterr().err
