"""The operators' commands: nothing stands before a removal, and what is amiss is told."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from forum import wiring
from forum.rows import Run, RunState
from forum.settings import ROOT
from moderation.__main__ import main
from moderation.commands.doctor import Found, judge_help_lines, open_to_others
from moderation.commands.pressing import look_at_everything, run_press
from moderation.commands.progress import Untold
from tests.doors.help_rows import (
    WRITTEN,
    Row,
    checked,
    lines_of,
    make_directory,
    make_own,
    make_row,
)
from tests.pages.press_machine import Machine

OPEN_UMASK = 0o022
"""What most machines give every process."""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path / "var")
    monkeypatch.setenv("HANDRAIL_DATA", str(machine.folder))
    monkeypatch.setenv("HANDRAIL_POSTS", str(machine.mirror.folder))
    return machine


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Every line of JSON that a command printed."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def doctors_word(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the doctor says of one check."""
    main(["doctor", "--json"])
    word: str = told(capsys)[0]["checks"][name]
    return word


def test_the_doctor_tells_what_the_last_run_found_amiss(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctors_word("last press run", capsys) == ""
    for words, state, said in (
        ("", RunState.DONE, ""),
        (
            "ID is left out: x.\nf.json is gone.",
            RunState.DONE,
            "ID is left out: x. f.json is gone.",
        ),
        ("PrintFailed", RunState.FAILED, "It failed: PrintFailed"),
    ):
        machine.store.put_run(Run(1, state, 0, 0, words))
        assert doctors_word("last press run", capsys) == said


def test_the_doctor_warns_of_what_the_last_look_at_everything_mended(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.print()
    machine.harm("UPDATE sheet SET body = x'00' WHERE number = 1")
    chosen = wiring.settings()
    look_at_everything(chosen, Untold())
    run_press(chosen, Untold())
    main(["doctor", "--json"])
    (said, *_) = told(capsys)
    assert said["checks"]["last press run"] == ""
    assert said["warnings"]["last press run"].endswith("was not what was printed; it is made anew.")


def test_the_doctor_names_what_others_on_the_machine_can_read(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    file = machine.folder / "handrail.sqlite3"
    for path in (machine.folder, *machine.folder.glob("handrail.sqlite3*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert doctors_word("files", capsys) == ""
    file.chmod(0o644)
    assert str(file) in doctors_word("files", capsys)
    file.chmod(0o600)
    machine.folder.chmod(0o755)
    assert open_to_others([machine.folder, file]) == [machine.folder]
    assert "chmod go=" in doctors_word("files", capsys)


STRIP = checked(make_row(strip="1"))
DIRECTORY = checked(make_directory())


def judged(folder: Path, *rows: Row, days: int = 0) -> Found:
    """What the doctor finds, this many days after the rows were checked."""
    return judge_help_lines(lines_of(folder, *rows), WRITTEN + timedelta(days))


def test_help_lines_that_were_checked_lately_are_fine(tmp_path: Path) -> None:
    never_shown = make_row(id="nobody-checked-it")
    assert judged(tmp_path, STRIP, DIRECTORY, never_shown, days=179) == Found()


@pytest.mark.parametrize("row", [STRIP, checked(make_own())], ids=lambda row: row["id"])
def test_what_every_page_shows_warns_at_180_days_and_is_amiss_after_a_year(
    tmp_path: Path, row: Row
) -> None:
    for days, found in (
        (180, Found(warns=f"To verify again: {row['id']}.")),
        (365, Found(warns=f"To verify again: {row['id']}.")),
        (366, Found(amiss=f"Verified over a year ago: {row['id']}.")),
    ):
        fresh = checked(make_row(id="fresh", strip="2"), WRITTEN + timedelta(days))
        assert judged(tmp_path, row, fresh, days=days) == found


def test_a_stale_row_of_the_help_page_only_warns(tmp_path: Path) -> None:
    rows = (checked(make_row(strip="1"), WRITTEN + timedelta(400)), checked(make_row(id="other")))
    assert judged(tmp_path, *rows, days=400) == Found(warns="Verified over a year ago: other.")


def test_one_line_of_the_strip_that_nobody_verified_is_amiss(tmp_path: Path) -> None:
    found = judged(tmp_path, STRIP, make_row(id="unchecked", strip="2"), DIRECTORY)
    assert found == Found(amiss="Not verified: unchecked.")


@pytest.mark.parametrize(
    ("rows", "amiss"),
    [
        ((make_row(strip="1"),), "The strip shows no help line. Not verified: gb-listeners."),
        ((checked(make_row()),), "The strip shows no help line."),
        ((checked(make_own()),), "The strip shows no help line."),
    ],
)
def test_a_strip_without_a_verified_line_is_amiss(
    tmp_path: Path, rows: tuple[Row, ...], amiss: str
) -> None:
    assert judged(tmp_path, *rows, DIRECTORY) == Found(amiss=amiss)


def test_an_own_line_that_does_not_show_and_an_unchecked_directory_warn(tmp_path: Path) -> None:
    own = checked(make_own(hours="to be confirmed"))
    assert judged(tmp_path, STRIP, own, make_directory()) == Found(
        warns="Not verified, so not shown: own-line. Shown although not verified: find-a-helpline."
    )


def test_what_a_command_writes_is_for_its_user_alone(tmp_path: Path) -> None:
    before = os.umask(OPEN_UMASK)
    try:
        subprocess.run(
            [sys.executable, "-m", "moderation", "close"],
            cwd=ROOT,
            env={"HANDRAIL_DATA": str(tmp_path / "var")},
            capture_output=True,
            check=True,
        )
    finally:
        os.umask(before)
    written = [tmp_path / "var", *(tmp_path / "var").rglob("*")]
    assert len(written) > 1
    assert [path for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
