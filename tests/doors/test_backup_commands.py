"""A copy of everything, out and in: whole or not at all, and never what was erased since."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from forum import wiring
from forum.lockbox import CannotOpen, lock, new_identity, unlocked
from forum.person import Role
from forum.post import Act, State, moved
from forum.settings import read_settings
from forum.stores import Stores
from infra.local.settings import passed_on, read
from moderation.commands.doctor import CHECKS
from moderation.commands.found import FINE
from tests.builders import decide
from tests.doors.terminal import Terminal, database, open_terminal
from tests.store.dumps import dump

WORDS = "I counted marmaladecanary walks."


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """An installation with one approved story, which knows where backups go."""
    identity, recipient = new_identity()
    (tmp_path / "identity").write_text(identity)
    monkeypatch.setenv("HANDRAIL_BACKUPS", str(tmp_path / "backups"))
    monkeypatch.setenv("HANDRAIL_BACKUP_TO", recipient)
    monkeypatch.setenv("HANDRAIL_LEDGER", str(tmp_path / "ledger"))
    terminal = open_terminal(tmp_path / "one", monkeypatch, capsys, WORDS)
    terminal.edit(f"<p>{WORDS}</p>")
    decide(stores().desk(), post(terminal), Act.APPROVE)
    return terminal


def stores() -> Stores:
    """Every port of this installation, with its ledger where the settings say."""
    return wiring._stores(wiring.settings())


def post(terminal: Terminal) -> Any:
    return stores().desk().post(terminal.post_id)


def take_back(terminal: Terminal) -> None:
    today = wiring.CLOCK.now().date()
    stores().holders().withdraw(moved(post(terminal), Act.WITHDRAW, today))


def move_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """From here on the commands are about another machine, with an empty store."""
    monkeypatch.setenv("HANDRAIL_DATA", str(folder))
    return folder


def restore(terminal: Terminal, folder: Path, *more: str) -> Any:
    (backup,) = (folder / "backups").iterdir()
    return terminal.told("restore", str(backup), "--identity", str(folder / "identity"), *more)


def kept(folder: Path) -> dict[str, Any]:
    """Every row but what the press is to look at, and counts of nothing."""
    rows = dump(folder)
    standing = [row for row in rows["standing"] if row[-1]]
    return {**rows, "standing": standing, "unpressed": []}


# --- for a move ---------------------------------------------------------------------------------


def test_a_store_moves_with_all_it_holds(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all"
    told = terminal.told("export", str(file))
    assert file.stat().st_mode & 0o077 == 0, "nobody else can read it"
    before = kept(tmp_path / "one")
    two = move_on(tmp_path / "two", monkeypatch)
    assert terminal.told("import", str(file))["rows"] == told["rows"]
    assert kept(two) == before


@pytest.mark.parametrize(
    ("given", "state", "says"),
    [
        ((), State.HIDDEN, "all that was up is hidden"),
        (("--moving",), State.APPROVED, "All that was up stays approved"),
    ],
)
def test_a_store_that_moves_without_its_ledger_is_read_again_unless_it_stood_still(
    given: tuple[str, ...],
    state: State,
    says: str,
    terminal: Terminal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal.run("export", str(tmp_path / "all"))
    move_on(tmp_path / "two", monkeypatch)
    monkeypatch.setenv("HANDRAIL_LEDGER", str(tmp_path / "another"))
    status, said = terminal.run("import", str(tmp_path / "all"), *given)
    assert (status, says in said) == (0, True)
    assert ("import --moving" in said) == (not given)
    assert post(terminal).state is state


def test_a_file_that_is_there_already_is_not_written_over(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_text("kept")
    status, said = terminal.run("export", str(tmp_path / "mine"))
    assert (status, "already" in said) == (1, True)
    assert (tmp_path / "mine").read_text() == "kept"
    assert not list(tmp_path.glob(".writing*"))


def test_nothing_is_taken_into_a_store_that_holds_something(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.run("export", str(tmp_path / "all"))
    before = kept(tmp_path / "one")
    status, said = terminal.run("import", str(tmp_path / "all"))
    assert (status, "already holds something" in said) == (1, True)
    assert kept(tmp_path / "one") == before


def test_a_spoiled_file_changes_nothing(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all"
    terminal.run("export", str(file))
    file.write_bytes(file.read_bytes().replace(b"marmalade", b"marmelade"))
    two = move_on(tmp_path / "two", monkeypatch)
    status, said = terminal.run("import", str(file))
    assert (status, "its sum is another" in said) == (1, True)
    assert not any(dump(two).values())


# --- backups ------------------------------------------------------------------------------------


def test_a_backup_comes_back_whole_for_whoever_has_the_identity(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = terminal.told("backup")
    before = kept(tmp_path / "one")
    two = move_on(tmp_path / "two", monkeypatch)
    assert restore(terminal, tmp_path)["rows"] == told["rows"]
    assert kept(two) == before


def test_nobody_can_read_a_backup_without_it(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("backup")
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.stat().st_mode & 0o077 == 0
    assert b"marmalade" not in backup.read_bytes()
    assert "marmalade" in repr(dump(tmp_path / "one"))
    other, _ = new_identity()
    with pytest.raises(CannotOpen), backup.open("rb") as file, unlocked(file, other) as lines:
        list(lines)


def test_a_story_taken_back_after_the_backup_does_not_come_back(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("backup")
    take_back(terminal)
    two = move_on(tmp_path / "two", monkeypatch)
    told = restore(terminal, tmp_path)
    assert (told["erased"], told["hidden"]) == (1, 0)
    assert post(terminal) is None
    assert "marmalade" not in repr(dump(two))


def test_a_story_taken_down_after_the_backup_is_not_approved_again(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("backup")
    decide(stores().desk(), post(terminal), Act.TAKE_DOWN)
    move_on(tmp_path / "two", monkeypatch)
    told = restore(terminal, tmp_path)
    assert (told["erased"], told["hidden"]) == (0, 1)
    assert post(terminal).state is State.HIDDEN


def test_without_a_ledger_nothing_comes_back_unless_all_of_it_is_read_again(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("backup")
    move_on(tmp_path / "two", monkeypatch)
    monkeypatch.setenv("HANDRAIL_LEDGER", str(tmp_path / "begun by the restore, that same day"))
    told = restore(terminal, tmp_path)
    assert (told["status"], "does not reach back" in told["error"]) == (1, True)
    assert "--ledger-lost" in told["error"]
    assert post(terminal) is None
    assert restore(terminal, tmp_path, "--ledger-lost")["hidden"] == 1
    assert post(terminal).state is State.HIDDEN


def test_a_role_that_was_taken_away_after_the_backup_does_not_come_back(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(database()) as connection:
        connection.execute(
            "INSERT INTO moderators (id, name, folded, day, roles) "
            """VALUES ('sam', 'Sam', 'sam', '2026-11-01', '["coordinator", "moderator"]')"""
        )
    terminal.run("backup")
    terminal.run("moderators", "--roles", "sam=moderator")
    move_on(tmp_path / "two", monkeypatch)
    (backup,) = (tmp_path / "backups").iterdir()
    identity = ("--identity", str(tmp_path / "identity"))
    _, said = terminal.run("restore", str(backup), *identity)
    assert "Moderators who lost a role since, and did not get it back: 1." in said
    (sam,) = stores().people().moderators()
    assert sam.roles == {Role.MODERATOR}


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-9], lambda raw: raw[:80], lambda raw: b""])
def test_a_backup_that_is_cut_short_changes_nothing(
    spoil: Any, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("backup")
    (backup,) = (tmp_path / "backups").iterdir()
    backup.write_bytes(spoil(backup.read_bytes()))
    two = move_on(tmp_path / "two", monkeypatch)
    told = restore(terminal, tmp_path)
    assert (told["status"], "cut short" in told["error"]) == (1, True)
    assert not any(dump(two).values())


def test_an_export_is_no_backup_and_a_backup_no_export(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("backup")
    terminal.run("export", str(tmp_path / "all"))
    (backup,) = (tmp_path / "backups").iterdir()
    move_on(tmp_path / "two", monkeypatch)
    _, said = terminal.run("import", str(backup))
    assert "If it is a backup, `restore`" in said
    _, said = terminal.run(
        "restore", str(tmp_path / "all"), "--identity", str(tmp_path / "identity")
    )
    assert "If it is an export, use `import`" in said


def test_an_export_that_is_cut_short_is_told_as_that(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all"
    terminal.run("export", str(file))
    file.write_bytes(file.read_bytes()[:-9])
    move_on(tmp_path / "two", monkeypatch)
    status, said = terminal.run("import", str(file))
    assert (status, "cut short" in said) == (1, True)


def test_whoever_restores_hears_how_many_posts_there_are_and_that_the_ledger_was_there(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("backup")
    move_on(tmp_path / "two", monkeypatch)
    (backup,) = (tmp_path / "backups").iterdir()
    _, said = terminal.run("restore", str(backup), "--identity", str(tmp_path / "identity"))
    assert ", 1 of them posts, " in said
    assert "The ledger of erasures was looked at: nothing was taken back since." in said


class AtATerminal(io.StringIO):
    """Somebody before it, who presses Ctrl-C."""

    def isatty(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        raise KeyboardInterrupt


def test_whoever_is_to_type_an_identity_is_told_and_may_think_better_of_it(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", AtATerminal())
    status, said = terminal.run("restore", str(tmp_path / "any"), "--identity", "-")
    assert (status, "Paste the identity" in said, "Stopped" in said) == (1, True, True)


def test_what_passes_within_a_day_is_in_no_backup(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(database()) as connection:
        connection.execute("INSERT INTO claims VALUES ('p', 'robin', 1.0)")
        connection.execute("INSERT INTO challenges VALUES (x'00', 'c', '', 1.0)")
    terminal.run("backup")
    two = move_on(tmp_path / "two", monkeypatch)
    restore(terminal, tmp_path)
    rows = dump(two)
    assert (rows["claims"], rows["challenges"]) == ([], [])


def test_a_backup_is_made_once_a_day_and_those_of_last_week_are_removed(
    terminal: Terminal, tmp_path: Path
) -> None:
    today = wiring.CLOCK.now().date()
    folder = tmp_path / "backups"
    folder.mkdir()
    for days in range(1, 10):
        (folder / f"handrail-{today - timedelta(days=days)}.age").write_bytes(b"old")
    (folder / "holiday.jpg").write_bytes(b"mine")
    told = terminal.told("backup")
    assert len(told["removed"]) == 3
    assert len(list(folder.iterdir())) == 7 + 1
    assert terminal.told("backup", "--keep", "1")["removed"]
    assert {path.name for path in folder.iterdir()} == {f"handrail-{today}.age", "holiday.jpg"}


@pytest.mark.parametrize("days", ["0", "8", "-1", "x"])
def test_no_backup_is_kept_for_longer_than_people_were_told(terminal: Terminal, days: str) -> None:
    status, said = terminal.run("backup", f"--keep={days}")
    assert (status, "from 1 to 7" in said) == (1, True)


@pytest.mark.parametrize("to", ["", "age1nonsense", "robin@example.org"])
def test_without_a_key_to_lock_it_to_there_is_no_backup(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    monkeypatch.setenv("HANDRAIL_BACKUP_TO", to)
    status, said = terminal.run("backup", str(tmp_path / "mine"))
    assert (status, "HANDRAIL_BACKUP_TO" in said) == (1, True)
    assert not (tmp_path / "mine").exists()


def test_an_identity_is_made_for_its_owner_alone(terminal: Terminal, tmp_path: Path) -> None:
    told = terminal.told("backup", "--make-identity", str(tmp_path / "new"))
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    with (tmp_path / "locked").open("wb") as file:
        lock([b"one\n", b"two\n"], [told["recipient"]], file)
    identity = (tmp_path / "new").read_text()
    with (tmp_path / "locked").open("rb") as file, unlocked(file, identity) as lines:
        assert list(lines) == [b"one\n", b"two\n"]


def interrupted() -> Iterator[bytes]:
    yield b"one\n"
    raise OSError("the store went away")


def test_what_keeps_a_backup_from_being_read_is_told_as_it_is(tmp_path: Path) -> None:
    with (tmp_path / "locked").open("wb") as file, pytest.raises(OSError, match="went away"):
        lock(interrupted(), [new_identity()[1]], file)


def test_the_press_beside_the_server_writes_into_the_same_ledger(tmp_path: Path) -> None:
    given = {"HANDRAIL_LEDGER": "kept/ledger", "HANDRAIL_DATA": str(tmp_path)}
    shared = read(given).shared()
    assert passed_on(shared)["HANDRAIL_LEDGER"] == str(Path("kept/ledger").absolute())


# --- doctor -------------------------------------------------------------------------------------


def doctor(terminal: Terminal, production: bool, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HANDRAIL_ENV", "production" if production else "development")
    _, text = terminal.run("doctor", "--json")
    return json.loads(text.splitlines()[0])


def test_doctor_says_when_there_is_no_backup_of_today(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = doctor(terminal, True, monkeypatch)
    assert "There is no backup yet" in told["checks"]["backups"]
    terminal.run("backup")
    assert doctor(terminal, True, monkeypatch)["checks"]["backups"] == ""
    (backup,) = (tmp_path / "backups").iterdir()
    backup.rename(backup.with_name("handrail-2026-01-01.age"))
    assert "2026-01-01" in doctor(terminal, True, monkeypatch)["checks"]["backups"]
    monkeypatch.setenv("HANDRAIL_BACKUP_TO", "")
    told = doctor(terminal, False, monkeypatch)
    assert "HANDRAIL_BACKUP_TO is not set" in told["warnings"]["backups"]
    assert told["checks"]["backups"] == ""


def test_doctor_says_when_the_ledger_is_not_written_or_not_apart(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = doctor(terminal, True, monkeypatch)
    assert told["checks"]["ledger"] == ""
    assert "same disk" in told["warnings"]["ledger"]
    (tmp_path / "ledger" / wiring.CLOCK.now().date().isoformat()).mkdir()
    take_back(terminal)
    assert post(terminal).state is State.WITHDRAWN
    assert "1 wait" in doctor(terminal, True, monkeypatch)["checks"]["ledger"]


def test_doctor_says_when_the_ledger_lies_among_the_backups(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDRAIL_LEDGER", str(tmp_path / "backups" / "ledger"))
    assert "among the backups" in doctor(terminal, True, monkeypatch)["checks"]["ledger"]


@pytest.mark.parametrize(
    ("site", "host", "amiss", "warns"),
    [
        ("https://forum.example.org", "", "", ""),
        ("https://localhost", "", "the name that readers use", ""),
        ("https://192.0.2.7", "", "the name that readers use", ""),
        ("https://forum.example.org", "0.0.0.0", "", "without TLS"),
    ],
)
def test_doctor_says_when_the_machine_is_not_set_up_for_readers(
    site: str,
    host: str,
    amiss: str,
    warns: str,
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HANDRAIL_SITEURL", site)
    monkeypatch.setenv("HANDRAIL_HOST", host)
    told = doctor(terminal, True, monkeypatch)
    said = told["warnings"]["machine"].replace(
        "This runs as root. Run it under the forum's own account.", ""
    )
    assert (amiss in told["checks"]["machine"], warns in said) == (True, True)
    assert bool(told["checks"]["machine"]) == bool(amiss)
    assert bool(said.strip()) == bool(warns)


def test_doctor_names_what_an_upgrade_that_was_cut_off_left(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = database().with_name(f"{database().name}.before-upgrade")
    left.touch(mode=0o600)
    told = doctor(terminal, False, monkeypatch)
    assert str(left) in told["warnings"]["files"]
    assert "upgrade" not in told["checks"]["files"], "or no new version would ever come up"
    left.unlink()
    assert doctor(terminal, False, monkeypatch)["warnings"]["files"] == ""


def test_doctor_does_not_judge_the_disk_of_whoever_asks_about_the_cloud(tmp_path: Path) -> None:
    disk = {"HANDRAIL_DATA": str(tmp_path)}
    tmp_path.chmod(0o755)
    on_disk, in_cloud = (
        read_settings({**disk, **store})
        for store in ({}, {"HANDRAIL_STORE": "dynamodb://handrail"})
    )
    for check in (CHECKS["edition"], CHECKS["files"]):
        assert check(on_disk).amiss
        assert check(in_cloud) == FINE
